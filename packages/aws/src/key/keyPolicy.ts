import * as pulumi from "@pulumi/pulumi";
import { serviceHosts } from "../partition/region.ts";
import type { Surroundings } from "../partition/surroundings.ts";
import type { PolicyStatement } from "../policy/policyDocument.ts";

/** Services that use a key. */
export const KeyUser = {
  /** Databases of RDS, their backups and Performance Insights. */
  Rds: "rds",
  /** Objects in buckets. */
  S3: "s3",
  /** Secrets of Secrets Manager. */
  SecretsManager: "secretsmanager",
  /** File systems of EFS. */
  Efs: "elasticfilesystem",
  /** Volumes and snapshots of EC2. */
  Ebs: "ec2",
  /** Messages that principals of the account publish to SNS topics. */
  Sns: "sns",
  /** Messages of SQS queues. */
  Sqs: "sqs",
  /** CloudWatch alarms, which publish to an encrypted SNS topic. */
  CloudWatchAlarms: "cloudwatch",
  /** Events of RDS, such as a failover, which RDS publishes to an encrypted SNS topic. */
  RdsEvents: "events.rds",
  /** Log groups of CloudWatch Logs. */
  CloudWatchLogs: "logs",
} as const;
export type KeyUser = (typeof KeyUser)[keyof typeof KeyUser];

/** What the account's administrators may do with a key: everything except using it or granting its use. */
const administration = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:DescribeKey",
  "kms:DisableKey",
  "kms:DisableKeyRotation",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "kms:ListAliases",
  "kms:ListGrants",
  "kms:ListKeyPolicies",
  "kms:ListKeyRotations",
  "kms:ListResourceTags",
  "kms:PutKeyPolicy",
  "kms:ReplicateKey",
  "kms:RetireGrant",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
  "kms:UpdatePrimaryRegion",
];

const use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

/** Services that use a key in their own name, not in that of a principal of the account. */
const inOwnName: KeyUser[] = [KeyUser.CloudWatchAlarms, KeyUser.RdsEvents, KeyUser.CloudWatchLogs];

/**
 * The statements of a key's policy.
 *
 * The account's root keeps the administration, so IAM policies decide who administers the key and nobody is locked out.
 * Use is allowed through the services only: a principal needs an IAM policy that allows it, and cannot decrypt by
 * calling KMS directly. No statement names a role, which might not exist yet.
 */
export function keyStatements(users: KeyUser[], region: string, account: Surroundings): PolicyStatement[] {
  const through = users.filter((user) => !inOwnName.includes(user));
  return [
    {
      Sid: "AccountAdministersKey",
      Effect: "Allow",
      Principal: { AWS: account.root },
      Action: administration,
      Resource: "*",
    },
    ...(through.length > 0 ? useThrough(through, region, account) : []),
    ...(users.includes(KeyUser.CloudWatchAlarms) ? [alarms(account)] : []),
    ...(users.includes(KeyUser.RdsEvents) ? [rdsEvents] : []),
    ...(users.includes(KeyUser.CloudWatchLogs) ? [logGroups(region, account)] : []),
  ];
}

function useThrough(users: KeyUser[], region: string, { root, account }: Surroundings): PolicyStatement[] {
  const caller = {
    "kms:CallerAccount": account,
    "kms:ViaService": users.flatMap((user) => serviceHosts(user, region)),
  };
  return [
    {
      Sid: "AccountUsesKeyThroughServices",
      Effect: "Allow",
      Principal: { AWS: root },
      Action: use,
      Resource: "*",
      Condition: { StringEquals: caller },
    },
    {
      Sid: "ServicesHoldGrants",
      Effect: "Allow",
      Principal: { AWS: root },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { StringEquals: caller, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

// https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
function alarms({ account }: Surroundings): PolicyStatement {
  return {
    Sid: "AlarmsPublishToEncryptedTopics",
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
    Resource: "*",
    Condition: { StringEquals: { "aws:SourceAccount": account } },
  };
}

// Source: as above. RDS is not said to hand the account on to KMS; the policy of the topic asks for it.
const rdsEvents: PolicyStatement = {
  Sid: "RdsEventsPublishToEncryptedTopics",
  Effect: "Allow",
  Principal: { Service: "events.rds.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
};

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
function logGroups(region: string, { partition, account }: Surroundings): PolicyStatement {
  return {
    Sid: "LogGroupsAreEncrypted",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: use,
    Resource: "*",
    Condition: {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${account}:*`,
      },
    },
  };
}
