import {
  checkDuration,
  checkedArgs,
  contentHash,
  describe,
  type EnvironmentArgs,
  parseDuration,
  type Problem,
  repeated,
  throwIfAny,
} from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { SecretRefArgs } from "../pod/container/secretRef.ts";
import { ExternalSecrets, type SecretStoreArgs } from "../secret/externalSecrets.ts";
import {
  checkAlgorithm,
  checkRotation,
  jsonWebKeySet,
  type RotationRulesArgs,
  type SignatureAlgorithm,
  type SigningKeySetArgs,
} from "./keyRotation.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import type { VolumeArgs } from "../pod/container/volume.ts";
import { argsSchema } from "../argsSchema.ts";

/** Source of the private key that signs: a store, or an existing Secret. */
export interface PrivateKeySourceArgs {
  /**
   * The store of an ExternalSecret.
   * @default none: `existing`
   */
  store?: SecretStoreArgs;
  /**
   * Name of the remote secret of a key; `{kid}` stands for its key id, so that every key has one of its own. One remote
   * secret for all keys is possible where the key is a file, which changes under the program: it is then read again
   * at least as often as tokens live, or a rotation would be over before the new key is there.
   * @default "<component's name>/{kid}"
   */
  remoteKey?: string;
  /**
   * Name of the Secret of a key; `{kid}` stands for its key id, as far as a name can hold it.
   * @default "<component's name>-{kid}"
   */
  secretName?: string;
  /**
   * Name of the ExternalSecret of a key, in the same form.
   * @default the Secret's
   */
  externalSecretName?: string;
  /**
   * Key within the Secret.
   * @default "jwt-private-key"
   */
  secretKey?: string;
  /**
   * Interval at which the store is read again. One remote secret for all keys requires it.
   * @default none: the store is read once for each key
   */
  refreshInterval?: string;
  /**
   * Key of an existing Secret.
   * @default none: `store`
   */
  existing?: SecretRefArgs;
}

/** Names of the variables that hold the keys. */
export interface SigningKeyVariablesArgs {
  /**
   * The private key itself, or the path of its file.
   * @default "JWT_PRIVATE_KEY", for a file "JWT_PRIVATE_KEY_FILE"
   */
  privateKey?: string;
  /** @default "JWT_PUBLIC_KEY" */
  publicKey?: string;
  /** @default "JWT_KEY_ID" */
  keyId?: string;
  /** @default "JWT_JWKS_FILE" */
  jwksFile?: string;
}

/** Options of signing keys, without their namespace and labels. */
export interface SigningKeyOptionsArgs {
  /** The keys by their role, with their dates. */
  keys: SigningKeySetArgs;
  /** Times for which clients cache keys and tokens stay valid. */
  rules: RotationRulesArgs;
  /** Source of the private key. */
  privateKey: PrivateKeySourceArgs;
  /**
   * Signature algorithm of the service; keys of another type are refused.
   * @default the one of each key's type
   */
  algorithm?: SignatureAlgorithm;
  /**
   * Names of the program's variables.
   * @default JWT_PRIVATE_KEY, JWT_PUBLIC_KEY, JWT_KEY_ID and JWT_JWKS_FILE
   */
  variables?: SigningKeyVariablesArgs;
  /**
   * Directory in which the program finds the private key, as a file that is named like the Secret's key.
   * @default none: it is the value of a variable
   */
  privateKeyDirectory?: string;
  /**
   * Directory in which the program finds `jwks.json`.
   * @default "/etc/jwks"
   */
  jwksDirectory?: string;
  /**
   * Instant at which the rules of rotation are checked, ISO 8601.
   * @default now
   */
  now?: string;
}

export interface SigningKeysArgs extends SigningKeyOptionsArgs {
  /** Namespace of the pods that sign. */
  namespace: pulumi.Input<string>;
  /**
   * Labels of the objects.
   * @default none
   */
  labels?: Record<string, string>;
}

/**
 * The keys that a service signs tokens with: one private key signs, all public keys are in the JWKS. A rotation is a
 * series of config changes, each of which is refused before its time:
 * 1. make the new key `next`: it enters the JWKS;
 * 2. after `jwksCacheTime`, make it `current` and the old one `previous`;
 * 3. after `tokenLifetime`, drop the old one.
 *
 * Each state of the JWKS and each private key is an object of its own name, so that a change rolls the pods.
 * @throws InputError with the date from which the change is possible.
 */
