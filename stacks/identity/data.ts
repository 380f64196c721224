import { type CloudSqlDbArgs, defaultMaxConnections, type MemorystoreRedisArgs } from "@gatehouse/gcp";
import type * as pulumi from "@pulumi/pulumi";
import type { IdentityConfig } from "./config.ts";
import type { PhysicalNames } from "./names.ts";

/** What both data stores need from the other parts of the stack. */
interface Surroundings {
  /** Network in which they get their addresses. */
  network: pulumi.Input<string>;
  /** E-mail address of the account that reads their passwords. */
  reader: pulumi.Input<string>;
}

export function databaseArgs(
  { project, region, database, maxInstances }: IdentityConfig,
  names: PhysicalNames,
  { network, reader }: Surroundings,
): CloudSqlDbArgs {
  const { version, poolSize, maxOverflow, backupStartTime, ...rest } = database;
  return {
    ...rest,
    ...(rest.backups && { backupStartTime }),
    project,
    region,
    network,
    databaseVersion: version,
    instanceName: names.database,
    databaseName: "identity_service",
    userName: "identity_user",
    clients: [{ poolSize, overflow: maxOverflow, maxInstances }],
    passwordSecret: names.databasePassword,
    passwordAccessors: { service: reader },
  };
}

export function redisArgs(
  { project, region, redis }: IdentityConfig,
  names: PhysicalNames,
  { network, reader }: Surroundings,
): MemorystoreRedisArgs {
  const { version, ...rest } = redis;
  return {
    ...rest,
    project,
    region,
    network,
    redisVersion: version,
    instanceName: names.redis,
    passwordSecret: names.redisPassword,
    passwordAccessors: { service: reader },
  };
}

/** The database's `max_connections`. The database has refused to be made where it is not known. */
export function maxConnectionsOf({ database }: IdentityConfig): number {
  return database.maxConnections ?? defaultMaxConnections(database.tier) ?? 0;
}
