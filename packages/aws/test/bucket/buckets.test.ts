import {
  AuditBucket,
  type AuditBucketArgs,
  BackupBucket,
  type BackupBucketArgs,
  complianceAcknowledgement,
  LockMode,
  LogBucket,
  type LogBucketArgs,
} from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { account, policyOf, record, refusal, region, type Recording } from "../support/record.ts";

const kmsKeyArn = `arn:aws:kms:${region}:${account}:key/orders`;

const audit =
  (args: Partial<AuditBucketArgs> = {}) =>
  () =>
    new AuditBucket("shop-audit", { region, kmsKeyArn, retention: { years: 7 }, ...args });
const backups =
  (args: Partial<BackupBucketArgs> = {}) =>
  () =>
    new BackupBucket("shop-backups", { region, kmsKeyArn, ...args });
const logs =
  (args: Partial<LogBucketArgs> = {}) =>
  () =>
    new LogBucket("shop-logs", { region, ...args });

const rulesOf = (recording: Recording, name: string) =>
  recording.resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", `${name}-lifecycle`).inputs
    .rules;
const refusesPlainRequests = (arn: string) => [
  {
    Sid: "RefuseUnencryptedRequests",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  },
  {
    Sid: "RefuseOldTls",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [arn, `${arn}/*`],
    Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
  },
];
const uploads = {
  id: "incomplete-uploads",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

describe("a bucket for audit logs", () => {
  test("its parts, each after the one before", async () => {
    const recording = await record(audit({ lock: {} }));
    const parts = [
      ["aws:s3/bucketOwnershipControls:BucketOwnershipControls", "ownership", "shop-audit"],
      ["aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "public-access", "shop-audit-ownership"],
      ["aws:s3/bucketVersioning:BucketVersioning", "versioning", "shop-audit-public-access"],
      [
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "encryption",
        "shop-audit-versioning",
      ],
      ["aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "lock", "shop-audit-encryption"],
      ["aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "lifecycle", "shop-audit-lock"],
      ["aws:s3/bucketPolicy:BucketPolicy", "policy", "shop-audit-lifecycle"],
    ] as const;
    for (const [type, part, before] of parts)
      expect(recording.resource(type, `shop-audit-${part}`).dependencies).toContain(before);
    expect(recording.family()).toHaveLength(2 + parts.length);
  });

  test("is closed, versioned, encrypted with the key, and protected", async () => {
    const recording = await record(audit());
    const bucket = recording.resource("aws:s3/bucket:Bucket", "shop-audit");
    expect(bucket.inputs).toEqual({ region, bucket: "shop-audit", objectLockEnabled: false, forceDestroy: false });
    expect(bucket.protect).toBe(true);
    const inputs = (type: string, part: string) => {
      const { bucket, region: where, ...rest } = recording.resource(`aws:s3/${type}`, `shop-audit-${part}`).inputs;
      expect([bucket, where]).toEqual(["shop-audit", region]);
      return rest;
    };
    expect(inputs("bucketOwnershipControls:BucketOwnershipControls", "ownership")).toEqual({
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    expect(inputs("bucketPublicAccessBlock:BucketPublicAccessBlock", "public-access")).toEqual({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputs("bucketVersioning:BucketVersioning", "versioning")).toEqual({
      versioningConfiguration: { status: "Enabled" },
    });
    expect(
      inputs("bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption"),
    ).toEqual({
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
          bucketKeyEnabled: true,
        },
      ],
    });
    expect(policyOf(recording.resource("aws:s3/bucketPolicy:BucketPolicy", "shop-audit-policy"))).toEqual({
      Version: "2012-10-17",
      Statement: refusesPlainRequests("arn:aws:s3:::shop-audit"),
    });
  });

  test("objects and their old versions are kept for the retention", async () => {
    const recording = await record(audit());
    expect(rulesOf(recording, "shop-audit")).toEqual([
      uploads,
      {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 2555 },
      },
      { id: "expiry", status: "Enabled", filter: { prefix: "" }, expiration: { days: 2555 } },
    ]);
  });

  test("a lock is part of the bucket from the first, with the retention", async () => {
    const recording = await record(
      audit({
        retention: { days: 400 },
        archiveAfterDays: 30,
        lock: { mode: LockMode.Compliance, nobodyCanDeleteBeforeRetentionEnds: complianceAcknowledgement },
      }),
    );
    expect(recording.resource("aws:s3/bucket:Bucket", "shop-audit").inputs).toMatchObject({ objectLockEnabled: true });
    expect(
      recording.resource("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "shop-audit-lock")
        .inputs,
    ).toEqual({
      region,
      bucket: "shop-audit",
      rule: { defaultRetention: { mode: "COMPLIANCE", days: 400 } },
    });
    expect(rulesOf(recording, "shop-audit")).toContainEqual({
      id: "archive",
      status: "Enabled",
      filter: { prefix: "" },
      transitions: [{ days: 30, storageClass: "GLACIER_IR" }],
    });
  });

  test("of a bucket that is there, only the parts are made", async () => {
    const recording = await record(audit({ existingBucket: "audit-of-before" }));
    expect(recording.names("aws:s3/bucket:Bucket")).toEqual([]);
    expect(
      recording.resource("aws:s3/bucketVersioning:BucketVersioning", "shop-audit-versioning").inputs,
    ).toMatchObject({ bucket: "audit-of-before" });
  });
});

test("backups that were deleted can be restored for 30 days, and do not expire", async () => {
  const recording = await record(backups());
  expect(rulesOf(recording, "shop-backups")).toEqual([
    uploads,
    {
      id: "old-versions",
      status: "Enabled",
      filter: { prefix: "" },
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      expiration: { expiredObjectDeleteMarker: true },
    },
  ]);
});

describe("a bucket for access logs", () => {
  test("is encrypted by S3, and load balancers of the account write below the prefix", async () => {
    const recording = await record(logs({ prefix: "shop" }));
    expect(
      recording.resource(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "shop-logs-encryption",
      ).inputs.rules,
    ).toEqual([{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
    const write = {
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::shop-logs/shop/AWSLogs/${account}/*`,
    };
    expect(policyOf(recording.resource("aws:s3/bucketPolicy:BucketPolicy", "shop-logs-policy"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        ...refusesPlainRequests("arn:aws:s3:::shop-logs"),
        {
          ...write,
          Sid: "LoadBalancersWriteLogs",
          Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        },
        {
          ...write,
          Sid: "LoadBalancersOfThisRegionWriteLogs",
          Principal: { AWS: "arn:aws:iam::156460612806:root" },
        },
      ],
    });
  });

  test("in a region after August 2022 the service writes in its own name only, and in China in China's partition", async () => {
    const statements = async (where: string, partition: string) => {
      const recording = await record(logs({ region: where }), { partition });
      return policyOf(recording.resource("aws:s3/bucketPolicy:BucketPolicy", "shop-logs-policy")) as {
        Statement: { Sid: string; Resource: unknown }[];
      };
    };
    const swiss = await statements("eu-central-2", "aws");
    expect(swiss.Statement.map(({ Sid }) => Sid)).toEqual([
      "RefuseUnencryptedRequests",
      "RefuseOldTls",
      "LoadBalancersWriteLogs",
    ]);
    expect(swiss.Statement.at(-1)?.Resource).toBe(`arn:aws:s3:::shop-logs/AWSLogs/${account}/*`);
    expect(JSON.stringify(await statements("cn-north-1", "aws-cn"))).not.toContain("arn:aws:");
  });

  test("a load balancer takes it once the policy is there", async () => {
    let bucket: LogBucket | undefined;
    await record(() => (bucket = logs({ prefix: "shop" })()));
    expect(bucket?.accessLogs.prefix).toBe("shop");
  });
});

test.each<[string, () => unknown, string]>([
  [
    "a lock of a bucket that is there",
    audit({ existingBucket: "audit-of-before", lock: {} }),
    `shop-audit (AuditBucket).lock: object lock is switched on when a bucket is made; to add it here, Pulumi would delete the bucket
  value:    audit-of-before
  expected: a new bucket, or no lock
  fix:      make a bucket with another name and copy the objects, or ask AWS Support to switch the lock on`,
  ],
  [
    "compliance that nobody confirmed",
    audit({ lock: { mode: LockMode.Compliance } }),
    `shop-audit (AuditBucket).lock.nobodyCanDeleteBeforeRetentionEnds: in compliance mode neither you nor AWS can delete an object before its retention ends
  value:    nothing
  expected: "nobody can delete these objects before their retention ends"
  fix:      set the option to complianceAcknowledgement, or use mode GOVERNANCE`,
  ],
  [
    "a confirmation of nothing",
    audit({ lock: { nobodyCanDeleteBeforeRetentionEnds: complianceAcknowledgement } }),
    `shop-audit (AuditBucket).lock.nobodyCanDeleteBeforeRetentionEnds: in mode GOVERNANCE it has no effect
  expected: none, or mode COMPLIANCE`,
  ],
  [
    "a lifecycle that is shorter than the retention",
    audit({ expireAfterDays: 2554 }),
    `shop-audit (AuditBucket).expireAfterDays: objects would expire before their retention ends
  value:    2554 days, retention 2555 days
  expected: 2555 or more`,
  ],
  [
    "an archive after the end",
    backups({ expireAfterDays: 30, archiveAfterDays: 30 }),
    `shop-backups (BackupBucket).archiveAfterDays: objects would expire before they are archived
  value:    30 days, expiry after 30
  expected: less than 30`,
  ],
  [
    "no retention",
    audit({ retention: {} }),
    `shop-audit (AuditBucket).retention: a retention has either days or years
  value:    neither
  expected: one of the two`,
  ],
  [
    "days and years",
    audit({ retention: { days: 1, years: 1 } }),
    `shop-audit (AuditBucket).retention: a retention has either days or years
  value:    days 1, years 1
  expected: one of the two`,
  ],
  [
    "a bucket that is new and there already",
    backups({ bucketName: "one", existingBucket: "two" }),
    `shop-backups (BackupBucket).existingBucket: the bucket is either new or there already
  value:    bucketName one, existingBucket two
  expected: one of the two`,
  ],
  [
    "a key of another region",
    backups({ kmsKeyArn: `arn:aws:kms:us-east-1:${account}:key/orders` }),
    `shop-backups (BackupBucket).kmsKeyArn: a KMS key of another region cannot be used here
  value:    arn:aws:kms:us-east-1:${account}:key/orders
  expected: arn:<partition>:kms:${region}:<account>:key/<id>
  fix:      use one in ${region}`,
  ],
  [
    "a prefix with a slash",
    logs({ prefix: "shop/" }),
    `shop-logs (LogBucket).prefix: Elastic Load Balancing refuses the prefix
  value:    shop/
  expected: a text without a slash at its ends and without AWSLogs`,
  ],
])("%s is refused", async (_, program, expected) => {
  expect(await refusal(program)).toBe(expected);
});

test.each([
  ["bucketName", () => new BackupBucket("b", { region, kmsKeyArn, bucketName: "Shop_Backups" })],
  ["existingBucket", () => new BackupBucket("b", { region, kmsKeyArn, existingBucket: "Shop_Backups" })],
])("a name that S3 refuses as %s", async (option, program) => {
  expect(await refusal(program)).toMatch(new RegExp(`^b \\(BackupBucket\\)\\.${option}: `));
});

test.each([
  ["AuditBucket", audit],
  ["BackupBucket", backups],
])("a key of another region that is known late is refused by %s", async (_, make) => {
  const kmsKeyArn = pulumi.output(`arn:aws:kms:us-east-1:${account}:key/orders`);
  expect(await refusal(make({ kmsKeyArn }))).toContain(".kmsKeyArn: a KMS key of another region cannot be used here");
});
