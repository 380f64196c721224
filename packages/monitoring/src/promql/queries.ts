import { InputError, parseDuration } from "@gatehouse/core";

/** Comparison of a label other than by equality: {@link pattern}, {@link not}, {@link notPattern}. */
export interface LabelMatch {
  operator: "!=" | "=~" | "!~";
  value: string;
}

/** Matchers of a selector's labels; a text is compared by `=`. */
export type LabelMatches = Record<string, string | LabelMatch>;

/** Grafana's placeholder for a window that is always wide enough for a rate: at least four scrape intervals. */
export const rateInterval = "$__rate_interval";

/** The label matches a regular expression as a whole: `pattern("5..")`. */
export function pattern(value: string): LabelMatch {
  return { operator: "=~", value };
}

/** The label is another one, or absent. */
export function not(value: string): LabelMatch {
  return { operator: "!=", value };
}

/** The label does not match a regular expression. */
export function notPattern(value: string): LabelMatch {
  return { operator: "!~", value };
}

/** `name{label="value"}` */
export function series(name: string, matching: LabelMatches = {}): string {
  const matchers = Object.entries(matching).map(([label, match]) => {
    const { operator, value } = typeof match === "string" ? { operator: "=", value: match } : match;
    return `${label}${operator}${JSON.stringify(value)}`;
  });
  return matchers.length > 0 ? `${name}{${matchers.join(",")}}` : name;
}

export interface RateQuery {
  /** A counter, or a histogram's `_count`, `_sum` or `_bucket`. */
  metric: string;
  /**
   * @default all series
   */
  matching?: LabelMatches;
  /**
   * Window of the rate: a duration, or {@link rateInterval} in a panel.
   *
   * @default "5m"
   */
  window?: string;
  /**
   * The labels to keep.
   *
   * @default none: one sum of all
   */
  by?: string[];
}

/** Events per second: `sum by (status) (rate(requests_total[5m]))`. */
export function rate(query: RateQuery): string {
  return summed("rate", query);
}

/** Events in the window: `sum(increase(errors_total[5m]))`. */
export function increase(query: RateQuery): string {
  return summed("increase", query);
}

/**
 * A part divided by the whole, without a result where the whole is 0: `part / (whole > 0)`.
 *
 * Both sides must have the same labels, such as two sums by the same ones.
 */
export function ratio(part: string, whole: string): string {
  return `${part} / (${whole} > 0)`;
}

export interface ErrorRatioQuery extends RateQuery {
  /** Labels of the events that are errors: `{ status: pattern("5..") }`. */
  errors: LabelMatches;
}

/** Share of events that are errors, from 0 to 1, without a result where there are no events. */
export function errorRatio({ errors, ...query }: ErrorRatioQuery): string {
  return ratio(rate({ ...query, matching: { ...query.matching, ...errors } }), rate(query));
}

export interface QuantileQuery extends RateQuery {
  /** The histogram, without `_bucket`. */
  metric: string;
  /** 0.95 for the 95th percentile. */
  quantile: number;
}

/** A quantile over all pods: `histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))`. */
export function quantile({ quantile, metric, by = [], ...query }: QuantileQuery): string {
  return `histogram_quantile(${quantile}, ${rate({ ...query, metric: `${metric}_bucket`, by: [...by, "le"] })})`;
}

export interface TargetQuery {
  /** The scrape job, which is the Service's name where a ServiceMonitor does not say otherwise. */
  job: string;
  /**
   * @default in any namespace
   */
  namespace?: string;
}

/** A target of the job cannot be scraped, or the job has no targets. */
export function targetDown({ job, namespace }: TargetQuery): string {
  const up = series("up", { job, ...(namespace !== undefined && { namespace }) });
  return `${up} == 0 or absent(${up})`;
}

export interface RestartsQuery {
  namespace: string;
  /**
   * Regular expression of the pods' names.
   *
   * @default all pods of the namespace
   */
  pods?: string;
  /** Window in which restarts are counted: `1h`. */
  window: string;
}

/**
 * Restarts of each pod in the window, its containers and native sidecars taken together. A whole number: `increase`
 * stretches what it has to the window's ends, so that three restarts are a little more than three.
 */
export function restarts({ namespace, pods, window }: RestartsQuery): string {
  const matching = { namespace, ...(pods !== undefined && { pod: pattern(pods) }) };
  const counted = ["kube_pod_container", "kube_pod_init_container"].map((containers) => {
    const counts = `${series(`${containers}_status_restarts_total`, matching)}[${window}]`;
    return `max_over_time(${counts}) - min_over_time(${counts})`;
  });
  return `sum by (namespace, pod) (${counted.join(" or ")})`;
}

export interface StaleQuery {
  namespace: string;
  cronJob: string;
  /** Greatest age of the last success: `26h`. */
  age: string;
}

/**
 * A CronJob's last success is too long ago; or it never succeeded, although it exists for as long; or it is gone. A
 * CronJob that is new has the same time for its first success.
 */
export function stale({ namespace, cronJob, age }: StaleQuery): string {
  const seconds = parseDuration(age) / 1000;
  if (seconds === 0)
    throw new InputError({
      subject: `age of ${cronJob}`,
      message: "the age is 0, so every backup would be stale",
      value: age,
    });
  const of = (name: string): string => series(name, { namespace, cronjob: cronJob });
  const succeeded = of("kube_cronjob_status_last_successful_time");
  const created = of("kube_cronjob_created");
  return [
    `time() - max(${succeeded}) > ${seconds}`,
    `time() - max(${created}) > ${seconds} unless max(${succeeded})`,
    `absent(${created})`,
  ].join("\nor ");
}

function summed(operation: string, { metric, matching, window = "5m", by = [] }: RateQuery): string {
  const grouping = by.length > 0 ? ` by (${by.join(", ")}) ` : "";
  return `sum${grouping}(${operation}(${series(metric, matching)}[${window}]))`;
}