export class SigningKeys extends pulumi.ComponentResource {
  /** The variables that the program needs. */
  public readonly environment: EnvironmentArgs;
  /** The volume with `jwks.json`, and the one with the private key where it is a file. */
  public readonly volumes: VolumeArgs[];

  constructor(name: string, args: SigningKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "SigningKeysArgs", `${name} (SigningKeys)`, args);
    super("gatehouse:kubernetes:SigningKeys", name, {}, opts);
    throwIfAny(checkSigningKeys(describe(name, this), args));

    const jwks = this.createJwks(name, args);
    const privateKey = args.privateKey.existing ?? this.createPrivateKey(name, args);
    this.environment = environment(args, privateKey);
    this.volumes = [
      { name: "jwks", mountPath: jwksDirectory(args), configMap: jwks.metadata.name },
      ...privateKeyVolumes(args, privateKey),
    ];
    this.registerOutputs({ environment: this.environment, volumes: this.volumes });
  }

  private createJwks(name: string, { namespace, keys, labels }: SigningKeysArgs): core.ConfigMap {
    const jwks = jsonWebKeySet(keys);
    const metadata = objectMeta(name, this, {
      kind: "ConfigMap",
      name: `${name}-jwks-${contentHash(jwks)}`,
      namespace,
      labels,
    });
    return new core.ConfigMap(
      `${name}-jwks`,
      { metadata, data: { "jwks.json": jwks }, immutable: true },
      { parent: this },
    );
  }

  private createPrivateKey(name: string, args: SigningKeysArgs): SecretRefArgs {
    const { namespace, keys, labels, privateKey } = args;
    const { store, remoteKey = `${name}/{kid}`, secretKey = "jwt-private-key", refreshInterval } = privateKey;
    const { secretName = `${name}-{kid}`, externalSecretName = secretName } = privateKey;
    const { kid } = keys.current;
    const secret = new ExternalSecrets(
      `${name}-private-key`,
      {
        namespace,
        labels,
        refreshInterval,
        secretName: secretName.replaceAll("{kid}", slug(kid)),
        externalSecretName: externalSecretName.replaceAll("{kid}", slug(kid)),
        store: store ?? { name: "" },
        data: { [secretKey]: { key: remoteKey.replaceAll("{kid}", () => kid) } },
      },
      { parent: this },
    );
    return secret.key(secretKey);
  }
}

/** A key id as a part of a name in the cluster. */
function slug(kid: string): string {
  return kid
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}

function jwksDirectory({ jwksDirectory = "/etc/jwks" }: Pick<SigningKeysArgs, "jwksDirectory">): string {
  return jwksDirectory;
}

function privateKeyVolumes({ privateKeyDirectory }: SigningKeysArgs, { secret }: SecretRefArgs): VolumeArgs[] {
  return privateKeyDirectory === undefined ? [] : [{ name: "signing-key", mountPath: privateKeyDirectory, secret }];
}

function environment({ keys, variables = {}, ...args }: SigningKeysArgs, key: SecretRefArgs): EnvironmentArgs {
  const { privateKeyDirectory: directory } = args;
  const {
    privateKey = directory === undefined ? "JWT_PRIVATE_KEY" : "JWT_PRIVATE_KEY_FILE",
    publicKey = "JWT_PUBLIC_KEY",
    keyId = "JWT_KEY_ID",
    jwksFile = "JWT_JWKS_FILE",
  } = variables;
  const values = {
    [publicKey]: keys.current.publicKey,
    [keyId]: keys.current.kid,
    [jwksFile]: `${jwksDirectory(args)}/jwks.json`,
  };
  if (directory === undefined) return { secrets: { [privateKey]: key }, values };
  return { values: { ...values, [privateKey]: `${directory}/${key.key}` } };
}

function checkSigningKeys(subject: string, args: SigningKeysArgs): Problem[] {
  return [
    ...checkRotationNow(subject, args),
    ...(args.algorithm === undefined ? [] : checkAlgorithm(`${subject}.keys`, args.keys, args.algorithm)),
    ...checkPrivateKey(subject, args),
    ...checkSecretNames(`${subject}.keys`, args),
  ];
}

