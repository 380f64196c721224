import { CloudWatchAlarms, WorkloadRole } from "@gatehouse/aws";
import { recommendedLabels } from "@gatehouse/core";
import { parseStackName } from "@gatehouse/core/config";
import { BackupCronJob, Broker, Edge, MigrationJob, podDefaults, RestrictedNamespace } from "@gatehouse/kubernetes";
import { AlertRules, Dashboard } from "@gatehouse/monitoring";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { createAuditBucket } from "../common/auditBucket.ts";
import { dnsArgs } from "../common/dns.ts";
import { nameIn } from "../common/environment.ts";
import { alarmArgs, createAlarmTopic } from "./monitoring/alarms.ts";
import { alerts } from "./monitoring/alerts.ts";
import { configFile, configFileName } from "./configFile.ts";
import { backupArgs } from "./data/backup.ts";
import { type AirlockConfig, config } from "./settings/config.ts";
import { panels } from "./monitoring/dashboards.ts";
import { createDatabase } from "./data/database.ts";
import { databaseUserArgs } from "./data/databaseUser.ts";
import { edgeArgs } from "./edge.ts";
import { metrics } from "./monitoring/metrics.ts";
import { labels, name } from "./settings/names.ts";
import { roleArgs } from "./role.ts";
import { createRootVolumes } from "./roots.ts";
import { createSecrets } from "./data/secrets.ts";
import { serviceArgs } from "./service.ts";

/** MCP Airlock, the gateway to MCP servers, in one environment. */
export function airlock(): Record<string, pulumi.Input<unknown>> {
  const settings = config.load();
  podDefaults(settings.pods);
  const stack = parseStackName("airlock", pulumi.getStack());
  const namespaceName = nameIn(stack, name);
  const { namespace } = new RestrictedNamespace(name, {
    namespace: namespaceName,
    // Targets of an ALB are pods, so a pod counts as ready only once the ALB sends requests to it.
    albReadinessGate: true,
    dns: dnsArgs(settings.dns),
  });
  const place = { name: namespaceName, made: namespace };

  const identifier = nameIn(stack, "airlock");
  const database = createDatabase(settings, identifier);
  const secrets = createSecrets(settings, namespace, database);
  const user = new MigrationJob("airlock-database-user", databaseUserArgs(settings, namespace, database, secrets));
  const configMap = createConfigFile(settings, namespace);
  const roots = createRootVolumes(settings, namespaceName, namespace);
  const audit = createAuditBucket("airlock", settings.region, settings.auditBucket, identifier);
  const roleName = nameIn(stack, `${name}-role`);
  const role = new WorkloadRole(`${name}-role`, roleArgs(settings, namespaceName, roleName, audit));
  const parts = {
    namespace: place,
    configMap,
    secrets,
    database: database.endpoint,
    roots,
    identity: role.cloudIdentity,
  };
  const service = new Broker(name, serviceArgs(settings, parts), { dependsOn: [user, audit.bucket, role] });
  const { url } = new Edge(name, edgeArgs(settings, namespace, service.target));

  const backups =
    settings.backup &&
    new BackupCronJob(
      "airlock",
      backupArgs(settings, settings.backup, namespace, secrets.databaseUrl, database.endpoint),
    );
  const { scrapeInterval, selectorLabels, runbooks } = settings.monitoring;
  const shared = { namespace, catalogue: metrics, scrapeInterval };
  const rules = alerts(runbooks, namespaceName, backups ? [backups.monitored] : []);
  new AlertRules(`${name}-alerts`, { ...shared, groups: [{ name, rules }], labels: selectorLabels });
  if (settings.alarms) {
    const topic = createAlarmTopic(settings, settings.alarms, identifier);
    new CloudWatchAlarms(identifier, alarmArgs(settings, topic, database.monitored));
  }
  new Dashboard(name, { ...shared, title: "MCP Airlock", panels: panels(namespaceName) });

  return { url };
}

/** The config file, under a name that follows its content: a change rolls the pods, and old pods keep theirs. */
function createConfigFile(settings: AirlockConfig, namespace: pulumi.Input<string>): pulumi.Output<string> {
  const { auditBucket, region } = settings;
  const { text, hash } = configFile(settings, { auditBucket: auditBucket.name, region });
  const file = new core.ConfigMap(`${name}-config`, {
    metadata: {
      name: pulumi.interpolate`airlock-config-${hash}`,
      namespace,
      labels: { ...recommendedLabels({ name }), ...labels },
    },
    data: { [configFileName]: text },
    immutable: true,
  });
  return file.metadata.name;
}
