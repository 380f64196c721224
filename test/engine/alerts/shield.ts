import type { AlertCase } from "./alertCase.ts";
import { backup } from "./backup.ts";
import { down } from "./down.ts";
import { unschedulable } from "./unschedulable.ts";

const elsewhere = "shield-dev";
const requests = (status: string, pod = "a", namespace = "shield") =>
  `materi_shield_requests_total{namespace="${namespace}",pod="${pod}",status="${status}"}`;
const bucket = (le: string, namespace = "shield") =>
  `materi_shield_request_duration_seconds_bucket{namespace="${namespace}",pod="a",le="${le}"}`;
const attempts = (status: string, namespace = "shield") =>
  `materi_auth_attempts_total{namespace="${namespace}",pod="a",status="${status}"}`;

/** Series of requests of which so many of a hundred thousand a minute take longer than half a second. */
const slow = (count: number, namespace?: string) => ({
  [bucket("0.5", namespace)]: `0+${100_000 - count}x30`,
  [bucket("1", namespace)]: "0+100000x30",
  [bucket("+Inf", namespace)]: "0+100000x30",
});

/** What makes Shield's alerts fire, and what does not. */
export const shield: Record<string, AlertCase> = {
  ShieldDown: down("shield", "shield"),
  ShieldPodUnschedulable: unschedulable("shield", "shield-dev"),
  ShieldHighErrorRate: {
    interval: "1m",
    fires: {
      "more than 5 % fail": {
        series: { [requests("200")]: "0+9499x30", [requests("503")]: "0+301x30", [requests("500", "b")]: "0+200x30" },
        since: "1m",
        alerts: [{ description: "5.01% of the requests of the last 5 minutes failed with a 5xx status." }],
      },
      "all fail": {
        series: { [requests("503")]: "0+1x30" },
        since: "1m",
        alerts: [{ description: "100% of the requests of the last 5 minutes failed with a 5xx status." }],
      },
    },
    quiet: {
      "less than 5 % fail": { [requests("200")]: "0+9501x30", [requests("503")]: "0+499x30" },
      "those of another environment fail": {
        [requests("200")]: "0+100x30",
        [requests("503", "a", elsewhere)]: "0+100x30",
      },
      "clients are at fault": { [requests("200")]: "0+10x30", [requests("404")]: "0+90x30" },
      "nobody asks": { [requests("200")]: "90x30", [requests("503")]: "10x30" },
      "there is nothing": {},
    },
    until: "25m",
  },
  ShieldHighLatency: {
    interval: "1m",
    fires: {
      "more than one in twenty is slow": {
        series: slow(5050),
        since: "1m",
        alerts: [{ description: "One request in twenty took longer than 505ms in the last 5 minutes." }],
      },
    },
    quiet: {
      "less than one in twenty is slow": slow(4999),
      "another environment is slow": { ...slow(0), ...slow(100_000, elsewhere) },
      "nobody asks": { [bucket("0.5")]: "0x30", [bucket("1")]: "100x30", [bucket("+Inf")]: "100x30" },
    },
    until: "25m",
  },
  ShieldAuthFailureSpike: {
    interval: "1m",
    fires: {
      "more than a hundred fail a second": {
        series: { [attempts("failure")]: "0+6060x30" },
        since: "5m",
        alerts: [{ description: "101 authentication attempts a second have failed in the last 5 minutes." }],
      },
    },
    quiet: {
      "less than a hundred fail a second": { [attempts("failure")]: "0+5940x30", [attempts("success")]: "0+60000x30" },
      "those of another environment fail": { [attempts("failure", elsewhere)]: "0+6060x30" },
      "many succeed": { [attempts("success")]: "0+60000x30" },
    },
    until: "25m",
  },
  ShieldBackupStale: backup("shield", "shield-backup", "26h"),
  ShieldRestoreCheckStale: backup("shield", "shield-restore-check", "26h"),
};
