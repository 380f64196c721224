import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { getPartitionOutput } from "@pulumi/aws/getPartition.js";
import * as pulumi from "@pulumi/pulumi";

/** Account and partition of a component's provider. */
export interface Surroundings {
  /** Number of the account: `123456789012`. */
  account: pulumi.Output<string>;
  /** Partition: `aws`, `aws-cn` for China, `aws-us-gov` for GovCloud. It is the second part of every ARN. */
  partition: pulumi.Output<string>;
  /** ARN of the account's root, which as a principal means the account's IAM policies. */
  root: pulumi.Output<string>;
}

/**
 * Looks up the account and the partition.
 *
 * @param parent The component, whose provider answers.
 */
export function surroundings(parent: pulumi.Resource): Surroundings {
  const { accountId: account } = getCallerIdentityOutput({}, { parent });
  const { partition } = getPartitionOutput({}, { parent });
  return { account, partition, root: pulumi.interpolate`arn:${partition}:iam::${account}:root` };
}
