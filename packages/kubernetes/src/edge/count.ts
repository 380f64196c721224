import type { Problem } from "@gatehouse/core";

interface Count {
  value: number;
  least: number;
  most: number;
}

/** A number of things, within its bounds. */
export function checkCount(subject: string, message: string, { value, least, most }: Count): Problem[] {
  if (Number.isInteger(value) && value >= least && value <= most) return [];
  return [{ subject, message, value: String(value), expected: `a whole number from ${least} to ${most}` }];
}
