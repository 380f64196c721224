import { ExternalSecrets, type SecretRefArgs } from "@gatehouse/kubernetes";
import { type Input, interpolate, type Output } from "@pulumi/pulumi";
import type { AirlockConfig } from "../settings/config.ts";
import type { Database } from "./database.ts";
import { directories } from "../settings/names.ts";

/** What the pods read from the secret store. */
export interface AirlockSecrets {
  databaseUrl: SecretRefArgs;
  databaseHost: SecretRefArgs;
  databaseUser: SecretRefArgs;
  databasePassword: SecretRefArgs;
  clientSecret: SecretRefArgs;
}

/** A part of the URL. `urlquery` writes a space as a plus, which is a plus in this part of a URL. */
const encoded = (field: string): string => `{{ .${field} | urlquery | replace "+" "%20" }}`;

/** The database's URL, whose server must prove that it is the one that is meant. */
function databaseUrl({ endpoint: { port }, address }: Database, name: string): Output<string> {
  const options = `sslmode=verify-full&sslrootcert=${directories.databaseAuthority}/bundle.pem`;
  return interpolate`postgresql://${encoded("username")}:${encoded("password")}@${address}:${port}/${name}?${options}`;
}

/** The Secrets `airlock-database` and `airlock-oidc`, which are there before the pods start. */
export function createSecrets(config: AirlockConfig, namespace: Input<string>, database: Database): AirlockSecrets {
  const { store, storeKind, databaseVersion, oidc, oidcVersion } = config.secrets;
  const shared = { namespace, store: { name: store, kind: storeKind } };
  const remote = (property: string) => ({ key: database.secretArn, property, version: databaseVersion });
  const databaseSecret = new ExternalSecrets("airlock-database", {
    ...shared,
    data: { username: remote("username"), password: remote("password") },
    template: {
      url: databaseUrl(database, config.database.name),
      host: database.address,
      username: "{{ .username }}",
      password: "{{ .password }}",
    },
  });
  const oidcSecret = new ExternalSecrets("airlock-oidc", {
    ...shared,
    data: { "client-secret": { key: oidc, property: "client-secret", version: oidcVersion } },
  });
  return {
    databaseUrl: databaseSecret.key("url"),
    databaseHost: databaseSecret.key("host"),
    databaseUser: databaseSecret.key("username"),
    databasePassword: databaseSecret.key("password"),
    clientSecret: oidcSecret.key("client-secret"),
  };
}
