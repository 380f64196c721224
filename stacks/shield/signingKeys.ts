import type { SigningKeyOptionsArgs } from "@gatehouse/kubernetes";
import type { ShieldConfig } from "./config.ts";
import type { SecretKeys } from "./secrets.ts";

/** The keys that tokens are signed with; a refresh token is what lives longest. */
export function signingKeys(config: ShieldConfig, secret: SecretKeys): SigningKeyOptionsArgs {
  const { keys, now, jwksCacheTime, refreshTokenLifetime, secrets } = config;
  const { existing, store, storeKind, prefix, refreshInterval } = secrets;
  return {
    keys,
    now,
    rules: { jwksCacheTime, tokenLifetime: refreshTokenLifetime },
    privateKey:
      existing === undefined
        ? { store: { name: store, kind: storeKind }, remoteKey: `${prefix}jwt-private-key/{kid}`, refreshInterval }
        : { existing: secret("jwt-private-key") },
  };
}
