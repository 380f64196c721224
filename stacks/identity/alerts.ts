import { instanceNamePattern } from "@gatehouse/gcp";
import {
  type AlertRule,
  errorRatio,
  type LabelMatches,
  pattern,
  quantile,
  series,
  Severity,
} from "@gatehouse/monitoring";
import type { IdentityConfig } from "./config.ts";
import type { PhysicalNames } from "./names.ts";

/** The service's requests, by the labels that Cloud Monitoring gives them. */
export function requestsOf({ service }: PhysicalNames): LabelMatches {
  return { monitored_resource: "cloud_run_revision", service_name: service };
}

/** The database's connections. The instance's name has a suffix that is known only once it exists. */
export function connectionsTo({ project }: IdentityConfig, { database }: PhysicalNames): string {
  return series("cloudsql_googleapis_com:database_postgresql_num_backends", {
    monitored_resource: "cloudsql_database",
    database_id: pattern(`${project}:${instanceNamePattern(database)}`),
  });
}

/** The uptime of the Redis that serves. */
export function uptimeOf({ redis }: PhysicalNames): string {
  return series("redis_googleapis_com:server_uptime", {
    monitored_resource: "redis_instance",
    instance_id: pattern(`(.*/)?${redis}`),
    role: "primary",
  });
}

/** The guide's alerts beside that of the uptime check. */
export function alerts(config: IdentityConfig, names: PhysicalNames, maxConnections: number): AlertRule[] {
  const { monitoring } = config;
  const runbookUrl = (name: string): string => `${monitoring.runbooks}#${name.toLowerCase()}`;
  const requests = requestsOf(names);
  const connections = Math.floor((maxConnections * monitoring.connectionsPercent) / 100);
  return [
    {
      name: "IdentityHighErrorRate",
      expr: `${errorRatio({ metric: "run_googleapis_com:request_count", matching: requests, errors: { response_code_class: "5xx" } })} > ${monitoring.errorRatio}`,
      for: monitoring.errorsFor,
      severity: Severity.Critical,
      summary: `${names.service}: more than ${100 * monitoring.errorRatio} % of requests fail`,
      description: `More than ${100 * monitoring.errorRatio} % of the requests of the last 5 minutes were answered with 5xx.`,
      runbookUrl: runbookUrl("IdentityHighErrorRate"),
    },
    {
      name: "IdentityHighLatency",
      expr: `${quantile({ metric: "run_googleapis_com:request_latencies", matching: requests, quantile: 0.95 })} > ${monitoring.latencyMilliseconds}`,
      for: monitoring.latencyFor,
      severity: Severity.Warning,
      summary: `${names.service}: P95 latency above ${monitoring.latencyMilliseconds} ms`,
      description: `One request in twenty took longer than ${monitoring.latencyMilliseconds} ms in the last 5 minutes.`,
      runbookUrl: runbookUrl("IdentityHighLatency"),
    },
    {
      name: "IdentityDatabaseConnections",
      expr: `sum(${connectionsTo(config, names)}) > ${connections}`,
      for: monitoring.connectionsFor,
      severity: Severity.Warning,
      summary: `${names.database}: more than ${connections} of ${maxConnections} connections in use`,
      description: "When none is left, instances and the next migration cannot connect, and sign-ins fail.",
      runbookUrl: runbookUrl("IdentityDatabaseConnections"),
    },
    {
      name: "IdentityRedisUnavailable",
      expr: `absent(${uptimeOf(names)})`,
      for: monitoring.redisAbsentFor,
      severity: Severity.Critical,
      summary: `${names.redis}: no primary`,
      description: "No new session can be created. Tokens that were issued stay valid until they expire.",
      runbookUrl: runbookUrl("IdentityRedisUnavailable"),
    },
  ];
}
