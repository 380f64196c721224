import { parseStackName } from "@gatehouse/core/config";
import {
  AlertPolicies,
  ArtifactRegistry,
  AuditLog,
  CloudRunJob,
  CloudRunService,
  type CloudRunServiceArgs,
  CloudSqlDb,
  defaultMaxConnections,
  Ingress,
  MemorystoreRedis,
  NotificationChannels,
  PrivateNetwork,
  type PrivateNetworkArgs,
  ProjectServices,
  ServiceIdentity,
  type ServiceIdentityArgs,
  UptimeCheck,
} from "@gatehouse/gcp";
import { cloudMonitoringDashboard, cloudMonitoringPolicies } from "@gatehouse/monitoring";
import * as monitoring from "@pulumi/gcp/monitoring/index.js";
import * as pulumi from "@pulumi/pulumi";
import { alerts } from "./alerts.ts";
import { config, type IdentityConfig } from "./config.ts";
import { panels } from "./dashboard.ts";
import { metrics } from "./metrics.ts";
import { type PhysicalNames, physicalNames } from "./names.ts";
import { serviceSecrets } from "./secrets.ts";

/** The guide's five APIs, and those that its steps need without saying so. */
const services = [
  "sqladmin.googleapis.com",
  "redis.googleapis.com",
  "secretmanager.googleapis.com",
  "run.googleapis.com",
  "artifactregistry.googleapis.com",
  "cloudresourcemanager.googleapis.com",
  "compute.googleapis.com",
  "containerscanning.googleapis.com",
  "iam.googleapis.com",
  "monitoring.googleapis.com",
  "servicenetworking.googleapis.com",
  "vpcaccess.googleapis.com",
];

/** Identity, the Agent Foundry identity service, in one environment. */
export function identity(): Record<string, pulumi.Input<unknown>> {
  const settings = config.load();
  const names = physicalNames(parseStackName("identity", pulumi.getStack()));
  const { project, region } = settings;
  const enabled: Enabled = { dependsOn: [new ProjectServices("identity", { project, services })] };

  const network = new PrivateNetwork("identity", privateNetwork(settings, names), enabled);
  const account = new ServiceIdentity("identity", serviceIdentity(settings, names), enabled);
  const registry = new ArtifactRegistry("identity", { project, region, repositoryId: names.registry }, enabled);
  const database = createDatabase(settings, names, network, account, enabled);
  const redis = createRedis(settings, names, network, account, enabled);
  const secrets = serviceSecrets(settings, names, account, enabled);

  const { image, migration } = settings;
  const container = { project, region, serviceAccount: account.email, vpcAccess: network.vpcAccess };
  const migrated = new CloudRunJob(
    "identity-migrations",
    {
      ...container,
      ...migration,
      image: migration.image ?? image,
      jobName: names.migrations,
      command: ["python", "-m", "af_identity_service.migrations", "migrate"],
      connectsTo: [database.endpoint],
    },
    enabled,
  );
  const service = new CloudRunService(
    "identity",
    {
      ...container,
      ...identityService(settings, names),
      environment: { values: environment(settings), secrets },
      connectsTo: [database.endpoint, redis.endpoint],
    },
    { dependsOn: [...enabled.dependsOn, migrated] },
  );

  watch(settings, names, service, enabled);
  if (settings.audit) {
    const audited = ["cloudsql.googleapis.com", "secretmanager.googleapis.com"];
    new AuditLog("identity", { project, services: audited }, enabled);
  }
  return { url: service.url, images: registry.url, database: database.connectionName };
}

/** What every part waits for: the APIs. */
interface Enabled {
  dependsOn: pulumi.Resource[];
}

function privateNetwork({ project, region, network }: IdentityConfig, names: PhysicalNames): PrivateNetworkArgs {
  const { existing, ...rest } = network;
  return {
    ...rest,
    project,
    region,
    networkName: names.network,
    connectorName: names.connector,
    existingNetwork: existing,
  };
}

function serviceIdentity({ project }: IdentityConfig, { account }: PhysicalNames): ServiceIdentityArgs {
  return { project, accountId: account, displayName: "AF Identity Service", roles: ["roles/cloudsql.client"] };
}

function createDatabase(
  { project, region, database, maxInstances }: IdentityConfig,
  names: PhysicalNames,
  { network }: PrivateNetwork,
  account: ServiceIdentity,
  enabled: Enabled,
): CloudSqlDb {
  const { version, poolSize, maxOverflow, ...rest } = database;
  return new CloudSqlDb(
    "identity-db",
    {
      ...rest,
      project,
      region,
      network,
      databaseVersion: version,
      instanceName: names.database,
      databaseName: "identity_service",
      userName: "identity_user",
      clients: [{ poolSize, overflow: maxOverflow, maxInstances }],
      passwordSecret: names.databasePassword,
      passwordAccessors: { service: account.email },
    },
    enabled,
  );
}

function createRedis(
  { project, region, redis }: IdentityConfig,
  names: PhysicalNames,
  { network }: PrivateNetwork,
  account: ServiceIdentity,
  enabled: Enabled,
): MemorystoreRedis {
  const { version, ...rest } = redis;
  return new MemorystoreRedis(
    "identity-redis",
    {
      ...rest,
      project,
      region,
      network,
      redisVersion: version,
      instanceName: names.redis,
      passwordSecret: names.redisPassword,
      passwordAccessors: { service: account.email },
    },
    enabled,
  );
}

function environment({ storage, logLevel, logFormat }: IdentityConfig): Record<string, string> {
  return { IDENTITY_ENVIRONMENT: storage, LOG_LEVEL: logLevel, LOG_FORMAT: logFormat };
}

/** The flags of the guide's `gcloud run deploy`. */
function identityService(
  settings: IdentityConfig,
  names: PhysicalNames,
): Omit<CloudRunServiceArgs, "project" | "region"> {
  const { image, resources, minInstances, maxInstances, concurrency, timeoutSeconds } = settings;
  return {
    image,
    ...resources,
    serviceName: names.service,
    minInstances,
    maxInstances,
    concurrency,
    timeoutSeconds,
    // The path looks at the database and at Redis, so that it tells when an instance can serve and not whether it lives.
    startup: { path: "/healthz" },
    ingress: Ingress.All,
    publicAccess: settings.publicAccess,
    deletionProtection: settings.deletionProtection,
  };
}

/** The guide's five alerts, the check from outside among them, and a dashboard of what they look at. */
function watch(settings: IdentityConfig, names: PhysicalNames, service: CloudRunService, enabled: Enabled): void {
  const { project, uptime, database, monitoring: watched } = settings;
  const { channels } = new NotificationChannels("identity", { project, emails: watched.emails }, enabled);
  new UptimeCheck(
    "identity",
    {
      ...uptime,
      project,
      host: uptime.host ?? service.url.apply((url) => new URL(url).host),
      displayName: names.uptime,
      notificationChannels: channels,
      runbookUrl: `${watched.runbooks}#identitydown`,
    },
    { dependsOn: [...enabled.dependsOn, service] },
  );

  // The database has refused to be made if its connections are not known.
  const maxConnections = database.maxConnections ?? defaultMaxConnections(database.tier) ?? 0;
  const rules = alerts(settings, names, maxConnections);
  const policies = cloudMonitoringPolicies({ name: "identity", rules, catalogue: metrics });
  new AlertPolicies("identity", { project, policies, notificationChannels: channels }, enabled);
  const content = { title: names.service, panels: panels(settings, names, maxConnections), catalogue: metrics };
  new monitoring.Dashboard("identity", { project, dashboardJson: cloudMonitoringDashboard(content) }, enabled);
}
