import { InputError } from "@gatehouse/core";
import type { BackupKind } from "./kind.ts";
import { postgresBackup, type PostgresBackupArgs } from "./postgres.ts";
import { redisBackup, type RedisBackupArgs } from "./redis.ts";

/** Source of a backup. Give exactly one. */
export interface BackupSourceArgs {
  /**
   * A PostgreSQL database.
   * @default none
   */
  postgres?: PostgresBackupArgs;
  /**
   * A Redis.
   * @default none
   */
  redis?: RedisBackupArgs;
}

/** @throws InputError when not exactly one source is given. */
export function backupKind(subject: string, { postgres, redis }: BackupSourceArgs): BackupKind {
  const expected = "postgres or redis";
  if (postgres && redis)
    throw new InputError({
      subject,
      message: "two sources are given for one backup",
      expected: `${expected}, not both`,
    });
  if (postgres) return postgresBackup(`${subject}.postgres`, postgres);
  if (redis) return redisBackup(`${subject}.redis`, redis);
  throw new InputError({ subject, message: "there is no source to back up", expected });
}
