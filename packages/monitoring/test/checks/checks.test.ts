import { describe, expect, test } from "vitest";
import { checks } from "../../src/index.ts";
import { problemsOf } from "../fixtures.ts";

/** What a check says of an expression: message, the part pointed at, what was expected, the fix. */
interface Case {
  fails: string;
  message: string;
  at: string;
  expected?: string;
  fix: string;
}

function remedyOf(id: string): string {
  return checks.find((check) => check.id === id)?.remedy ?? "";
}

function printed({ fails, message, at, expected, fix }: Case, id: string): string {
  const column = fails.indexOf(at);
  return [
    `${message} (${id})`,
    `  value:    ${fails}`,
    " ".repeat(12 + column) + "^".repeat(at.length),
    ...(expected === undefined ? [] : [`  expected: ${expected}`]),
    `  fix:      ${fix}`,
  ].join("\n");
}

function suite(id: string, fails: Case[], passes: string[]): void {
  describe(id, () => {
    test.each(fails)("refuses $fails", (given) => {
      expect(problemsOf(given.fails)).toEqual([printed(given, id)]);
    });
    test.each(passes)("accepts %s", (expr) => {
      expect(problemsOf(expr)).toEqual([]);
    });
  });
}

test("each check has an id of its own, a description and a remedy", () => {
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(checks.map(({ id }) => id)).toEqual([
    "unknown-metric",
    "unknown-label",
    "matcher-pattern",
    "range-function",
    "raw-counter",
    "unsummed-rate",
    "rate-of-sum",
    "quantile-buckets",
    "unreachable-threshold",
    "short-window",
    "unguarded-division",
    "never-matches",
    "vanished-target",
    "no-condition",
  ]);
  for (const { description, remedy } of checks) {
    expect(description).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[a-z].*[^.]$/);
  }
});

suite(
  "unknown-metric",
  [
    {
      fails: "sum(rate(shop_request_total[5m])) > 1",
      message: "nothing exports the metric shop_request_total",
      at: "shop_request_total",
      expected: "a metric of the catalogue",
      fix: "did you mean shop_requests_total? Else add the metric to the catalogue, with the program that exports it",
    },
    {
      fails: "wholly_different > 1",
      message: "nothing exports the metric wholly_different",
      at: "wholly_different",
      expected: "a metric of the catalogue",
      fix: "add the metric to the catalogue, with the program that exports it",
    },
    {
      fails: "shop_request_duration_seconds > 1",
      message: "a histogram has no series shop_request_duration_seconds",
      at: "shop_request_duration_seconds",
      expected:
        "shop_request_duration_seconds_bucket, shop_request_duration_seconds_sum, shop_request_duration_seconds_count",
      fix: "use shop_request_duration_seconds_bucket or shop_request_duration_seconds_sum or shop_request_duration_seconds_count",
    },
    { fails: '{job="shop"} > 1', message: "the selector names no metric", at: '{job="shop"}', fix: "name the metric" },
  ],
  ["shop_carts > 1", '{__name__="shop_carts"} > 1', '{"shop_carts"} > 1', 'shop_query_seconds{quantile="0.9"} > 1'],
);

suite(
  "unknown-label",
  [
    {
      fails: 'sum(rate(shop_requests_total{statu="500"}[5m])) > 1',
      message: "the series here have no label statu",
      at: "statu",
      expected: "method, status, job, instance, namespace, pod, container, service, endpoint, node",
      fix: "did you mean status?",
    },
    {
      fails: "sum by (code) (rate(shop_requests_total[5m])) > 1",
      message: "the series here have no label code",
      at: "code",
      expected: "method, status, job, instance, namespace, pod, container, service, endpoint, node",
      fix: "did you mean node?",
    },
    {
      fails: "max by (pod) (sum by (status) (rate(shop_requests_total[5m]))) > 1",
      message: "the series here have no label pod",
      at: "pod",
      expected: "status",
      fix: remedyOf("unknown-label"),
    },
    {
      fails: "sum by (zone) (sum(rate(shop_requests_total[5m]))) > 1",
      message: "the series here have no label zone",
      at: "zone",
      expected: "no label, as all were aggregated away",
      fix: remedyOf("unknown-label"),
    },
    {
      fails: "shop_carts > on (shelf) shop_capacity",
      message: "the series here have no label shelf",
      at: "shelf",
      expected: "job, instance, namespace, pod, container, service, endpoint, node",
      fix: remedyOf("unknown-label"),
    },
  ],
  [
    'sum by (method, job, pod) (rate(shop_requests_total{status="500",namespace="a",__name__!="b"}[5m])) > 1',
    "sum without (method) (rate(shop_requests_total[5m])) > 1",
    "sum by (made) (label_replace(rate(shop_requests_total[5m]), 'made', '$1', 'method', '(.*)')) > 1",
    "sum by (v) (count_values('v', shop_carts)) > 1",
    "sum by (reason) (kube_job_status_failed * on (namespace, job_name) group_left (owner_name) kube_job_owner) > 1",
    "sum by (owner_name) (kube_job_status_failed * on (namespace, job_name) group_left (owner_name) kube_job_owner) > 1",
    'absent(shop_carts{job="a"}) * on (job) group_left () max by (job) (shop_carts) > 0',
    "topk by (pod) (1, shop_carts) > 1",
  ],
);

