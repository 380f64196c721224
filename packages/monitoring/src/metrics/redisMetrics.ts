import { exportedBy, MetricType } from "./metric.ts";
import type { Metric } from "./metric.ts";

/**
 * What redis_exporter tells of servers and Sentinels, as far as alerts and panels use it.
 *
 * Sources: https://github.com/oliver006/redis_exporter, https://redis.io/docs/latest/commands/info/
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
  { name: "redis_aof_last_write_status", type: MetricType.Gauge, help: "1 if the last write to the log succeeded" },
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
