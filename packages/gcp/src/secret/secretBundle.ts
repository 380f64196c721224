import {
  checkedArgs,
  checkName,
  childOptions,
  describe,
  InputError,
  knownAfter,
  member,
  type Problem,
  repeated,
  type SecretRef,
  SecretStoreType,
  throwIfAny,
} from "@gatehouse/core";
import * as secretmanager from "@pulumi/gcp/secretmanager/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";

const noSecret = "the bundle has no such secret";

/** One version of a secret. */
export interface SecretVersionArgs {
  /** The value. It is encrypted in the state also if it is plain here. */
  value: pulumi.Input<string>;
  /**
   * Whether the version can be read. You can enable a disabled version again.
   * @default true
   */
  enabled?: boolean;
}

export interface BundledSecretArgs {
  /**
   * Versions in their order. `ref()` names the last enabled one.
   */
  versions: SecretVersionArgs[];
  /**
   * Id in Secret Manager.
   * @default the name in the bundle
   */
  secretId?: string;
}

export interface SecretBundleArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** The secrets by name. */
  secrets: Record<string, BundledSecretArgs>;
  /**
   * E-mail addresses of the service accounts that may read the secrets, by a name that you choose.
   * @default none
   */
  accessors?: Record<string, pulumi.Input<string>>;
  /**
   * Regions that store the values.
   * @default Google's choice
   */
  replicaRegions?: string[];
}

/**
 * Secrets in Secret Manager with pinned versions. A changed value is a new version, which reaches a service only by a
 * deployment. Access is granted per secret and account.
 *
 * @example
 * ```ts
 * const keys = new SecretBundle("keys", {
 *   project: "shop-prod",
 *   secrets: { "api-key": { versions: [{ value: config.requireSecret("apiKey") }] } },
 * });
 * new CloudRunService("orders", { ...service, environment: { secrets: { API_KEY: keys.ref("api-key") } } });
 * ```
 */
export class SecretBundle extends pulumi.ComponentResource {
  /**
   * The newest enabled version of each secret, by name. The version is known once it exists and may be read, so that a
   * revision that names it can start.
   */
  public readonly refs: Record<string, SecretRef>;
  /** Every version of each secret by name, disabled ones too. */
  public readonly versions: Record<string, SecretRef[]>;

  /** @throws InputError for names that the service refuses and secrets without a readable version. */
  constructor(name: string, args: SecretBundleArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "SecretBundleArgs", `${name} (SecretBundle)`, args);
    super("gatehouse:gcp:SecretBundle", name, {}, opts);
    throwIfAny(checkSecrets(`${describe(name, this)}.secrets`, args.secrets));

    this.versions = Object.fromEntries(
      Object.entries(args.secrets).map(([key, secret]) => [key, this.createSecret(name, key, secret, args, opts)]),
    );
    this.refs = Object.fromEntries(
      Object.entries(args.secrets).map(([key, { versions }]) => {
        const newest = versions.findLastIndex(isEnabled);
        return [key, this.version(key, newest + 1)];
      }),
    );
    this.registerOutputs({ refs: this.refs });
  }

  /**
   * The newest enabled version of a secret.
   *
   * @param key Name of the secret in the bundle.
   * @throws InputError if the bundle has no such secret.
   */
  public ref(key: string): SecretRef {
    return member("SecretBundle.refs", noSecret, this.refs, key);
  }

  /**
   * One version of a secret, also if it is disabled.
   *
   * @param key Name of the secret in the bundle.
   * @param number Number of the version, 1 for the first.
   * @throws InputError if the bundle has no such secret or version.
   */
  public version(key: string, number: number): SecretRef {
    const versions = member("SecretBundle.versions", noSecret, this.versions, key);
    const ref = versions[number - 1];
    if (ref) return ref;
    throw new InputError({
      subject: `SecretBundle.versions.${key}`,
      message: "the secret has no such version",
      value: String(number),
      expected: `1 to ${versions.length}`,
    });
  }

  private createSecret(
    name: string,
    key: string,
    { secretId = key, versions }: BundledSecretArgs,
    { project, accessors = {}, replicaRegions }: SecretBundleArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): SecretRef[] {
    const secret = new secretmanager.Secret(
      `${name}-${key}`,
      { project, secretId, replication: replication(replicaRegions) },
      childOptions(this, opts),
    );
    const readers = Object.entries(accessors).map(([accessor, email]) =>
      this.grant(`${name}-${key}-${accessor}`, project, secret, email, opts),
    );
    return this.addVersions(`${name}-${key}`, secret, versions, opts).map(({ version }) => ({
      store: SecretStoreType.GcpSecretManager,
      secret: secret.secretId,
      version: knownAfter(
        version,
        readers.map(({ etag }) => etag),
      ),
    }));
  }

  private grant(
    grantName: string,
    project: pulumi.Input<string>,
    secret: secretmanager.Secret,
    email: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): secretmanager.SecretIamMember {
    return new secretmanager.SecretIamMember(
      grantName,
      {
        project,
        secretId: secret.secretId,
        role: "roles/secretmanager.secretAccessor",
        member: pulumi.interpolate`serviceAccount:${email}`,
      },
      childOptions(this, opts),
    );
  }

  private addVersions(
    secretName: string,
    secret: secretmanager.Secret,
    versions: SecretVersionArgs[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): secretmanager.SecretVersion[] {
    const added: secretmanager.SecretVersion[] = [];
    for (const [index, version] of versions.entries()) {
      const before = added.at(-1);
      added.push(
        new secretmanager.SecretVersion(
          `${secretName}-${index + 1}`,
          {
            secret: secret.id,
            secretData: pulumi.secret(version.value),
            enabled: isEnabled(version),
            // A version that the stack drops can be enabled again.
            deletionPolicy: "DISABLE",
          },
          // Secret Manager numbers versions in the order in which they are made.
          childOptions(this, opts, { dependsOn: before ? [before] : [] }),
        ),
      );
    }
    return added;
  }
}

function isEnabled({ enabled = true }: SecretVersionArgs): boolean {
  return enabled;
}

function replication(regions: string[] | undefined): secretmanager.SecretArgs["replication"] {
  if (!regions) return { auto: {} };
  return { userManaged: { replicas: regions.map((location) => ({ location })) } };
}

function checkSecrets(subject: string, secrets: Record<string, BundledSecretArgs>): Problem[] {
  const ids = Object.entries(secrets).map(([key, { secretId = key }]) => secretId);
  return [
    ...Object.entries(secrets).flatMap(([key, { secretId = key, versions }]): Problem[] => [
      ...checkName("gcp:Secret", secretId, `${subject}.${key}`),
      ...(versions.some(isEnabled)
        ? []
        : [
            {
              subject: `${subject}.${key}.versions`,
              message: "the secret has no enabled version",
              expected: "at least one enabled version",
            },
          ]),
      ...versions
        .filter(({ value }) => value === "")
        .map(() => ({ subject: `${subject}.${key}.versions`, message: "the value is empty" })),
    ]),
    ...repeated(ids).map((value) => ({
      subject,
      message: "two secrets have the same id",
      value,
      expected: "an id for each",
    })),
  ];
}