suite(
  "matcher-pattern",
  [
    {
      fails: 'sum(rate(shop_requests_total{status="5.."}[5m])) > 1',
      message: "status= compares with the text 5.., not with a pattern",
      at: '"5.."',
      fix: remedyOf("matcher-pattern"),
    },
    {
      fails: 'sum(rate(shop_requests_total{method!="GET|HEAD"}[5m])) > 1',
      message: "method!= compares with the text GET|HEAD, not with a pattern",
      at: '"GET|HEAD"',
      fix: remedyOf("matcher-pattern"),
    },
    {
      fails: 'sum(rate(shop_requests_total{status=~"5("}[5m])) > 1',
      message: "the pattern 5( is no regular expression",
      at: '"5("',
      expected: "a regular expression that RE2 accepts",
      fix: "correct the pattern",
    },
    {
      fails: 'sum(rate(shop_requests_total{status=~"(?!4).*"}[5m])) > 1',
      message: "the pattern (?!4).* looks around, which RE2 cannot",
      at: '"(?!4).*"',
      expected: "a regular expression that RE2 accepts",
      fix: "correct the pattern",
    },
  ],
  [
    'sum(rate(shop_requests_total{status=~"5..",method!~"(?i)get"}[5m])) > 1',
    'shop_carts{instance="10.0.0.1:8000"} > 1',
  ],
);

suite(
  "range-function",
  [
    {
      fails: "sum(rate(shop_carts[5m])) > 1",
      message: "rate of shop_carts, which is a gauge",
      at: "rate(shop_carts[5m])",
      expected: "a counter",
      fix: remedyOf("range-function"),
    },
    {
      fails: "sum(increase(shop_query_seconds[5m])) > 1",
      message: "increase of shop_query_seconds, which is a summary",
      at: "increase(shop_query_seconds[5m])",
      expected: "a counter",
      fix: remedyOf("range-function"),
    },
    {
      fails: "delta(shop_orders_total[5m]) > 1",
      message: "delta of shop_orders_total, which only rises",
      at: "delta(shop_orders_total[5m])",
      expected: "a gauge",
      fix: remedyOf("range-function"),
    },
  ],
  ["delta(shop_carts[5m]) > 1", "sum(rate(shop_query_seconds_count[5m])) > 1", "sum(irate(shop_orders_total[5m])) > 1"],
);

suite(
  "raw-counter",
  [
    {
      fails: "sum(shop_orders_total) > 100",
      message: "the counter shop_orders_total is used without a rate",
      at: "shop_orders_total",
      fix: remedyOf("raw-counter"),
    },
    {
      fails: "kube_pod_container_status_restarts_total > 3",
      message: "the counter kube_pod_container_status_restarts_total is used without a rate",
      at: "kube_pod_container_status_restarts_total",
      fix: remedyOf("raw-counter"),
    },
    {
      fails: "sum(shop_request_duration_seconds_sum) > 3",
      message: "the counter shop_request_duration_seconds_sum is used without a rate",
      at: "shop_request_duration_seconds_sum",
      fix: remedyOf("raw-counter"),
    },
  ],
  [
    "absent(shop_orders_total)",
    "count(shop_orders_total) > 3",
    "shop_carts > 1 and on (pod) shop_orders_total",
    "sum by (namespace, pod) (increase(kube_pod_container_status_restarts_total[1h])) > 3",
  ],
);

