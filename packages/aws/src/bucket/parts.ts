import { childOptions, describe, knownAfter, ownName, protection } from "@gatehouse/core";
import * as s3 from "@pulumi/aws/s3/index.js";
import * as pulumi from "@pulumi/pulumi";
import { ArnKinds, checkedArn } from "../partition/arn.ts";
import { type Surroundings, surroundings } from "../partition/surroundings.ts";
import { policyDocument, type PolicyStatement } from "../policy/policyDocument.ts";
import { encryptedTransport } from "./bucketPolicy.ts";
import { type Lifecycle, lifecycleRules } from "./lifecycle.ts";
import type { LockMode } from "./retention.ts";

/** What the parts of a bucket are made from. */
export interface BucketSettings {
  region: string;
  /** Name of a new bucket; by default the component's. */
  bucketName?: string;
  /** Name of a bucket that is there, so that only its parts are made. */
  existingBucket?: string;
  /** Key for the objects; without one, S3 encrypts with its own. */
  kmsKeyArn?: pulumi.Input<string>;
  lifecycle: Lifecycle;
  /** Retention of each object. */
  lock?: { mode: LockMode; days: number };
  /** Statements of the policy, beside those that refuse unencrypted requests. */
  statements?: (arn: pulumi.Output<string>, around: Surroundings) => PolicyStatement[];
  /** Whether Pulumi refuses to delete a new bucket; by default it does. */
  deletionProtection?: boolean;
  tags?: Record<string, pulumi.Input<string>>;
}

/** A bucket whose parts are in place. */
export interface BucketParts {
  /** Name, known once the policy is there. */
  bucketName: pulumi.Output<string>;
  arn: pulumi.Output<string>;
}

/**
 * Makes a bucket and its parts in a chain: S3 refuses some of them while another is being changed ("conflicting
 * conditional operation"). https://github.com/hashicorp/terraform-provider-aws/issues/33552
 */
export function createBucket(
  parent: pulumi.Resource,
  name: string,
  settings: BucketSettings,
  opts: pulumi.ComponentResourceOptions | undefined,
): BucketParts {
  const { region, existingBucket, lifecycle, lock } = settings;
  const kmsKeyArn = checkedArn(`${describe(name, parent)}.kmsKeyArn`, ArnKinds.KmsKey, settings.kmsKeyArn, region);
  const around = surroundings(parent);
  const created = existingBucket === undefined ? newBucket(parent, name, settings, opts) : undefined;
  const bucket = created?.bucket ?? pulumi.output(existingBucket ?? "");
  const arn = pulumi.interpolate`arn:${around.partition}:s3:::${bucket}`;
  let last: pulumi.Resource | undefined = created;
  const after = (): pulumi.CustomResourceOptions => childOptions(parent, opts, last ? { dependsOn: last } : {});

  last = new s3.BucketOwnershipControls(
    `${name}-ownership`,
    { region, bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    after(),
  );
  last = new s3.BucketPublicAccessBlock(
    `${name}-public-access`,
    {
      region,
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    after(),
  );
  last = new s3.BucketVersioning(
    `${name}-versioning`,
    { region, bucket, versioningConfiguration: { status: "Enabled" } },
    after(),
  );
  const encryption =
    kmsKeyArn === undefined
      ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
      : {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKeyArn },
          // One key of the bucket's in place of a request to KMS for each object.
          bucketKeyEnabled: true,
        };
  last = new s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    { region, bucket, rules: [encryption] },
    after(),
  );
  if (lock)
    last = new s3.BucketObjectLockConfiguration(
      `${name}-lock`,
      { region, bucket, rule: { defaultRetention: { mode: lock.mode, days: lock.days } } },
      after(),
    );
  last = new s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    {
      region,
      bucket,
      // S3's own default since 2024, which older configurations do not have.
      transitionDefaultMinimumObjectSize: "all_storage_classes_128K",
      rules: lifecycleRules(lifecycle),
    },
    after(),
  );
  const policy = new s3.BucketPolicy(
    `${name}-policy`,
    {
      region,
      bucket,
      policy: policyDocument([...encryptedTransport(arn), ...(settings.statements?.(arn, around) ?? [])]),
    },
    after(),
  );
  return { bucketName: knownAfter(bucket, [policy.id]), arn };
}

function newBucket(
  parent: pulumi.Resource,
  name: string,
  { region, bucketName, lock, deletionProtection = true, tags }: BucketSettings,
  opts: pulumi.ComponentResourceOptions | undefined,
): s3.Bucket {
  const bucket = ownName("aws:S3Bucket", `${describe(name, parent)}.bucketName`, bucketName, name);
  return new s3.Bucket(
    name,
    { region, bucket, objectLockEnabled: lock !== undefined, forceDestroy: false, tags },
    childOptions(parent, opts, protection(deletionProtection)),
  );
}
