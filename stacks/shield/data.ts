import { DevelopmentPostgres, DevelopmentRedis, type Endpoint, external } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { DataStoreKind } from "./checks.ts";
import type { ShieldConfig } from "./config.ts";
import type { SecretKeys } from "./secrets.ts";

/** PostgreSQL: at its address in `database-url`, or a pod of the stack. */
export function databaseEndpoint({ database }: ShieldConfig, namespace: Input<string>, secret: SecretKeys): Endpoint {
  if (database.kind === DataStoreKind.Development)
    return new DevelopmentPostgres("shield-postgres", { namespace, database: "shield" }).endpoint;
  return external("postgres", database.port, database.cidrs ?? [], {
    secrets: { DATABASE_URL: secret("database-url") },
  });
}

/** Redis: at its address in `redis-url`, or a pod of the stack. */
export function redisEndpoint({ redis }: ShieldConfig, namespace: Input<string>, secret: SecretKeys): Endpoint {
  if (redis.kind === DataStoreKind.Development) return new DevelopmentRedis("shield-redis", { namespace }).endpoint;
  return external("redis", redis.port, redis.cidrs ?? [], { secrets: { REDIS_URL: secret("redis-url") } });
}
