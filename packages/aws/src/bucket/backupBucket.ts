import { checkedArgs, describe, throwIfAny } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { checkBucket, checkLifecycle } from "./bucketChecks.ts";
import { createBucket } from "./parts.ts";

export interface BackupBucketArgs {
  /** Region of the bucket: `us-east-1`. */
  region: string;
  /**
   * Name of the bucket, unique among all accounts.
   * @default the component's name
   */
  bucketName?: string;
  /**
   * Name of a bucket that is there already. The component then makes its parts only.
   * @default none: the bucket is made
   */
  existingBucket?: string;
  /** ARN of the key that objects are encrypted with, in the bucket's region. */
  kmsKeyArn: pulumi.Input<string>;
  /**
   * Days after which backups expire. `BackupCronJob` deletes old ones itself, so it needs none.
   * @default none: they do not expire
   */
  expireAfterDays?: number;
  /**
   * Days for which a backup that was overwritten or deleted can still be restored.
   * @default 30
   */
  keepOldVersionsDays?: number;
  /**
   * Days after which backups move to Glacier Instant Retrieval.
   * @default none: they stay in S3 Standard
   */
  archiveAfterDays?: number;
  /**
   * Whether Pulumi refuses to delete the bucket.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Tags of the bucket.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}

/**
 * A bucket for backups: versioned, so that a backup that was deleted by mistake can be restored, encrypted with your
 * key, and closed to the public and to requests without TLS.
 *
 * Cost: about $0.023 a GB and month in us-east-1, and $1 a month for the key. Old versions cost the same.
 *
 * @example
 * ```ts
 * const backups = new BackupBucket("shop-backups", { region: "us-east-1", kmsKeyArn: key.arn });
 * ```
 */
export class BackupBucket extends pulumi.ComponentResource {
  /** Name of the bucket, known once nobody but its users can reach it. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket, as a WorkloadRole takes it. */
  public readonly arn: pulumi.Output<string>;

  /** @throws InputError for what S3 refuses. */
  constructor(name: string, args: BackupBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "BackupBucketArgs", `${name} (BackupBucket)`, args);
    super("gatehouse:aws:BackupBucket", name, {}, opts);
    const subject = describe(name, this);
    const { expireAfterDays, keepOldVersionsDays = 30, archiveAfterDays } = args;
    throwIfAny([
      ...checkBucket(subject, args),
      ...checkLifecycle(subject, { expireAfterDays, keepOldVersionsDays, archiveAfterDays }),
    ]);

    const lifecycle = { expireAfterDays, keepOldVersionsDays, archiveAfterDays };
    const parts = createBucket(this, name, { ...args, lifecycle }, opts);
    this.bucketName = parts.bucketName;
    this.arn = parts.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }
}
