import {
  checkCount,
  checkedArgs,
  checkName,
  describe,
  member,
  type Problem,
  type SecretRef,
  SecretStoreType,
  throwIfAny,
} from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { argsSchema } from "../argsSchema.ts";
import { ArnKinds, checkedArn, checkPlainArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";
import { writeSecret, type WrittenSecret } from "./writtenSecret.ts";

const noSecret = "the bundle has no such secret";

/** One secret of a bundle. */
export interface BundledSecretArgs {
  /** The value: a text, or JSON with several keys. The provider writes it and never reads it back. */
  value: pulumi.Input<string>;
  /**
   * Number of the value. A changed value is written when you raise the number, and not before.
   * @default 1
   */
  version?: number;
  /**
   * What the secret is for.
   * @default none
   */
  description?: string;
}

/** A copy of all secrets in another region. */
export interface SecretReplicaArgs {
  /** Region of the copy. */
  region: string;
  /**
   * ARN of a key in that region.
   * @default the account's key for Secrets Manager there
   */
  kmsKeyArn?: pulumi.Input<string>;
}

export interface SecretBundleArgs {
  /** Region of the secrets: `us-east-1`. */
  region: string;
  /** The secrets by name. */
  secrets: Record<string, BundledSecretArgs>;
  /**
   * What the names in Secrets Manager begin with: `shop/`.
   * @default the component's name and a slash
   */
  prefix?: string;
  /**
   * Whether the names have no random suffix. A name stays taken for the recovery window after a deletion, so the stack
   * cannot be made again in that time.
   * @default false
   */
  namesWithoutSuffix?: boolean;
  /**
   * ARN of the key that the secrets are encrypted with.
   * @default the account's key for Secrets Manager
   */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * Copies in other regions, which AWS keeps up to date.
   * @default none
   */
  replicas?: SecretReplicaArgs[];
  /**
   * Days in which a deleted secret can be restored, 7 to 30.
   * @default 30
   */
  recoveryWindowDays?: number;
  /**
   * Tags of the secrets.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}

/**
 * Secrets in Secrets Manager, with copies in other regions by option. Values are written, never read: the state holds no
 * value of Secrets Manager's.
 *
 * Cost: $0.40 a month for each secret and each copy.
 *
 * @example
 * ```ts
 * const keys = new SecretBundle("shop", {
 *   region: "us-east-1",
 *   secrets: { "api-key": { value: config.requireSecret("apiKey") } },
 * });
 * new ExternalSecrets("orders", { ...store, data: { "api-key": { key: keys.ref("api-key").secret } } });
 * ```
 */
export class SecretBundle extends pulumi.ComponentResource {
  /** The secrets by name. Each is known once it has its value. */
  public readonly refs: Record<string, SecretRef>;
  /** ARNs of the secrets by name, as a WorkloadRole takes them. */
  public readonly arns: Record<string, pulumi.Output<string>>;

  /** @throws InputError for names, numbers and keys that Secrets Manager refuses. */
  constructor(name: string, args: SecretBundleArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "SecretBundleArgs", `${name} (SecretBundle)`, args);
    super("gatehouse:aws:SecretBundle", name, {}, opts);
    throwIfAny(checkBundle(describe(name, this), name, args));

    const suffix = args.namesWithoutSuffix
      ? undefined
      : new RandomId(`${name}-suffix`, { byteLength: 2, keepers: { region: args.region } }, { parent: this }).hex;
    const made = Object.entries(args.secrets).map(
      ([key, secret]) => [key, this.createSecret(name, key, secret, suffix, args, opts)] as const,
    );
    this.refs = Object.fromEntries(
      made.map(([key, { secretName }]) => [key, { store: SecretStoreType.AwsSecretsManager, secret: secretName }]),
    );
    this.arns = Object.fromEntries(made.map(([key, { arn }]) => [key, arn]));
    this.registerOutputs({ refs: this.refs, arns: this.arns });
  }

  /**
   * One secret.
   *
   * @param key Name of the secret in the bundle.
   * @throws InputError if the bundle has no such secret.
   */
  public ref(key: string): SecretRef {
    return member("SecretBundle.refs", noSecret, this.refs, key);
  }

  private createSecret(
    name: string,
    key: string,
    { value, version = 1, description }: BundledSecretArgs,
    suffix: pulumi.Output<string> | undefined,
    args: SecretBundleArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): WrittenSecret {
    const { region, prefix = `${name}/`, kmsKeyArn, replicas, recoveryWindowDays = 30, tags } = args;
    const subject = describe(name, this);
    const keyIn = (where: string, arn: pulumi.Input<string> | undefined, option: string) =>
      checkedArn(`${subject}.${option}`, ArnKinds.KmsKey, arn, where);
    return writeSecret(
      this,
      `${name}-${key}`,
      {
        region,
        name: suffix === undefined ? `${prefix}${key}` : pulumi.interpolate`${prefix}${key}-${suffix}`,
        description,
        kmsKeyId: keyIn(region, kmsKeyArn, "kmsKeyArn"),
        replicas: replicas?.map(({ region: where, kmsKeyArn: arn }, index) => ({
          region: where,
          kmsKeyId: keyIn(where, arn, `replicas[${index}].kmsKeyArn`),
        })),
        recoveryWindowInDays: recoveryWindowDays,
        tags,
      },
      { text: value, version },
      opts,
    );
  }
}

function checkBundle(subject: string, name: string, args: SecretBundleArgs): Problem[] {
  const { region, secrets, prefix = `${name}/`, kmsKeyArn, replicas = [], recoveryWindowDays } = args;
  const regions = [region, ...replicas.map((replica) => replica.region)];
  return [
    ...checkRegion(`${subject}.region`, region),
    ...Object.entries(secrets).flatMap(([secret, { version }]) => [
      ...checkName("aws:Secret", `${prefix}${secret}`, `${subject}.secrets.${secret}`),
      ...checkCount(`${subject}.secrets.${secret}.version`, "not the number of a value", version, { least: 1 }),
    ]),
    ...(Object.keys(secrets).length === 0
      ? [{ subject: `${subject}.secrets`, message: "the bundle has no secret", expected: "at least one" }]
      : []),
    ...checkPlainArn(`${subject}.kmsKeyArn`, ArnKinds.KmsKey, kmsKeyArn, region),
    ...replicas.flatMap((replica, index) => [
      ...checkRegion(`${subject}.replicas[${index}].region`, replica.region),
      ...checkPlainArn(`${subject}.replicas[${index}].kmsKeyArn`, ArnKinds.KmsKey, replica.kmsKeyArn, replica.region),
      ...(regions.indexOf(replica.region) <= index
        ? [
            {
              subject: `${subject}.replicas[${index}].region`,
              message: "the secrets are in this region already",
              value: replica.region,
              expected: "a region once",
            },
          ]
        : []),
    ]),
    ...checkCount(`${subject}.recoveryWindowDays`, "not a number of days for recovery", recoveryWindowDays, {
      least: 7,
      most: 30,
    }),
  ];
}
