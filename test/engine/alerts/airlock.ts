import type { AlertCase } from "./alertCase.ts";
import { backup } from "./backup.ts";
import { down } from "./down.ts";
import { unschedulable } from "./unschedulable.ts";

const namespace = "mcp-airlock";
const elsewhere = "mcp-airlock-dev";
const requests = (status: string, pod = "a", where = namespace) =>
  `airlock_requests_total{namespace="${where}",pod="${pod}",status="${status}"}`;
const bucket = (le: string, where = namespace) =>
  `airlock_request_duration_seconds_bucket{namespace="${where}",pod="a",le="${le}"}`;
const auditErrors = (pod = "a", where = namespace) => `airlock_audit_errors_total{namespace="${where}",pod="${pod}"}`;
const volume = (part: string, claim: string, where = namespace) =>
  `kubelet_volume_stats_${part}_bytes{namespace="${where}",persistentvolumeclaim="${claim}"}`;

/** Series of requests of which so many of a hundred thousand a minute take longer than a tenth of a second. */
const slow = (count: number, where?: string) => ({
  [bucket("0.1", where)]: `0+${100_000 - count}x30`,
  [bucket("0.25", where)]: "0+100000x30",
  [bucket("+Inf", where)]: "0+100000x30",
});

/** Series of a volume of which so many of a hundred bytes are free from a time on. */
const free = (claim: string, available: string, where?: string) => ({
  [volume("available", claim, where)]: available,
  [volume("capacity", claim, where)]: "100x30",
});

/** What makes Airlock's alerts fire, and what does not. */
export const airlock: Record<string, AlertCase> = {
  AirlockDown: down(namespace, namespace),
  AirlockPodUnschedulable: unschedulable(namespace, elsewhere),
  AirlockHighErrorRate: {
    interval: "1m",
    fires: {
      "more than one in ten seconds fails, on two pods together": {
        series: { [requests("500")]: "0+20x30", [requests("503", "b")]: "0+40x30", [requests("200")]: "0+900x30" },
        since: "1m",
        alerts: [{ description: "Error rate is 0.60 errors per second" }],
      },
    },
    quiet: {
      "one in ten seconds fails": { [requests("500")]: "0+6x30" },
      "clients are at fault": { [requests("404")]: "0+600x30" },
      "those of another environment fail": { [requests("500", "a", elsewhere)]: "0+600x30" },
      "there is nothing": {},
    },
    until: "25m",
  },
  AirlockHighLatency: {
    interval: "1m",
    fires: {
      "more than one in twenty is slow": {
        series: slow(5050),
        since: "1m",
        alerts: [{ description: "95th percentile latency is 101.5ms" }],
      },
    },
    quiet: {
      "less than one in twenty is slow": slow(4999),
      "another environment is slow": { ...slow(0), ...slow(100_000, elsewhere) },
      "nobody asks": { [bucket("0.1")]: "0x30", [bucket("0.25")]: "100x30", [bucket("+Inf")]: "100x30" },
    },
    until: "25m",
  },
  AirlockAuditStorageFailure: {
    interval: "1m",
    fires: {
      "a row is not taken": {
        series: { [auditErrors()]: "0x9 1x20", [auditErrors("b")]: "0x30" },
        since: "10m",
        alerts: [{ description: "1 audit storage failures in the last 5 minutes" }],
      },
    },
    quiet: {
      "every row is taken": { [auditErrors()]: "7x30" },
      "those of another environment are not": { [auditErrors("a", elsewhere)]: "0+1x30" },
      "there is nothing": {},
    },
    until: "25m",
  },
  AirlockSpoolFilling: {
    interval: "1m",
    fires: {
      "a pod's volume has less than a fifth of its space left": {
        series: { ...free("mcp-airlock-1-spool", "90x4 19x25"), ...free("mcp-airlock-2-spool", "90x30") },
        since: "5m",
        alerts: [
          {
            labels: { persistentvolumeclaim: "mcp-airlock-1-spool" },
            description: "mcp-airlock-1-spool has 19% of its space left.",
          },
        ],
      },
      "that of a StatefulSet does": {
        series: free("spool-mcp-airlock-0", "19x30"),
        since: "0m",
        alerts: [
          {
            labels: { persistentvolumeclaim: "spool-mcp-airlock-0" },
            description: "spool-mcp-airlock-0 has 19% of its space left.",
          },
        ],
      },
    },
    quiet: {
      "a fifth is left": free("mcp-airlock-1-spool", "20x30"),
      "it is emptied within five minutes": free("mcp-airlock-1-spool", "90x4 10x4 90x20"),
      "another volume is full": free("mcp-airlock-repo-readonly", "0x30"),
      "that of another environment is full": free("mcp-airlock-1-spool", "0x30", elsewhere),
      "its size is not known": {
        [volume("available", "mcp-airlock-1-spool")]: "0x30",
        [volume("capacity", "mcp-airlock-1-spool")]: "0x30",
      },
    },
    until: "25m",
  },
  AirlockBackupStale: backup(namespace, "airlock-backup", "26h"),
  AirlockRestoreCheckStale: backup(namespace, "airlock-restore-check", "26h"),
};
