import type { AlertCase } from "./alertCase.ts";
import { backup } from "./backup.ts";
import { down } from "./down.ts";
import { redis } from "./redis.ts";
import { unschedulable } from "./unschedulable.ts";

const here = 'namespace="atb"';
const elsewhere = 'namespace="atb-staging"';

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

const forwarder = (pod: string, where = here) => `up{${where},container="log-forwarder",pod="${pod}"}`;

const retry = (pod: string, where = here) =>
  `fluentd_output_status_retry_wait{${where},pod="${pod}",plugin_id="sink",type="forward"}`;

/** A pod's requests, and what its log forwarder has buffered. */
const audited = (pod: string, buffered: string, requests = "0+60x120", where = here) => ({
  [`atb_requests_total{${where},pod="${pod}",status="success"}`]: requests,
  [`fluentd_output_status_buffer_total_bytes{${where},pod="${pod}",plugin_id="sink",type="s3"}`]: buffered,
});

/** What makes ATB's alerts fire, and what does not. */
export const atb: Record<string, AlertCase> = {
  ATBBrokerDown: down("atb-broker", "atb"),
  ATBAgentAuthDown: down("atb-agentauth", "atb"),
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
      "a native sidecar and the container restart twice each": {
        series: {
          [restarts("atb-broker")]: "0x9 2x30",
          [restarts("opa").replace("pod_container", "pod_init_container")]: "3x19 5x20",
        },
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
  ...redis,
  ATBPodUnschedulable: unschedulable("atb", "atb-staging"),
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
  ATBAuditLogSilent: {
    interval: "1m",
    fires: {
      "one pod writes nothing": {
        series: { ...audited("a", "0x120"), ...audited("b", "800 0x90") },
        since: "1m",
        alerts: [
          {
            labels: { pod: "a" },
            description: "a has handled requests in the last hour, and its log forwarder has had no line to send.",
          },
        ],
      },
    },
    quiet: {
      "each pod writes": { ...audited("a", "800 0x40 800 0x40 800 0x40") },
      "nobody asks": { ...audited("a", "0x120", "7x120") },
      "that of another environment is silent": { ...audited("a", "0x120", "0+60x120", elsewhere) },
    },
    until: "30m",
  },
  ATBAuditLogDown: {
    interval: "30s",
    fires: {
      "one cannot be scraped": {
        series: { [forwarder("a")]: "1x9 0x20", [forwarder("b")]: "1x30" },
        since: "5m",
        alerts: [{ labels: { namespace: "atb", container: "log-forwarder", pod: "a" } }],
      },
      "they are gone": {
        series: { [forwarder("a")]: "1x9 stale", [forwarder("a", elsewhere)]: "1x30" },
        since: "5m",
        alerts: [{ labels: { namespace: "atb", container: "log-forwarder" } }],
      },
    },
    quiet: {
      "all are scraped": { [forwarder("a")]: "1x30" },
      "another container is down": { [forwarder("a")]: "1x30", 'up{namespace="atb",container="opa",pod="a"}': "0x30" },
    },
    until: "15m",
  },
  ATBBackupStale: backup("atb", "atb-redis-backup", "3h"),
  ATBRestoreCheckStale: backup("atb", "atb-redis-restore-check", "8h"),
};
