import { findSeries } from "../../metrics/metricsCatalogue.ts";
import type { MetricsCatalogue } from "../../metrics/metricsCatalogue.ts";
import { boundOf, constant, places, selectors } from "../../promql/syntax.ts";
import type { Expression } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

export const unreachableThreshold: Check = {
  id: "unreachable-threshold",
  description:
    "A quantile is at most the bound of the last bucket, so that a threshold there or above it is never exceeded.",
  remedy: "choose a threshold below the last bucket, or give the histogram larger buckets",
  find: (expression, { catalogue }) =>
    places(expression).flatMap(({ node }) => {
      const bound = boundOf(node);
      const highest = bound && largest(bound.operand, catalogue);
      if (!bound || highest === undefined || !never(bound.operator, highest, bound.limit)) return [];
      return [{ at: node, message: `the quantile is at most ${highest}`, expected: `a threshold below ${highest}` }];
    }),
};

function never(operator: string, highest: number, limit: number): boolean {
  if (operator === ">") return limit >= highest;
  return (operator === ">=" || operator === "==") && limit > highest;
}

/** The largest value that an expression around a quantile can have; undefined if that is not known. */
function largest(expression: Expression, catalogue: MetricsCatalogue): number | undefined {
  switch (expression.kind) {
    case "call":
      return expression.name === "histogram_quantile" ? lastBucket(expression, catalogue) : undefined;
    case "aggregation": {
      const inner = expression.args.at(-1);
      const keeps = ["max", "min", "avg", "quantile", "topk", "bottomk"].includes(expression.operator);
      return inner && keeps ? largest(inner, catalogue) : undefined;
    }
    case "binary": {
      const { operator, left, right } = expression;
      if (["and", "unless"].includes(operator) || boundOf(expression)) return largest(left, catalogue);
      const factor = operator === "*" || operator === "/" ? constant(right) : undefined;
      const inner = factor !== undefined && factor > 0 ? largest(left, catalogue) : undefined;
      if (factor === undefined || inner === undefined) return undefined;
      return operator === "*" ? inner * factor : inner / factor;
    }
    default:
      return undefined;
  }
}

function lastBucket(quantile: Expression, catalogue: MetricsCatalogue): number | undefined {
  const bounds = selectors(quantile).flatMap(
    ({ metric }) => (metric && findSeries(catalogue, metric.text)?.metric.buckets) ?? [],
  );
  return bounds.length > 0 ? Math.max(...bounds) : undefined;
}
