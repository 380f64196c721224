import { didYouMean, UsageError } from "../errors.ts";
import type { ExplainedValue } from "../project/productConfig.ts";

/** Characters of a value that are shown; `--json` has all of it. */
const maxValueWidth = 72;

/**
 * The values at a key and below it.
 *
 * @param key With or without the product: `shield:scaling`, `scaling.minReplicas`.
 * @throws UsageError if the config has no such key.
 */
export function selectValues(values: ExplainedValue[], key: string): ExplainedValue[] {
  const bare = (full: string): string => full.slice(full.indexOf(":") + 1);
  const asked = key.includes(":") ? key : undefined;
  const isBelow = (own: string, wanted: string): boolean =>
    own === wanted || own.startsWith(`${wanted}.`) || own.startsWith(`${wanted}[`);
  const chosen = values.filter((value) => (asked ? isBelow(value.key, asked) : isBelow(bare(value.key), key)));
  if (chosen.length > 0) return chosen;
  const known = [...new Set(values.flatMap((value) => withAncestors(asked ? value.key : bare(value.key))))];
  throw new UsageError(`the config has no key "${key}"${didYouMean(key, known)}`);
}

/** A line for each value: key, value, origin. */
export function renderValues(values: ExplainedValue[]): string {
  const rows = values.map((value) => [value.key, shown(value), origin(value)] as const);
  const [keyWidth, valueWidth] = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(([key, value, from]) => `${key.padEnd(keyWidth ?? 0)}  ${value.padEnd(valueWidth ?? 0)}  ${from}\n`)
    .join("");
}

function shown({ value, secret, origin }: ExplainedValue): string {
  if (secret) return "[secret]";
  if (origin === "unset") return "-";
  const text = typeof value === "string" && /^\S+( \S+)*$/.test(value) ? value : JSON.stringify(value);
  return text.length <= maxValueWidth ? text : `${text.slice(0, maxValueWidth - 3)}...`;
}

function origin({ origin, layer }: ExplainedValue): string {
  switch (origin) {
    case "layer":
      return `layer ${layer ?? ""}`;
    case "stack":
      return "stack file";
    case "unset":
      return "not set";
    default:
      return origin;
  }
}

/** `a`, `a.b` and `a.b[0]` of `a.b[0]`. */
function withAncestors(key: string): string[] {
  const ends = [...key.matchAll(/[.[]/g)].map(({ index }) => index);
  return [...ends.map((end) => key.slice(0, end)), key];
}
