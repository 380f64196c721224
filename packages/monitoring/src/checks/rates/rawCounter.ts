import { findSeries } from "../../metrics/metricsCatalogue.ts";
import { onlyFilters, placesOf } from "../../promql/syntax.ts";
import type { Expression } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

export const rawCounter: Check = {
  id: "raw-counter",
  description:
    "The value of a counter counts since its process started, so it says when that was more than what happens now.",
  remedy: "take the counter's rate(...[5m]) or increase(...[1h])",
  find: (expression, { catalogue }) =>
    placesOf(expression, "selector")
      .filter(({ node, ancestors }) => {
        const counts = node.metric !== undefined && findSeries(catalogue, node.metric.text)?.counts;
        return counts && !onlyFilters({ node, ancestors }) && !ancestors.some(ignoresValue);
      })
      .map(({ node }) => ({ at: node, message: `the counter ${node.metric?.text ?? ""} is used without a rate` })),
};

/** A range belongs to a function that knows what to do with it; counting series or their absence needs no value. */
function ignoresValue(outer: Expression): boolean {
  if (outer.kind === "range" || outer.kind === "subquery") return true;
  if (outer.kind === "call") return ["absent", "timestamp"].includes(outer.name);
  return outer.kind === "aggregation" && ["count", "group"].includes(outer.operator);
}
