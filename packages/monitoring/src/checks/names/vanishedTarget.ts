import { boundOf, onlyFilters, placesOf, selectors } from "../../promql/syntax.ts";
import type { Expression, Selector } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

export const vanishedTarget: Check = {
  id: "vanished-target",
  description:
    "A target that is gone, or a job that never ran, has no series: a comparison with 0 or with an age does not see it.",
  remedy: "add the absence: ... or absent(...) with the same matchers",
  alertsOnly: true,
  find: (expression) => {
    const covered = absences(expression).map(describe);
    return watched(expression)
      .filter((selector) => !covered.includes(describe(selector)))
      .map((selector) => ({
        at: selector,
        message: `the alert does not fire when ${selector.metric?.text ?? ""} has no series`,
        fix: `add: or absent(${describe(selector)})`,
      }));
  },
};

/** The selectors of what an alert expects to be there: a target's `up`, and the time since when something last happened. */
function watched(expression: Expression): Selector[] {
  return placesOf(expression, "selector")
    .filter(({ node, ancestors }) => {
      const expected = ancestors.some((outer) => isAge(outer) || (node.metric?.text === "up" && boundOf(outer)));
      return expected && !onlyFilters({ node, ancestors }) && !ancestors.some(isAbsence) && !ancestors.some(hasDefault);
    })
    .map(({ node }) => node);
}

function isAge(expression: Expression): boolean {
  return (
    expression.kind === "binary" &&
    expression.operator === "-" &&
    expression.left.kind === "call" &&
    expression.left.name === "time"
  );
}

/** `count(up == 1) or vector(0)` has a value also where there is no target. */
function hasDefault(expression: Expression): boolean {
  return (
    expression.kind === "binary" &&
    expression.operator === "or" &&
    expression.right.kind === "call" &&
    expression.right.name === "vector"
  );
}

function isAbsence(expression: Expression): boolean {
  return expression.kind === "call" && ["absent", "absent_over_time"].includes(expression.name);
}

/** The selectors whose absence makes the alert fire: in an alternative of their own, or after an alternative's `unless`. */
function absences(expression: Expression): Selector[] {
  if (isAbsence(expression)) return selectors(expression);
  if (expression.kind === "aggregation") return expression.args.flatMap(absences);
  if (expression.kind !== "binary") return [];
  if (expression.operator === "or") return [...absences(expression.left), ...absences(expression.right)];
  return expression.operator === "unless" ? selectors(expression.right) : [];
}

/** A selector in one spelling, whatever the order of its matchers. */
function describe({ metric, matchers }: Selector): string {
  const list = matchers
    .map(({ label, operator, value }) => `${label.text}${operator}${JSON.stringify(value.text)}`)
    .sort();
  return `${metric?.text ?? ""}${list.length > 0 ? `{${list.join(",")}}` : ""}`;
}
