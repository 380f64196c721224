import type { Problem } from "@gatehouse/core";

/** A whole number from `least` to `most`; one that is not given is left to its default. */
export function checkCount(
  subject: string,
  message: string,
  value: number | undefined,
  least: number,
  most = Infinity,
): Problem[] {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return [];
  const bounds = most === Infinity ? `, ${least} or more` : ` from ${least} to ${most}`;
  return [{ subject, message, value: String(value), expected: `a whole number${bounds}` }];
}
