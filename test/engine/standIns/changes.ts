import { isObject, unknown, type WireObject, type WireValue } from "./plugin.ts";
import type { Change } from "./resourceProvider.ts";

/** The paths at which two values differ, as `spec.template.spec.containers[0].image`. */
export function changes(before: WireObject, after: WireObject): Record<string, Change["kind"]> {
  const found: Record<string, Change["kind"]> = {};
  compare(before, after, "", found);
  return found;
}

function compare(
  before: WireValue | undefined,
  after: WireValue | undefined,
  path: string,
  found: Record<string, Change["kind"]>,
): void {
  if (before === undefined || after === undefined) {
    if (before !== after) found[path] = before === undefined ? "add" : "delete";
  } else if (isObject(before) && isObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compare(before[key], after[key], path + member(path, key), found);
  } else if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index++)
      compare(before[index], after[index], `${path}[${index}]`, found);
  } else if (before !== after) found[path] = "update";
}

function member(path: string, key: string): string {
  if (/^[\w-]+$/.test(key)) return path === "" ? key : `.${key}`;
  return `[${JSON.stringify(key)}]`;
}

/** The part of a value that another one has too: what of an object's live state its inputs speak of. */
export function restrict(live: WireValue | undefined, inputs: WireValue): WireValue | undefined {
  if (isObject(inputs) && isObject(live))
    return Object.fromEntries(
      Object.entries(inputs)
        .map(([key, value]) => [key, restrict(live[key] as WireValue, value)] as const)
        .filter(([, value]) => value !== undefined),
    ) as WireObject;
  if (Array.isArray(inputs) && Array.isArray(live) && inputs.length === live.length)
    return inputs.map((value, index) => restrict(live[index], value) ?? null);
  return live;
}

export function isUnknown(value: unknown): boolean {
  return typeof value === "string" && value.includes(unknown);
}
