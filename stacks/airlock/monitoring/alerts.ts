import type { Monitored } from "@gatehouse/core";
import {
  type AlertRule,
  alertsFor,
  increase,
  pattern,
  podAlerts,
  quantile,
  rate,
  series,
  Severity,
  targetDown,
} from "@gatehouse/monitoring";
import { name } from "../settings/names.ts";

type Alert = Omit<AlertRule, "runbookUrl">;

/**
 * The guide's three alerts, and those for what Airlock cannot do without. Sums hold for several pods. Each looks at one
 * namespace, as several environments may share a Prometheus.
 */
export function alerts(runbooks: string, namespace: string, parts: Monitored[]): AlertRule[] {
  const watched = { prefix: "Airlock", namespace, runbooks };
  return [
    ...[...requestAlerts(namespace), ...auditAlerts(namespace)].map((rule) => ({
      ...rule,
      runbookUrl: `${runbooks}#${rule.name.toLowerCase()}`,
    })),
    ...podAlerts(watched),
    ...parts.flatMap((part) => alertsFor(part, watched)),
  ];
}

function requestAlerts(namespace: string): Alert[] {
  const matching = { namespace };
  return [
    {
      name: "AirlockDown",
      expr: targetDown({ job: name, namespace }),
      for: "1m",
      severity: Severity.Critical,
      summary: "Airlock is down",
      description: "Prometheus cannot scrape an Airlock pod, or there are no pods.",
    },
    {
      name: "AirlockHighErrorRate",
      expr: `${rate({ metric: "airlock_requests_total", matching: { ...matching, status: pattern("5..") } })} > 0.1`,
      for: "2m",
      severity: Severity.Critical,
      summary: "High error rate in MCP Airlock",
      description: 'Error rate is {{ $value | printf "%.2f" }} errors per second',
    },
    {
      name: "AirlockHighLatency",
      expr: `${quantile({ metric: "airlock_request_duration_seconds", quantile: 0.95, matching })} > 0.1`,
      for: "5m",
      severity: Severity.Warning,
      summary: "High latency in MCP Airlock",
      description: "95th percentile latency is {{ $value | humanizeDuration }}",
    },
  ];
}

function auditAlerts(namespace: string): Alert[] {
  const spool = { namespace, persistentvolumeclaim: pattern("(.*-spool|spool-.*)") };
  const [available, capacity] = ["available", "capacity"].map((part) =>
    series(`kubelet_volume_stats_${part}_bytes`, spool),
  );
  return [
    {
      name: "AirlockAuditStorageFailure",
      expr: `${increase({ metric: "airlock_audit_errors_total", matching: { namespace } })} > 0`,
      for: "1m",
      severity: Severity.Critical,
      summary: "Audit storage failures detected",
      description: "{{ $value | humanize }} audit storage failures in the last 5 minutes",
    },
    {
      name: "AirlockSpoolFilling",
      expr: `min by (persistentvolumeclaim) (${available ?? ""} / (${capacity ?? ""} > 0)) < 0.2`,
      for: "5m",
      severity: Severity.Critical,
      summary: "Audit rows pile up on a pod's volume",
      description: "{{ $labels.persistentvolumeclaim }} has {{ $value | humanizePercentage }} of its space left.",
    },
  ];
}