suite(
  "unsummed-rate",
  [
    {
      fails: 'rate(shop_orders_total{status="failed"}[5m]) > 100',
      message: "the rate is not summed",
      at: 'rate(shop_orders_total{status="failed"}[5m])',
      fix: remedyOf("unsummed-rate"),
    },
    {
      fails: "increase(shop_orders_total[5m]) > 0",
      message: "the increase is not summed",
      at: "increase(shop_orders_total[5m])",
      fix: remedyOf("unsummed-rate"),
    },
  ],
  [
    "sum(rate(shop_orders_total[5m])) > 100",
    "max by (pod) (rate(shop_orders_total[5m])) > 100",
    "shop_carts > 1 unless on (pod) rate(shop_orders_total[5m]) > 0",
  ],
);

suite(
  "rate-of-sum",
  [
    {
      fails: "sum(rate(sum by (status) (shop_orders_total)[5m:])) > 1",
      message: "rate of an aggregation",
      at: "rate(sum by (status) (shop_orders_total)[5m:])",
      fix: remedyOf("rate-of-sum"),
    },
  ],
  ["sum(rate(shop_orders_total[5m])) > 1", "max_over_time(sum(rate(shop_orders_total[5m]))[1h:]) > 1"],
);

suite(
  "quantile-buckets",
  [
    {
      fails: "histogram_quantile(0.95, rate(shop_request_duration_seconds_bucket[5m])) > 0.5",
      message: "the quantile is not over all pods: its buckets are not added up by (le)",
      at: "rate(shop_request_duration_seconds_bucket[5m])",
      fix: remedyOf("quantile-buckets"),
    },
    {
      fails: "histogram_quantile(0.95, sum by (method) (rate(shop_request_duration_seconds_bucket[5m]))) > 0.5",
      message: "the aggregation drops the bounds of the buckets, the label le",
      at: "sum by (method) (rate(shop_request_duration_seconds_bucket[5m]))",
      fix: remedyOf("quantile-buckets"),
    },
    {
      fails: "histogram_quantile(0.95, sum without (le) (rate(shop_request_duration_seconds_bucket[5m]))) > 0.5",
      message: "the aggregation drops the bounds of the buckets, the label le",
      at: "sum without (le) (rate(shop_request_duration_seconds_bucket[5m]))",
      fix: remedyOf("quantile-buckets"),
    },
    {
      fails: "histogram_quantile(0.95, sum(rate(shop_request_duration_seconds_sum[5m]))) > 0.5",
      message: "shop_request_duration_seconds_sum has no buckets",
      at: "shop_request_duration_seconds_sum",
      expected: "a histogram's series that ends in _bucket",
      fix: remedyOf("quantile-buckets"),
    },
    {
      fails: "histogram_quantile(95, sum by (le) (rate(shop_request_duration_seconds_bucket[5m]))) > 0.5",
      message: "the quantile is not between 0 and 1",
      at: "95",
      expected: "0.95 for the 95th percentile",
      fix: "write 0.95",
    },
  ],
  [
    "histogram_quantile(0.95, sum by (le) (rate(shop_request_duration_seconds_bucket[5m]))) > 0.5",
    "histogram_quantile(0.95, sum without (pod, instance) (rate(shop_request_duration_seconds_bucket[5m]))) > 0.5",
    "max by (method) (histogram_quantile(1 / 2, sum by (le, method) (rate(shop_request_duration_seconds_bucket[5m])))) > 0.5",
  ],
);

const p95 = "histogram_quantile(0.95, sum by (le) (rate(shop_request_duration_seconds_bucket[5m])))";
suite(
  "unreachable-threshold",
  [
    {
      fails: `${p95} > 5`,
      message: "the quantile is at most 5",
      at: `${p95} > 5`,
      expected: "a threshold below 5",
      fix: remedyOf("unreachable-threshold"),
    },
    {
      fails: `${p95} >= 5.1`,
      message: "the quantile is at most 5",
      at: `${p95} >= 5.1`,
      expected: "a threshold below 5",
      fix: remedyOf("unreachable-threshold"),
    },
    {
      fails: `10 < max(${p95})`,
      message: "the quantile is at most 5",
      at: `10 < max(${p95})`,
      expected: "a threshold below 5",
      fix: remedyOf("unreachable-threshold"),
    },
    {
      fails: `${p95} * 1000 > 6000`,
      message: "the quantile is at most 5000",
      at: `${p95} * 1000 > 6000`,
      expected: "a threshold below 5000",
      fix: remedyOf("unreachable-threshold"),
    },
  ],
  [`${p95} > 4.9`, `${p95} >= 5`, `${p95} < 10`, `${p95} * 1000 > 500`, `sum(${p95}) > 10`],
);

