import { boundOf, constant, onlyFilters, placesOf } from "../../promql/syntax.ts";
import type { Bound, Expression, Place } from "../../promql/syntax.ts";
import { typeOf } from "../../promql/types.ts";
import type { Check } from "../contract/check.ts";

export const unguardedDivision: Check = {
  id: "unguarded-division",
  description:
    "Without traffic the divisor is 0, and the quotient NaN or infinite: an alert is silent or false, a panel shows a gap or a peak.",
  remedy: "leave out a divisor of 0: x / (y > 0)",
  find: (expression, { text }) =>
    placesOf(expression, "binary")
      .filter(({ node }) => ["/", "%"].includes(node.operator))
      .filter(({ node, ancestors }) => !onlyFilters({ node, ancestors }) && !isNonZero(node.right))
      .filter((place) => !guardedAround(place.node.right, place, text))
      .map(({ node }) => ({
        at: node.right,
        message: "the divisor can be 0",
        fix: `divide by (${text.slice(node.right.from, node.right.to)} > 0)`,
      })),
};

/** Whether a result never holds a 0, because such series are filtered out or cannot be. */
function isNonZero(expression: Expression): boolean {
  const value = constant(expression);
  if (value !== undefined) return value !== 0;
  switch (expression.kind) {
    case "call": {
      const [inner, limit] = expression.args;
      if (expression.name === "clamp_min") return limit !== undefined && (constant(limit) ?? 0) > 0;
      return (
        expression.name === "time" ||
        (["scalar", "vector", "abs"].includes(expression.name) && !!inner && isNonZero(inner))
      );
    }
    case "aggregation": {
      // An empty count is no series, not 0.
      if (["count", "group"].includes(expression.operator)) return true;
      const inner = expression.args.at(-1);
      return ["sum", "min", "max", "avg"].includes(expression.operator) && inner !== undefined && isPositive(inner);
    }
    case "binary": {
      const bound = boundOf(expression);
      if (bound) return excludesZero(bound);
      if (expression.operator === "or") return isNonZero(expression.left) && isNonZero(expression.right);
      if (["and", "unless"].includes(expression.operator)) return isNonZero(expression.left);
      return expression.operator === "*" && isNonZero(expression.left) && isNonZero(expression.right);
    }
    default:
      return false;
  }
}

function excludesZero({ operator, limit }: Bound): boolean {
  if (operator === ">") return limit >= 0;
  if (operator === ">=") return limit > 0;
  if (operator === "<") return limit <= 0;
  if (operator === "<=") return limit < 0;
  return operator === "!=" ? limit === 0 : limit !== 0;
}

/** Values that cannot cancel each other out in a sum. */
function isPositive(expression: Expression): boolean {
  const bound = boundOf(expression);
  return bound !== undefined && [">", ">="].includes(bound.operator) && excludesZero(bound);
}

/** Whether an `and` or `unless` further out drops the series with a divisor of 0. */
function guardedAround(divisor: Expression, { node, ancestors }: Place, text: string): boolean {
  const written = (part: Expression): string => text.slice(part.from, part.to).replaceAll(/\s/g, "");
  return ancestors.some((outer, index) => {
    const inner = index === 0 ? node : ancestors[index - 1];
    if (outer.kind !== "binary" || outer.left !== inner || !["and", "unless"].includes(outer.operator)) return false;
    return conditions(outer.right).some((condition) => {
      const bound = boundOf(condition);
      if (!bound || written(bound.operand) !== written(divisor)) return false;
      return outer.operator === "and" ? excludesZero(bound) : includesZero(bound);
    });
  });
}

function conditions(expression: Expression): Expression[] {
  return expression.kind === "binary" && expression.operator === "and" && typeOf(expression) === "vector"
    ? [...conditions(expression.left), ...conditions(expression.right)]
    : [expression];
}

function includesZero({ operator, limit }: Bound): boolean {
  if (operator === "==") return limit === 0;
  if (operator === "<=") return limit >= 0;
  return operator === "<" && limit > 0;
}
