export { type Endpoint, type EnvironmentArgs, external, internet, type SecretRef } from "@gatehouse/core";
export { EncryptionKey, type EncryptionKeyArgs } from "./key/encryptionKey.ts";
export { KeyUser } from "./key/keyPolicy.ts";
export { type AdmittedClientArgs, SecurityGroup, type SecurityGroupArgs } from "./network/securityGroup.ts";
export {
  type BackupReplicationArgs,
  type DatabaseAdmissionArgs,
  type ExistingParameterGroupArgs,
  type RdsPostgresArgs,
  type SnapshotRestoreArgs,
} from "./rds/rdsPostgresArgs.ts";
export { RdsPostgres } from "./rds/rdsPostgres.ts";
export { restoreAcknowledgement } from "./rds/databaseChecks.ts";
export type { SubnetArgs } from "./network/subnet.ts";
export {
  type AccessLogsArgs,
  type DnsArgs,
  FrameOptions,
  type LoadBalancerAdmissionArgs,
  type LoadBalancerArgs,
  LoadBalancerScheme,
  type TargetGroupArgs,
  TargetProtocol,
} from "./loadBalancer/loadBalancerArgs.ts";
export { LoadBalancer } from "./loadBalancer/loadBalancer.ts";
export { ManagedRuleGroup, type RateLimitArgs, type RuleGroupArgs, type WafArgs } from "./loadBalancer/webAcl.ts";
export { AlarmTopic, type AlarmTopicArgs } from "./monitoring/alarmTopic.ts";
export type { AlarmTopicRefArgs } from "./monitoring/alarmTopicRef.ts";
export { CloudWatchAlarms, type CloudWatchAlarmsArgs } from "./monitoring/cloudWatchAlarms.ts";
export type { MonitoredDatabaseArgs } from "./monitoring/databaseAlarms.ts";
export type { MonitoredLoadBalancerArgs } from "./monitoring/loadBalancerAlarms.ts";
export { AuditBucket, type AuditBucketArgs } from "./bucket/auditBucket.ts";
export { BackupBucket, type BackupBucketArgs } from "./bucket/backupBucket.ts";
export { LogBucket, type LogBucketArgs, type LogPlace } from "./bucket/logBucket.ts";
export {
  complianceAcknowledgement,
  LockMode,
  type ObjectLockArgs,
  type RetentionArgs,
  retentionDays,
} from "./bucket/retention.ts";
export type { BucketAccessArgs, RoleAccessArgs, SecretAccessArgs } from "./role/access.ts";
export type { AssumedRoleArgs } from "./role/assume.ts";
export { StsAccessProvider, type StsProviderSettings } from "./role/stsAccessProvider.ts";
export type { StsAccessProviderArgs, StsStatementArgs } from "./role/stsArgs.ts";
export { RegionalDns } from "./dns/regionalDns.ts";
export { DnsRouting, type RegionalDnsArgs } from "./dns/regionalDnsArgs.ts";
export type { IrsaArgs, PodIdentityArgs, ServiceAccountArgs } from "./role/trust.ts";
export { type WorkloadIdentity, WorkloadRole, type WorkloadRoleArgs } from "./role/workloadRole.ts";
export {
  type BundledSecretArgs,
  SecretBundle,
  type SecretBundleArgs,
  type SecretReplicaArgs,
} from "./secret/secretBundle.ts";
export {
  type AccessPointArgs,
  type FileSystemClientArgs,
  type FileSystemReplicationArgs,
  SharedFileSystem,
  type SharedFileSystemArgs,
} from "./fileSystem/sharedFileSystem.ts";
