import type { Problem } from "@gatehouse/core";
import { RE2JS } from "re2js";

/** Checks that the application, which is written in Go, can compile a pattern. JavaScript's own dialect is another. */
export function checkPattern(text: string, subject: string): Problem[] {
  try {
    if (!RE2JS.compile(text).matcher("").find()) return [];
    return [
      {
        subject,
        message: "the pattern finds the empty text, so it would replace nothing everywhere",
        value: text,
        expected: "a pattern that finds at least one character",
      },
    ];
  } catch (error) {
    return [
      {
        subject,
        message: "the pattern does not compile",
        value: text,
        expected: `an expression of RE2 (${error instanceof Error ? error.message : String(error)})`,
        fix: "RE2 has no lookaround, no backreferences and no possessive quantifiers",
      },
    ];
  }
}
