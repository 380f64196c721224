import { parseDuration } from "@gatehouse/core";
import { SignatureAlgorithm, type SigningKeyOptionsArgs } from "@gatehouse/kubernetes";
import type { AtbConfig } from "./config.ts";

const secretName = "atb-agentauth-signing-key";
const secretKey = "ed25519_privkey_pem";

/** The keys that AgentAuth signs with. Each has a remote name and a Secret of its own, and is a file in the pods. */
export function signingKeysArgs(config: AtbConfig): SigningKeyOptionsArgs {
  const { keys, now, jwksCacheTime, tokenLifetime, secrets } = config;
  const { existing, store, storeKind, refreshInterval, signingKey } = secrets;
  return {
    keys,
    now,
    rules: { jwksCacheTime, tokenLifetime },
    algorithm: SignatureAlgorithm.EdDSA,
    privateKey: existing
      ? { existing: { secret: secretName, key: secretKey } }
      : {
          store: { name: store, kind: storeKind },
          remoteKey: signingKey,
          secretName: `${secretName}-{kid}`,
          externalSecretName: "atb-signing-key-{kid}",
          secretKey,
          refreshInterval,
        },
    privateKeyDirectory: "/etc/atb/signing-key",
    jwksDirectory: "/etc/atb/jwks",
    variables: {
      privateKey: "SIGNING_KEY_FILE",
      publicKey: "SIGNING_PUBLIC_KEY",
      keyId: "SIGNING_KEY_ID",
      jwksFile: "JWKS_FILE",
    },
  };
}

/**
 * Until when tokens of keys that no longer sign are accepted, by key id: those of a retired key until they expire, those
 * of a key that has leaked until the last client reads the JWKS without it.
 */
export function formerTokens({ keys, tokenLifetime, jwksCacheTime }: AtbConfig): Record<string, string> {
  const { current, previous, invalidateTokensOf = [] } = keys;
  const after = (instant: string, duration: string): string =>
    `${new Date(Date.parse(instant) + parseDuration(duration)).toISOString().replace(".000Z", "Z")} (${duration})`;
  const retired = previous.map(({ kid, retiredAt }) => [
    kid,
    retiredAt === undefined ? "valid" : `valid until ${after(retiredAt, tokenLifetime)}`,
  ]);
  const leaked = [current, ...previous].flatMap(({ replaces, signingSince }) =>
    replaces === undefined || signingSince === undefined || previous.some(({ kid }) => kid === replaces)
      ? []
      : invalidateTokensOf.includes(replaces)
        ? [[replaces, `refused everywhere from ${after(signingSince, jwksCacheTime)}`]]
        : [],
  );
  return Object.fromEntries([...retired, ...leaked]) as Record<string, string>;
}
