import { checkedArgs, describe, type Problem, throwIfAny } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import type { Surroundings } from "../partition/surroundings.ts";
import type { PolicyStatement } from "../policy/policyDocument.ts";
import { checkBucket, checkLifecycle } from "./bucketChecks.ts";
import { isLogPrefix, logDelivery } from "./bucketPolicy.ts";
import { createBucket } from "./parts.ts";

export interface LogBucketArgs {
  /** Region of the bucket, which must be the load balancer's: `us-east-1`. */
  region: string;
  /**
   * Name of the bucket, unique among all accounts.
   * @default the component's name
   */
  bucketName?: string;
  /**
   * Prefix of the logs, without slashes at its ends.
   * @default none
   */
  prefix?: string;
  /**
   * Days after which logs expire.
   * @default 90
   */
  expireAfterDays?: number;
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

/** Where a load balancer writes its access logs: `accessLogs` of a LoadBalancer. */
export interface LogPlace {
  /** Name of the bucket, known once load balancers may write to it. */
  bucket: pulumi.Output<string>;
  /** Prefix of the logs. */
  prefix?: string;
}

/**
 * A bucket for the access logs of load balancers. It is encrypted by S3, because Elastic Load Balancing cannot write to
 * a bucket with a key of KMS. Its policy lets load balancers of this account write, and nobody else.
 *
 * Cost: about $0.023 a GB and month in us-east-1.
 *
 * @example
 * ```ts
 * const logs = new LogBucket("shop-logs", { region: "us-east-1" });
 * new LoadBalancer("shop", { ...loadBalancer, accessLogs: logs.accessLogs });
 * ```
 */
export class LogBucket extends pulumi.ComponentResource {
  /** Name of the bucket, known once load balancers may write to it. */
  public readonly bucketName: pulumi.Output<string>;
  /** ARN of the bucket. */
  public readonly arn: pulumi.Output<string>;
  /** What a LoadBalancer takes as `accessLogs`. */
  public readonly accessLogs: LogPlace;

  /** @throws InputError for what S3 or Elastic Load Balancing refuses. */
  constructor(name: string, args: LogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "LogBucketArgs", `${name} (LogBucket)`, args);
    super("gatehouse:aws:LogBucket", name, {}, opts);
    const subject = describe(name, this);
    const { region, prefix, expireAfterDays = 90 } = args;
    throwIfAny([
      ...checkBucket(subject, args),
      ...checkPrefix(`${subject}.prefix`, prefix),
      ...checkLifecycle(subject, { expireAfterDays }),
    ]);

    const lifecycle = { expireAfterDays, keepOldVersionsDays: 7 };
    const statements = (arn: pulumi.Output<string>, around: Surroundings): PolicyStatement[] =>
      logDelivery(arn, region, prefix, around);
    const parts = createBucket(this, name, { ...args, lifecycle, statements }, opts);
    this.bucketName = parts.bucketName;
    this.arn = parts.arn;
    this.accessLogs = { bucket: this.bucketName, prefix };
    this.registerOutputs({ bucketName: this.bucketName, arn: this.arn, accessLogs: this.accessLogs });
  }
}

function checkPrefix(subject: string, prefix: string | undefined): Problem[] {
  if (prefix === undefined || isLogPrefix(prefix)) return [];
  return [
    {
      subject,
      message: "Elastic Load Balancing refuses the prefix",
      value: prefix,
      expected: "a text without a slash at its ends and without AWSLogs",
    },
  ];
}
