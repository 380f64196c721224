import { formatProblem } from "@gatehouse/core";
import { MetricType, checkExpression, exportedBy, metricsCatalogue, platformMetrics } from "../src/index.ts";
import type { AlertRule, ExpressionContext } from "../src/index.ts";

/** Metrics of an imaginary shop, and those of the platform. */
export const catalogue = metricsCatalogue(
  platformMetrics,
  exportedBy("shop", [
    { name: "shop_requests_total", type: MetricType.Counter, help: "Requests", labels: ["method", "status"] },
    { name: "shop_orders_total", type: MetricType.Counter, help: "Orders", labels: ["status"] },
    {
      name: "shop_request_duration_seconds",
      type: MetricType.Histogram,
      help: "Latency",
      unit: "seconds",
      labels: ["method"],
      buckets: [0.1, 0.5, 1, 5],
    },
    { name: "shop_query_seconds", type: MetricType.Summary, help: "Database time", labels: ["table"] },
    { name: "shop_carts", type: MetricType.Gauge, help: "Open carts" },
    { name: "shop_capacity", type: MetricType.Gauge, help: "Carts that fit" },
  ]),
);

export const scrapeInterval = 30_000;

/** The problems of an expression as they are printed, without their subject. */
export function problemsOf(expr: string, context: Partial<ExpressionContext> = {}): string[] {
  const { problems } = checkExpression(expr, "x", { catalogue, scrapeInterval, alert: true, ...context });
  return problems.map((problem) => formatProblem(problem).replace(/^x: /, ""));
}

/** A rule that nothing is wrong with. */
export function rule(overrides: Partial<AlertRule> = {}): AlertRule {
  return {
    name: "ShopFull",
    expr: "shop_carts > 100",
    for: "5m",
    severity: "warning",
    summary: "The shop is full",
    description: "{{ $value }} carts are open",
    runbookUrl: "https://example.org/runbooks/shop-full",
    ...overrides,
  };
}
