import { InputError } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";

/** Characters that IAM allows, without white space. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const roleLimits = { trust: 2048, inline: 10_240 };

/**
 * Refuses a policy that is longer than IAM takes, once it is known.
 *
 * @param noun How the message calls the policy.
 * @param fix How to make it shorter.
 */
export function within(
  subject: string,
  noun: string,
  limit: number,
  policy: pulumi.Output<string>,
  fix: string,
): pulumi.Output<string> {
  return policy.apply((text) => {
    if (text.length <= limit) return text;
    throw new InputError({
      subject,
      message: `the ${noun} is longer than IAM allows`,
      value: `${text.length} characters`,
      expected: `at most ${limit}`,
      fix,
    });
  });
}
