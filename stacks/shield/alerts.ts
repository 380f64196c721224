import type { BackupCronJob } from "@gatehouse/kubernetes";
import { type AlertRule, backupFreshness, errorRatio, pattern, quantile, rate, Severity } from "@gatehouse/monitoring";
import type { ShieldConfig } from "./config.ts";

/**
 * The guide's three alerts, with sums that hold for several pods and a ratio that needs traffic. Each looks at one
 * namespace, as several environments may share a Prometheus.
 */
export function alerts({ monitoring }: ShieldConfig, namespace: string): AlertRule[] {
  const matching = { namespace };
  const runbookUrl = (name: string): string => `${monitoring.runbooks}#${name.toLowerCase()}`;
  return [
    {
      name: "ShieldHighErrorRate",
      expr: `${errorRatio({ metric: "materi_shield_requests_total", errors: { status: pattern("5..") }, matching })} > 0.05`,
      for: "5m",
      severity: Severity.Critical,
      summary: "Shield error rate above 5%",
      description: "{{ $value | humanizePercentage }} of the requests of the last 5 minutes failed with a 5xx status.",
      runbookUrl: runbookUrl("ShieldHighErrorRate"),
    },
    {
      name: "ShieldHighLatency",
      expr: `${quantile({ metric: "materi_shield_request_duration_seconds", quantile: 0.95, matching })} > 0.5`,
      for: "5m",
      severity: Severity.Warning,
      summary: "Shield P95 latency above 500ms",
      description: "One request in twenty took longer than {{ $value | humanizeDuration }} in the last 5 minutes.",
      runbookUrl: runbookUrl("ShieldHighLatency"),
    },
    {
      name: "ShieldAuthFailureSpike",
      expr: `${rate({ metric: "materi_auth_attempts_total", matching: { ...matching, status: "failure" } })} > 100`,
      for: "2m",
      severity: Severity.Warning,
      summary: "Possible brute force attack detected",
      description: "{{ $value | humanize }} authentication attempts a second have failed in the last 5 minutes.",
      runbookUrl: runbookUrl("ShieldAuthFailureSpike"),
    },
  ];
}

/** Alerts on the age of the last backup and of the last proved restore. */
export function backupAlerts(
  { monitoring }: ShieldConfig,
  namespace: string,
  { backup, restoreCheck }: BackupCronJob,
): AlertRule[] {
  return backupFreshness({
    prefix: "Shield",
    namespace,
    backup,
    restoreCheck,
    runbookUrl: `${monitoring.runbooks}#backup`,
  });
}
