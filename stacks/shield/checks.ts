import { nearest, type Problem } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import { isProduction } from "../environment.ts";

/** Who keeps a data store: somebody else, or a pod of the stack that loses it when it goes. */
export const DataStoreKind = { External: "external", Development: "development" } as const;

/** The part of the config that says where a data store is. */
interface DataStore {
  kind: string;
  cidrs?: string[];
}

interface DataStores {
  database?: DataStore;
  redis?: DataStore;
  backup?: object;
}

/** A data store that production cannot have, that no policy could let the pods reach, or that no backup can read. */
export function checkDataStores({ database, redis, backup }: DataStores, stack: StackName): Problem[] {
  return [
    ...Object.entries({ database, redis }).flatMap(([key, store]) => (store ? checkDataStore(key, store, stack) : [])),
    ...(backup && database?.kind === DataStoreKind.Development
      ? [
          {
            subject: "shield:backup",
            message: "a database that is lost with its pod is not backed up",
            value: `database.kind ${database.kind}`,
            expected: `no backup, or database.kind ${DataStoreKind.External}`,
          },
        ]
      : []),
  ];
}

function checkDataStore(key: string, { kind, cidrs }: DataStore, stack: StackName): Problem[] {
  if (kind === DataStoreKind.Development && isProduction(stack))
    return [
      {
        subject: `shield:${key}.kind`,
        message: "a data store that loses everything with its pod cannot serve production",
        value: kind,
        expected: DataStoreKind.External,
      },
    ];
  if (kind === DataStoreKind.External && cidrs === undefined)
    return [
      {
        subject: `shield:${key}.cidrs`,
        message: "the pods may reach only addresses that are named, and none is",
        expected: "the address ranges of the data store",
        fix: `pulumi config set --path 'shield:${key}.cidrs[0]' 10.20.0.0/16`,
      },
    ];
  return [];
}

/** The part of the config that decides which secrets the service needs. */
interface Secrets {
  database?: DataStore;
  redis?: DataStore;
  oauth?: object;
  saml?: object;
  secrets?: { existing?: string; versions: Record<string, string> };
}

/** Keys of `shield-secrets` that the config makes necessary; a provider that is not configured has none. */
export function secretKeys({ database, redis, oauth, saml, secrets }: Secrets): string[] {
  return [
    ...(database?.kind === DataStoreKind.External ? ["database-url"] : []),
    ...(redis?.kind === DataStoreKind.External ? ["redis-url"] : []),
    "secret-key",
    ...Object.keys(oauth ?? {}).map((provider) => `${provider}-client-secret`),
    ...(saml ? ["saml-sp-x509-cert", "saml-sp-private-key"] : []),
    ...(secrets?.existing === undefined ? [] : ["jwt-private-key"]),
  ];
}

/** A pinned version that nothing reads: of a key that the Secret does not have, or of a Secret that the stack does not fill. */
export function checkSecrets(config: Secrets): Problem[] {
  const { existing, versions = {} } = config.secrets ?? {};
  const known = secretKeys(config);
  return Object.entries(versions).flatMap(([key, version]) => {
    const subject = `shield:secrets.versions.${key}`;
    if (existing !== undefined)
      return [
        {
          subject,
          message: "the version has no effect because the stack does not fill an existing Secret",
          value: version,
          expected: `no versions with shield:secrets.existing, which is ${existing}`,
          fix: "remove shield:secrets.versions, or remove shield:secrets.existing",
        },
      ];
    if (known.includes(key)) return [];
    const near = nearest(key, known);
    return [
      {
        subject,
        message: "the Secret has no such key",
        value: key,
        expected: `one of ${known.join(", ")}`,
        fix: near === undefined ? "remove it" : `rename it to ${near}`,
      },
    ];
  });
}
