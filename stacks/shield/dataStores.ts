import type { Problem } from "@gatehouse/core";
import type { StackName } from "@gatehouse/core/config";
import { DevelopmentPostgres, DevelopmentRedis, type Endpoint, external } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { isProduction } from "../environment.ts";
import type { ShieldConfig } from "./config.ts";
import type { SecretKeys } from "./secrets.ts";

/** Who keeps a data store: somebody else, or a pod of the stack that loses it when it goes. */
export const DataStoreKind = { External: "external", Development: "development" } as const;

/** A data store that production cannot have, that no policy could let the pods reach, or that no backup can read. */
export function checkDataStores({ database, redis, backup }: Partial<ShieldConfig>, stack: StackName): Problem[] {
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

function checkDataStore(key: string, { kind, cidrs }: { kind: string; cidrs?: string[] }, stack: StackName): Problem[] {
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

/** PostgreSQL: by its address in `database-url`, or a pod of the stack. */
export function databaseEndpoint({ database }: ShieldConfig, namespace: Input<string>, secret: SecretKeys): Endpoint {
  if (database.kind === DataStoreKind.Development)
    return new DevelopmentPostgres("shield-postgres", { namespace, database: "shield" }).endpoint;
  return external("postgres", database.port, database.cidrs ?? [], {
    secrets: { DATABASE_URL: secret("database-url") },
  });
}

/** Redis: by its address in `redis-url`, or a pod of the stack. */
export function redisEndpoint({ redis }: ShieldConfig, namespace: Input<string>, secret: SecretKeys): Endpoint {
  if (redis.kind === DataStoreKind.Development) return new DevelopmentRedis("shield-redis", { namespace }).endpoint;
  return external("redis", redis.port, redis.cidrs ?? [], { secrets: { REDIS_URL: secret("redis-url") } });
}
