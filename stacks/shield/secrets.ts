import { ExternalSecrets, type SecretRefArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { secretKeys } from "./checks.ts";
import type { ShieldConfig } from "./config.ts";

const secretName = "shield-secrets";

/** Reads one key of the service's Secret. */
export type SecretKeys = (key: string) => SecretRefArgs;

/** The Secret `shield-secrets`: filled from the store, or one that another team makes. */
export function serviceSecrets(config: ShieldConfig, namespace: Input<string>): SecretKeys {
  const { existing, store, storeKind, prefix, refreshInterval, versions } = config.secrets;
  if (existing !== undefined) return (key) => ({ secret: existing, key });
  const remote = (key: string) => ({ key: `${prefix}${key}`, version: versions[key] });
  const secrets = new ExternalSecrets(secretName, {
    namespace,
    refreshInterval,
    store: { name: store, kind: storeKind },
    data: Object.fromEntries(secretKeys(config).map((key) => [key, remote(key)])),
  });
  return (key) => secrets.key(key);
}
