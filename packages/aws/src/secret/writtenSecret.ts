import { childOptions, knownAfter } from "@gatehouse/core";
import * as secretsmanager from "@pulumi/aws/secretsmanager/index.js";
import * as pulumi from "@pulumi/pulumi";

/** The value of a secret. */
export interface WrittenValue {
  text: pulumi.Input<string>;
  /** Number that moves with the value: a write-only value is written when it does. */
  version: pulumi.Input<number>;
}

/** A secret that has its value. */
export interface WrittenSecret {
  /** Name, known once the value is written. */
  secretName: pulumi.Output<string>;
  /** ARN, known once the value is written. */
  arn: pulumi.Output<string>;
}

/**
 * Makes a secret and writes its value. The provider never reads it back. The state has it encrypted.
 *
 * @param parent The component, whose options are `opts`.
 */
export function writeSecret(
  parent: pulumi.Resource,
  name: string,
  args: secretsmanager.SecretArgs,
  { text, version }: WrittenValue,
  opts: pulumi.ComponentResourceOptions | undefined,
): WrittenSecret {
  const secret = new secretsmanager.Secret(name, args, childOptions(parent, opts));
  const { versionId } = new secretsmanager.SecretVersion(
    name,
    {
      region: args.region,
      secretId: secret.id,
      secretStringWo: pulumi.secret(text),
      secretStringWoVersion: version,
    },
    childOptions(parent, opts),
  );
  return { secretName: knownAfter(secret.name, [versionId]), arn: knownAfter(secret.arn, [versionId]) };
}
