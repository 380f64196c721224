import { Severity } from "./alertRule.ts";
import type { AlertRule } from "./alertRule.ts";
import { ratio, series } from "../promql/queries.ts";

export interface RedisAlertsArgs {
  /** Beginning of the alerts' names: `Atb` gives `AtbRedisNoMaster`. */
  prefix: string;
  namespace: string;
  /** Name of the scrape job of the servers and Sentinels: `<name>-server` for a `RedisHA` of that name. */
  job: string;
  /** Number of pods, each with a server and, if there are several, a Sentinel. */
  pods: number;
  /**
   * Whether it is a cache, which may be full and writes nothing to disk.
   *
   * @default false
   */
  cache?: boolean;
  /**
   * Name of the scrape job of the proxy that leads to the master.
   *
   * @default no proxy
   */
  proxyJob?: string;
  runbookUrl: string;
}

/** Alerts on a Redis with replicas and Sentinels, from the metrics of `redisMetrics`. */
export function redisAlerts(args: RedisAlertsArgs): AlertRule[] {
  const { prefix, pods, cache = false, runbookUrl } = args;
  const rules = [
    ...serverAlerts(args),
    ...proxyAlerts(args),
    ...(pods > 1 ? replicationAlerts(args) : []),
    ...(cache ? [] : persistenceAlerts(args)),
  ];
  return rules.map((rule) => ({ ...rule, name: `${prefix}Redis${rule.name}`, runbookUrl }));
}

type Rule = Omit<AlertRule, "runbookUrl">;

function serverAlerts({ namespace, job, pods }: RedisAlertsArgs): Rule[] {
  const up = series("redis_up", { namespace, job });
  return [
    {
      name: "Down",
      expr: `${up} == 0 or absent(${up})`,
      for: "2m",
      // A set goes on without one of its pods; a single server is all there is.
      severity: pods > 1 ? Severity.Warning : Severity.Critical,
      summary: "A Redis server or Sentinel does not answer",
      description: "An exporter of {{ $labels.job }} cannot reach its server or Sentinel, or is gone itself.",
    },
  ];
}

function proxyAlerts({ namespace, proxyJob }: RedisAlertsArgs): Rule[] {
  if (proxyJob === undefined) return [];
  const up = series("up", { job: proxyJob, namespace });
  return [
    {
      name: "ProxyDown",
      expr: `max(${up}) == 0 or absent(${up})`,
      for: "1m",
      severity: Severity.Critical,
      summary: "No Redis proxy is up",
      description: "No pod of the proxy can be scraped, so clients that use its address cannot reach the master.",
    },
  ];
}

function replicationAlerts({ namespace, job, pods }: RedisAlertsArgs): Rule[] {
  const matching = { namespace, job };
  const masters = series("redis_instance_info", { ...matching, role: "master" });
  const quorum = series("redis_sentinel_master_ckquorum_status", matching);
  const replicas = series("redis_sentinel_master_ok_slaves", matching);
  return [
    {
      name: "NoMaster",
      expr: `absent(${masters})`,
      for: "1m",
      severity: Severity.Critical,
      summary: "No Redis server is the master",
      description:
        "Nothing can be written. If the last master's data is lost, an operator must choose the pod whose data is kept.",
    },
    {
      name: "TwoMasters",
      expr: `count(${masters}) > 1`,
      for: "1m",
      severity: Severity.Critical,
      summary: "More than one Redis server calls itself the master",
      description:
        "{{ $value }} servers call themselves the master; the Sentinels should have made one a replica by now.",
    },
    {
      name: "NoQuorum",
      // The message beside the status changes with it.
      expr: `min(${quorum}) == 0 or absent(${quorum})`,
      for: "1m",
      severity: Severity.Critical,
      summary: "The Redis Sentinels cannot elect a master",
      description:
        "A Sentinel does not find enough others for a failover: the loss of the master would not be repaired.",
    },
    {
      name: "ReplicasMissing",
      expr: `min(${replicas}) < ${pods - 1} or absent(${replicas})`,
      for: "5m",
      severity: Severity.Warning,
      summary: "A Redis replica is missing",
      description: `A Sentinel finds {{ $value }} of ${pods - 1} replicas in sync. Without any, the master refuses writes.`,
    },
    {
      name: "ReplicaCutOff",
      expr: `${series("redis_master_link_up", matching)} == 0`,
      for: "2m",
      severity: Severity.Warning,
      summary: "A Redis replica is not connected to its master",
      description: "{{ $labels.pod }} has no connection to {{ $labels.master_host }}, so its data is out of date.",
    },
  ];
}

function persistenceAlerts({ namespace, job }: RedisAlertsArgs): Rule[] {
  const matching = { namespace, job };
  const perPod = (name: string): string => `max by (pod) (${series(name, matching)})`;
  return [
    {
      name: "WriteFailed",
      expr: `${series("redis_aof_last_write_status", matching)} == 0`,
      for: "1m",
      severity: Severity.Critical,
      summary: "Redis cannot write its log",
      description: "{{ $labels.pod }} cannot write to its volume, and refuses writes until it can.",
    },
    {
      name: "CopyFailed",
      expr: `${series("redis_rdb_last_bgsave_status", matching)} == 0`,
      for: "5m",
      severity: Severity.Critical,
      summary: "Redis cannot save a copy of its data",
      description:
        "The last background save of {{ $labels.pod }} failed; the server refuses writes until one succeeds.",
    },
    {
      name: "MemoryHigh",
      expr: `${ratio(perPod("redis_memory_used_bytes"), perPod("redis_memory_max_bytes"))} > 0.9`,
      for: "5m",
      severity: Severity.Warning,
      summary: "Redis is nearly full",
      description:
        "{{ $labels.pod }} uses {{ $value | humanizePercentage }} of its maxmemory; when it is full, it refuses writes.",
    },
  ];
}
