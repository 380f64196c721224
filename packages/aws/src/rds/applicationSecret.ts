import { shortHash } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { writeSecret } from "../secret/writtenSecret.ts";

/** Members of the secret, which a client reads by their names. */
export interface ApplicationSecretValues {
  username: string;
  host: pulumi.Input<string>;
  port: number;
  dbname: string;
}

export interface ApplicationSecretArgs {
  region: string;
  /** Name of the secret. A deleted secret's name stays taken for up to 30 days, so it needs a suffix. */
  secretName: pulumi.Input<string>;
  kmsKeyArn: pulumi.Input<string>;
  values: ApplicationSecretValues;
  passwordVersion: number;
}

/**
 * The secret with the application user's password and the address of the database. The provider writes the value and
 * never reads it back. The state has it encrypted.
 *
 * @param parent The component, whose options are `opts`.
 * @returns ARN of the secret. It is known once the secret has its value.
 */
export function createApplicationSecret(
  parent: pulumi.Resource,
  name: string,
  { region, secretName, kmsKeyArn, values, passwordVersion }: ApplicationSecretArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.Output<string> {
  const password = new RandomPassword(
    `${name}-user`,
    // Letters and digits need no escaping in a URL, and RDS refuses / " @ and spaces.
    { length: 32, special: false, keepers: { version: String(passwordVersion) } },
    { parent },
  ).result;
  return writeSecret(
    parent,
    `${name}-user`,
    {
      region,
      name: secretName,
      description: `Password of the user ${values.username}`,
      kmsKeyId: kmsKeyArn,
      recoveryWindowInDays: 30,
    },
    {
      text: pulumi.jsonStringify({ ...values, password }),
      version: pulumi.jsonStringify({ ...values, passwordVersion }).apply(contentNumber),
    },
    opts,
  ).arn;
}

/** A number that moves with the content. The password itself is not in it. */
function contentNumber(content: string): number {
  return Number.parseInt(shortHash(content, 7), 16);
}
