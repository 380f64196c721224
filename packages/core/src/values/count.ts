import type { Problem } from "../errors/problem.ts";

/** Bounds of a number. */
export interface CountBounds {
  /** The smallest number that is allowed. */
  least: number;
  /**
   * The largest number that is allowed.
   *
   * @default no upper bound
   */
  most?: number;
}

/** Checks a whole number against its bounds. A number that is not given passes: its default applies. */
export function checkCount(
  subject: string,
  message: string,
  value: number | undefined,
  { least, most = Infinity }: CountBounds,
): Problem[] {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
  const bounds = most === Infinity ? `, ${least} or more` : ` from ${least} to ${most}`;
  return [{ subject, message, value: String(value), expected: `a whole number${bounds}` }];
}

/** Checks the number of a TCP or UDP port. */
export function checkPortNumber(subject: string, value: number | undefined): Problem[] {
  return checkCount(subject, "not a port number", value, { least: 1, most: 65_535 });
}

/** The values that occur more than once in a list, each once. */
export function repeated<T>(values: T[]): T[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
