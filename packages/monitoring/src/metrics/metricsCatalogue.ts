import { nearest, throwIfAny } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import { isCloudMonitoringName } from "./cloudMonitoringMetrics.ts";
import { MetricType } from "./metric.ts";
import type { Metric } from "./metric.ts";

/** The metrics that expressions may use, as `metricsCatalogue` makes it. */
export interface MetricsCatalogue {
  metrics: Metric[];
}

/** A time series name as PromQL selects it. */
export interface Series {
  /** `http_request_duration_seconds_bucket` */
  name: string;
  /** The metric that it belongs to. */
  metric: Metric;
  /** Whether it only rises: a counter, or a series of a histogram or summary other than its quantiles. */
  counts: boolean;
  /** The metric's labels and those of the series: `le` of buckets, `quantile` of a summary. */
  labels: string[];
}

/**
 * A catalogue of metrics, from the lists of the programs that export them.
 *
 * @throws InputError that names every metric that breaks Prometheus' rules for names, or that two of them share.
 */
export function metricsCatalogue(...lists: Metric[][]): MetricsCatalogue {
  const catalogue = { metrics: lists.flat() };
  throwIfAny(checkCatalogue(catalogue), "the metrics catalogue");
  return catalogue;
}

/** The series of a name, such as a histogram's `_bucket`, `_sum` and `_count`; undefined if nothing exports it. */
export function findSeries(catalogue: MetricsCatalogue, name: string): Series | undefined {
  return indexOf(catalogue).get(name);
}

/** The series name that was probably meant. */
export function nearestSeries(catalogue: MetricsCatalogue, name: string): string | undefined {
  return nearest(name, indexOf(catalogue).keys());
}

/**
 * Violations of Prometheus' rules: https://prometheus.io/docs/practices/naming/,
 * https://prometheus.io/docs/concepts/data_model/
 */
export function checkCatalogue(catalogue: MetricsCatalogue): Problem[] {
  return [...catalogue.metrics.flatMap(checkMetric), ...checkSharedNames(catalogue)];
}

const indexes = new WeakMap<MetricsCatalogue, Map<string, Series>>();

function indexOf(catalogue: MetricsCatalogue): Map<string, Series> {
  const known = indexes.get(catalogue);
  if (known) return known;
  const index = new Map(catalogue.metrics.flatMap(seriesOf).map((series) => [series.name, series]));
  indexes.set(catalogue, index);
  return index;
}

function seriesOf(metric: Metric): Series[] {
  const { name, type, labels = [] } = metric;
  const counting = (suffix: string, ...more: string[]): Series => ({
    name: name + suffix,
    metric,
    counts: true,
    labels: [...labels, ...more],
  });
  switch (type) {
    case MetricType.Counter:
      return [counting("")];
    case MetricType.Gauge:
      return [{ ...counting(""), counts: false }];
    case MetricType.Histogram:
      return [counting("_bucket", "le"), counting("_sum"), counting("_count")];
    case MetricType.Summary:
      return [{ ...counting("", "quantile"), counts: false }, counting("_sum"), counting("_count")];
  }
}

function checkMetric(metric: Metric): Problem[] {
  const subject = `metric ${metric.name}`;
  return [
    ...checkMetricName(metric),
    ...checkLabels(metric),
    ...checkBuckets(metric),
    ...(metric.help.trim() === "" ? [{ message: "it has no help text", expected: "what it measures" }] : []),
    ...(metric.source.trim() === "" ? [{ message: "it has no source", expected: "the program that exports it" }] : []),
  ].map((problem) => ({ subject, ...problem }));
}

type Finding = Omit<Problem, "subject">;

function checkMetricName({ name, type, unit }: Metric): Finding[] {
  if (!/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)) {
    return [
      {
        message: "the name has characters that Prometheus refuses",
        value: name,
        expected: "letters, digits, underscores and colons, not beginning with a digit",
      },
    ];
  }
  if (isCloudMonitoringName(name)) return [];
  const problems: Finding[] = [];
  const total = name.endsWith("_total");
  if (type === MetricType.Counter && !total) {
    problems.push({ message: "the name of a counter ends in _total", value: name, fix: `${name}_total` });
  }
  if (type !== MetricType.Counter && total) {
    problems.push({ message: `only a counter's name ends in _total, and this is a ${type}`, value: name });
  }
  if (unit !== undefined && !name.replace(/_total$/, "").endsWith(`_${unit}`)) {
    const fix = total ? name.replace(/_total$/, `_${unit}_total`) : `${name}_${unit}`;
    problems.push({ message: `the name does not end in its unit`, value: name, expected: `..._${unit}`, fix });
  }
  return problems;
}

function checkLabels({ type, labels = [] }: Metric): Finding[] {
  const reserved: Partial<Record<MetricType, string>> = {
    [MetricType.Histogram]: "le",
    [MetricType.Summary]: "quantile",
  };
  return labels.flatMap((label, index): Finding[] => {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) || label.startsWith("__")) {
      const expected = "letters, digits and underscores, not beginning with a digit or two underscores";
      return [{ message: "Prometheus refuses the name of a label", value: label, expected }];
    }
    if (label === reserved[type]) {
      return [{ message: `every ${type} already has the label ${label}`, value: label, fix: "leave it out" }];
    }
    return labels.indexOf(label) < index ? [{ message: "a label is listed twice", value: label }] : [];
  });
}

function checkBuckets({ type, buckets }: Metric): Finding[] {
  if (type !== MetricType.Histogram) {
    return buckets ? [{ message: `only a histogram has buckets, and this is a ${type}` }] : [];
  }
  const value = buckets?.join(", ");
  const expected = "at least one finite bound, each above the one before; +Inf comes by itself";
  if (!buckets?.length) return [{ message: "a histogram needs the bounds of its buckets", expected }];
  const rising = buckets.every((bound, index) => Number.isFinite(bound) && bound > (buckets[index - 1] ?? -Infinity));
  return rising ? [] : [{ message: "the bounds of the buckets do not rise", value, expected }];
}

function checkSharedNames(catalogue: MetricsCatalogue): Problem[] {
  const owners = new Map<string, Metric>();
  const problems: Problem[] = [];
  for (const series of catalogue.metrics.flatMap(seriesOf)) {
    const other = owners.get(series.name);
    owners.set(series.name, other ?? series.metric);
    if (other === undefined) continue;
    problems.push({
      subject: `metric ${series.metric.name}`,
      message: `two metrics have the series ${series.name}`,
      value: `the ${other.type} ${other.name} of ${other.source}, the ${series.metric.type} ${series.metric.name} of ${series.metric.source}`,
      expected: "one metric for each name",
    });
  }
  return problems;
}
