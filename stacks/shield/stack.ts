import { parseStackName } from "@gatehouse/core/config";
import { AuthService, BackupCronJob, Edge, podDefaults, RestrictedNamespace } from "@gatehouse/kubernetes";
import { AlertRules, Dashboard } from "@gatehouse/monitoring";
import * as pulumi from "@pulumi/pulumi";
import { nameIn } from "../common/environment.ts";
import { alerts } from "./alerts.ts";
import { backupArgs } from "./backup.ts";
import { config } from "./config.ts";
import { panels } from "./dashboards.ts";
import { databaseEndpoint, redisEndpoint } from "./data.ts";
import { edgeArgs } from "./edge.ts";
import { monitoringArgs } from "./metrics.ts";
import { namespaceArgs } from "./namespace.ts";
import { serviceSecrets } from "./secrets.ts";
import { labels, serviceArgs } from "./service.ts";

/** Shield, the authentication service, in one environment. */
export function shield(): Record<string, pulumi.Input<unknown>> {
  const settings = config.load();
  podDefaults(settings.pods);
  const name = nameIn(parseStackName("shield", pulumi.getStack()), "shield");
  const { namespace } = new RestrictedNamespace("shield", namespaceArgs(settings, name));
  const secret = serviceSecrets(settings, namespace);
  const database = databaseEndpoint(settings, namespace, secret);
  const redis = redisEndpoint(settings, namespace, secret);

  const service = new AuthService("shield", serviceArgs(settings, namespace, secret, { database, redis }));
  const { url } = new Edge("shield", { ...edgeArgs(settings, namespace, service.target), labels });

  const backups =
    settings.backup && new BackupCronJob("shield", backupArgs(settings.backup, namespace, secret, database));
  const { selectorLabels, ...shared } = monitoringArgs(settings, namespace);
  const rules = alerts(settings, name, backups ? [backups.monitored] : []);
  new AlertRules("shield", { ...shared, rules, labels: selectorLabels });
  new Dashboard("shield", { ...shared, title: "Shield", panels: panels(name) });

  return { url };
}
