import { nearest, type Problem } from "@gatehouse/core";
import { ExternalSecrets, type SecretRefArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { ShieldConfig } from "./config.ts";
import { DataStoreKind } from "./dataStores.ts";

const secretName = "shield-secrets";

/** Reads one key of the service's Secret. */
export type SecretKeys = (key: string) => SecretRefArgs;

/** Keys of `shield-secrets` that the config makes necessary; a provider that is not configured has none. */
export function secretKeys({ database, redis, oauth, saml, secrets }: ShieldConfig): string[] {
  return [
    ...(database.kind === DataStoreKind.External ? ["database-url"] : []),
    ...(redis.kind === DataStoreKind.External ? ["redis-url"] : []),
    "secret-key",
    ...Object.keys(oauth).map((provider) => `${provider}-client-secret`),
    ...(saml ? ["saml-sp-x509-cert", "saml-sp-private-key"] : []),
    ...(secrets.existing === undefined ? [] : ["jwt-private-key"]),
  ];
}

/** A pinned version of a key that the Secret does not have. */
export function checkSecrets({ secrets }: Partial<ShieldConfig>, known: string[]): Problem[] {
  return Object.keys(secrets?.versions ?? {})
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = nearest(key, known);
      return {
        subject: `shield:secrets.versions.${key}`,
        message: "a version is pinned of a key that the Secret does not have",
        value: key,
        expected: `one of ${known.join(", ")}`,
        fix: near && `did you mean "${near}"?`,
      };
    });
}

/** The Secret `shield-secrets`: filled from the store, or somebody else's. */
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
