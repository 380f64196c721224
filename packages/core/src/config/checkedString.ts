import { z } from "zod";
import type { Problem } from "../errors/problem.ts";

/** A check of this package: `checkQuantity`, `checkDuration`, `checkPinned`. */
export type StringCheck = (text: string, subject: string) => Problem[];

/**
 * A config field that holds a string with its own grammar. The problems of the check are reported unchanged:
 *
 * ```ts
 * { timeout: checkedString(checkDuration).default("30s").describe("How long a request may take.") }
 * ```
 */
export function checkedString(check: StringCheck): z.ZodString {
  return z.string().superRefine((text, context) => {
    // The subject is known only where the issue is reported.
    const params: CheckParams = { problems: (subject) => check(text, subject) };
    if (params.problems("").length > 0) context.addIssue({ code: "custom", params: { ...params } });
  });
}

/** The problems that an issue of a {@link checkedString} carries. */
export interface CheckParams {
  problems: (subject: string) => Problem[];
}
