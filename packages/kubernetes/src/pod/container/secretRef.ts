import { checkName, type Problem, type SecretRef, SecretStoreType, secretStoreName, throwIfAny } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/** A reference to one key of a Kubernetes Secret. */
export interface SecretRefArgs extends SecretRef {
  /** Key within the Secret. */
  key: string;
}

/** Checks that a key is one that a Secret can have. */
export function checkSecretKey(subject: string, key: string): Problem[] {
  if (/^(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}$/.test(key)) return [];
  return [
    {
      subject,
      message: "not a key that a Secret can have",
      value: key,
      expected: "letters, digits, dashes, dots and underscores; not a single dot, and not two dots at the start",
    },
  ];
}

/** Checks that a pod can read what a reference names. */
export function checkSecretRef(subject: string, { secret, key, version, store }: SecretRef): Problem[] {
  if (store !== undefined && store !== SecretStoreType.Kubernetes)
    return [
      {
        subject,
        message: `a pod cannot read ${secretStoreName(store)}`,
        value: store,
        expected: "a key of a Kubernetes Secret",
        fix: "copy the value into a Secret with ExternalSecrets, and use its key(...)",
      },
    ];
  return [
    ...(typeof secret === "string" ? checkName("kubernetes:Object", secret, `${subject}.secret`) : []),
    ...(key === undefined
      ? [
          {
            subject: `${subject}.key`,
            message: "the reference has no key",
            expected: "the key within the Secret",
            fix: "add key",
          },
        ]
      : checkSecretKey(`${subject}.key`, key)),
    ...(version === undefined
      ? []
      : [
          {
            subject: `${subject}.version`,
            message: "a Kubernetes Secret has no versions",
            value: typeof version === "string" ? version : undefined,
            expected: "no version",
            fix: "pin the version in ExternalSecrets, whose Secret has a new name for each",
          },
        ]),
  ];
}

/**
 * The key of a Secret, as a container's variable selects it.
 * @throws InputError if a pod cannot read the reference.
 */
export function secretKeySelector(subject: string, ref: SecretRef): { name: Input<string>; key: string } {
  throwIfAny(checkSecretRef(subject, ref));
  const { secret, key = "" } = ref;
  return { name: secret, key };
}
