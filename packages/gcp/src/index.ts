export { AlertPolicies, type AlertPoliciesArgs, type PromQlPolicyArgs } from "./alertPolicies.ts";
export { ArtifactRegistry, type ArtifactRegistryArgs } from "./artifactRegistry.ts";
export { AuditLog, type AuditLogArgs, AuditLogType } from "./auditLog.ts";
export { CloudRunJob, type CloudRunJobArgs } from "./cloudRunJob.ts";
export { CloudRunService, type CloudRunServiceArgs, Ingress, PublicAccess } from "./cloudRunService.ts";
export {
  CloudSqlDb,
  type CloudSqlDbArgs,
  instanceNamePattern,
  type MaintenanceWindowArgs,
  SslMode,
} from "./cloudSqlDb.ts";
export type { ContainerArgs } from "./container.ts";
export type { ContainerResourcesArgs } from "./containerResources.ts";
export { Availability } from "./databaseChecks.ts";
export {
  checkDatabaseClient,
  connectionBudget,
  connectionsNeeded,
  type DatabaseClientArgs,
} from "./databaseConnections.ts";
export type { Endpoint } from "./endpoint.ts";
export type { EnvironmentArgs } from "./environment.ts";
export { checkKeyVersions, type KeyVersion, keyVersions, type KeyVersionsArgs } from "./keyRotation.ts";
export { checkTier, defaultMaxConnections, Edition } from "./machineTier.ts";
export { MemorystoreRedis, type MemorystoreRedisArgs, RedisTier } from "./memorystoreRedis.ts";
export { NotificationChannels, type NotificationChannelsArgs } from "./notificationChannels.ts";
export { PrivateNetwork, type PrivateNetworkArgs, VpcAccessKind } from "./privateNetwork.ts";
export type { StartupProbeArgs } from "./probe.ts";
export { ProjectServices, type ProjectServicesArgs } from "./projectServices.ts";
export { type BundledSecretArgs, SecretBundle, type SecretBundleArgs, type SecretVersionArgs } from "./secretBundle.ts";
export type { SecretRefArgs } from "./secretRef.ts";
export { ServiceIdentity, type ServiceIdentityArgs } from "./serviceIdentity.ts";
export { checkUptimePath, UptimeCheck, type UptimeCheckArgs } from "./uptimeCheck.ts";
export { type VpcAccessArgs, VpcEgress } from "./vpcAccess.ts";
