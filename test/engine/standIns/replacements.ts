import { isDeepStrictEqual } from "node:util";
import { isObject, type WireObject, type WireValue } from "./plugin.ts";

type Value = WireValue | undefined;

/** A property whose change makes another resource. */
interface Rule {
  /** Its path, without the indices of lists. */
  path: string;
  /** True for a change that does; by default each one does. */
  when?: (before: Value, after: Value) => boolean;
}

interface Schema {
  /** Where the provider says so: the file of a schema, whose properties marked ForceNew (and the like) these are. */
  source: string;
  replacing: (string | Rule)[];
}

const isLess = (before: Value, after: Value) => Number(after) < Number(before);
const isRemoved = (before: Value, after: Value) => before !== undefined && after === undefined;
/** Bindings of a role are made anew, whatever changes. */
const binding = ["project", "role", "member", "condition"];

/**
 * By type of a resource, as the Terraform providers' schemas say that Pulumi's providers are made of: paths in
 * hashicorp/terraform-provider-aws (internal/service/), in hashicorp/terraform-provider-google (google/), or in
 * hashicorp/terraform-provider-random (internal/provider/). Whatever is in a region of AWS is made anew in another.
 */
const schemas: Record<string, Schema | undefined> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    source: "logs/group.go",
    replacing: ["region", "name", "namePrefix", "logGroupClass"],
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    source: "cloudwatch/metric_alarm.go",
    replacing: ["region", "name"],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    source: "ec2/vpc_security_group.go",
    replacing: ["region", "name", "namePrefix", "description", "vpcId"],
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    source: "eks/pod_identity_association.go",
    replacing: ["region", "clusterName", "namespace", "serviceAccount"],
  },
  "aws:iam/role:Role": { source: "iam/role.go", replacing: ["name", "namePrefix", "path"] },
  "aws:iam/rolePolicy:RolePolicy": { source: "iam/role_policy.go", replacing: ["name", "namePrefix", "role"] },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    source: "iam/role_policy_attachment.go",
    replacing: ["role", "policyArn"],
  },
  "aws:kms/alias:Alias": { source: "kms/alias.go", replacing: ["region", "name", "namePrefix"] },
  "aws:kms/key:Key": {
    source: "kms/key.go",
    replacing: ["region", "customerMasterKeySpec", "customKeyStoreId", "keyUsage", "multiRegion", "xksKeyId"],
  },
  "aws:rds/eventSubscription:EventSubscription": {
    source: "rds/event_subscription.go",
    replacing: ["region", "name", "namePrefix", "snsTopic"],
  },
  "aws:rds/instance:Instance": {
    source: "rds/instance.go",
    replacing: [
      "region",
      "availabilityZone",
      "backupTarget",
      "characterSetName",
      "customIamInstanceProfile",
      "dbName",
      "engine",
      "kmsKeyId",
      "ncharCharacterSetName",
      "restoreToPointInTime",
      "s3Import",
      "snapshotIdentifier",
      "storageEncrypted",
      "timezone",
      "username",
    ],
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    source: "rds/parameter_group.go",
    replacing: ["region", "name", "namePrefix", "description", "family"],
  },
  "aws:rds/subnetGroup:SubnetGroup": { source: "rds/subnet_group.go", replacing: ["region", "name", "namePrefix"] },
  "aws:s3/bucket:Bucket": {
    source: "s3/bucket.go",
    replacing: ["region", "bucket", "bucketPrefix", "bucketNamespace", "objectLockEnabled"],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    source: "s3/bucket_lifecycle_configuration.go",
    replacing: ["region", "bucket", "expectedBucketOwner"],
  },
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": {
    source: "s3/bucket_object_lock_configuration.go",
    replacing: ["region", "bucket", "expectedBucketOwner"],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": {
    source: "s3/bucket_ownership_controls.go",
    replacing: ["region", "bucket"],
  },
  "aws:s3/bucketPolicy:BucketPolicy": { source: "s3/bucket_policy.go", replacing: ["region", "bucket"] },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    source: "s3/bucket_public_access_block.go",
    replacing: ["region", "bucket"],
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    source: "s3/bucket_server_side_encryption_configuration.go",
    replacing: ["region", "bucket", "expectedBucketOwner"],
  },
  "aws:s3/bucketVersioning:BucketVersioning": {
    source: "s3/bucket_versioning.go",
    replacing: ["region", "bucket", "expectedBucketOwner"],
  },
  "aws:secretsmanager/secret:Secret": {
    source: "secretsmanager/secret.go",
    replacing: ["region", "name", "namePrefix"],
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    source: "secretsmanager/secret_version.go",
    replacing: ["region", "secretId", "secretBinary", "secretString", "secretStringWoVersion"],
  },
  "aws:sns/topic:Topic": { source: "sns/topic.go", replacing: ["region", "name", "namePrefix", "fifoTopic"] },
  "aws:sns/topicPolicy:TopicPolicy": { source: "sns/topic_policy.go", replacing: ["region", "arn"] },
  "aws:sns/topicSubscription:TopicSubscription": {
    source: "sns/topic_subscription.go",
    replacing: ["region", "topic", "protocol", "endpoint"],
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    source: "ec2/vpc_security_group_ingress_rule.go",
    replacing: ["region", "securityGroupId"],
  },
  "gcp:artifactregistry/repository:Repository": {
    source: "services/artifactregistry/resource_artifact_registry_repository.go",
    replacing: [
      "project",
      "location",
      "repositoryId",
      "format",
      "mode",
      "kmsKeyName",
      "mavenConfig.allowSnapshotOverwrites",
      "mavenConfig.versionPolicy",
    ],
  },
  "gcp:cloudrunv2/job:Job": {
    source: "services/cloudrunv2/resource_cloud_run_v2_job.go",
    replacing: ["project", "location", "name"],
  },
  "gcp:cloudrunv2/service:Service": {
    source: "services/cloudrunv2/resource_cloud_run_v2_service.go",
    replacing: ["project", "location", "name"],
  },
  "gcp:cloudrunv2/serviceIamMember:ServiceIamMember": {
    source: "tpgiamresource/resource_iam_member.go, services/cloudrunv2/iam_cloud_run_v2_service.go",
    replacing: [...binding, "location", "name"],
  },
  "gcp:compute/firewall:Firewall": {
    source: "services/compute/resource_compute_firewall.go",
    replacing: ["project", "name", "direction", "params"],
  },
  "gcp:compute/globalAddress:GlobalAddress": {
    source: "services/compute/resource_compute_global_address.go",
    replacing: [
      "project",
      "name",
      "address",
      "addressType",
      "description",
      "ipVersion",
      "network",
      "prefixLength",
      "purpose",
    ],
  },
  "gcp:compute/network:Network": {
    source: "services/compute/resource_compute_network.go",
    replacing: [
      "project",
      "name",
      "description",
      "autoCreateSubnetworks",
      "internalIpv6Range",
      "networkProfile",
      "params",
    ],
  },
  "gcp:monitoring/alertPolicy:AlertPolicy": {
    source: "services/monitoring/resource_monitoring_alert_policy.go",
    replacing: ["project"],
  },
  "gcp:monitoring/dashboard:Dashboard": {
    source: "services/monitoring/resource_monitoring_dashboard.go",
    replacing: ["project"],
  },
  "gcp:monitoring/notificationChannel:NotificationChannel": {
    source: "services/monitoring/resource_monitoring_notification_channel.go",
    replacing: ["project"],
  },
  "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig": {
    source: "services/monitoring/resource_monitoring_uptime_check_config.go",
    replacing: [
      "project",
      "checkerType",
      "monitoredResource",
      "resourceGroup",
      "syntheticMonitor",
      "httpCheck.requestMethod",
      "httpCheck.authInfo.passwordWoVersion",
    ],
  },
  "gcp:projects/iAMAuditConfig:IAMAuditConfig": {
    source: "tpgiamresource/resource_iam_audit_config.go, tpgiamresource/iam_project.go",
    replacing: ["project"],
  },
  "gcp:projects/iAMMember:IAMMember": {
    source: "tpgiamresource/resource_iam_member.go, tpgiamresource/iam_project.go",
    replacing: binding,
  },
  "gcp:projects/service:Service": {
    source: "services/resourcemanager/resource_google_project_service.go",
    replacing: ["project", "service"],
  },
  "gcp:redis/instance:Instance": {
    source: "services/redis/resource_redis_instance.go",
    replacing: [
      "project",
      "region",
      "name",
      "tier",
      "locationId",
      "alternativeLocationId",
      "authorizedNetwork",
      "connectMode",
      "customerManagedKey",
      "reservedIpRange",
      "transitEncryptionMode",
      { path: "redisVersion", when: (before, after) => isLess(redisVersion(before), redisVersion(after)) },
    ],
  },
  "gcp:secretmanager/secret:Secret": {
    source: "services/secretmanager/resource_secret_manager_secret.go",
    replacing: [
      "project",
      "secretId",
      "ttl",
      "rotation.rotationPeriod",
      { path: "replication", when: (before, after) => !isDeepStrictEqual(replicas(before), replicas(after)) },
    ],
  },
  "gcp:secretmanager/secretIamMember:SecretIamMember": {
    source: "tpgiamresource/resource_iam_member.go, services/secretmanager/iam_secret_manager_secret.go",
    replacing: [...binding, "secretId"],
  },
  "gcp:secretmanager/secretVersion:SecretVersion": {
    source: "services/secretmanager/resource_secret_manager_secret_version.go",
    replacing: ["secret", "secretData", "isSecretDataBase64", "secretDataWoVersion"],
  },
  "gcp:serviceaccount/account:Account": {
    source: "services/resourcemanager/resource_google_service_account.go",
    replacing: ["project", "accountId"],
  },
  "gcp:servicenetworking/connection:Connection": {
    source: "services/servicenetworking/resource_service_networking_connection.go",
    replacing: ["network", "service"],
  },
  "gcp:sql/database:Database": {
    source: "services/sql/resource_sql_database.go",
    replacing: ["project", "instance", "name"],
  },
  "gcp:sql/databaseInstance:DatabaseInstance": {
    source: "services/sql/resource_sql_database_instance.go",
    replacing: [
      "project",
      "region",
      "name",
      "encryptionKeyName",
      "masterInstanceName",
      "settings.collation",
      "settings.diskType",
      { path: "settings.diskSize", when: isLess },
      { path: "settings.ipConfiguration.privateNetwork", when: isRemoved },
    ],
  },
  "gcp:sql/user:User": {
    source: "services/sql/resource_sql_user.go",
    replacing: ["project", "instance", "name", "host", "type"],
  },
  "gcp:vpcaccess/connector:Connector": {
    source: "services/vpcaccess/resource_vpc_access_connector.go",
    replacing: [
      "project",
      "region",
      "name",
      "ipCidrRange",
      "network",
      "subnet",
      "minThroughput",
      "maxThroughput",
      { path: "minInstances", when: isLess },
      { path: "maxInstances", when: isLess },
    ],
  },
  "random:index/randomBytes:RandomBytes": { source: "resource_bytes.go", replacing: ["length", "keepers"] },
  "random:index/randomId:RandomId": { source: "resource_id.go", replacing: ["byteLength", "keepers", "prefix"] },
  "random:index/randomPassword:RandomPassword": {
    source: "resource_password.go",
    replacing: [
      "length",
      "keepers",
      "lower",
      "minLower",
      "upper",
      "minUpper",
      "number",
      "numeric",
      "minNumeric",
      "special",
      "minSpecial",
      "overrideSpecial",
    ],
  },
};

