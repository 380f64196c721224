import type { Problem } from "../errors/problem.ts";

/**
 * Connections kept for others than the pools: three that PostgreSQL keeps for superusers
 * (https://www.postgresql.org/docs/current/runtime-config-connection.html), one for a migration, one for a backup or a
 * person.
 */
export const reservedConnections = 5;

/** The connections that a program opens to a database. */
export interface ConnectionBudget {
  /** Connections that the pool of one process keeps. */
  poolSize: number;
  /**
   * Connections that the pool of one process may open beyond `poolSize` under load.
   *
   * @default 0
   */
  overflow?: number;
  /**
   * Processes of one instance, each with its own pool, such as a server's workers.
   *
   * @default 1
   */
  processes?: number;
  /** The most instances (pods, revisions' instances) that serve at once. */
  instances: number;
  /**
   * Instances beyond those while an update replaces one by another.
   *
   * @default 0
   */
  surge?: number;
  /**
   * Connections kept for others.
   *
   * @default 5
   */
  reserved?: number;
}

/** The most connections that the program can open at once, without the reserved ones. */
export function connectionDemand(budget: ConnectionBudget): number {
  const { poolSize, overflow = 0, processes = 1, instances, surge = 0 } = budget;
  return (poolSize + overflow) * processes * (instances + surge);
}

/**
 * Checks that the pools together take no more connections than the database has. Otherwise some requests, or the next
 * migration, would find none under load.
 *
 * @param subject The option that sets the pool's size, such as a config key.
 * @param maxConnections The database's `max_connections`.
 */
export function checkConnections(subject: string, budget: ConnectionBudget, maxConnections: number): Problem[] {
  const { poolSize, overflow = 0, processes = 1, instances, surge = 0, reserved = reservedConnections } = budget;
  const demand = connectionDemand(budget);
  if (demand + reserved <= maxConnections) return [];
  const pool = overflow > 0 ? `(${poolSize} pool + ${overflow} overflow)` : `${poolSize} pool`;
  const served = surge > 0 ? `(${instances} + ${surge} instances)` : `${instances} instances`;
  const fits = Math.floor((maxConnections - reserved) / (processes * (instances + surge))) - overflow;
  return [
    {
      subject,
      message: "the connection pools are larger than the database",
      value: `${pool} x ${processes} processes x ${served} = ${demand}, and ${reserved} reserved: ${demand + reserved}`,
      expected: `at most ${maxConnections}, the database's max_connections`,
      fix:
        fits > 0
          ? `a pool of at most ${fits}, fewer instances, or a larger database`
          : "fewer instances or a larger database",
    },
  ];
}
