export {
  type AuthDatabaseArgs,
  AuthService,
  type AuthServiceArgs,
  type MigrationArgs,
  type OAuthClientArgs,
  type SamlArgs,
} from "./auth/authService.ts";
export type { BackupCronJobArgs, RestoreCheckArgs } from "./backup/args.ts";
export { BackupCronJob } from "./backup/backupCronJob.ts";
export type { CronJobPromise } from "./backup/promise.ts";
export { podIdentityAgent } from "./backup/destination.ts";
export type {
  AccessKeyArgs,
  BackupDestinationArgs,
  ClaimDestinationArgs,
  S3DestinationArgs,
} from "./backup/destination.ts";
export type { ScratchClaimArgs } from "./backup/source/scratch.ts";
export { type CloudIdentityArgs, cloudIdentityAnnotations } from "./pod/cloudIdentity.ts";
export type { PostgresBackupArgs, ScratchPostgresArgs } from "./backup/source/postgres.ts";
export type { RedisBackupArgs } from "./backup/source/redis.ts";
export type { BackupSourceArgs } from "./backup/source/source.ts";
export type { ContainerArgs, PortArgs } from "./pod/container/container.ts";
export { DevelopmentPostgres, type DevelopmentPostgresArgs } from "./postgres/developmentPostgres.ts";
export { DevelopmentRedis, type DevelopmentRedisArgs } from "./redis/developmentRedis.ts";
export { Edge } from "./edge/edge.ts";
export { AcmeSolverAccess, type AcmeSolverAccessArgs } from "./edge/acmeSolverAccess.ts";
export { TargetGroupBinding, type TargetGroupBindingArgs } from "./edge/alb/targetGroupBinding.ts";
export { type AlbEdgeArgs, AlbScheme } from "./edge/args/albArgs.ts";
export {
  BackendProtocol,
  type EdgeArgs,
  EdgeKind,
  type EdgeRateLimitArgs,
  type EdgeRouteArgs,
  type EdgeSizesArgs,
  type EdgeSourceArgs,
  type EdgeTlsArgs,
  PathMatch,
} from "./edge/args/edgeArgs.ts";
export { type GatewayEdgeArgs, GatewayImplementation, type GatewayListenerArgs } from "./edge/args/gatewayArgs.ts";
export type { NginxEdgeArgs } from "./edge/args/nginxArgs.ts";
export { edgeTimeoutSeconds, keepAliveSeconds } from "./edge/args/timeouts.ts";
export { edgeAdmission, edgeHosts } from "./edge/admission.ts";
export { Broker, type BrokerArgs } from "./broker/broker.ts";
export type { CertificateArgs, CertificateVariablesArgs } from "./broker/certificate.ts";
export type { PolicyArgs, PolicyEngineArgs, PolicyReloadArgs } from "./broker/policy.ts";
export type { UpstreamSidecarArgs } from "./broker/upstreams.ts";
export {
  type AddressRangeArgs,
  type CloudSqlSocketArgs,
  type Endpoint,
  type EnvironmentArgs,
  external,
  internet,
  type PodSelectorArgs,
  Protocol,
  type SecretRef,
  SecretStoreType,
  type SecurityGroupRefArgs,
} from "@gatehouse/core";
export type { AdmissionArgs } from "./network/admission.ts";
export { type DnsArgs, DnsPreset } from "./network/dns.ts";
export { DnsAccess, type DnsAccessArgs } from "./network/dnsAccess.ts";
export type { SecretRefArgs } from "./pod/container/secretRef.ts";
export {
  ExternalSecrets,
  type ExternalSecretsArgs,
  type RemoteRefArgs,
  type SecretStoreArgs,
  SecretStoreKind,
} from "./secret/externalSecrets.ts";
export {
  checkRotation,
  jsonWebKeySet,
  type RotationRulesArgs,
  SignatureAlgorithm,
  type SigningKeyArgs,
  type SigningKeySetArgs,
} from "./signing/keyRotation.ts";
export { LogForwarder, type LogForwarderArgs, type LogForwarderOptionsArgs } from "./logs/logForwarder.ts";
export type { ElasticsearchSinkArgs, ForwardSinkArgs, HttpSinkArgs, S3SinkArgs, LogSinkArgs } from "./logs/logSink.ts";
export { type MetricsArgs, MetricsDiscovery } from "./workload/metrics.ts";
export { MigrationJob, type MigrationJobArgs } from "./job/migrationJob.ts";
export type { ServiceTargetArgs } from "./network/target.ts";
export { NetworkAccess, type NetworkAccessArgs } from "./network/networkAccess.ts";
export type { PodIdentityArgs } from "./pod/pod.ts";
export type { ProbeArgs } from "./pod/container/probe.ts";
export {
  RedisEviction,
  type RedisHAArgs,
  type RedisMetricsArgs,
  RedisPersistence,
  type RedisProxyArgs,
  type RedisStorageArgs,
  type RedisTlsArgs,
} from "./redis/set/args.ts";
export { RedisHA } from "./redis/redisHA.ts";
export type { ResourceAmountsArgs, ResourcesArgs } from "./pod/container/resources.ts";
export { OperatorAccess, type OperatorAccessArgs } from "./namespace/operatorAccess.ts";
export { RestrictedNamespace, type RestrictedNamespaceArgs } from "./namespace/restrictedNamespace.ts";
export { gracePeriodSeconds, type ShutdownArgs } from "./pod/shutdown.ts";
export { HostRule, ZoneRule, type ZonesArgs } from "./pod/placement.ts";
export { type RolloutArgs, RolloutStrategy } from "./workload/rollout.ts";
export type { DisruptionBudgetArgs } from "./workload/disruptionBudget.ts";
export type { EnvironmentSourceArgs } from "./pod/container/environmentSource.ts";
export type { PreStopArgs } from "./pod/container/lifecycle.ts";
export { podDefaults } from "./pod/options/podDefaults.ts";
export { FsGroupChangePolicy, type PodOptionsArgs } from "./pod/options/podOptions.ts";
export { type HostAliasArgs, type PodDnsArgs, PodDnsPolicy } from "./pod/options/resolution.ts";
export {
  type NodeAffinityArgs,
  NodeOperator,
  type NodePreferenceArgs,
  type NodeRequirementArgs,
  type PodAffinityArgs,
  TaintEffect,
  type TolerationArgs,
} from "./pod/options/scheduling.ts";
export type { ServiceOptionsArgs } from "./workload/service.ts";
export { type AdapterRuleArgs, type PodMetricArgs, prometheusAdapterRules } from "./workload/scaling/podMetrics.ts";
export type { ScalingArgs, ScalingRateArgs } from "./workload/scaling/autoscaler.ts";
export {
  type PrivateKeySourceArgs,
  type SigningKeyOptionsArgs,
  SigningKeys,
  type SigningKeysArgs,
  type SigningKeyVariablesArgs,
} from "./signing/signingKeys.ts";
export type { SpiffeArgs } from "./workload/spiffe.ts";
export { ClaimAccess, type EmptyDirArgs, type EphemeralClaimArgs, type VolumeArgs } from "./pod/container/volume.ts";
export { Workload } from "./workload/workload.ts";
export type { ClaimTemplateArgs } from "./workload/claims.ts";
export type { WorkloadArgs } from "./workload/workloadArgs.ts";
