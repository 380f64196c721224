import { keyVersions, SecretBundle, type SecretRef, type ServiceIdentity } from "@gatehouse/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { RandomBytes } from "@pulumi/random/randomBytes.js";
import type { IdentityConfig } from "./config.ts";
import type { PhysicalNames } from "./names.ts";

/** The secrets that the service itself needs, beside the passwords of its data stores, by variable. */
export function serviceSecrets(
  config: IdentityConfig,
  names: PhysicalNames,
  identity: ServiceIdentity,
  options: pulumi.ComponentResourceOptions,
): Record<string, SecretRef> {
  const { project, githubClientId, githubClientSecret, tokenKeys } = config;
  const single = (secretId: string, value: pulumi.Input<string>) => ({ secretId, versions: [{ value }] });
  const bundle = new SecretBundle(
    "identity",
    {
      project,
      secrets: {
        "jwt-secret": single(names.jwtSecret, jwtSecret(config)),
        "github-client-id": single(names.githubClientId, githubClientId),
        "github-client-secret": single(names.githubClientSecret, githubClientSecret),
        "token-key": { secretId: names.tokenKey, versions: tokenKeyVersions(config) },
      },
      accessors: { service: identity.email },
    },
    options,
  );
  const tokenKey = (version: number): SecretRef => bundle.version("token-key", version);
  return {
    IDENTITY_JWT_SECRET: bundle.ref("jwt-secret"),
    GITHUB_CLIENT_ID: bundle.ref("github-client-id"),
    GITHUB_CLIENT_SECRET: bundle.ref("github-client-secret"),
    GITHUB_TOKEN_ENC_KEY: tokenKey(tokenKeys.current),
    ...(tokenKeys.previous !== undefined && { GITHUB_TOKEN_ENC_KEY_OLD: tokenKey(tokenKeys.previous) }),
  };
}

/** 32 random bytes in base64; the guide asks for at least 32 characters. */
function jwtSecret({ jwtSecret: { generation } }: IdentityConfig): pulumi.Output<string> {
  return new RandomBytes("identity-jwt-secret", { length: 32, keepers: { generation: String(generation) } }).base64;
}

/** Keys of 256 bits, in 64 hexadecimal digits. */
function tokenKeyVersions({ tokenKeys }: IdentityConfig): { value: pulumi.Output<string>; enabled: boolean }[] {
  return keyVersions(tokenKeys).map(({ version, enabled }) => ({
    value: new RandomBytes(`identity-token-key-${version}`, { length: 32 }).hex,
    enabled,
  }));
}
