import { InputError } from "@gatehouse/core";
import type { BackupKind } from "./kind.ts";
import { postgresBackup, type PostgresBackupArgs } from "./postgres.ts";

/** What is backed up. Exactly one is given. */
export interface BackupSourceArgs {
  /**
   * A PostgreSQL database.
   * @default none
   */
  postgres?: PostgresBackupArgs;
}

/** @throws InputError when no source is given. */
export function backupKind(subject: string, { postgres }: BackupSourceArgs): BackupKind {
  if (postgres) return postgresBackup(`${subject}.postgres`, postgres);
  throw new InputError({ subject, message: "nothing is given that could be backed up", expected: "postgres" });
}
