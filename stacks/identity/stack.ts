import { parseStackName } from "@gatehouse/core/config";
import * as gcp from "@gatehouse/gcp";
import { Dashboard } from "@pulumi/gcp/monitoring/dashboard.js";
import * as pulumi from "@pulumi/pulumi";
import { config } from "./config.ts";
import { databaseArgs, redisArgs } from "./data.ts";
import { channelsArgs, dashboardArgs, policiesArgs, uptimeArgs } from "./monitoring.ts";
import { physicalNames } from "./names.ts";
import {
  auditLogArgs,
  type Enabled,
  privateNetworkArgs,
  projectServicesArgs,
  registryArgs,
  serviceIdentityArgs,
} from "./project.ts";
import { serviceSecrets } from "./secrets.ts";
import { migrationArgs, serviceArgs } from "./service.ts";

/** Identity, the Agent Foundry identity service, in one environment. */
export function identity(): Record<string, pulumi.Input<unknown>> {
  const settings = config.load();
  const names = physicalNames(parseStackName("identity", pulumi.getStack()));
  const enabled: Enabled = { dependsOn: [new gcp.ProjectServices("identity", projectServicesArgs(settings))] };

  const network = new gcp.PrivateNetwork("identity", privateNetworkArgs(settings, names), enabled);
  const account = new gcp.ServiceIdentity("identity", serviceIdentityArgs(settings, names), enabled);
  const registry = new gcp.ArtifactRegistry("identity", registryArgs(settings, names), enabled);

  const stores = { network: network.network, reader: account.email };
  const database = new gcp.CloudSqlDb("identity-db", databaseArgs(settings, names, stores), enabled);
  const redis = new gcp.MemorystoreRedis("identity-redis", redisArgs(settings, names, stores), enabled);
  const secrets = serviceSecrets(settings, names, account, enabled);

  const place = { network, account };
  const migration = migrationArgs(settings, names, place, database.endpoint);
  const migrated = new gcp.CloudRunJob("identity-migrations", migration, enabled);
  const links = [database.endpoint, redis.endpoint];
  const service = new gcp.CloudRunService("identity", serviceArgs(settings, names, place, secrets, links), {
    dependsOn: [...enabled.dependsOn, migrated],
  });

  const channels = new gcp.NotificationChannels("identity", channelsArgs(settings), enabled);
  new gcp.UptimeCheck("identity", uptimeArgs(settings, names, service, channels), {
    dependsOn: [...enabled.dependsOn, service],
  });
  new gcp.AlertPolicies("identity", policiesArgs(settings, names, channels), enabled);
  new Dashboard("identity", dashboardArgs(settings, names), enabled);
  if (settings.audit) new gcp.AuditLog("identity", auditLogArgs(settings), enabled);

  return { url: service.url, images: registry.url, database: database.connectionName };
}
