import type { Input } from "@pulumi/pulumi";

/** The kinds of store that a secret can be read from. */
export const SecretStoreType = {
  Kubernetes: "kubernetes",
  GcpSecretManager: "gcpSecretManager",
  AwsSecretsManager: "awsSecretsManager",
} as const;
export type SecretStoreType = (typeof SecretStoreType)[keyof typeof SecretStoreType];

/**
 * A reference to a secret value. It never holds the value.
 *
 * Each platform reads its own store: a pod a key of a Secret (`secret`, `key`), Cloud Run a pinned version in Secret
 * Manager (`secret`, `version`), ECS a secret of AWS Secrets Manager (`secret`, and `key` or `version` within it). A
 * reference that a platform cannot read is an error.
 */
export interface SecretRef {
  /** Name or id of the secret. For Kubernetes, the Secret in the namespace of the pod that reads it. */
  secret: Input<string>;
  /**
   * Key within the secret. Kubernetes requires it.
   *
   * @default the whole value
   */
  key?: string;
  /**
   * Version of the secret. Cloud Run requires it; a Kubernetes Secret has none.
   *
   * @default the store's current version
   */
  version?: Input<string>;
  /**
   * Store that holds the secret.
   *
   * @default the store of the platform that reads it
   */
  store?: SecretStoreType;
}

/** How messages call a store. */
export function secretStoreName(store: SecretStoreType): string {
  return storeNames[store];
}

const storeNames: Record<SecretStoreType, string> = {
  [SecretStoreType.Kubernetes]: "a Kubernetes Secret",
  [SecretStoreType.GcpSecretManager]: "Secret Manager of Google Cloud",
  [SecretStoreType.AwsSecretsManager]: "AWS Secrets Manager",
};
