import type { AlertCase } from "./alertCase.ts";

const requests = (status: string) => `materi_shield_requests_total{pod="a",status="${status}"}`;
const bucket = (le: string) => `materi_shield_request_duration_seconds_bucket{pod="a",le="${le}"}`;
const attempts = (status: string) => `materi_auth_attempts_total{pod="a",status="${status}"}`;

function backup(cronJob: string): AlertCase {
  const labels = (namespace: string) => `{namespace="${namespace}",cronjob="${cronJob}"}`;
  const series = (namespace: string, success: string) => ({
    [`kube_cronjob_created${labels(namespace)}`]: "0x60",
    [`kube_cronjob_status_last_successful_time${labels(namespace)}`]: success,
  });
  return {
    interval: "1h",
    fires: series("shield", "0x60"),
    // Each hour tells of a success in that hour.
    quiet: series("shield", "0+3600x60"),
    at: "40h",
  };
}

/** What makes Shield's alerts fire, and what does not. */
export const shield: Record<string, AlertCase> = {
  ShieldHighErrorRate: {
    interval: "1m",
    fires: { [requests("200")]: "0+90x30", [requests("503")]: "0+10x30" },
    quiet: { [requests("200")]: "0+96x30", [requests("503")]: "0+4x30" },
    at: "20m",
  },
  ShieldHighLatency: {
    interval: "1m",
    fires: { [bucket("0.5")]: "0+90x30", [bucket("1")]: "0+100x30", [bucket("+Inf")]: "0+100x30" },
    quiet: { [bucket("0.5")]: "0+97x30", [bucket("1")]: "0+100x30", [bucket("+Inf")]: "0+100x30" },
    at: "20m",
  },
  ShieldAuthFailureSpike: {
    interval: "1m",
    fires: { [attempts("failure")]: "0+6060x30" },
    quiet: { [attempts("failure")]: "0+5940x30", [attempts("success")]: "0+60000x30" },
    at: "20m",
  },
  ShieldBackupStale: backup("shield-backup"),
  ShieldRestoreCheckStale: backup("shield-restore-check"),
};