/** Types that a stack may register only with an entry, since a guess would pass for a proof. */
export function hasReplacementRules(type: string): boolean {
  return schemas[type] !== undefined;
}

/** What a package's resources are commonly known by, for types that no stack registers. */
const common: Record<string, string[]> = { aws: ["bucket", "name", "identifier", "engine", "subnetIds"] };

/** True if a change at a path makes another resource. */
export function replaces(type: string, path: string, before: WireObject, after: WireObject): boolean {
  const changed = path.replace(/\[\d+\]/g, "");
  const [packageName = ""] = type.split(":");
  const rules = schemas[type]?.replacing ?? common[packageName] ?? [];
  return rules
    .map((rule): Rule => (typeof rule === "string" ? { path: rule } : rule))
    .some(({ path: own, when = isChange }) => {
      const isAbout = own === changed || own.startsWith(`${changed}.`) || changed.startsWith(`${own}.`);
      return isAbout && when(at(before, own), at(after, own));
    });
}

function isChange(before: Value, after: Value): boolean {
  return !isDeepStrictEqual(before, after);
}

function at(value: Value, path: string): Value {
  return path.split(".").reduce<Value>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

/** The number of a version such as REDIS_7_2; one that nobody knows is no lower one. */
function redisVersion(value: Value): number {
  const [, major, minor] = /^REDIS_(\d+)_(\d+)$/.exec(typeof value === "string" ? value : "") ?? [];
  return Number(`${major ?? "?"}.${minor ?? "?"}`);
}

/** Where a secret is kept; the keys that it is encrypted with may change. */
function replicas(replication: Value): unknown {
  if (!isObject(replication)) return undefined;
  const { auto, userManaged } = replication as { auto?: Value; userManaged?: { replicas?: { location?: string }[] } };
  return [auto !== undefined, userManaged?.replicas?.map(({ location }) => location)];
}

/** The paths that a type's rules are about. */
export function replacingProperties(type: string): string[] {
  return (schemas[type]?.replacing ?? []).map((rule) => (typeof rule === "string" ? rule : rule.path));
}
