/** What a metric measures, as Prometheus types it: https://prometheus.io/docs/concepts/metric_types/ */
export const MetricType = {
  /** Only rises, and starts again at 0 with its process. */
  Counter: "counter",
  /** Rises and falls. */
  Gauge: "gauge",
  /** Counts observations in buckets. */
  Histogram: "histogram",
  /** Quantiles that the program computes itself. */
  Summary: "summary",
} as const;
export type MetricType = (typeof MetricType)[keyof typeof MetricType];

/** A metric that some program exports. */
export interface Metric {
  /** Name without the suffixes of a histogram's series: `http_request_duration_seconds`. A counter ends in `_total`. */
  name: string;
  type: MetricType;
  /** One-line description of what it measures. */
  help: string;
  /** The program that exports it: `shield`, `kube-state-metrics`. */
  source: string;
  /**
   * The labels that the program itself sets. Those of the scraped target (see `targetLabels`) are added by the scrape.
   *
   * @default none
   */
  labels?: string[];
  /**
   * Upper bounds of a histogram's buckets in rising order, without `+Inf`. Required for a histogram: a quantile is
   * never above the last of them.
   *
   * @default none
   */
  buckets?: number[];
  /**
   * Base unit, with which the name then ends (before `_total`): `seconds`, `bytes`, `ratio`.
   *
   * @default none
   */
  unit?: string;
}

/** Labels that the scrape of a Kubernetes target adds to every series, whatever the program exports. */
export const targetLabels: string[] = [
  "job",
  "instance",
  "namespace",
  "pod",
  "container",
  "service",
  "endpoint",
  "node",
];

/** Metrics of one program, to be written without repeating its name. */
export function exportedBy(source: string, metrics: Omit<Metric, "source">[]): Metric[] {
  return metrics.map((metric) => ({ ...metric, source }));
}
