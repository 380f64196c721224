import { checkCount, checkDuration, parseDuration, type Problem, repeated } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** A metric of the pods that an autoscaler goes by. The cluster's operator must install an adapter that serves it. */
export interface PodMetricArgs {
  /** Name of the metric: `http_requests_per_second`. */
  metric: string;
  /** Average over the pods, a whole number: 100. */
  average: number;
}

/** A rule of prometheus-adapter: makes a rate of a counter. */
export interface AdapterRuleArgs {
  /** Counter of the pods, ending in `_total`: `http_requests_total` becomes `http_requests_per_second`. */
  counter: string;
  /**
   * Time over which the rate is taken. It must hold four scrapes, so that one that fails leaves a rate.
   * @default "2m"
   */
  window?: string;
}

const counterForm = /^[a-zA-Z_:][a-zA-Z0-9_:]*_total$/;

/** Name of the metric that a rule makes. */
export function producedMetric({ counter }: AdapterRuleArgs): string {
  return counter.replace(/_total$/, "_per_second");
}

/**
 * Configuration of prometheus-adapter with the rules, as JSON, which is YAML too. Give it to the cluster's operator: a
 * cluster has one adapter, so a stack does not install it.
 */
export function prometheusAdapterRules(rules: AdapterRuleArgs[]): string {
  const rendered = rules.map((rule) => ({
    seriesQuery: `${rule.counter}{namespace!="",pod!=""}`,
    resources: { overrides: { namespace: { resource: "namespace" }, pod: { resource: "pod" } } },
    name: { matches: `^${rule.counter}$`, as: producedMetric(rule) },
    metricsQuery: `sum(rate(<<.Series>>{<<.LabelMatchers>>}[${rule.window ?? "2m"}])) by (<<.GroupBy>>)`,
  }));
  return `${JSON.stringify({ rules: rendered }, null, 2)}\n`;
}

/** Metrics of the pods as an autoscaler has them. */
export function podMetricSpecs(metrics: PodMetricArgs[]): k8s.autoscaling.v2.MetricSpec[] {
  return metrics.map(({ metric, average }) => ({
    type: "Pods",
    pods: { metric: { name: metric }, target: { type: "AverageValue", averageValue: String(average) } },
  }));
}

/** Checks that each metric is one that a rule makes, and each rule. */
export function checkPodMetrics(subject: string, metrics: PodMetricArgs[], rules: AdapterRuleArgs[]): Problem[] {
  const produced = rules.map(producedMetric);
  return [
    ...metrics.flatMap(({ metric, average }, index) => [
      ...checkCount(`${subject}.podMetrics[${index}].average`, "not an average of the pods", average, { least: 1 }),
      ...(produced.includes(metric)
        ? []
        : [
            {
              subject: `${subject}.podMetrics[${index}].metric`,
              message: "no adapter rule makes the metric, so the autoscaler would never know it",
              value: metric,
              expected:
                produced.length === 0 ? "an entry of adapterRules that makes it" : `one of ${produced.join(", ")}`,
              fix: `add adapterRules: [{ counter: "${metric.replace(/_per_second$/, "")}_total" }]`,
            },
          ]),
    ]),
    ...repeated(metrics.map(({ metric }) => metric)).map((value) => ({
      subject: `${subject}.podMetrics`,
      message: "the metric is given twice",
      value,
      expected: "each metric once",
    })),
    ...rules.flatMap((rule, index) => checkRule(`${subject}.adapterRules[${index}]`, rule)),
  ];
}

function checkRule(subject: string, { counter, window = "2m" }: AdapterRuleArgs): Problem[] {
  const malformed = checkDuration(window, `${subject}.window`);
  return [
    ...(counterForm.test(counter)
      ? []
      : [
          {
            subject: `${subject}.counter`,
            message: "not the name of a counter",
            value: counter,
            expected: "a name that ends in _total: http_requests_total",
          },
        ]),
    ...malformed,
    ...(malformed.length > 0 || parseDuration(window) > 0
      ? []
      : [{ subject: `${subject}.window`, message: "a rate needs time", value: window, expected: "2m or so" }]),
  ];
}
