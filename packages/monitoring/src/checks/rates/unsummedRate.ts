import { onlyFilters, placesOf } from "../../promql/syntax.ts";
import type { Expression } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

const rates = ["rate", "increase", "irate"];

export const unsummedRate: Check = {
  id: "unsummed-rate",
  description:
    "A rate without a sum is one value for each pod and combination of labels: a threshold holds for none of them alone, and each new pod is a new series.",
  remedy: "sum it: sum(rate(...)) or sum by (label) (rate(...))",
  find: (expression) =>
    placesOf(expression, "call")
      .filter(
        ({ node, ancestors }) =>
          rates.includes(node.name) && !onlyFilters({ node, ancestors }) && !ancestors.some(sums),
      )
      .map(({ node }) => ({ at: node, message: `the ${node.name} is not summed` })),
};

/** Another check covers quantiles. */
function sums(outer: Expression): boolean {
  return outer.kind === "aggregation" || (outer.kind === "call" && outer.name === "histogram_quantile");
}
