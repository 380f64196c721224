import { describe, expect, test } from "vitest";
import { checkInstanceClass, defaultMaxConnections, isBurstable, memoryOf } from "../../src/instance/instanceClass.ts";

test.each([
  ["db.t4g.micro", 1],
  ["db.t4g.medium", 4],
  ["db.t3.2xlarge", 32],
  ["db.m7g.large", 8],
  ["db.m6gd.xlarge", 16],
  ["db.m7g.16xlarge", 256],
  ["db.r7g.large", 16],
  ["db.r6i.24xlarge", 768],
  ["db.x2g.large", 32],
  ["db.c6gd.xlarge", 8],
])("%s has %i GiB", (instanceClass, gibibytes) => {
  expect(memoryOf(instanceClass)).toBe(gibibytes * 2 ** 30);
});

test.each(["db.m7g.metal", "db.z1d.large", "m7g.large"])("the memory of %s is not known", (instanceClass) => {
  expect(memoryOf(instanceClass)).toBeUndefined();
  expect(defaultMaxConnections(instanceClass)).toBeUndefined();
});

test.each([
  ["db.t4g.micro", 112],
  ["db.t4g.medium", 450],
  ["db.m7g.large", 901],
  ["db.r7g.2xlarge", 5000],
])("RDS' formula gives %s %i connections", (instanceClass, connections) => {
  expect(defaultMaxConnections(instanceClass)).toBe(connections);
});

describe("the form of a class", () => {
  test("passes also where the class is new", () => {
    expect(checkInstanceClass("db.instanceClass", "db.q9z.large")).toEqual([]);
  });

  test("needs its prefix", () => {
    expect(checkInstanceClass("db.instanceClass", "m7g.large")).toEqual([
      {
        subject: "db.instanceClass",
        message: "not a class of database instance",
        value: "m7g.large",
        expected: "db.<family>.<size>, such as db.m7g.large",
        fix: "use db.m7g.large",
      },
    ]);
  });
});

test("burstable classes earn credits", () => {
  expect(isBurstable("db.t4g.micro")).toBe(true);
  expect(isBurstable("db.m7g.large")).toBe(false);
});