suite(
  "short-window",
  [
    {
      fails: "sum(rate(shop_orders_total[1m])) > 1",
      message: "the window of 1m is under four scrape intervals of 30s",
      at: "shop_orders_total[1m]",
      expected: "at least 2m",
      fix: remedyOf("short-window"),
    },
    {
      fails: "delta(shop_carts[119s]) > 1",
      message: "the window of 1m59s is under four scrape intervals of 30s",
      at: "shop_carts[119s]",
      expected: "at least 2m",
      fix: remedyOf("short-window"),
    },
  ],
  ["sum(rate(shop_orders_total[2m])) > 1", "max_over_time(shop_carts[1m]) > 1"],
);

const rates = "sum(rate(shop_orders_total[5m]))";
const unguarded = (fails: string, divisor: string, at = divisor): Case => ({
  fails,
  message: "the divisor can be 0",
  at,
  fix: `divide by (${divisor} > 0)`,
});
suite(
  "unguarded-division",
  [
    unguarded(`${rates} / sum(rate(shop_requests_total[5m])) > 0.05`, "sum(rate(shop_requests_total[5m]))"),
    unguarded("shop_carts / shop_capacity > 0.9", "shop_capacity"),
    unguarded("shop_carts % shop_capacity > 0.9", "shop_capacity"),
    unguarded("shop_carts / (shop_capacity > -1) > 0.9", "shop_capacity > -1"),
    unguarded("shop_carts / (shop_capacity > bool 0) > 0.9", "shop_capacity > bool 0"),
    unguarded("shop_carts / (shop_capacity != 1) > 0.9", "shop_capacity != 1"),
    unguarded("shop_carts / sum(shop_capacity != 0) > 0.9", "sum(shop_capacity != 0)"),
    unguarded("shop_carts / clamp_min(shop_capacity, 0) > 0.9", "clamp_min(shop_capacity, 0)"),
    unguarded("shop_carts / 0 > 0.9", "0"),
    unguarded("shop_carts / shop_capacity > 0.9 and shop_carts > 0", "shop_capacity"),
  ],
  [
    `${rates} / (sum(rate(shop_requests_total[5m])) > 0) > 0.05`,
    `${rates} / sum(rate(shop_requests_total[5m]) > 0) > 0.05`,
    "shop_carts / (shop_capacity != 0) > 0.9",
    "shop_carts / (0 < shop_capacity) > 0.9",
    "shop_carts / (shop_capacity >= 1) > 0.9",
    "shop_carts / clamp_min(shop_capacity, 1) > 0.9",
    "shop_carts / 1000 > 0.9",
    "sum(shop_carts) / count(shop_carts) > 0.9",
    "shop_carts / ((shop_capacity > 0) * 2) > 0.9",
    "shop_carts / (shop_capacity > 5 or vector(1)) > 0.9",
    "shop_carts / shop_capacity > 0.9 and shop_capacity > 0",
    "shop_carts / shop_capacity > 0.9 and (shop_carts > 3 and shop_capacity>10)",
    "shop_carts / shop_capacity > 0.9 unless shop_capacity == 0",
  ],
);

suite(
  "never-matches",
  [
    {
      fails: "sum by (method) (rate(shop_requests_total[5m])) / (sum(rate(shop_requests_total[5m])) > 0) > 0.5",
      message: "the sides of / have different labels: (method) and ()",
      at: "sum by (method) (rate(shop_requests_total[5m])) / (sum(rate(shop_requests_total[5m])) > 0)",
      fix: remedyOf("never-matches"),
    },
    {
      fails: "sum by (pod) (shop_carts) > sum by (pod, node) (shop_capacity)",
      message: "the sides of > have different labels: (pod) and (node, pod)",
      at: "sum by (pod) (shop_carts) > sum by (pod, node) (shop_capacity)",
      fix: remedyOf("never-matches"),
    },
  ],
  [
    "sum by (method, pod) (rate(shop_requests_total[5m])) / (sum by (pod, method) (rate(shop_requests_total[5m])) > 0) > 0.5",
    "sum by (pod) (shop_carts) > ignoring (node) group_left sum by (pod, node) (shop_capacity)",
    "sum by (pod) (shop_carts) > on () group_left sum(shop_capacity)",
    "sum by (pod) (shop_carts) > sum without (node) (shop_capacity)",
    "sum by (pod) (shop_carts) > 1 or sum(shop_capacity) > 1",
  ],
);

