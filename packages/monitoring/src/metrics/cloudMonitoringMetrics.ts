import { MetricType, exportedBy } from "./metric.ts";
import type { Metric } from "./metric.ts";

/**
 * Whether PromQL means a metric of Cloud Monitoring, which is not named by Prometheus' conventions:
 * `run_googleapis_com:request_count` for `run.googleapis.com/request_count`.
 *
 * Source: https://cloud.google.com/monitoring/promql/promql-mapping
 */
export function isCloudMonitoringName(name: string): boolean {
  return /^[a-z]+_googleapis_com:/.test(name);
}

/**
 * Metrics of Cloud Run, as far as alerts and panels use them, with the labels of the metric and of the resource.
 *
 * Source: https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-run
 */
export const cloudRunMetrics: Metric[] = exportedBy("Cloud Run", [
  {
    name: "run_googleapis_com:request_count",
    type: MetricType.Counter,
    help: "Requests that reached the revision",
    labels: [...revisionLabels(), "response_code", "response_code_class"],
  },
  {
    name: "run_googleapis_com:request_latencies",
    type: MetricType.Histogram,
    help: "Milliseconds from a request's arrival at the revision to its answer",
    labels: [...revisionLabels(), "response_code", "response_code_class"],
    // Google does not document the bounds; a request takes an hour at most.
    buckets: [3_600_000],
  },
  {
    name: "run_googleapis_com:container_instance_count",
    type: MetricType.Gauge,
    help: "Instances of the revision",
    labels: [...revisionLabels(), "state"],
  },
]);

/**
 * Metrics of Cloud SQL for PostgreSQL.
 *
 * Source: https://cloud.google.com/monitoring/api/metrics_gcp_c#gcp-cloudsql
 */
export const cloudSqlMetrics: Metric[] = exportedBy("Cloud SQL", [
  {
    name: "cloudsql_googleapis_com:database_postgresql_num_backends",
    type: MetricType.Gauge,
    help: "Connections to a database of the instance",
    labels: ["monitored_resource", "project_id", "region", "database_id", "database"],
  },
  {
    name: "cloudsql_googleapis_com:database_cpu_utilization",
    type: MetricType.Gauge,
    help: "The part of the CPUs that is in use",
    labels: ["monitored_resource", "project_id", "region", "database_id"],
  },
  {
    name: "cloudsql_googleapis_com:database_disk_utilization",
    type: MetricType.Gauge,
    help: "The part of the disk that is in use",
    labels: ["monitored_resource", "project_id", "region", "database_id"],
  },
]);

/**
 * Metrics of Memorystore for Redis.
 *
 * Source: https://cloud.google.com/monitoring/api/metrics_gcp_p_z#gcp-redis
 */
export const memorystoreMetrics: Metric[] = exportedBy("Memorystore", [
  {
    name: "redis_googleapis_com:server_uptime",
    type: MetricType.Gauge,
    help: "Seconds since the node started; absent while it is down",
    labels: [...nodeLabels(), "role"],
  },
  {
    name: "redis_googleapis_com:stats_memory_usage_ratio",
    type: MetricType.Gauge,
    help: "The part of the memory that is in use",
    labels: [...nodeLabels(), "role"],
  },
]);

function revisionLabels(): string[] {
  return ["monitored_resource", "project_id", "location", "service_name", "revision_name", "configuration_name"];
}

function nodeLabels(): string[] {
  return ["monitored_resource", "project_id", "region", "instance_id", "node_id"];
}
