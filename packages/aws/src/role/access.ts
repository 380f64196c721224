import type { Problem } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { serviceHosts } from "../partition/region.ts";
import type { Surroundings } from "../partition/surroundings.ts";
import type { PolicyStatement } from "../policy/policyDocument.ts";
import { type AssumedRoleArgs, assumeStatements, checkAssumed } from "./assume.ts";

/** Objects of a bucket below a prefix. */
export interface BucketAccessArgs {
  /** ARN of the bucket: `arn` of an AuditBucket or BackupBucket. */
  bucketArn: pulumi.Input<string>;
  /** Prefix of the objects, with a slash at its end: `orders/`. Empty with `wholeBucket`. */
  prefix: string;
  /**
   * Whether every object of the bucket is meant, also those of other programs. Leave `prefix` empty then.
   * @default false
   */
  wholeBucket?: boolean;
  /**
   * ARN of the key that the bucket encrypts with.
   * @default none: the bucket encrypts with SSE-S3
   */
  kmsKeyArn?: pulumi.Input<string>;
}

/** A secret of Secrets Manager. */
export interface SecretAccessArgs {
  /** ARN of the secret. */
  secretArn: pulumi.Input<string>;
  /**
   * ARN of the key that the secret is encrypted with.
   * @default none: the account's key for Secrets Manager
   */
  kmsKeyArn?: pulumi.Input<string>;
}

/** What a role may do. Nothing else is allowed. */
export interface RoleAccessArgs {
  /**
   * Objects that may be read and listed.
   * @default none
   */
  reads?: BucketAccessArgs[];
  /**
   * Objects that may be written, without being read or deleted.
   * @default none
   */
  writes?: BucketAccessArgs[];
  /**
   * Objects that may be deleted.
   * @default none
   */
  deletes?: BucketAccessArgs[];
  /**
   * Secrets that may be read.
   * @default none
   */
  secrets?: SecretAccessArgs[];
  /**
   * Roles that may be assumed, with session tags.
   * @default none
   */
  assumes?: AssumedRoleArgs[];
}

type Arn = pulumi.Input<string>;

/** The statements of a role's policy: one for each kind of action, each on exactly what is declared. */
export function accessStatements(
  access: RoleAccessArgs,
  region: string,
  around: Pick<Surroundings, "account" | "partition">,
): PolicyStatement[] {
  const { reads = [], writes = [], deletes = [], secrets = [], assumes = [] } = access;
  const objects = (list: BucketAccessArgs[]): Arn[] =>
    list.map(({ bucketArn, prefix }) => pulumi.interpolate`${bucketArn}/${prefix}*`);
  const keys = (list: { kmsKeyArn?: Arn }[]): Arn[] => [
    ...new Set(list.flatMap(({ kmsKeyArn }) => (kmsKeyArn === undefined ? [] : [kmsKeyArn]))),
  ];
  const allow = (Sid: string, Action: string[], Resource: Arn[]): PolicyStatement[] =>
    Resource.length === 0 ? [] : [{ Sid, Effect: "Allow", Action, Resource }];
  const through = (service: string, statements: PolicyStatement[]): PolicyStatement[] =>
    statements.map((statement) => ({
      ...statement,
      Condition: { StringEquals: { "kms:ViaService": serviceHosts(service, region) } },
    }));
  return [
    ...allow("ReadObjects", ["s3:GetObject"], objects(reads)),
    ...reads.map(({ bucketArn, prefix }, index) => ({
      Sid: `ListObjects${index + 1}`,
      Effect: "Allow" as const,
      Action: ["s3:ListBucket"],
      Resource: [bucketArn],
      Condition: { StringLike: { "s3:prefix": [`${prefix}*`] } },
    })),
    ...allow(
      "WriteObjects",
      ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
      objects(writes),
    ),
    ...allow("DeleteObjects", ["s3:DeleteObject"], objects(deletes)),
    ...allow(
      "ReadSecrets",
      ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
      secrets.map(({ secretArn }) => secretArn),
    ),
    // A part of an upload is decrypted when the parts are joined, so writing needs both.
    ...through("s3", allow("EncryptObjects", ["kms:Decrypt", "kms:GenerateDataKey"], keys(writes))),
    ...through("s3", allow("DecryptObjects", ["kms:Decrypt"], keys(reads))),
    ...through("secretsmanager", allow("DecryptSecrets", ["kms:Decrypt"], keys(secrets))),
    ...assumeStatements(assumes, around),
  ];
}

/** Checks that each prefix and each name of a role is one, and that the role may do something. */
export function checkAccess(subject: string, access: RoleAccessArgs): Problem[] {
  const { reads = [], writes = [], deletes = [], secrets = [], assumes = [] } = access;
  if (reads.length + writes.length + deletes.length + secrets.length + assumes.length === 0)
    return [
      {
        subject,
        message: "the role may do nothing",
        expected: "at least one of reads, writes, deletes, secrets and assumes",
      },
    ];
  const prefixes = Object.entries({ reads, writes, deletes }).flatMap(([option, list]) =>
    list.flatMap(({ prefix, wholeBucket = false }, index) =>
      (wholeBucket ? prefix === "" : /^[^*?/][^*?]*\/$/.test(prefix))
        ? []
        : [
            {
              subject: `${subject}.${option}[${index}].prefix`,
              message: wholeBucket
                ? "a prefix is given, and the whole bucket is meant"
                : prefix === ""
                  ? "an empty prefix is the whole bucket"
                  : "not a prefix",
              value: `"${prefix}"`,
              expected: wholeBucket
                ? "an empty prefix with wholeBucket"
                : "a path that ends with a slash and has no wildcard: orders/",
              fix: wholeBucket ? "remove wholeBucket, which would allow more than the prefix" : undefined,
            },
          ],
    ),
  );
  return [...prefixes, ...checkAssumed(`${subject}.assumes`, assumes)];
}
