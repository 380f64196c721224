import { InputError } from "@gatehouse/core";
import { describe, expect, test } from "vitest";
import {
  errorRatio,
  increase,
  not,
  notPattern,
  pattern,
  quantile,
  rate,
  rateInterval,
  ratio,
  restarts,
  series,
  stale,
  targetDown,
} from "../../src/index.ts";
import { problemsOf } from "../fixtures.ts";

test("series and their matchers", () => {
  expect(series("up")).toBe("up");
  expect(series("up", { job: "shop", status: pattern("5.."), pod: not("a"), node: notPattern('b"\\d') })).toBe(
    'up{job="shop",status=~"5..",pod!="a",node!~"b\\"\\\\d"}',
  );
});

test("rates are summed", () => {
  expect(rate({ metric: "shop_orders_total" })).toBe("sum(rate(shop_orders_total[5m]))");
  expect(
    rate({ metric: "shop_orders_total", by: ["status", "pod"], window: rateInterval, matching: { job: "a" } }),
  ).toBe('sum by (status, pod) (rate(shop_orders_total{job="a"}[$__rate_interval]))');
  expect(increase({ metric: "shop_orders_total", window: "1h" })).toBe("sum(increase(shop_orders_total[1h]))");
});

test("ratios leave out a whole of 0, and keep the labels on both sides", () => {
  expect(ratio("a", "b")).toBe("a / (b > 0)");
  expect(
    errorRatio({
      metric: "shop_requests_total",
      errors: { status: pattern("5..") },
      matching: { job: "shop" },
      by: ["method"],
      window: "10m",
    }),
  ).toBe(
    'sum by (method) (rate(shop_requests_total{job="shop",status=~"5.."}[10m])) / (sum by (method) (rate(shop_requests_total{job="shop"}[10m])) > 0)',
  );
});

test("quantiles keep the bounds of the buckets", () => {
  expect(quantile({ metric: "shop_request_duration_seconds", quantile: 0.95, by: ["method"] })).toBe(
    "histogram_quantile(0.95, sum by (method, le) (rate(shop_request_duration_seconds_bucket[5m])))",
  );
});

test("a target that is down or gone", () => {
  expect(targetDown({ job: "shop" })).toBe('up{job="shop"} == 0 or absent(up{job="shop"})');
  expect(targetDown({ job: "shop", namespace: "a" })).toBe(
    'up{job="shop",namespace="a"} == 0 or absent(up{job="shop",namespace="a"})',
  );
});

test("restarts of pods", () => {
  expect(restarts({ namespace: "a", pods: "shop-.*", window: "1h" })).toBe(
    'sum by (namespace, pod) (max_over_time(kube_pod_container_status_restarts_total{namespace="a",pod=~"shop-.*"}[1h])' +
      ' - min_over_time(kube_pod_container_status_restarts_total{namespace="a",pod=~"shop-.*"}[1h])' +
      ' or max_over_time(kube_pod_init_container_status_restarts_total{namespace="a",pod=~"shop-.*"}[1h])' +
      ' - min_over_time(kube_pod_init_container_status_restarts_total{namespace="a",pod=~"shop-.*"}[1h]))',
  );
});

test("a CronJob without a success for too long", () => {
  expect(stale({ namespace: "a", cronJob: "b", age: "26h" })).toBe(
    [
      'time() - max(kube_cronjob_status_last_successful_time{namespace="a",cronjob="b"}) > 93600',
      'or time() - max(kube_cronjob_created{namespace="a",cronjob="b"}) > 93600 unless max(kube_cronjob_status_last_successful_time{namespace="a",cronjob="b"})',
      'or absent(kube_cronjob_created{namespace="a",cronjob="b"})',
    ].join("\n"),
  );
  expect(() => stale({ namespace: "a", cronJob: "b", age: "0" })).toThrow(InputError);
  expect(() => stale({ namespace: "a", cronJob: "b", age: "a day" })).toThrow(InputError);
});

describe("what the helpers make passes the checks", () => {
  test.each([
    `${errorRatio({ metric: "shop_requests_total", errors: { status: pattern("5..") } })} > 0.05`,
    `${errorRatio({ metric: "shop_requests_total", errors: { status: pattern("5..") }, by: ["method"] })} > 0.05`,
    `${quantile({ metric: "shop_request_duration_seconds", quantile: 0.99 })} > 0.5`,
    `${rate({ metric: "shop_orders_total" })} > 100`,
    `${increase({ metric: "shop_orders_total" })} > 0`,
    targetDown({ job: "shop" }),
    `${restarts({ namespace: "a", window: "1h" })} > 3`,
    stale({ namespace: "a", cronJob: "b", age: "26h" }),
  ])("%s", (expr) => {
    expect(problemsOf(expr)).toEqual([]);
  });
});
