import type { Monitored } from "@gatehouse/core";
import {
  type AlertRule,
  alertsFor,
  errorRatio,
  podAlerts,
  quantile,
  restarts,
  series,
  Severity,
  targetDown,
} from "@gatehouse/monitoring";
import type { AtbConfig } from "./config.ts";

/**
 * The guide's two alerts, those for the other rows of its key metrics, and those for what the broker cannot do without.
 * Each looks at one namespace, as several environments may share a Prometheus.
 */
export function alerts(config: AtbConfig, namespace: string, parts: Monitored[]): AlertRule[] {
  const { runbooks } = config.monitoring;
  const watched = { prefix: "ATB", namespace, runbooks };
  const own = [
    ...brokerAlerts(namespace),
    ...agentauthAlerts(namespace),
    ...(config.auditLog ? auditAlerts(namespace) : []),
    ...(config.auditLog?.store ? [silentAlert(namespace)] : []),
  ];
  return [
    ...own.map((rule) => ({ ...rule, runbookUrl: `${runbooks}#${rule.name.toLowerCase()}` })),
    ...podAlerts(watched),
    ...parts.flatMap((part) => alertsFor(part, watched)),
  ];
}

type Alert = Omit<AlertRule, "runbookUrl">;

function brokerAlerts(namespace: string): Alert[] {
  const matching = { namespace };
  return [
    {
      name: "ATBBrokerDown",
      expr: targetDown({ job: "atb-broker", namespace }),
      for: "1m",
      severity: Severity.Critical,
      summary: "ATB Broker is down",
      description: "A broker cannot be scraped, or there is none any more.",
    },
    {
      name: "ATBHighErrorRate",
      expr: `${errorRatio({ metric: "atb_requests_total", errors: { status: "error" }, matching })} > 0.01`,
      for: "5m",
      severity: Severity.Warning,
      summary: "ATB error rate > 1%",
      description: "{{ $value | humanizePercentage }} of the requests of the last 5 minutes failed.",
    },
    {
      name: "ATBHighInvalidPOARate",
      expr: `${errorRatio({ metric: "atb_poa_validations_total", errors: { result: "invalid" }, matching })} > 0.05`,
      for: "5m",
      severity: Severity.Warning,
      summary: "ATB invalid POA rate > 5%",
      description: "{{ $value | humanizePercentage }} of the tokens of the last 5 minutes were invalid.",
    },
    {
      name: "ATBHighLatency",
      expr: `${quantile({ metric: "atb_request_duration_seconds", quantile: 0.99, matching })} > 0.5`,
      for: "5m",
      severity: Severity.Warning,
      summary: "ATB P99 latency > 500ms",
      description: "One request in a hundred took longer than {{ $value | humanizeDuration }} in the last 5 minutes.",
    },
    {
      name: "ATBPodRestarts",
      expr: `${restarts({ namespace, window: "1h" })} > 3`,
      severity: Severity.Warning,
      summary: "ATB pod restarted more than 3 times in an hour",
      description: "{{ $labels.pod }} restarted {{ $value | humanize }} times in the last hour.",
    },
  ];
}

function agentauthAlerts(namespace: string): Alert[] {
  return [
    {
      name: "ATBAgentAuthDown",
      expr: targetDown({ job: "atb-agentauth", namespace }),
      for: "1m",
      severity: Severity.Critical,
      summary: "ATB AgentAuth is down",
      description: "An AgentAuth cannot be scraped, or there is none any more: agents get no tokens.",
    },
  ];
}

/**
 * A line waits up to a minute in the buffer of a store, which a scrape sees. To another sink it is gone at once, so an
 * empty buffer would say nothing there.
 */
function silentAlert(namespace: string): Alert {
  const requests = `sum by (pod) (rate(${series("atb_requests_total", { namespace })}[1h]))`;
  const buffered = `max by (pod) (max_over_time(${series("fluentd_output_status_buffer_total_bytes", { namespace })}[1h]))`;
  return {
    name: "ATBAuditLogSilent",
    expr: `${requests} > 0 and on (pod) (${buffered} == 0)`,
    for: "10m",
    severity: Severity.Critical,
    summary: "ATB handles requests, and nothing is written to its audit log",
    description:
      "{{ $labels.pod }} has handled requests in the last hour, and its log forwarder has had no line to send.",
  };
}

/** A sidecar that is gone exports no gauge, so that it must be up, too. */
function auditAlerts(namespace: string): Alert[] {
  const waiting = series("fluentd_output_status_retry_wait", { namespace });
  const up = series("up", { namespace, container: "log-forwarder" });
  return [
    {
      name: "ATBAuditLogStuck",
      expr: `max by (pod) (${waiting}) > 0`,
      for: "5m",
      severity: Severity.Critical,
      summary: "ATB audit log does not reach its sink",
      description: "{{ $labels.pod }} keeps the audit log on its disk, which is lost with the pod.",
    },
    {
      name: "ATBAuditLogDown",
      expr: `${up} == 0 or absent(${up})`,
      for: "2m",
      severity: Severity.Critical,
      summary: "ATB audit log is not forwarded",
      description: "A broker's log forwarder cannot be scraped, or there are no log forwarders.",
    },
  ];
}
