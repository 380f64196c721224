import { EncryptionKey, type EncryptionKeyArgs, KeyUser } from "@gatehouse/aws";
import { describe, expect, test } from "vitest";
import { policyOf, record, refusal, region } from "../support/record.ts";

const make = (args: Partial<EncryptionKeyArgs>) => () =>
  new EncryptionKey("orders", { region, users: [KeyUser.Rds], ...args });

const key = async (args: Partial<EncryptionKeyArgs>, partition = "aws") =>
  (await record(make(args), { partition })).resource("aws:kms/key:Key", "orders");

const administration = {
  Sid: "AccountAdministersKey",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::123456789012:root" },
  Action: [
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
  ],
  Resource: "*",
};
const use = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

test("a key rotates, is protected, and waits 30 days before it is deleted", async () => {
  const recording = await record(make({}));
  expect(recording.family()).toEqual([
    "gatehouse:aws:EncryptionKey orders",
    "orders > aws:kms/alias:Alias orders-alias",
    "orders > aws:kms/key:Key orders",
  ]);
  const { inputs, protect } = recording.resource("aws:kms/key:Key", "orders");
  const { policy, ...rest } = inputs;
  expect(typeof policy).toBe("string");
  expect(rest).toEqual({
    region,
    description: "Encrypts rds",
    multiRegion: false,
    enableKeyRotation: true,
    rotationPeriodInDays: 365,
    deletionWindowInDays: 30,
  });
  expect(protect).toBe(true);
  expect(recording.resource("aws:kms/alias:Alias", "orders-alias").inputs).toEqual({
    region,
    name: "alias/orders",
    targetKeyId: "orders-key-id",
  });
});

describe("the policy", () => {
  test("of a key for services that act for their callers", async () => {
    expect(policyOf(await key({ users: [KeyUser.Rds, KeyUser.SecretsManager] }))).toEqual({
      Version: "2012-10-17",
      Statement: [
        administration,
        {
          Sid: "AccountUsesKeyThroughServices",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Action: use,
          Resource: "*",
          Condition: {
            StringEquals: {
              "kms:CallerAccount": "123456789012",
              "kms:ViaService": ["rds.eu-west-1.amazonaws.com", "secretsmanager.eu-west-1.amazonaws.com"],
            },
          },
        },
        {
          Sid: "ServicesHoldGrants",
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::123456789012:root" },
          Action: "kms:CreateGrant",
          Resource: "*",
          Condition: {
            StringEquals: {
              "kms:CallerAccount": "123456789012",
              "kms:ViaService": ["rds.eu-west-1.amazonaws.com", "secretsmanager.eu-west-1.amazonaws.com"],
            },
            Bool: { "kms:GrantIsForAWSResource": "true" },
          },
        },
      ],
    });
  });

  test("of a key for services that act in their own name", async () => {
    expect(
      policyOf(await key({ users: [KeyUser.CloudWatchAlarms, KeyUser.RdsEvents, KeyUser.CloudWatchLogs] })),
    ).toEqual({
      Version: "2012-10-17",
      Statement: [
        administration,
        {
          Sid: "AlarmsPublishToEncryptedTopics",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
        {
          Sid: "RdsEventsPublishToEncryptedTopics",
          Effect: "Allow",
          Principal: { Service: "events.rds.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
        },
        {
          Sid: "LogGroupsAreEncrypted",
          Effect: "Allow",
          Principal: { Service: "logs.eu-west-1.amazonaws.com" },
          Action: use,
          Resource: "*",
          Condition: {
            ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:*" },
          },
        },
      ],
    });
  });

  test("has the partition's ARNs and the services' names everywhere", async () => {
    const users = Object.values(KeyUser);
    const policy = JSON.stringify(policyOf(await key({ region: "cn-north-1", users }, "aws-cn")));
    expect(policy).not.toContain("arn:aws:");
    expect(policy).toContain("arn:aws-cn:iam::123456789012:root");
    expect(policy).toContain('"Service":"cloudwatch.amazonaws.com"');
    expect(policy).toContain('"rds.cn-north-1.amazonaws.com","rds.cn-north-1.amazonaws.com.cn"');
  });
});

test("without deletion protection, Pulumi may delete the key", async () => {
  expect(await key({ deletionProtection: false })).toMatchObject({ protect: false });
});

describe("an argument that KMS refuses", () => {
  test.each<[Partial<EncryptionKeyArgs>, string]>([
    [
      { region: "eu-west-1a" },
      "orders (EncryptionKey).region: a zone is given as a region\n  value:    eu-west-1a\n  expected: the name of a region, such as us-east-1\n  fix:      use eu-west-1",
    ],
    [
      { region: "Ireland" },
      "orders (EncryptionKey).region: not a region\n  value:    Ireland\n  expected: the name of a region, such as us-east-1",
    ],
    [
      { users: [] },
      "orders (EncryptionKey).users: no service may use the key\n  value:    an empty list\n  expected: at least one service\n  fix:      name the services that use it: [KeyUser.Rds]",
    ],
    [
      { rotationDays: 30 },
      "orders (EncryptionKey).rotationDays: not a number of days between rotations\n  value:    30\n  expected: a whole number from 90 to 2560",
    ],
    [
      { deletionWindowDays: 31 },
      "orders (EncryptionKey).deletionWindowDays: not a deletion window in days\n  value:    31\n  expected: a whole number from 7 to 30",
    ],
    [
      { aliasName: "alias/aws/rds" },
      'orders (EncryptionKey).aliasName: the service refuses a name that begins with "alias/aws/"\n  value:    alias/aws/rds',
    ],
  ])("%o", async (args, message) => {
    expect(await refusal(make(args))).toBe(message);
  });
});
