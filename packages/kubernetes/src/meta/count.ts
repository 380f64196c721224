import type { Problem } from "@gatehouse/core";

/** Bounds of a number. */
interface Bounds {
  least: number;
  /** Absent where the API server sets none. */
  most?: number;
}

/** A whole number within its bounds; one that is not given is left to its default. */
export function checkCount(
  subject: string,
  message: string,
  value: number | undefined,
  { least, most }: Bounds,
): Problem[] {
  if (value === undefined) return [];
  if (Number.isInteger(value) && value >= least && (most === undefined || value <= most)) return [];
  const bounds = most === undefined ? `, ${least} or more` : ` from ${least} to ${most}`;
  return [{ subject, message, value: String(value), expected: `a whole number${bounds}` }];
}

/** The number of a TCP port. */
export function checkPortNumber(subject: string, value: number | undefined): Problem[] {
  return checkCount(subject, "not the number of a port", value, { least: 1, most: 65535 });
}

/** What stands a second time in a list, each once. */
export function repeated<T>(values: T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
