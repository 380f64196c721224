import { expect, test } from "vitest";
import { checkConnections, connectionDemand, reservedConnections } from "@gatehouse/core";

const guide = { poolSize: 50, processes: 4, instances: 10, surge: 1 };

test("the demand is the pool of every process of every instance, those of a rollout included", () => {
  expect(connectionDemand(guide)).toBe(2200);
  expect(connectionDemand({ poolSize: 5, overflow: 10, instances: 10, surge: 10 })).toBe(300);
  expect(connectionDemand({ poolSize: 7, instances: 1 })).toBe(7);
});

test("a database that holds the demand and the reserved connections exactly is large enough", () => {
  expect(checkConnections("pool", guide, 2205)).toEqual([]);
  expect(checkConnections("pool", { ...guide, reserved: 0 }, 2200)).toEqual([]);
});

test("one connection too few is a problem that shows the arithmetic and the pool that fits", () => {
  expect(checkConnections("shield:databasePoolSize", guide, 2204)).toEqual([
    {
      subject: "shield:databasePoolSize",
      message: "the connection pools are larger than the database",
      value: "50 pool x 4 processes x (10 + 1 instances) = 2200, and 5 reserved: 2205",
      expected: "at most 2204, the database's max_connections",
      fix: "a pool of at most 49, fewer instances, or a larger database",
    },
  ]);
});

test("the fix leaves out a pool where none fits", () => {
  const [problem] = checkConnections("pool", { poolSize: 5, overflow: 10, instances: 10, surge: 10 }, 25);
  expect(problem?.value).toBe("(5 pool + 10 overflow) x 1 processes x (10 + 10 instances) = 300, and 5 reserved: 305");
  expect(problem?.fix).toBe("fewer instances or a larger database");
});

test("five are reserved: three for superusers, a migration and a backup", () => {
  expect(reservedConnections).toBe(5);
});
