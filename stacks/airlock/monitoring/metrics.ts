import { exportedBy, metricsCatalogue, MetricType, platformMetrics } from "@gatehouse/monitoring";
import { name } from "../settings/names.ts";

/** What Airlock exports, as its deployment guide names it, and what the platform does. */
export const metrics = metricsCatalogue(
  exportedBy(name, [
    {
      name: "airlock_requests_total",
      type: MetricType.Counter,
      help: "Requests, by HTTP status",
      labels: ["status"],
    },
    {
      // The guide alerts above 0.1 s, which must be within the buckets; they are not in it.
      name: "airlock_request_duration_seconds",
      type: MetricType.Histogram,
      help: "Duration of requests",
      unit: "seconds",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
    { name: "airlock_audit_errors_total", type: MetricType.Counter, help: "Rows that the audit log has not taken" },
    { name: "airlock_auth_attempts_total", type: MetricType.Counter, help: "Tokens that were verified" },
    { name: "airlock_auth_success_total", type: MetricType.Counter, help: "Tokens that were valid" },
  ]),
  platformMetrics,
);
