import type * as gcp from "@pulumi/gcp/types/input.js";

export interface DatabaseFlagsArgs {
  /** `max_connections`; undefined keeps the machine's default. */
  maxConnections?: number;
  /** Further flags. One of the same name replaces a default. */
  flags?: Record<string, string>;
}

/**
 * What PostgreSQL logs: connections with their origin and duration, changes of schema and roles, errors, lock waits and
 * temporary files. Statements that read and write data are not logged, because they hold data.
 *
 * Source: the CIS Google Cloud Platform Foundation Benchmark, section 6.2.
 */
const auditLog: Record<string, string> = {
  "cloudsql.enable_pgaudit": "on",
  log_checkpoints: "on",
  log_connections: "on",
  log_disconnections: "on",
  log_duration: "on",
  log_hostname: "on",
  log_lock_waits: "on",
  log_min_duration_statement: "-1",
  log_min_error_statement: "error",
  log_min_messages: "warning",
  log_statement: "ddl",
  log_temp_files: "0",
  "pgaudit.log": "ddl,role",
};

/** The instance's flags by name. */
export function databaseFlags({
  maxConnections,
  flags,
}: DatabaseFlagsArgs): gcp.sql.DatabaseInstanceSettingsDatabaseFlag[] {
  const limit: Record<string, string> = maxConnections === undefined ? {} : { max_connections: String(maxConnections) };
  const all: Record<string, string> = { ...auditLog, ...limit, ...flags };
  return Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value }));
}
