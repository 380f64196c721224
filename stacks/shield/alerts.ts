import type { Monitored } from "@gatehouse/core";
import { MetricsDiscovery } from "@gatehouse/kubernetes";
import {
  type AlertRule,
  alertsFor,
  errorRatio,
  pattern,
  podAlerts,
  quantile,
  rate,
  Severity,
  targetDown,
} from "@gatehouse/monitoring";
import type { ShieldConfig } from "./config.ts";

/**
 * The guide's three alerts, those of pods that are down or cannot be scheduled, and those of the data stores that the
 * stack runs. Sums hold for several pods, and a ratio needs traffic. Each looks at one
 * namespace, as several environments may share a Prometheus.
 */
export function alerts({ monitoring }: ShieldConfig, namespace: string, parts: Monitored[]): AlertRule[] {
  const matching = { namespace };
  const runbookUrl = (name: string): string => `${monitoring.runbooks}#${name.toLowerCase()}`;
  const watched = { prefix: "Shield", namespace, runbooks: monitoring.runbooks };
  const down: AlertRule = {
    name: "ShieldDown",
    expr: targetDown({ job: "shield", namespace }),
    for: "1m",
    severity: Severity.Critical,
    summary: "Shield is down",
    description: "Prometheus cannot scrape a Shield pod, or there are no pods.",
    runbookUrl: runbookUrl("ShieldDown"),
  };
  return [
    // With annotations the job's name is the scrape configuration's, so the alert would fire for ever.
    ...(monitoring.discovery === MetricsDiscovery.ServiceMonitor ? [down] : []),
    ...podAlerts(watched),
    ...parts.flatMap((part) => alertsFor(part, watched)),
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
