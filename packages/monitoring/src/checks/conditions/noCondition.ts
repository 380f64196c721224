import { children, comparisons } from "../../promql/syntax.ts";
import type { Expression } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

export const noCondition: Check = {
  id: "no-condition",
  description: "An alert fires for each series of its expression: without a condition, for ever.",
  remedy: "compare with a threshold, without bool, or ask for absent(...)",
  alertsOnly: true,
  find: (expression) => (isConditional(expression) ? [] : [{ at: expression, message: "the alert has no condition" }]),
};

/** Whether the result can be empty by the values of its series. */
function isConditional(expression: Expression): boolean {
  switch (expression.kind) {
    case "call":
      return (
        expression.name.startsWith("absent") ||
        (expression.name !== "vector" && children(expression).some(isConditional))
      );
    case "binary":
      if (comparisons.includes(expression.operator) && !expression.bool) return true;
      if (expression.operator === "unless") return true;
      return expression.operator === "or"
        ? children(expression).every(isConditional)
        : children(expression).some(isConditional);
    case "range":
    case "subquery":
      return false;
    default:
      return children(expression).some(isConditional);
  }
}
