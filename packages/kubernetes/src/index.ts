export {
  type AuthDatabaseArgs,
  AuthService,
  type AuthServiceArgs,
  type MigrationArgs,
  type OAuthClientArgs,
  type SamlArgs,
} from "./authService.ts";
export { BackupCronJob, type BackupCronJobArgs, type CronJobPromise, type RestoreCheckArgs } from "./backupCronJob.ts";
export { podIdentityAgent } from "./backup/destination.ts";
export type { BackupDestinationArgs, ClaimDestinationArgs, S3DestinationArgs } from "./backup/destination.ts";
export type { PostgresBackupArgs, ScratchPostgresArgs } from "./backup/postgres.ts";
export type { RedisBackupArgs } from "./backup/redis.ts";
export type { BackupSourceArgs } from "./backup/source.ts";
export type { ContainerArgs, PortArgs } from "./container.ts";
export { DevelopmentPostgres, type DevelopmentPostgresArgs } from "./developmentPostgres.ts";
export { DevelopmentRedis, type DevelopmentRedisArgs } from "./developmentRedis.ts";
export { Edge } from "./edge.ts";
export { type AlbEdgeArgs, AlbScheme } from "./edge/alb.ts";
export {
  BackendProtocol,
  type EdgeArgs,
  EdgeKind,
  type EdgeRateLimitArgs,
  type EdgeRouteArgs,
  type EdgeTlsArgs,
  PathMatch,
} from "./edge/edgeArgs.ts";
export { type GatewayEdgeArgs, GatewayImplementation, type GatewayListenerArgs } from "./edge/gateway.ts";
export type { NginxEdgeArgs } from "./edge/nginx.ts";
export { edgeAdmission, edgeHosts } from "./edge/traffic.ts";
export { Broker, type BrokerArgs } from "./broker.ts";
export type { CertificateArgs, CertificateVariablesArgs } from "./broker/certificate.ts";
export type { PolicyArgs, PolicyEngineArgs } from "./broker/policy.ts";
export {
  type AddressRangeArgs,
  type AdmissionArgs,
  type Endpoint,
  internet,
  type PodSelectorArgs,
} from "./endpoint.ts";
export type { EnvironmentArgs, SecretRefArgs } from "./environment.ts";
export {
  ExternalSecrets,
  type ExternalSecretsArgs,
  type RemoteRefArgs,
  type SecretStoreArgs,
  SecretStoreKind,
} from "./externalSecrets.ts";
export {
  checkRotation,
  jsonWebKeySet,
  type RotationRulesArgs,
  SignatureAlgorithm,
  type SigningKeyArgs,
  type SigningKeySetArgs,
} from "./keyRotation.ts";
export { LogForwarder, type LogForwarderArgs, type LogForwarderOptionsArgs } from "./logForwarder.ts";
export type { ElasticsearchSinkArgs, ForwardSinkArgs, HttpSinkArgs, LogSinkArgs } from "./logSink.ts";
export { type MetricsArgs, MetricsDiscovery } from "./metrics.ts";
export { MigrationJob, type MigrationJobArgs } from "./migrationJob.ts";
export { NetworkAccess, type NetworkAccessArgs } from "./networkAccess.ts";
export type { PodIdentityArgs } from "./pod.ts";
export type { ProbeArgs } from "./probe.ts";
export {
  RedisEviction,
  type RedisHAArgs,
  type RedisMetricsArgs,
  RedisPersistence,
  type RedisProxyArgs,
  type RedisStorageArgs,
  type RedisTlsArgs,
} from "./redis/redisArgs.ts";
export { RedisHA } from "./redisHA.ts";
export type { ResourceAmountsArgs, ResourcesArgs } from "./resources.ts";
export { RestrictedNamespace, type RestrictedNamespaceArgs } from "./restrictedNamespace.ts";
export { gracePeriodSeconds, type RolloutArgs, type ShutdownArgs, ZoneRule, type ZonesArgs } from "./rollout.ts";
export type { DisruptionBudgetArgs, ScalingArgs, ScalingRateArgs } from "./scaling.ts";
export {
  type PrivateKeySourceArgs,
  type SigningKeyOptionsArgs,
  SigningKeys,
  type SigningKeysArgs,
  type SigningKeyVariablesArgs,
} from "./signingKeys.ts";
export type { SpiffeArgs } from "./spiffe.ts";
export type { EmptyDirArgs, VolumeArgs } from "./volume.ts";
export { Workload, type WorkloadArgs } from "./workload.ts";
