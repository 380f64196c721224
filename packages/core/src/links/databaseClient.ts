import { type ConnectionBudget, checkConnections, connectionDemand, reservedConnections } from "./connections.ts";
import type { Problem } from "../errors/problem.ts";
import { checkCount } from "../values/count.ts";

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
  /** Most instances of one revision. During a rollout, the new revision can have as many as the old one. */
  maxInstances: number;
}

/**
 * The connections that a client can open: its pools, in all instances of the old and the new revision, and the reserved
 * connections.
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
      message: "cannot check the pools: the default max_connections of this machine is unknown",
      expected: `maxConnections of at least ${connectionsNeeded(client)}`,
    },
  ];
}