suite(
  "vanished-target",
  [
    {
      fails: 'up{job="shop"} == 0',
      message: "the alert does not fire when up has no series",
      at: 'up{job="shop"}',
      fix: 'add: or absent(up{job="shop"})',
    },
    {
      fails: 'up{job="shop"} == 0 or absent(up{job="shopp"})',
      message: "the alert does not fire when up has no series",
      at: 'up{job="shop"}',
      fix: 'add: or absent(up{job="shop"})',
    },
    {
      fails: 'up{job="shop"} == 0 and absent(up{job="shop"})',
      message: "the alert does not fire when up has no series",
      at: 'up{job="shop"}',
      fix: 'add: or absent(up{job="shop"})',
    },
    {
      fails: 'count(up{job="shop"} == 1) < 2',
      message: "the alert does not fire when up has no series",
      at: 'up{job="shop"}',
      fix: 'add: or absent(up{job="shop"})',
    },
    {
      fails: 'time() - kube_cronjob_status_last_successful_time{cronjob="backup"} > 90000',
      message: "the alert does not fire when kube_cronjob_status_last_successful_time has no series",
      at: 'kube_cronjob_status_last_successful_time{cronjob="backup"}',
      fix: 'add: or absent(kube_cronjob_status_last_successful_time{cronjob="backup"})',
    },
  ],
  [
    'up{job="shop",namespace="a"} == 0 or absent(up{namespace="a", job="shop"})',
    'absent(up{job="shop"} == 1)',
    '(count(up{job="shop"} == 1) or vector(0)) < 2',
    'time() - max(kube_cronjob_created{cronjob="a"}) > 9 or absent(kube_cronjob_created{cronjob="a"})',
    "shop_carts > 1 and on (pod) up == 1",
  ],
);

suite(
  "no-condition",
  [
    ...["shop_carts", "shop_carts > bool 5", "vector(1)", "shop_carts > 5 or vector(0)", "sum(shop_carts)"].map(
      (fails) => ({
        fails,
        message: "the alert has no condition",
        at: fails,
        fix: remedyOf("no-condition"),
      }),
    ),
  ],
  [
    "shop_carts > 5",
    "absent(shop_carts)",
    "sum(shop_carts) unless sum(shop_capacity)",
    "-(shop_carts > 5)",
    "shop_carts and shop_capacity > 5",
  ],
);

describe("context", () => {
  test("panels need no condition and no absence, and all other checks hold for them", () => {
    expect(problemsOf("shop_carts", { alert: false })).toEqual([]);
    expect(problemsOf("up == 0", { alert: false })).toEqual([]);
    expect(problemsOf("rate(shop_orders_total[5m])", { alert: false })).toHaveLength(1);
  });

  test("a check is accepted by id and reason", () => {
    const expr = "rate(shop_orders_total[5m]) > 1";
    expect(problemsOf(expr, { accept: { "unsummed-rate": "one alert for each pod is meant" } })).toEqual([]);
    expect(problemsOf(expr, { accept: { "unsummed-rate": " " } })).toEqual([
      "accept says not why unsummed-rate is accepted\n  expected: the reason",
    ]);
    const [first, ...rest] = problemsOf(expr, { accept: { "unsumed-rate": "a reason" } });
    expect(first).toMatch(
      /^accept names a check that does not exist\n {2}value: {4}unsumed-rate\n[^]*did you mean unsummed-rate\?$/,
    );
    expect(rest).toHaveLength(1);
  });

  test("several mistakes of one expression are all reported", () => {
    expect(problemsOf('rate(shop_orders_total{stat="a"}[1m])').map((problem) => /\((.*)\)/.exec(problem)?.[1])).toEqual(
      ["unknown-label", "unsummed-rate", "short-window", "no-condition"],
    );
  });
});