function checkRotationNow(subject: string, { keys, rules, now }: SigningKeysArgs): Problem[] {
  const clock = now === undefined ? new Date() : new Date(now);
  const unreadable = [
    ...checkDuration(rules.jwksCacheTime, `${subject}.rules.jwksCacheTime`),
    ...checkDuration(rules.tokenLifetime, `${subject}.rules.tokenLifetime`),
    ...(Number.isNaN(clock.getTime())
      ? [
          {
            subject: `${subject}.now`,
            message: "not an instant",
            value: now,
            expected: "ISO 8601: 2026-01-31T12:00:00Z",
          },
        ]
      : []),
  ];
  return unreadable.length > 0 ? unreadable : checkRotation(`${subject}.keys`, keys, rules, clock);
}

/** Each private key is a Secret of its own name, or a rotation would change it under the pods that still use it. */
function checkSecretNames(subject: string, { keys, privateKey }: SigningKeysArgs): Problem[] {
  if (privateKey.existing) return [];
  const { current, next, previous = [] } = keys;
  const kids = [...new Set([current, ...(next ? [next] : []), ...previous].map(({ kid }) => kid))];
  const unnamed = kids
    .filter((kid) => slug(kid) === "")
    .map((kid) => ({
      subject,
      message: "the key id has no letter or digit to name a Secret by",
      value: kid,
      expected: "letters, digits and - or _",
    }));
  const alike = repeated(kids.map(slug))
    .filter((name) => name !== "")
    .map((name) => ({
      subject,
      message: "two keys would have one Secret",
      value: kids.filter((kid) => slug(kid) === name).join(" and "),
      expected: "key ids that differ in more than capital letters and punctuation",
    }));
  return [...unnamed, ...alike];
}

function checkPrivateKey(subject: string, args: SigningKeysArgs): Problem[] {
  const { store, existing } = args.privateKey;
  const sources =
    (store === undefined) === (existing === undefined)
      ? [
          {
            subject: `${subject}.privateKey`,
            message: "the private key comes from one place",
            value: store ? "store and existing" : "neither",
            expected: "store or existing",
          },
        ]
      : [];
  return [...sources, ...checkRemoteKey(subject, args), ...checkSecretTemplates(subject, args)];
}

function checkSecretTemplates(subject: string, { privateKey }: SigningKeysArgs): Problem[] {
  const { remoteKey = "{kid}", secretName, externalSecretName } = privateKey;
  // One remote secret for all keys may as well become one Secret.
  if (!remoteKey.includes("{kid}")) return [];
  return Object.entries({ secretName, externalSecretName })
    .filter(([, name]) => name !== undefined && !name.includes("{kid}"))
    .map(([option, name]) => ({
      subject: `${subject}.privateKey.${option}`,
      message: "all keys would be one object, and a rotation would change it under the pods that still use it",
      value: name,
      expected: "a name with {kid} in it",
    }));
}

/** A rotation must reach the pods, and before the tokens of the old key have expired. */
function checkRemoteKey(subject: string, { privateKey, privateKeyDirectory, rules }: SigningKeysArgs): Problem[] {
  const { remoteKey, refreshInterval } = privateKey;
  if (remoteKey === undefined || remoteKey.includes("{kid}")) return [];
  if (privateKeyDirectory === undefined)
    return [
      {
        subject: `${subject}.privateKey.remoteKey`,
        message: "all keys would be the same remote secret, and a rotation would not reach the pods",
        value: remoteKey,
        expected: "a name with {kid} in it",
      },
    ];
  const path = `${subject}.privateKey.refreshInterval`;
  const unreadable = [
    ...(refreshInterval === undefined ? [] : checkDuration(refreshInterval, path)),
    ...checkDuration(rules.tokenLifetime, `${subject}.rules.tokenLifetime`),
  ];
  if (unreadable.length > 0) return [];
  if (refreshInterval !== undefined && parseDuration(refreshInterval) <= parseDuration(rules.tokenLifetime)) return [];
  return [
    {
      subject: path,
      message: "all keys are one remote secret, and a rotation is over before it is read again",
      value: `read ${refreshInterval === undefined ? "once" : `every ${refreshInterval}`}, and the old key's tokens live for ${rules.tokenLifetime}`,
      expected: `at most ${rules.tokenLifetime}, or a remoteKey with {kid} in it, which is read as it is named`,
    },
  ];
}
