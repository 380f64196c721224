import { checkedArgs, describe, throwIfAny } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { checkBucket, checkLifecycle } from "./bucketChecks.ts";
import { createBucket } from "./parts.ts";
import {
  checkLock,
  checkRetention,
  LockMode,
  type ObjectLockArgs,
  type RetentionArgs,
  retentionDays,
} from "./retention.ts";

export interface AuditBucketArgs {
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
  /** How long each object is kept at least. */
  retention: RetentionArgs;
  /**
   * Lock that keeps each object for the retention.
   * @default none: who may delete objects may do so at any time
   */
  lock?: ObjectLockArgs;
  /**
   * Days after which objects expire.
   * @default the retention
   */
  expireAfterDays?: number;
  /**
   * Days for which a version that was overwritten or deleted stays.
   * @default the retention
   */
  keepOldVersionsDays?: number;
  /**
   * Days after which objects move to Glacier Instant Retrieval. Objects below 128 KiB do not move.
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
 * A bucket for audit logs: versioned, encrypted with your key, closed to the public and to requests without TLS, with a
 * retention and, by option, an object lock.
 *
 * Cost: about $0.023 a GB and month in us-east-1, and $1 a month for the key. Old versions and locked objects cost the
 * same until they expire.
 *
 * @example
 * ```ts
 * new AuditBucket("shop-audit", {
 *   region: "us-east-1",
 *   kmsKeyArn: key.arn,
 *   retention: { years: 7 },
 *   lock: { mode: LockMode.Governance },
 * });
 * ```
 */
export class AuditBucket extends pulumi.ComponentResource {
  /** Name of the bucket, known once nobody but its users can reach it. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket, as a WorkloadRole takes it. */
  public readonly arn: pulumi.Output<string>;

  /** @throws InputError for what S3 refuses, a lifecycle that ends before the retention, and a lock nobody confirmed. */
  constructor(name: string, args: AuditBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AuditBucketArgs", `${name} (AuditBucket)`, args);
    super("gatehouse:aws:AuditBucket", name, {}, opts);
    const subject = describe(name, this);
    const { retention, lock, expireAfterDays, keepOldVersionsDays, archiveAfterDays } = args;
    const days = retentionDays(retention);
    throwIfAny([
      ...checkBucket(subject, args),
      ...checkRetention(`${subject}.retention`, retention),
      ...checkLock(`${subject}.lock`, lock, args.existingBucket),
      ...checkLifecycle(subject, { expireAfterDays, keepOldVersionsDays, archiveAfterDays }, days),
    ]);

    const lifecycle = {
      expireAfterDays: expireAfterDays ?? days,
      keepOldVersionsDays: keepOldVersionsDays ?? days,
      archiveAfterDays,
    };
    const locked = lock && { mode: lock.mode ?? LockMode.Governance, days };
    const parts = createBucket(this, name, { ...args, lifecycle, lock: locked }, opts);
    this.bucketName = parts.bucketName;
    this.arn = parts.arn;
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn });
  }
}
