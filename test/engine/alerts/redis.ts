import type { AlertCase, SentAlert, Series } from "./alertCase.ts";

const job = "atb-redis-server";
const labels = { namespace: "atb", job };
const one = (metric: string, pod: number, more = "", namespace = "atb") =>
  `redis_${metric}{namespace="${namespace}",job="${job}",pod="${job}-${pod}"${more}}`;
const all = (metric: string, values: string, more = "", namespace = "atb"): Series =>
  Object.fromEntries([0, 1, 2].map((pod) => [one(metric, pod, more, namespace), values]));
const master = (pod: number, namespace?: string) => one("instance_info", pod, ',role="master"', namespace);
const replica = (pod: number) => one("instance_info", pod, ',role="slave"');
const proxy = (pod: string, namespace = "atb") => `up{namespace="${namespace}",job="atb-redis",pod="${pod}"}`;

/** An alert whose condition is that a gauge of one pod is 0. */
function zero(metric: string, more: string, alert: SentAlert): AlertCase {
  const of = (pod: number) => one(metric, pod, more);
  return {
    interval: "30s",
    fires: {
      "that of one pod is 0": {
        series: { ...all(metric, "1x40", more), [of(1)]: "1x9 0x30" },
        since: "5m",
        alerts: [alert],
      },
    },
    quiet: {
      "all are 1": all(metric, "1x40", more),
      "it was 0 once": { ...all(metric, "1x40", more), [of(1)]: "1x9 0 1x30" },
      "another environment's is 0": { ...all(metric, "1x40", more), ...all(metric, "0x40", more, "atb-staging") },
    },
    until: "20m",
  };
}

