import type { AlertCase } from "./alertCase.ts";
import { backup } from "./backup.ts";

const here = 'namespace="atb"';
const elsewhere = 'namespace="atb-staging"';
const sentinel = (metric: string, ordinal: number, more = "", where = here) =>
  `redis_sentinel_master_${metric}{${where},pod="atb-redis-server-${ordinal}",master_name="atb-master"${more}}`;

/** Series of three Sentinels that say the same. */
const sentinels = (metric: string, values: string, where = here) =>
  Object.fromEntries([0, 1, 2].map((ordinal) => [sentinel(metric, ordinal, "", where), values]));

/** The alert on targets of a job that cannot be scraped. */
function down(job: string): AlertCase {
  const up = (pod: string, where = here) => `up{${where},job="${job}",pod="${pod}"}`;
  return {
    interval: "30s",
    fires: {
      "one of them cannot be scraped": {
        series: { [up("a")]: "1x30", [up("b")]: "1x9 0x20" },
        since: "5m",
        alerts: [{ labels: { namespace: "atb", job, pod: "b" } }],
      },
      "there is none any more": {
        series: { [up("a")]: "1x9 stale", [up("b")]: "1x8 stale", [up("c", elsewhere)]: "1x30" },
        since: "5m",
        alerts: [{ labels: { namespace: "atb", job } }],
      },
    },
    quiet: {
      "all are scraped": { [up("a")]: "1x30", [up("b")]: "1x30" },
      "two scrapes failed": { [up("a")]: "1x9 0x1 1x20" },
      "one was rolled": { [up("a")]: "1x9 stale", [up("b")]: "_x9 1x20" },
      "that of another environment is down": { [up("a")]: "1x30", [up("a", elsewhere)]: "0x30" },
    },
    until: "15m",
  };
}

/** The alert on a part of a counter's events, in hundredths of a percent. */
function share(metric: string, bad: string, good: string, limit: number, description: string): AlertCase {
  const events = (labels: string, where = here) => `${metric}{${where},pod="a",${labels}}`;
  const just = (count: number, where = here) => ({
    [events(good, where)]: `0+${10_000 - count}x30`,
    [events(bad, where)]: `0+${count}x30`,
  });
  return {
    interval: "1m",
    fires: {
      "just above": { series: just(limit + 1), since: "1m", alerts: [{ description }] },
    },
    quiet: {
      "just below": just(limit - 1),
      "none is bad": { [events(good)]: "0+10000x30" },
      "nothing happens": { [events(good)]: "100x30", [events(bad)]: "100x30" },
      "those of another environment are bad": { ...just(0), ...just(10_000, elsewhere) },
      "a burst passes within five minutes": {
        [events(good)]: "0+1000x30",
        [events(bad)]: `0x15 ${limit}x20`,
      },
    },
    until: "25m",
  };
}

const bucket = (le: string, where = here) => `atb_request_duration_seconds_bucket{${where},pod="a",le="${le}"}`;
/** Series of requests of which so many of a hundred thousand a minute take longer than half a second. */
const slow = (count: number, where = here) => ({
  [bucket("0.5", where)]: `0+${100_000 - count}x30`,
  [bucket("1", where)]: "0+100000x30",
  [bucket("+Inf", where)]: "0+100000x30",
});

const restarts = (container: string, pod = "atb-broker-a", where = here) =>
  `kube_pod_container_status_restarts_total{${where},pod="${pod}",container="${container}"}`;

const retry = (pod: string, where = here) =>
  `fluentd_output_status_retry_wait{${where},pod="${pod}",plugin_id="sink",type="forward"}`;

