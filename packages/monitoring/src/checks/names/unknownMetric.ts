import { findSeries, nearestSeries } from "../../metrics/metricsCatalogue.ts";
import type { MetricsCatalogue } from "../../metrics/metricsCatalogue.ts";
import { selectors } from "../../promql/syntax.ts";
import type { Check, Finding } from "../contract/check.ts";

export const unknownMetric: Check = {
  id: "unknown-metric",
  description: "A metric that nothing exports: the expression is empty for ever, and its alert never fires.",
  remedy: "add the metric to the catalogue, with the program that exports it",
  find: (expression, { catalogue }) =>
    selectors(expression).flatMap(({ metric, from, to }): Finding[] => {
      if (!metric) return [{ at: { from, to }, message: "the selector names no metric", fix: "name the metric" }];
      return findSeries(catalogue, metric.text) ? [] : [{ at: metric, ...explain(catalogue, metric.text) }];
    }),
};

function explain(catalogue: MetricsCatalogue, name: string): Omit<Finding, "at"> {
  const family = ["_bucket", "_sum", "_count"]
    .map((suffix) => name + suffix)
    .filter((series) => findSeries(catalogue, series));
  if (family.length > 0) {
    return {
      message: `a histogram has no series ${name}`,
      expected: family.join(", "),
      fix: `use ${family.join(" or ")}`,
    };
  }
  const meant = nearestSeries(catalogue, name);
  return {
    message: `nothing exports the metric ${name}`,
    expected: "a metric of the catalogue",
    fix: meant === undefined ? undefined : `did you mean ${meant}? Else ${unknownMetric.remedy}`,
  };
}