/** What makes the alerts of ATB's Redis fire, and what does not. */
export const redis: Record<string, AlertCase> = {
  ATBRedisDown: {
    interval: "30s",
    fires: {
      "one server does not answer": {
        series: { ...all("up", "1x40"), [one("up", 1)]: "1x9 0x30" },
        since: "5m",
        alerts: [
          {
            labels: { ...labels, pod: `${job}-1` },
            description: `An exporter of ${job} cannot reach its server or Sentinel, or is gone itself.`,
          },
        ],
      },
      "all are gone": {
        series: all("up", "1x9 stale"),
        since: "5m",
        alerts: [
          { labels, description: `An exporter of ${job} cannot reach its server or Sentinel, or is gone itself.` },
        ],
      },
    },
    quiet: {
      "all answer": all("up", "1x40"),
      "one restarts": { ...all("up", "1x40"), [one("up", 1)]: "1x9 0x2 1x28" },
    },
    until: "20m",
  },
  ATBRedisProxyDown: {
    interval: "30s",
    fires: {
      "none can be scraped": { series: { [proxy("a")]: "1x9 0x30", [proxy("b")]: "0x40" }, since: "5m" },
      "all are gone": {
        series: { [proxy("a")]: "1x9 stale", [proxy("a", "atb-staging")]: "1x40" },
        since: "5m",
        alerts: [{ labels: { namespace: "atb", job: "atb-redis" } }],
      },
    },
    quiet: {
      "one of two is up": { [proxy("a")]: "1x40", [proxy("b")]: "0x40" },
      "both are up": { [proxy("a")]: "1x40", [proxy("b")]: "1x40" },
    },
    until: "20m",
  },
  ATBRedisNoMaster: {
    interval: "30s",
    fires: {
      "all are replicas": {
        series: { [master(0)]: "1x9 stale", [replica(0)]: "_x10 1x30", [replica(1)]: "1x40" },
        since: "5m",
        alerts: [{ labels: { ...labels, role: "master" } }],
      },
    },
    quiet: {
      "one is": { [master(0)]: "1x40", [replica(1)]: "1x40" },
      "a failover takes 30 s": { [master(0)]: "1x9 stale", [master(1)]: "_x11 1x30" },
    },
    until: "20m",
  },
  ATBRedisTwoMasters: {
    interval: "30s",
    fires: {
      "two are": {
        series: { [master(0)]: "1x40", [master(1)]: "_x10 1x30" },
        since: "5m",
        alerts: [
          {
            description: "2 servers call themselves the master; the Sentinels should have made one a replica by now.",
          },
        ],
      },
    },
    quiet: {
      "one is": { [master(0)]: "1x40", [replica(1)]: "1x40" },
      "each of two environments has one": { [master(0)]: "1x40", [master(0, "atb-staging")]: "1x40" },
    },
    until: "20m",
  },
  ATBRedisNoQuorum: {
    interval: "30s",
    fires: {
      "one Sentinel does not see enough others": {
        series: {
          ...all("sentinel_master_ckquorum_status", "1x40"),
          [one("sentinel_master_ckquorum_status", 1)]: "1x9 stale",
          [one("sentinel_master_ckquorum_status", 1, ',message="NOQUORUM"')]: "_x10 0x30",
        },
        since: "5m",
      },
      "no Sentinel is asked any more": {
        series: all("sentinel_master_ckquorum_status", "1x9 stale"),
        since: "5m",
        alerts: [{ labels }],
      },
    },
    quiet: {
      "they see each other": all("sentinel_master_ckquorum_status", "1x40"),
      "one has just begun": {
        ...all("sentinel_master_ckquorum_status", "1x40"),
        [one("sentinel_master_ckquorum_status", 2)]: "1x9 0 1x30",
      },
    },
    until: "20m",
  },
  ATBRedisReplicasMissing: {
    interval: "30s",
    fires: {
      "one Sentinel finds one of two": {
        series: { ...all("sentinel_master_ok_slaves", "2x40"), [one("sentinel_master_ok_slaves", 1)]: "2x9 1x30" },
        since: "5m",
        alerts: [{ description: "A Sentinel finds 1 of 2 replicas in sync. Without any, the master refuses writes." }],
      },
      "no Sentinel is asked any more": {
        series: all("sentinel_master_ok_slaves", "2x9 stale"),
        since: "5m",
        alerts: [
          { labels, description: "A Sentinel finds 1 of 2 replicas in sync. Without any, the master refuses writes." },
        ],
      },
    },
    quiet: {
      "two are in sync": all("sentinel_master_ok_slaves", "2x40"),
      "one was away for less than five minutes": all("sentinel_master_ok_slaves", "2x9 1x9 2x20"),
    },
    until: "20m",
  },
  ATBRedisReplicaCutOff: zero("master_link_up", ',master_host="m"', {
    labels: { ...labels, pod: `${job}-1`, master_host: "m" },
    description: `${job}-1 has no connection to m, so its data is out of date.`,
  }),
  ATBRedisWriteFailed: zero("aof_last_write_status", "", {
    labels: { ...labels, pod: `${job}-1` },
    description: `${job}-1 cannot write to its volume, and refuses writes until it can.`,
  }),
  ATBRedisCopyFailed: zero("rdb_last_bgsave_status", "", {
    labels: { ...labels, pod: `${job}-1` },
    description: `The last background save of ${job}-1 failed; the server refuses writes until one succeeds.`,
  }),
  ATBRedisMemoryHigh: {
    interval: "30s",
    fires: {
      "one is above 90 %": {
        series: {
          ...all("memory_max_bytes", "1000x40"),
          ...all("memory_used_bytes", "500x40"),
          [one("memory_used_bytes", 1)]: "500x9 910x30",
        },
        since: "5m",
        alerts: [
          {
            labels: { pod: `${job}-1` },
            description: `${job}-1 uses 91% of its maxmemory; when it is full, it refuses writes.`,
          },
        ],
      },
    },
    quiet: {
      "all are below": { ...all("memory_max_bytes", "1000x40"), ...all("memory_used_bytes", "890x40") },
      "there is no maxmemory": { ...all("memory_max_bytes", "0x40"), ...all("memory_used_bytes", "890x40") },
    },
    until: "20m",
  },
};