/** What makes ATB's alerts fire, and what does not. */
export const atb: Record<string, AlertCase> = {
  ATBBrokerDown: down("atb-broker"),
  ATBAgentAuthDown: down("atb-agentauth"),
  ATBHighErrorRate: share(
    "atb_requests_total",
    'status="error"',
    'status="success"',
    100,
    "1.01% of the requests of the last 5 minutes failed.",
  ),
  ATBHighInvalidPOARate: share(
    "atb_poa_validations_total",
    'result="invalid"',
    'result="valid"',
    500,
    "5.01% of the tokens of the last 5 minutes were invalid.",
  ),
  ATBHighLatency: {
    interval: "1m",
    fires: {
      "more than one in a hundred is slow": {
        series: slow(1010),
        since: "1m",
        alerts: [{ description: "One request in a hundred took longer than 505ms in the last 5 minutes." }],
      },
    },
    quiet: {
      "less than one in a hundred is slow": slow(999),
      "nobody asks": { [bucket("0.5")]: "0x30", [bucket("1")]: "100x30", [bucket("+Inf")]: "100x30" },
      "another environment is slow": { ...slow(0), ...slow(100_000, elsewhere) },
    },
    until: "25m",
  },
  ATBPodRestarts: {
    interval: "30s",
    // As between Prometheus' scrapes and its evaluations, the one is no multiple of the other.
    evaluation: "20s",
    fires: {
      "a container restarts for the fourth time": {
        series: { [restarts("atb-broker")]: "0x49 1x10 2x10 3x10 4x20" },
        since: "41m40s",
        alerts: [
          {
            labels: { namespace: "atb", pod: "atb-broker-a" },
            description: "atb-broker-a restarted 4 times in the last hour.",
          },
        ],
      },
      "containers of a pod restart twice each": {
        series: { [restarts("atb-broker")]: "0x9 2x30", [restarts("opa")]: "3x19 5x20" },
        since: "10m",
        alerts: [
          {
            labels: { namespace: "atb", pod: "atb-broker-a" },
            description: "atb-broker-a restarted 4 times in the last hour.",
          },
        ],
      },
    },
    quiet: {
      "three restarts in an hour": { [restarts("atb-broker")]: "0x139 1x10 2x10 3x100" },
      "three restarts of a pod that is new": { [restarts("atb-broker")]: "_x140 0 1 2 3x120" },
      "four restarts in two hours": { [restarts("atb-broker")]: "0x49 1x49 2x49 3x49 4x60" },
      "three restarts each of two pods": {
        [restarts("atb-broker")]: "0x9 3x250",
        [restarts("atb-broker", "atb-broker-b")]: "0x9 3x250",
      },
      "a pod of another environment restarts": { [restarts("atb-broker", "a", elsewhere)]: "0+1x250" },
    },
    until: "2h",
  },
  ATBRedisQuorumLost: {
    interval: "30s",
    fires: {
      "one Sentinel does not see enough others": {
        series: {
          [sentinel("ckquorum_status", 0)]: "1x30",
          [sentinel("ckquorum_status", 1, ',message="OK 3 usable Sentinels"')]: "1x9 stale",
          [sentinel("ckquorum_status", 1, ',message="NOQUORUM 1 usable Sentinels"')]: "_x10 0x20",
        },
        since: "5m",
      },
      "no Sentinel is asked any more": {
        series: sentinels("ckquorum_status", "1x9 stale"),
        since: "5m",
        alerts: [{ labels: { namespace: "atb", master_name: "atb-master" } }],
      },
    },
    quiet: {
      "they see each other": sentinels("ckquorum_status", "1x30"),
      "one has just begun": {
        ...sentinels("ckquorum_status", "1x30"),
        [sentinel("ckquorum_status", 2)]: "1x9 0x1 1x20",
      },
      "those of another environment are cut off": {
        ...sentinels("ckquorum_status", "1x30"),
        ...sentinels("ckquorum_status", "0x30", elsewhere),
      },
    },
    until: "15m",
  },
  ATBRedisReplicaMissing: {
    interval: "30s",
    fires: {
      "one Sentinel finds one of two": {
        series: { ...sentinels("ok_slaves", "2x40"), [sentinel("ok_slaves", 1)]: "2x9 1x30" },
        since: "5m",
        alerts: [
          { description: "1 replicas are well; with none, Redis takes no writes and the broker denies everybody." },
        ],
      },
    },
    quiet: {
      "two are well": sentinels("ok_slaves", "2x40"),
      "one was away for less than five minutes": sentinels("ok_slaves", "2x9 1x9 2x20"),
      "one of another environment is missing": {
        ...sentinels("ok_slaves", "2x40"),
        ...sentinels("ok_slaves", "1x40", elsewhere),
      },
    },
    until: "20m",
  },
  ATBAuditLogStuck: {
    interval: "30s",
    fires: {
      "one pod cannot send": {
        series: { [retry("a")]: "0x9 1+1x30", [retry("b")]: "0x40" },
        since: "5m",
        alerts: [
          { labels: { pod: "a" }, description: "a keeps the audit log on its disk, which is lost with the pod." },
        ],
      },
    },
    quiet: {
      "nothing waits": { [retry("a")]: "0x40", [retry("b")]: "0x40" },
      "the sink was away for less than five minutes": { [retry("a")]: "0x9 30x9 0x20" },
      "that of another environment is stuck": { [retry("a")]: "0x40", [retry("a", elsewhere)]: "30x40" },
    },
    until: "20m",
  },
  ATBBackupStale: backup("atb", "atb-redis-backup", "3h"),
  ATBRestoreCheckStale: backup("atb", "atb-redis-restore-check", "8h"),
};
