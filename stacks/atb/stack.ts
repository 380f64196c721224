import { parseStackName } from "@gatehouse/core/config";
import {
  AuthService,
  BackupCronJob,
  Broker,
  Edge,
  podDefaults,
  RedisHA,
  RestrictedNamespace,
} from "@gatehouse/kubernetes";
import { AlertRules, Dashboard } from "@gatehouse/monitoring";
import * as pulumi from "@pulumi/pulumi";
import { dnsArgs } from "../common/dns.ts";
import { nameIn } from "../common/environment.ts";
import { agentauthArgs, name as agentauth, reached } from "./agentauth.ts";
import { alerts } from "./alerts.ts";
import { brokerArgs, name as broker } from "./broker.ts";
import { config } from "./config.ts";
import { dashboards } from "./dashboards.ts";
import { createAuditStore } from "./data/auditStore.ts";
import { backupArgs, redisArgs, sentinels } from "./data/redis.ts";
import { createCertificate, edgeArgs } from "./edge.ts";
import { metrics } from "./metrics.ts";
import { labels } from "./shared.ts";
import { formerTokens } from "./signingKeys.ts";

/**
 * ATB, the Agent Trust Broker, in one environment. What it is made of comes in the order in which it is recovered:
 * secrets and Redis, the registrations with SPIRE, AgentAuth, the broker, the way in.
 */
export function atb(): Record<string, pulumi.Input<unknown>> {
  const settings = config.load();
  podDefaults(settings.pods);
  const stack = parseStackName("atb", pulumi.getStack());
  const name = nameIn(stack, "atb");
  const namespace = new RestrictedNamespace("atb", { namespace: name, dns: dnsArgs(settings.dns) }).namespace;
  const place = { name, made: namespace };

  const redis = new RedisHA("atb-redis", redisArgs(settings, namespace));
  const auth = new AuthService(agentauth, agentauthArgs(settings, place, redis.endpoint), { dependsOn: redis });
  const certificate = createCertificate(settings, namespace);
  const links = [...sentinels(redis), reached(auth.endpoint, settings.agentauth.port)];
  const audit = createAuditStore(settings, { namespace: name, name: broker }, stack);
  const service = new Broker(broker, brokerArgs(settings, place, links, audit), {
    dependsOn: [auth, ...certificate, ...(audit ? [audit.role] : [])],
  });
  const { url } = new Edge("atb", { ...edgeArgs(settings, namespace, service.target), labels: labels(broker) });

  const backups =
    settings.redis.backup && new BackupCronJob("atb-redis", backupArgs(settings.redis.backup, namespace, redis));
  const { scrapeInterval, selectorLabels } = settings.monitoring;
  const shared = { namespace, catalogue: metrics, scrapeInterval };
  const rules = alerts(settings, name, [redis.monitored, ...(backups ? [backups.monitored] : [])]);
  new AlertRules("atb-alerts", { ...shared, rules, labels: selectorLabels });
  for (const { part, ...dashboard } of dashboards(name)) new Dashboard(`atb-${part}`, { ...shared, ...dashboard });

  return { url, formerTokens: formerTokens(settings) };
}
