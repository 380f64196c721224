export { AlertPolicies, type AlertPoliciesArgs, type PromQlPolicyArgs } from "./monitoring/alertPolicies.ts";
export { ArtifactRegistry, type ArtifactRegistryArgs } from "./registry/artifactRegistry.ts";
export { AuditLog, type AuditLogArgs, AuditLogType } from "./audit/auditLog.ts";
export { CloudRunJob, type CloudRunJobArgs } from "./run/cloudRunJob.ts";
export { CloudRunService, type CloudRunServiceArgs, Ingress, PublicAccess } from "./run/cloudRunService.ts";
export { Availability, type CloudSqlDbArgs, type MaintenanceWindowArgs, SslMode } from "./sql/cloudSqlArgs.ts";
export { CloudSqlDb, instanceNamePattern } from "./sql/cloudSqlDb.ts";
export type { ContainerArgs } from "./run/container.ts";
export type { ContainerResourcesArgs } from "./run/containerResources.ts";
export {
  checkDatabaseClient,
  connectionBudget,
  connectionsNeeded,
  type DatabaseClientArgs,
  type Endpoint,
  type EnvironmentArgs,
  external,
  internet,
  type SecretRef,
} from "@gatehouse/core";
export { checkKeyVersions, type KeyVersion, keyVersions, type KeyVersionsArgs } from "./secret/keyVersions.ts";
export { checkTier, defaultMaxConnections, Edition } from "./sql/machineTier.ts";
export { MemorystoreRedis, type MemorystoreRedisArgs, RedisTier } from "./redis/memorystoreRedis.ts";
export { NotificationChannels, type NotificationChannelsArgs } from "./monitoring/notificationChannels.ts";
export { PrivateNetwork, type PrivateNetworkArgs, VpcAccessKind } from "./network/privateNetwork.ts";
export type { StartupProbeArgs } from "./run/probe.ts";
export { ProjectServices, type ProjectServicesArgs } from "./identity/projectServices.ts";
export {
  type BundledSecretArgs,
  SecretBundle,
  type SecretBundleArgs,
  type SecretVersionArgs,
} from "./secret/secretBundle.ts";
export { ServiceIdentity, type ServiceIdentityArgs } from "./identity/serviceIdentity.ts";
export { checkUptimePath, UptimeCheck, type UptimeCheckArgs } from "./monitoring/uptimeCheck.ts";
export { type VpcAccessArgs, VpcEgress } from "./run/vpcAccess.ts";
