import { checkDatabaseClient, connectionBudget, connectionsNeeded } from "@gatehouse/core";
import { describe, expect, test } from "vitest";

/** Pool and overflow of the deployment guide, in its ten instances. */
const guide = { poolSize: 5, overflow: 10, maxInstances: 10 };

describe("what a client takes of its database", () => {
  test("pool and overflow, in the instances of both revisions, and 5 for PostgreSQL, a migration and a backup", () => {
    expect(connectionBudget(guide)).toEqual({
      poolSize: 5,
      overflow: 10,
      processes: undefined,
      instances: 10,
      surge: 10,
      reserved: 5,
    });
    expect(connectionsNeeded(guide)).toBe(305);
  });

  test.each([
    [{ poolSize: 1, maxInstances: 1 }, 7],
    [{ poolSize: 5, overflow: 10, maxInstances: 1 }, 35],
    [{ poolSize: 5, processes: 4, maxInstances: 3 }, 125],
    [{ poolSize: 5, overflow: 5, processes: 2, maxInstances: 3 }, 125],
  ])("%o needs %i", (client, needed) => {
    expect(connectionsNeeded(client)).toBe(needed);
    expect(checkDatabaseClient("clients[0]", client, needed)).toEqual([]);
    expect(checkDatabaseClient("clients[0]", client, needed - 1)).toHaveLength(1);
  });

  test("too many are an error that shows the arithmetic", () => {
    expect(checkDatabaseClient("clients[0]", guide, 25)).toEqual([
      {
        subject: "clients[0].poolSize",
        message: "the connection pools are larger than the database",
        value: "(5 pool + 10 overflow) x 1 processes x (10 + 10 instances) = 300, and 5 reserved: 305",
        expected: "at most 25, the database's max_connections",
        fix: "fewer instances or a larger database",
      },
    ]);
  });

  test("an unknown limit is one as well", () => {
    expect(checkDatabaseClient("clients[0]", guide, undefined)).toEqual([
      {
        subject: "clients[0]",
        message: "cannot check the pools: the default max_connections of this machine is unknown",
        expected: "maxConnections of at least 305",
      },
    ]);
  });

  test("numbers that are none", () => {
    const client = { poolSize: 0, overflow: -1, processes: 0.5, maxInstances: 0 };
    expect(checkDatabaseClient("c", client, 100).map(({ subject }) => subject)).toEqual([
      "c.poolSize",
      "c.overflow",
      "c.processes",
      "c.maxInstances",
    ]);
  });
});
