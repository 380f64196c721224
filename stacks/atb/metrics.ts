import {
  exportedBy,
  fluentdMetrics,
  metricsCatalogue,
  MetricType,
  opaMetrics,
  platformMetrics,
  redisMetrics,
} from "@gatehouse/monitoring";

/** What the broker exports, as its deployment guide names it, and what the programs beside it and the platform do. */
export const metrics = metricsCatalogue(
  exportedBy("atb-broker", [
    {
      name: "atb_requests_total",
      type: MetricType.Counter,
      help: "Requests, by their end",
      labels: ["status"],
    },
    {
      name: "atb_poa_validations_total",
      type: MetricType.Counter,
      help: "Tokens that were verified, by the result",
      labels: ["result"],
    },
    {
      // The guide alerts above 0.5 s, which must be within the buckets; they are not in it.
      name: "atb_request_duration_seconds",
      type: MetricType.Histogram,
      help: "Duration of requests",
      unit: "seconds",
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    },
  ]),
  opaMetrics,
  fluentdMetrics,
  redisMetrics,
  platformMetrics,
);
