import {
  checkConnections,
  checkCount,
  type ConnectionBudget,
  connectionDemand,
  type Problem,
  reservedConnections,
} from "@gatehouse/core";

/** A program with a pool of connections to the database. */
export interface DatabaseClientArgs {
  /** Connections in the pool of one process. */
  poolSize: number;
  /**
   * Connections that the pool of one process may open beyond `poolSize` under load.
   * @default 0
   */
  overflow?: number;
  /**
   * Processes of one instance, each with its own pool.
   * @default 1
   */
  processes?: number;
  /** Most instances of one revision. During a rollout, the new revision may have as many as the old one. */
  maxInstances: number;
}

/**
 * What a client takes of a database: its pools, in all instances of the old and of the new revision, and beside them
 * the connection of a migration and those that PostgreSQL reserves.
 */
export function connectionBudget({
  poolSize,
  overflow,
  processes,
  maxInstances,
}: DatabaseClientArgs): ConnectionBudget {
  return {
    poolSize,
    overflow,
    processes,
    instances: maxInstances,
    surge: maxInstances,
    reserved: reservedConnections,
  };
}

/** Connections that a database needs for one client: its pools and the reserved connections. */
export function connectionsNeeded(client: DatabaseClientArgs): number {
  const budget = connectionBudget(client);
  return connectionDemand(budget) + (budget.reserved ?? 0);
}

/** Checks that all pools fit into the database; the message shows the arithmetic. */
export function checkDatabaseClient(
  subject: string,
  client: DatabaseClientArgs,
  maxConnections: number | undefined,
): Problem[] {
  const { poolSize, overflow, processes, maxInstances } = client;
  const numbers = [
    ...checkCount(`${subject}.poolSize`, "not a number of connections", poolSize, { least: 1 }),
    ...checkCount(`${subject}.overflow`, "not a number of connections", overflow, { least: 0 }),
    ...checkCount(`${subject}.processes`, "not a number of processes", processes, { least: 1 }),
    ...checkCount(`${subject}.maxInstances`, "not a number of instances", maxInstances, { least: 1 }),
  ];
  if (numbers.length > 0) return numbers;
  if (maxConnections !== undefined)
    return checkConnections(`${subject}.poolSize`, connectionBudget(client), maxConnections);
  return [
    {
      subject,
      message: "cannot check the pools: the default max_connections of this tier is unknown",
      expected: `maxConnections of at least ${connectionsNeeded(client)}`,
    },
  ];
}
