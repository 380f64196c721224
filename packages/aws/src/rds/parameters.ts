/** A parameter of a parameter group. */
export interface Parameter {
  name: string;
  value: string;
  /** RDS refuses `immediate` for a static parameter, and a method that is left out is a difference in each run. */
  applyMethod: "pending-reboot";
}

/**
 * Parameters that differ from RDS' own: encrypted connections only, and a log of connections, changes of the schema and
 * slow statements. The values of a statement's parameters are not logged.
 */
const defaults: Record<string, string> = {
  log_connections: "1",
  log_disconnections: "1",
  log_min_duration_statement: "1000",
  log_parameter_max_length: "0",
  log_statement: "ddl",
  "rds.force_ssl": "1",
};

/** Parameters that an option of the component sets, or that would loosen it. */
export const ownParameters: Record<string, string> = {
  max_connections: "set maxConnections",
  "rds.force_ssl": "leave it out: connections without TLS are refused",
};

/** The parameters of a database, in alphabetical order. */
export function databaseParameters(maxConnections: number | undefined, given: Record<string, string>): Parameter[] {
  const limit: Record<string, string> = maxConnections === undefined ? {} : { max_connections: String(maxConnections) };
  const all: Record<string, string> = { ...defaults, ...limit, ...given };
  return Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, applyMethod: "pending-reboot" }));
}
