import type { BackupCronJob } from "@gatehouse/kubernetes";
import {
  type AlertRule,
  backupFreshness,
  errorRatio,
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
export function alerts(config: AtbConfig, namespace: string): AlertRule[] {
  const all = [...brokerAlerts(namespace), ...agentauthAlerts(namespace), ...redisAlerts(config, namespace)];
  const named = config.auditLog ? [...all, auditAlert(namespace)] : all;
  return named.map((rule) => ({ ...rule, runbookUrl: `${config.monitoring.runbooks}#${rule.name.toLowerCase()}` }));
}

/** Alerts on the age of the last copy of Redis and of the last proof that it can be restored. */
export function backupAlerts(
  { monitoring }: AtbConfig,
  namespace: string,
  { backup, restoreCheck }: BackupCronJob,
): AlertRule[] {
  const runbookUrl = `${monitoring.runbooks}#backup`;
  return backupFreshness({ prefix: "ATB", namespace, backup, restoreCheck, runbookUrl });
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

/** Without a replica in step, Redis takes no writes, and the broker can let nobody through. */
function redisAlerts({ redis }: AtbConfig, namespace: string): Alert[] {
  if (redis.replicas === 1) return [];
  const matching = { namespace, master_name: redis.masterSet };
  const quorum = series("redis_sentinel_master_ckquorum_status", matching);
  const replicas = series("redis_sentinel_master_ok_slaves", matching);
  return [
    {
      name: "ATBRedisQuorumLost",
      expr: `min(${quorum}) < 1 or absent(${quorum})`,
      for: "1m",
      severity: Severity.Critical,
      summary: "ATB Redis could not elect a master",
      description: "The Sentinels are too few, or do not see each other: the loss of the master would be final.",
    },
    {
      name: "ATBRedisReplicaMissing",
      expr: `min(${replicas}) < ${redis.replicas - 1}`,
      for: "5m",
      severity: Severity.Warning,
      summary: "ATB Redis lacks a replica",
      description: "{{ $value }} replicas are well; with none, Redis takes no writes and the broker denies everybody.",
    },
  ];
}

function auditAlert(namespace: string): Alert {
  const waiting = series("fluentd_output_status_retry_wait", { namespace });
  return {
    name: "ATBAuditLogStuck",
    expr: `max by (pod) (${waiting}) > 0`,
    for: "5m",
    severity: Severity.Critical,
    summary: "ATB audit log does not reach its sink",
    description: "{{ $labels.pod }} keeps the audit log on its disk, which is lost with the pod.",
  };
}
