import { compareText, isPlainObject, isSecret } from "../graph/graph.ts";
import type { Value } from "../graph/graph.ts";
import { keyOfLists } from "./naturalKey.ts";

/** A step into a value: an object's key, a list's index, or the item of a list that has a natural key. */
export type Step = string | number | { key: string; is: string | number };

/** One difference between two values. */
export interface PropertyChange {
  path: Step[];
  /**
   * `order`: the items of a keyed list that both sides have stand in another order. `undecided`: two secrets without
   * digests, which may or may not be equal.
   */
  kind: "added" | "removed" | "changed" | "order" | "undecided";
  before?: Value;
  after?: Value;
  /** Where the item of a list stood before (`removed`) or stands after (`added`). */
  index?: number;
}

/** The differences between two values, in the order of their paths. */
export function diffValues(before: Value, after: Value, path: Step[] = []): PropertyChange[] {
  if (isSecret(before) && isSecret(after)) return diffSecrets(before.$secret, after.$secret, path);
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
  if (isPlainObject(before) && isPlainObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .sort(compareText)
      .flatMap((key) => diffMembers(before, after, key, [...path, key]));
  }
  return equalValues(before, after) ? [] : [{ path, kind: "changed", before, after }];
}

function diffSecrets(before: string | null, after: string | null, path: Step[]): PropertyChange[] {
  if (before !== null && before === after) return [];
  const kind = before === null || after === null ? "undecided" : "changed";
  return [{ path, kind, before: { $secret: before }, after: { $secret: after } }];
}

function diffMembers(
  before: Record<string, Value>,
  after: Record<string, Value>,
  key: string,
  path: Step[],
): PropertyChange[] {
  const [old, now] = [own(before, key), own(after, key)];
  if (old === undefined) return now === undefined ? [] : [{ path, kind: "added", after: now }];
  return now === undefined ? [{ path, kind: "removed", before: old }] : diffValues(old, now, path);
}

function own(object: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function diffLists(before: Value[], after: Value[], path: Step[]): PropertyChange[] {
  const keyed = keyOfLists(before, after);
  if (keyed === undefined) return diffByPosition(before, after, path);
  const { key, old, now } = keyed;
  const changes: PropertyChange[] = [];
  [...old].forEach(([is, item], index) => {
    const other = now.get(is);
    const inner: Step[] = [...path, { key, is }];
    if (other === undefined) changes.push({ path: inner, kind: "removed", before: item, index });
    else changes.push(...diffValues(item, other, inner));
  });
  [...now].forEach(([is, item], index) => {
    if (!old.has(is)) changes.push({ path: [...path, { key, is }], kind: "added", after: item, index });
  });
  const kept = {
    before: [...old.keys()].filter((is) => now.has(is)),
    after: [...now.keys()].filter((is) => old.has(is)),
  };
  if (!equalValues(kept.before, kept.after)) changes.push({ path, kind: "order", ...kept });
  return changes;
}

/** What both lists begin and end with is left alone. */
function diffByPosition(before: Value[], after: Value[], path: Step[]): PropertyChange[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && equalValues(before[start], after[start])) start++;
  let end = 0;
  while (end < shorter - start && equalValues(before.at(-1 - end), after.at(-1 - end))) end++;
  const changes: PropertyChange[] = [];
  for (let index = start; index < Math.max(before.length, after.length) - end; index++) {
    const old = index < before.length - end ? before[index] : undefined;
    const now = index < after.length - end ? after[index] : undefined;
    const inner = [...path, index];
    if (old !== undefined && now !== undefined) changes.push(...diffValues(old, now, inner));
    else if (now !== undefined) changes.push({ path: inner, kind: "added", after: now, index });
    else if (old !== undefined) changes.push({ path: inner, kind: "removed", before: old, index });
  }
  return changes;
}

/** Whether two values are the same. Secrets without a digest never are: nobody knows. */
export function equalValues(before: Value | undefined, after: Value | undefined): boolean {
  if (before === after) return !isSecret(before) || before.$secret !== null;
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((item, index) => equalValues(item, after[index]));
  }
  if (typeof before !== "object" || typeof after !== "object" || before === null || after === null) return false;
  if (Array.isArray(before) || Array.isArray(after)) return false;
  if (isSecret(before)) return isSecret(after) && before.$secret !== null && before.$secret === after.$secret;
  const [old, now] = [before as Record<string, Value>, after as Record<string, Value>];
  const keys = Object.keys(old);
  return (
    keys.length === Object.keys(now).length &&
    keys.every((key) => Object.hasOwn(now, key) && equalValues(old[key], now[key]))
  );
}
