import {
  checkCount,
  checkedArgs,
  childOptions,
  describe,
  ownName,
  type Problem,
  protection,
  throwIfAny,
} from "@gatehouse/core";
import * as kms from "@pulumi/aws/kms/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { checkRegion } from "../partition/region.ts";
import { surroundings } from "../partition/surroundings.ts";
import { policyDocument } from "../policy/policyDocument.ts";
import { keyStatements, type KeyUser } from "./keyPolicy.ts";

export interface EncryptionKeyArgs {
  /** Region of the key: `us-east-1`. */
  region: string;
  /** Services that use the key. */
  users: KeyUser[];
  /**
   * Name of the key, with `alias/`.
   * @default "alias/" and the component's name
   */
  aliasName?: string;
  /**
   * Description of the key in the console.
   * @default "Encrypts" and the users
   */
  description?: string;
  /**
   * Whether replicas of the key can be made in other regions. This is fixed when the key is made: a change replaces
   * the key, which deletion protection refuses.
   * @default false
   */
  multiRegion?: boolean;
  /**
   * Days between two rotations of the key material, 90 to 2560. Old material still decrypts.
   * @default 365
   */
  rotationDays?: number;
  /**
   * Days between the deletion of the key and the loss of everything that it encrypts, 7 to 30.
   * @default 30
   */
  deletionWindowDays?: number;
  /**
   * Whether Pulumi refuses to delete or replace the key. Without it, a change can make data unreadable for good.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Tags of the key.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}

/**
 * A key of KMS with yearly rotation. The account's administrators manage it by IAM policies; principals use it through
 * the services that you name, and only if their IAM policies allow it.
 *
 * Cost: $1 a month, and $0.03 for 10,000 requests. Each of the first two rotations adds $1 a month. Check the rates at
 * https://aws.amazon.com/kms/pricing.
 *
 * @example
 * ```ts
 * const key = new EncryptionKey("orders", { region: "us-east-1", users: [KeyUser.Rds, KeyUser.SecretsManager] });
 * new RdsPostgres("orders-db", { ...database, kmsKeyArn: key.arn });
 * ```
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** ARN of the key. */
  public readonly arn: pulumi.Output<string>;
  /** Id of the key. */
  public readonly keyId: pulumi.Output<string>;
  /** Name of the alias. */
  public readonly aliasName: pulumi.Output<string>;

  /** @throws InputError for arguments that KMS refuses. */
  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "EncryptionKeyArgs", `${name} (EncryptionKey)`, args);
    super("gatehouse:aws:EncryptionKey", name, {}, opts);
    throwIfAny(checkKey(describe(name, this), args));

    const key = this.createKey(name, args, opts);
    const alias = this.createAlias(name, args, key, opts);

    this.arn = key.arn;
    this.keyId = key.keyId;
    this.aliasName = alias.name;
    this.registerOutputs({ arn: this.arn, keyId: this.keyId, aliasName: this.aliasName });
  }

  private createKey(name: string, args: EncryptionKeyArgs, opts: pulumi.ComponentResourceOptions | undefined): kms.Key {
    const { region, users, deletionProtection = true, multiRegion = false, tags } = args;
    return new kms.Key(
      name,
      {
        region,
        description: args.description ?? `Encrypts ${users.join(", ")}`,
        multiRegion,
        enableKeyRotation: true,
        rotationPeriodInDays: args.rotationDays ?? 365,
        deletionWindowInDays: args.deletionWindowDays ?? 30,
        policy: policyDocument(keyStatements(users, region, surroundings(this))),
        tags,
      },
      childOptions(this, opts, protection(deletionProtection)),
    );
  }

  private createAlias(
    name: string,
    { region, aliasName }: EncryptionKeyArgs,
    key: kms.Key,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): kms.Alias {
    return new kms.Alias(
      `${name}-alias`,
      {
        region,
        name: ownName("aws:KmsAlias", `${describe(name, this)}.aliasName`, aliasName, `alias/${name}`),
        targetKeyId: key.keyId,
      },
      childOptions(this, opts),
    );
  }
}

function checkKey(subject: string, { region, users, ...args }: EncryptionKeyArgs): Problem[] {
  return [
    ...checkRegion(`${subject}.region`, region),
    ...(users.length > 0
      ? []
      : [
          {
            subject: `${subject}.users`,
            message: "no service may use the key",
            value: "an empty list",
            expected: "at least one service",
            fix: "name the services that use it: [KeyUser.Rds]",
          },
        ]),
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
    ...checkCount(`${subject}.rotationDays`, "not a number of days between rotations", args.rotationDays, {
      least: 90,
      most: 2560,
    }),
    // https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
    ...checkCount(`${subject}.deletionWindowDays`, "not a deletion window in days", args.deletionWindowDays, {
      least: 7,
      most: 30,
    }),
  ];
}
