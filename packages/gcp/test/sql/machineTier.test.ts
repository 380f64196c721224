import { checkTier, defaultMaxConnections, Edition } from "@gatehouse/gcp";
import { describe, expect, test } from "vitest";

const messages = (tier: string, edition: Edition = Edition.Enterprise): string[] =>
  checkTier("tier", tier, edition).map(({ message }) => message);

describe("machines of the edition Enterprise", () => {
  test.each([
    "db-f1-micro",
    "db-g1-small",
    "db-custom-1-3840",
    "db-custom-1-6656",
    "db-custom-2-7680",
    "db-custom-96-638976",
  ])("%s exists", (tier) => {
    expect(messages(tier)).toEqual([]);
  });

  test.each([
    ["db-custom-3-7680", "a machine cannot have 3 CPUs", "for example db-custom-4-7680"],
    ["db-custom-0-3840", "a machine cannot have 0 CPUs", undefined],
    ["db-custom-98-98304", "a machine cannot have 98 CPUs", "for example db-custom-96-98304"],
    ["db-custom-1-3584", "a machine of 1 CPU cannot have 3584 MB of memory", "for example db-custom-1-3840"],
    ["db-custom-1-6912", "a machine of 1 CPU cannot have 6912 MB of memory", "for example db-custom-1-6656"],
    ["db-custom-8-7168", "a machine of 8 CPUs cannot have 7168 MB of memory", "for example db-custom-8-7424"],
    ["db-custom-2-7700", "the memory is not a multiple of 256 MB", "for example db-custom-2-7680"],
    ["db-n1-standard-1", "PostgreSQL in the edition ENTERPRISE has no such machine", undefined],
    ["db-perf-optimized-N-2", "PostgreSQL in the edition ENTERPRISE has no such machine", undefined],
  ])("%s does not", (tier, message, fix) => {
    const problems = checkTier("tier", tier, Edition.Enterprise);
    expect(problems.map((problem) => problem.message)).toEqual([message]);
    expect(problems[0]?.value).toBe(tier);
    expect(problems[0]?.fix).toBe(fix);
  });
});

test("machines of the edition Enterprise Plus are others", () => {
  expect(messages("db-perf-optimized-N-2", Edition.EnterprisePlus)).toEqual([]);
  expect(messages("db-perf-optimized-N-3", Edition.EnterprisePlus)).toHaveLength(1);
  expect(messages("db-custom-2-7680", Edition.EnterprisePlus)).toHaveLength(1);
});

test("the machines of the edition are named", () => {
  const expected = (tier: string, edition: Edition) => checkTier("tier", tier, edition)[0]?.expected;
  expect(expected("db-custom-2-7680", Edition.EnterprisePlus)).toBe("db-perf-optimized-N-<CPUs>");
  expect(expected("db-n1-standard-1", Edition.Enterprise)).toBe(
    "db-f1-micro, db-g1-small, or db-custom-<CPUs>-<memory in MB>",
  );
});

test("max_connections where sources agree on it, and not elsewhere", () => {
  expect(defaultMaxConnections("db-f1-micro")).toBe(25);
  expect(defaultMaxConnections("db-g1-small")).toBe(50);
  expect(defaultMaxConnections("db-custom-1-3840")).toBe(100);
  expect(defaultMaxConnections("db-custom-2-7680")).toBeUndefined();
});
