import { parseStackName } from "@gatehouse/core/config";
import { AuthService, BackupCronJob, Broker, Edge, podDefaults, RestrictedNamespace } from "@gatehouse/kubernetes";
import { AlertRules, Dashboard } from "@gatehouse/monitoring";
import * as pulumi from "@pulumi/pulumi";
import { dnsArgs } from "../dns.ts";
import { namespaceOf } from "../environment.ts";
import * as agentauth from "./agentauth.ts";
import { alerts } from "./alerts.ts";
import { backup } from "./backup.ts";
import * as broker from "./broker.ts";
import { config } from "./config.ts";
import { dashboards } from "./dashboards.ts";
import { createCertificate, edge } from "./edge.ts";
import { metrics } from "./metrics.ts";
import { createRedis, sentinels } from "./redis.ts";
import { labels } from "./server.ts";
import { formerTokens } from "./signingKeys.ts";

/**
 * ATB, the Agent Trust Broker, in one environment. What it is made of comes in the order in which it is recovered:
 * secrets and Redis, the registrations with SPIRE, AgentAuth, the broker, the way in.
 */
export function atb(): Record<string, pulumi.Input<unknown>> {
  const settings = config.load();
  podDefaults(settings.pods);
  const name = namespaceOf("atb", parseStackName("atb", pulumi.getStack()));
  const namespace = new RestrictedNamespace("atb", { namespace: name, dns: dnsArgs(settings.dns) }).namespace;
  const place = { name, made: namespace };

  const redis = createRedis(settings, namespace);
  const auth = new AuthService(agentauth.name, agentauth.agentauth(settings, place, redis.endpoint), {
    dependsOn: redis,
  });
  const certificate = createCertificate(settings, namespace);
  const links = [...sentinels(redis), agentauth.reached(auth.endpoint, settings.agentauth.port)];
  const service = new Broker(broker.name, broker.broker(settings, place, links), { dependsOn: [auth, ...certificate] });
  const { url } = new Edge("atb", { ...edge(settings, namespace, service.target), labels: labels(broker.name) });

  const backups =
    settings.redis.backup && new BackupCronJob("atb-redis", backup(settings.redis.backup, namespace, redis));
  const { scrapeInterval, selectorLabels } = settings.monitoring;
  const shared = { namespace, catalogue: metrics, scrapeInterval };
  const rules = alerts(settings, name, [redis.monitored, ...(backups ? [backups.monitored] : [])]);
  new AlertRules("atb-alerts", { ...shared, rules, labels: selectorLabels });
  for (const { part, ...dashboard } of dashboards(name)) new Dashboard(`atb-${part}`, { ...shared, ...dashboard });

  return { url, formerTokens: formerTokens(settings) };
}
