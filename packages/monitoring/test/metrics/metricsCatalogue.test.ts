import { InputError } from "@gatehouse/core";
import { describe, expect, test } from "vitest";
import {
  MetricType,
  exportedBy,
  findSeries,
  metricsCatalogue,
  nearestSeries,
  platformMetrics,
} from "../../src/index.ts";
import type { Metric } from "../../src/index.ts";
import { catalogue } from "../fixtures.ts";

const good: Metric = { name: "shop_carts", type: MetricType.Gauge, help: "Open carts", source: "shop" };

function problemsOf(...metrics: Metric[]): string[] {
  try {
    metricsCatalogue(metrics);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ subject, message, value, fix }) => [subject, message, value, fix].join(" | "));
  }
}

describe("lookup", () => {
  test("a histogram has its three series and none of its own name", () => {
    expect(findSeries(catalogue, "shop_request_duration_seconds")).toBeUndefined();
    expect(findSeries(catalogue, "shop_request_duration_seconds_bucket")).toMatchObject({
      counts: true,
      labels: ["method", "le"],
      metric: { name: "shop_request_duration_seconds", source: "shop", buckets: [0.1, 0.5, 1, 5] },
    });
    for (const suffix of ["_sum", "_count"]) {
      expect(findSeries(catalogue, `shop_request_duration_seconds${suffix}`)).toMatchObject({
        counts: true,
        labels: ["method"],
      });
    }
  });

  test("a summary has quantiles under its own name", () => {
    expect(findSeries(catalogue, "shop_query_seconds")).toMatchObject({ counts: false, labels: ["table", "quantile"] });
    expect(findSeries(catalogue, "shop_query_seconds_count")).toMatchObject({ counts: true, labels: ["table"] });
    expect(findSeries(catalogue, "shop_query_seconds_bucket")).toBeUndefined();
  });

  test("counters count, gauges do not", () => {
    expect(findSeries(catalogue, "shop_requests_total")?.counts).toBe(true);
    expect(findSeries(catalogue, "shop_carts")?.counts).toBe(false);
  });

  test("the nearest name", () => {
    expect(nearestSeries(catalogue, "shop_request_total")).toBe("shop_requests_total");
    expect(nearestSeries(catalogue, "wholly_different")).toBeUndefined();
  });

  test("the platform's series have the labels that their programs document", () => {
    const labels = (name: string): string[] | undefined => findSeries({ metrics: platformMetrics }, name)?.labels;
    expect(labels("up")).toEqual([]);
    expect(labels("kube_cronjob_status_last_successful_time")).toEqual(["namespace", "cronjob"]);
    expect(labels("kube_job_status_failed")).toEqual(["namespace", "job_name", "reason"]);
    expect(labels("kube_pod_container_status_restarts_total")).toEqual(["namespace", "pod", "container", "uid"]);
    expect(labels("kube_deployment_status_replicas_available")).toEqual(["namespace", "deployment"]);
  });
});

describe("self-check", () => {
  test("good metrics pass", () => {
    expect(problemsOf(good, ...platformMetrics)).toEqual([]);
    expect(exportedBy("shop", [{ name: "a", type: MetricType.Gauge, help: "b" }])).toEqual([
      { name: "a", type: "gauge", help: "b", source: "shop" },
    ]);
  });

  test.each<[string, Partial<Metric>, string]>([
    [
      "characters",
      { name: "shop-carts" },
      "shop-carts | the name has characters that Prometheus refuses | shop-carts | ",
    ],
    [
      "counter without _total",
      { name: "shop_orders", type: "counter" },
      "shop_orders | the name of a counter ends in _total | shop_orders | shop_orders_total",
    ],
    [
      "gauge with _total",
      { name: "carts_total" },
      "carts_total | only a counter's name ends in _total, and this is a gauge | carts_total | ",
    ],
    ["unit", { unit: "bytes" }, "shop_carts | the name does not end in its unit | shop_carts | shop_carts_bytes"],
    [
      "unit of a counter",
      { name: "sent_total", type: "counter", unit: "bytes" },
      "sent_total | the name does not end in its unit | sent_total | sent_bytes_total",
    ],
    ["help", { help: " " }, "shop_carts | it has no help text |  | "],
    ["source", { source: "" }, "shop_carts | it has no source |  | "],
    ["label name", { labels: ["a-b"] }, "shop_carts | Prometheus refuses the name of a label | a-b | "],
    ["reserved label", { labels: ["__name__"] }, "shop_carts | Prometheus refuses the name of a label | __name__ | "],
    ["label twice", { labels: ["a", "a"] }, "shop_carts | a label is listed twice | a | "],
    [
      "le of a histogram",
      { type: "histogram", buckets: [1], labels: ["le"] },
      "shop_carts | every histogram already has the label le | le | leave it out",
    ],
    ["buckets of a gauge", { buckets: [1] }, "shop_carts | only a histogram has buckets, and this is a gauge |  | "],
    ["no buckets", { type: "histogram" }, "shop_carts | a histogram needs the bounds of its buckets |  | "],
    [
      "falling buckets",
      { type: "histogram", buckets: [1, 5, 2] },
      "shop_carts | the bounds of the buckets do not rise | 1, 5, 2 | ",
    ],
    [
      "equal buckets",
      { type: "histogram", buckets: [1, 1] },
      "shop_carts | the bounds of the buckets do not rise | 1, 1 | ",
    ],
    [
      "infinite bucket",
      { type: "histogram", buckets: [1, Infinity] },
      "shop_carts | the bounds of the buckets do not rise | 1, Infinity | ",
    ],
  ])("%s", (_, overrides, problem) => {
    expect(problemsOf({ ...good, ...overrides })).toEqual([`metric ${problem}`]);
  });

  test("a name twice, also by way of a histogram's series", () => {
    expect(problemsOf(good, { ...good, source: "other" })).toEqual([
      "metric shop_carts | two metrics have the series shop_carts | the gauge shop_carts of shop, the gauge shop_carts of other | ",
    ]);
    const histogram: Metric = { ...good, name: "x_seconds", type: "histogram", buckets: [1] };
    expect(problemsOf(histogram, { ...good, name: "x_seconds_count" })).toEqual([
      "metric x_seconds_count | two metrics have the series x_seconds_count | the histogram x_seconds of shop, the gauge x_seconds_count of shop | ",
    ]);
  });

  test("all problems at once", () => {
    expect(problemsOf({ ...good, help: "" }, { ...good, name: "b", source: "" })).toHaveLength(2);
  });
});
