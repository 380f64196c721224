import {
  type CloudRunJobArgs,
  type CloudRunServiceArgs,
  type Endpoint,
  Ingress,
  type PrivateNetwork,
  type SecretRef,
  type ServiceIdentity,
} from "@gatehouse/gcp";
import type { IdentityConfig } from "./config.ts";
import type { PhysicalNames } from "./names.ts";

/** What the service and its migrations run in. */
interface Surroundings {
  network: PrivateNetwork;
  account: ServiceIdentity;
}

export function migrationArgs(
  { project, region, image, migration }: IdentityConfig,
  names: PhysicalNames,
  { network, account }: Surroundings,
  database: Endpoint,
): CloudRunJobArgs {
  return {
    ...migration,
    project,
    region,
    image: migration.image ?? image,
    jobName: names.migrations,
    command: ["python", "-m", "af_identity_service.migrations", "migrate"],
    serviceAccount: account.email,
    vpcAccess: network.vpcAccess,
    connectsTo: [database],
  };
}

/** The service, with the flags of the guide's `gcloud run deploy`. */
export function serviceArgs(
  settings: IdentityConfig,
  names: PhysicalNames,
  { network, account }: Surroundings,
  secrets: Record<string, SecretRef>,
  connectsTo: Endpoint[],
): CloudRunServiceArgs {
  const { project, region, image, resources, minInstances, maxInstances, concurrency, timeoutSeconds } = settings;
  return {
    project,
    region,
    image,
    ...resources,
    serviceName: names.service,
    serviceAccount: account.email,
    vpcAccess: network.vpcAccess,
    environment: { values: environment(settings), secrets },
    connectsTo,
    minInstances,
    maxInstances,
    concurrency,
    timeoutSeconds,
    // The path asks the database and Redis, so it tells whether an instance can serve, not whether it is alive.
    startup: { path: "/healthz" },
    ingress: Ingress.All,
    publicAccess: settings.publicAccess,
    deletionProtection: settings.deletionProtection,
  };
}

function environment({ storage, logLevel, logFormat }: IdentityConfig): Record<string, string> {
  return { IDENTITY_ENVIRONMENT: storage, LOG_LEVEL: logLevel, LOG_FORMAT: logFormat };
}
