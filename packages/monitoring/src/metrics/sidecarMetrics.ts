import { exportedBy, MetricType } from "./metric.ts";
import type { Metric } from "./metric.ts";

// Metrics of programs that run beside a product's own.

/**
 * OPA's HTTP server. A decision is asked at the handler `v1/data`.
 *
 * Source: https://www.openpolicyagent.org/docs/monitoring, and the output of OPA 1.22
 */
export const opaMetrics: Metric[] = exportedBy("opa", [
  {
    name: "http_request_duration_seconds",
    type: MetricType.Histogram,
    help: "Duration of requests",
    unit: "seconds",
    labels: ["code", "handler", "method"],
    buckets: [1e-6, 5e-6, 1e-5, 5e-5, 1e-4, 5e-4, 1e-3, 0.01, 0.1, 1],
  },
]);

/**
 * What fluent-plugin-prometheus tells of fluentd's outputs, as far as it is a gauge in each of its versions.
 *
 * Source: https://github.com/fluent/fluent-plugin-prometheus#prometheus_output_monitor-input-plugin
 */
export const fluentdMetrics: Metric[] = exportedBy("fluentd", [
  {
    name: "fluentd_output_status_buffer_total_bytes",
    type: MetricType.Gauge,
    help: "Size of what is buffered",
    labels: ["hostname", "plugin_id", "type"],
  },
  {
    name: "fluentd_output_status_buffer_available_space_ratio",
    type: MetricType.Gauge,
    help: "Free space of the buffer, in percent",
    labels: ["hostname", "plugin_id", "type"],
  },
  {
    name: "fluentd_output_status_retry_wait",
    type: MetricType.Gauge,
    help: "Seconds until what failed is sent again; 0 if nothing failed",
    labels: ["hostname", "plugin_id", "type"],
  },
]);
