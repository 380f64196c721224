import { findSeries } from "../../metrics/metricsCatalogue.ts";
import type { MetricsCatalogue } from "../../metrics/metricsCatalogue.ts";
import { labelsOf } from "../../promql/labels.ts";
import { constant, placesOf, selectors } from "../../promql/syntax.ts";
import type { Call, Expression } from "../../promql/syntax.ts";
import type { Check, Finding } from "../contract/check.ts";

export const quantileBuckets: Check = {
  id: "quantile-buckets",
  description:
    "A quantile is computed from the buckets of a histogram, added up over all pods with their bounds (le) kept: the quantile of each pod's own buckets says nothing about all requests.",
  remedy: "write histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))",
  find: (expression, { catalogue }) =>
    placesOf(expression, "call")
      .filter(({ node }) => node.name === "histogram_quantile")
      .flatMap(({ node }) => [...checkLevel(node), ...checkBuckets(node, catalogue)]),
};

function checkLevel({ args: [level] }: Call): Finding[] {
  const value = level && constant(level);
  if (!level || value === undefined || (value >= 0 && value <= 1)) return [];
  return [
    {
      at: level,
      message: "the quantile is not between 0 and 1",
      expected: "0.95 for the 95th percentile",
      fix: `write ${value / 100}`,
    },
  ];
}

function checkBuckets({ args: [, buckets] }: Call, catalogue: MetricsCatalogue): Finding[] {
  if (!buckets) return [];
  const wrong = selectors(buckets).flatMap((selector): Finding[] => {
    const series = selector.metric && findSeries(catalogue, selector.metric.text);
    if (!series || series.labels.includes("le")) return [];
    return [
      { at: selector, message: `${series.name} has no buckets`, expected: "a histogram's series that ends in _bucket" },
    ];
  });
  return wrong.length > 0 ? wrong : checkAggregated(buckets, catalogue);
}

function checkAggregated(buckets: Expression, catalogue: MetricsCatalogue): Finding[] {
  if (placesOf(buckets, "aggregation").length === 0) {
    return [{ at: buckets, message: "the quantile is not over all pods: its buckets are not added up by (le)" }];
  }
  const labels = labelsOf(buckets, catalogue);
  if (!labels || labels.names.includes("le")) return [];
  return [{ at: buckets, message: "the aggregation drops the bounds of the buckets, the label le" }];
}
