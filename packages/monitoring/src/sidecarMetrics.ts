import { exportedBy, MetricType } from "./metric.ts";
import type { Metric } from "./metric.ts";

// What programs export that stand beside a product's own.

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

/**
 * What redis_exporter tells of servers and Sentinels, as far as alerts and panels use it.
 *
 * Source: https://github.com/oliver006/redis_exporter
 */
export const redisMetrics: Metric[] = exportedBy("redis_exporter", [
  { name: "redis_up", type: MetricType.Gauge, help: "1 if the server answers its exporter" },
  {
    name: "redis_instance_info",
    type: MetricType.Gauge,
    help: "Always 1; its labels name the server's version and role",
    labels: ["role", "redis_version", "redis_mode", "os", "maxmemory_policy", "tcp_port", "run_id", "process_id"],
  },
  { name: "redis_connected_clients", type: MetricType.Gauge, help: "Connections of clients" },
  { name: "redis_memory_used_bytes", type: MetricType.Gauge, help: "Memory that the data and its buffers take" },
  { name: "redis_memory_max_bytes", type: MetricType.Gauge, help: "The server's maxmemory; 0 without one" },
  { name: "redis_commands_processed_total", type: MetricType.Counter, help: "Commands" },
  { name: "redis_evicted_keys_total", type: MetricType.Counter, help: "Entries that were evicted for want of memory" },
  {
    name: "redis_master_link_up",
    type: MetricType.Gauge,
    help: "1 if the replica is connected to its master",
    labels: ["master_host", "master_port"],
  },
  { name: "redis_rdb_last_bgsave_status", type: MetricType.Gauge, help: "1 if the last copy to disk succeeded" },
  {
    name: "redis_sentinel_master_ok_slaves",
    type: MetricType.Gauge,
    help: "Replicas that the Sentinel finds well",
    labels: ["master_name", "master_address"],
  },
  {
    name: "redis_sentinel_master_ok_sentinels",
    type: MetricType.Gauge,
    help: "Sentinels that the Sentinel finds well",
    labels: ["master_name", "master_address"],
  },
  {
    name: "redis_sentinel_master_ckquorum_status",
    type: MetricType.Gauge,
    help: "1 if the Sentinels are enough to elect a master",
    labels: ["master_name", "message"],
  },
]);
