import { InputError, type Monitored } from "@gatehouse/core";
import type { AlertRule } from "./alertRule.ts";
import { backupFreshness } from "./backupFreshness.ts";
import { redisAlerts } from "./redisAlerts.ts";

export interface AlertsForArgs {
  /** Beginning of the alerts' names: `ATB` gives `ATBRedisNoMaster`. */
  prefix: string;
  /** Namespace of the component. */
  namespace: string;
  /** Page of the runbooks; each alert links to its own name there, in lower case. */
  runbooks: string;
}

/**
 * The alerts of a component, from its field `monitored`: `alertsFor(redis.monitored, { ... })`.
 *
 * @throws InputError if nothing exports the metrics of the alerts.
 */
export function alertsFor(monitored: Monitored, { prefix, namespace, runbooks }: AlertsForArgs): AlertRule[] {
  const { name, redis, backup, restoreCheck } = monitored;
  if (redis && !redis.exporters)
    throw new InputError({
      subject: `alerts of ${name}`,
      message: "the Redis has no exporters, so its alerts have no data",
      expected: "exporters of servers and Sentinels",
      fix: "set metrics: {} on the RedisHA",
    });
  const page = (rule: AlertRule): AlertRule => ({ ...rule, runbookUrl: `${runbooks}#${rule.name.toLowerCase()}` });
  return [
    ...(redis ? redisAlerts({ prefix, namespace, ...redis, runbookUrl: runbooks }).map(page) : []),
    ...(backup ? backupFreshness({ prefix, namespace, backup, restoreCheck, runbookUrl: `${runbooks}#backup` }) : []),
  ];
}
