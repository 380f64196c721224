import { selectors } from "../../promql/syntax.ts";
import type { Matcher } from "../../promql/syntax.ts";
import type { Check, Finding } from "../contract/check.ts";

export const matcherPattern: Check = {
  id: "matcher-pattern",
  description: "A pattern that = compares letter by letter, or one that Prometheus' regular expressions (RE2) refuse.",
  remedy: "match patterns with =~ and !~",
  find: (expression) => selectors(expression).flatMap(({ matchers }) => matchers.flatMap(checkMatcher)),
};

function checkMatcher({ label, operator, value }: Matcher): Finding[] {
  if (operator === "=" || operator === "!=") {
    const pattern = /[.][.*+]|^[\w.]+\.$|[|^$]/.test(value.text);
    return pattern
      ? [{ at: value, message: `${label.text}${operator} compares with the text ${value.text}, not with a pattern` }]
      : [];
  }
  const reason = refusal(value.text);
  return reason === undefined
    ? []
    : [
        {
          at: value,
          message: `the pattern ${value.text} ${reason}`,
          expected: "a regular expression that RE2 accepts",
          fix: "correct the pattern",
        },
      ];
}

/** Why RE2 refuses a pattern: https://github.com/google/re2/wiki/Syntax */
function refusal(pattern: string): string | undefined {
  if (/\(\?(<?[=!])/.test(pattern)) return "looks around, which RE2 cannot";
  if (/\\[1-9]/.test(pattern)) return "refers back to a group, which RE2 cannot";
  try {
    // RE2's flags and group names are spelled in another way than JavaScript's, and judged by Prometheus alone.
    new RegExp(
      pattern
        .replaceAll(/\(\?[a-zA-Z-]+\)/g, "")
        .replaceAll(/\(\?[a-zA-Z-]+:/g, "(?:")
        .replaceAll("(?P<", "(?<"),
    );
    return undefined;
  } catch {
    return "is no regular expression";
  }
}
