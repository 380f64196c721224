import { exportedBy, metricsCatalogue, MetricType, platformMetrics } from "@gatehouse/monitoring";

/** What Shield exports, as its deployment guide defines it, and what the platform exports about it. */
export const metrics = metricsCatalogue(
  exportedBy("shield", [
    {
      name: "materi_shield_requests_total",
      type: MetricType.Counter,
      help: "Total requests",
      labels: ["method", "endpoint", "status"],
    },
    {
      name: "materi_shield_request_duration_seconds",
      type: MetricType.Histogram,
      help: "Request latency",
      unit: "seconds",
      labels: ["method", "endpoint"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0],
    },
    {
      name: "materi_auth_attempts_total",
      type: MetricType.Counter,
      help: "Authentication attempts, by method (email, oauth, saml)",
      labels: ["method", "status"],
    },
    {
      name: "materi_token_operations_total",
      type: MetricType.Counter,
      help: "Token operations (issue, refresh, revoke)",
      labels: ["operation", "status"],
    },
    {
      // The guide's dashboard shows it and its code does not define it: the application must export it.
      name: "materi_active_refresh_tokens",
      type: MetricType.Gauge,
      help: "Refresh tokens that are valid, read from the database that all pods share",
    },
  ]),
  platformMetrics,
);
