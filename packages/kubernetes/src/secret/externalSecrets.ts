import {
  childOptions,
  checkDuration,
  checkedArgs,
  contentHash,
  describe,
  goDuration,
  nearest,
  parseDuration,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as pulumi from "@pulumi/pulumi";
import { checkSecretKey, type SecretRefArgs } from "../pod/container/secretRef.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { argsSchema } from "../argsSchema.ts";

/** Kinds of store of the External Secrets Operator. */
export const SecretStoreKind = { SecretStore: "SecretStore", ClusterSecretStore: "ClusterSecretStore" } as const;
export type SecretStoreKind = (typeof SecretStoreKind)[keyof typeof SecretStoreKind];

/** The store that the External Secrets Operator reads. */
export interface SecretStoreArgs {
  /** Name of the SecretStore or ClusterSecretStore, which the cluster's operator provides. */
  name: string;
  /**
   * Whether it belongs to the namespace or to the cluster.
   * @default ClusterSecretStore
   */
  kind?: SecretStoreKind;
}

/** One value in the remote store. */
export interface RemoteRefArgs {
  /** Name of the remote secret, or what the store finds it by: an ARN in AWS. */
  key: pulumi.Input<string>;
  /**
   * Field within a remote secret that is a JSON object.
   * @default none: the whole value
   */
  property?: string;
  /**
   * Version in the remote store. A pinned version makes a rotation one change of config that rolls the pods.
   * @default the version that is the latest when the ExternalSecret is made
   */
  version?: string;
}

export interface ExternalSecretsArgs {
  /** Namespace of the Secret. */
  namespace: pulumi.Input<string>;
  /**
   * Name of the Secret. Where a version is pinned, a hash of what it holds is appended: each state of the remote values
   * is a Secret of its own, so that a change rolls the pods and the old pods keep theirs until they are gone.
   * @default the component's name
   */
  secretName?: string;
  /**
   * Name of the ExternalSecret, to which the same hash is appended.
   * @default the Secret's
   */
  externalSecretName?: string;
  /** The store. */
  store: SecretStoreArgs;
  /** Keys of the Secret, and where the value of each comes from. */
  data: Record<string, RemoteRefArgs>;
  /**
   * Keys of the Secret that the operator makes of the values of `data`, by Go templates: `url` from
   * `postgresql://{{ .username | urlquery }}@db:5432/orders`. The Secret then holds these keys only.
   * https://external-secrets.io/latest/guides/templating/
   * @default none: the Secret holds the values of `data`
   */
  template?: Record<string, pulumi.Input<string>>;
  /**
   * Interval at which the operator reads the store again, `1m` or more. A new value under the same version then changes
   * the Secret without an update of the stack: pods that start later have it, and those that run do not. Set it only for
   * programs that read the value again from a file.
   * @default none: the store is read when the ExternalSecret is made and when it changes
   */
  refreshInterval?: string;
  /**
   * Labels of the ExternalSecret.
   * @default none
   */
  labels?: Record<string, string>;
}

/** What a name ends with where a version is pinned. */
function versionSuffix({ data }: ExternalSecretsArgs): string {
  const pinned = Object.values(data).some(({ version }) => version !== undefined);
  if (!pinned) return "";
  const remotes = Object.entries(data).map(([secretKey, { key, property = "", version = "" }]) => [
    secretKey,
    // Nothing that is known only later can be in a name; the version tells the states apart.
    typeof key === "string" ? key : "",
    property,
    version,
  ]);
  return `-${contentHash(remotes.sort())}`;
}

function checkExternalSecrets(subject: string, args: ExternalSecretsArgs): Problem[] {
  const { store, data, template, refreshInterval } = args;
  const unreadable = refreshInterval === undefined ? [] : checkDuration(refreshInterval, `${subject}.refreshInterval`);
  return [
    ...(store.name === "" ? [{ subject: `${subject}.store.name`, message: "the store has no name" }] : []),
    ...(Object.keys(data).length === 0
      ? [{ subject: `${subject}.data`, message: "the Secret would hold nothing", expected: "one key or more" }]
      : []),
    ...Object.keys(data).flatMap((key) => checkSecretKey(`${subject}.data`, key)),
    ...(template ? checkTemplates(`${subject}.template`, template, Object.keys(data)) : []),
    ...unreadable,
    ...(refreshInterval !== undefined && unreadable.length === 0 && parseDuration(refreshInterval) < 60_000
      ? [
          {
            subject: `${subject}.refreshInterval`,
            message: "the operator would read the store all the time",
            value: refreshInterval,
            expected: "1m or more",
          },
        ]
      : []),
  ];
}

/** Checks the keys, and that the templates name only what is fetched. */
function checkTemplates(subject: string, template: Record<string, pulumi.Input<string>>, fetched: string[]): Problem[] {
  return [
    ...Object.keys(template).flatMap((key) => checkSecretKey(subject, key)),
    ...(Object.keys(template).length === 0
      ? [{ subject, message: "the Secret would hold nothing", expected: "one key or more" }]
      : []),
    ...Object.entries(template).flatMap(([key, text]) =>
      typeof text === "string" ? checkTemplate(`${subject}.${key}`, text, fetched) : [],
    ),
  ];
}

/** A value that a template names and nothing fetches: the operator would write `<no value>` in its place. */
function checkTemplate(subject: string, text: string, fetched: string[]): Problem[] {
  const named = [...text.matchAll(/\{\{-?\s*\.(\w+)/g)].map(([, name = ""]) => name);
  return [...new Set(named)]
    .filter((name) => !fetched.includes(name))
    .map((name) => ({
      subject,
      message: "the template names a value that data does not fetch",
      value: name,
      expected: `one of ${fetched.join(", ")}`,
      fix: "add it to data",
    }));
}

/**
 * When the operator reads the store. Its own default is every hour, so a rotation in the store would change the Secret
 * under pods of one version, without an update of the stack.
 *
 * https://external-secrets.io/latest/api/externalsecret/
 */
function refresh(interval: string | undefined): { refreshPolicy: string; refreshInterval?: string } {
  if (interval === undefined) return { refreshPolicy: "OnChange" };
  return { refreshPolicy: "Periodic", refreshInterval: goDuration(interval) };
}

// Fields of the class, private ones too, would be outputs of the component in other languages.
const known = new WeakMap<ExternalSecrets, { subject: string; keys: string[] }>();

/**
 * A Secret that the External Secrets Operator fills from a remote store. It is there, and complete, before anything
 * that depends on this component.
 */
export class ExternalSecrets extends pulumi.ComponentResource {
  /** Name of the Secret, known once the operator has filled it. */
  public readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: ExternalSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "ExternalSecretsArgs", `${name} (ExternalSecrets)`, args);
    super("gatehouse:kubernetes:ExternalSecrets", name, {}, opts);
    const subject = describe(name, this);
    throwIfAny(checkExternalSecrets(subject, args));
    known.set(this, { subject, keys: Object.keys(args.template ?? args.data) });

    this.secretName = this.createExternalSecret(name, args, opts);
    this.registerOutputs({ secretName: this.secretName });
  }

  /**
   * A reference to one key of the Secret.
   * @throws InputError when the Secret has no such key.
   */
  public key(key: string): SecretRefArgs {
    const { subject = "", keys = [] } = known.get(this) ?? {};
    throwIfAny(checkKnownKey(subject, key, keys));
    return { secret: this.secretName, key };
  }

  private createExternalSecret(
    name: string,
    args: ExternalSecretsArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    const { namespace, store, data, template, refreshInterval, labels } = args;
    const secretName = `${args.secretName ?? name}${versionSuffix(args)}`;
    const externalSecretName = `${args.externalSecretName ?? args.secretName ?? name}${versionSuffix(args)}`;
    const metadata = objectMeta(name, this, {
      kind: "ExternalSecret",
      name: externalSecretName,
      namespace,
      labels,
      // Without it, pods would start before the Secret is there and fail until it is.
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    });
    const spec = {
      ...refresh(refreshInterval),
      secretStoreRef: { name: store.name, kind: store.kind ?? SecretStoreKind.ClusterSecretStore },
      target: {
        name: secretName,
        creationPolicy: "Owner",
        ...(template && { template: { engineVersion: "v2", data: template } }),
      },
      data: Object.entries(data).map(([secretKey, remoteRef]) => ({ secretKey, remoteRef: { ...remoteRef } })),
    };
    const external = new CustomResource(
      `${name}-external-secret`,
      { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec },
      childOptions(this, opts),
    );
    return external.metadata.name.apply(() => secretName);
  }
}

/** A key that nothing puts into the Secret. */
export function checkKnownKey(subject: string, key: string, known: string[]): Problem[] {
  if (known.includes(key)) return [];
  const near = nearest(key, known);
  return [
    {
      subject,
      message: "nothing puts this key into the Secret",
      value: key,
      expected: `one of ${known.join(", ")}`,
      fix: near ? `did you mean "${near}"?` : "add it to data",
    },
  ];
}
