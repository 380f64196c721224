import { formatDuration } from "@gatehouse/core";
import { describe, expect, test } from "vitest";
import { backupFreshness, longestGap, stale } from "../src/index.ts";

describe("the longest gap of a schedule", () => {
  test.each([
    ["0 2 * * *", "1d"],
    ["@daily", "1d"],
    ["0 * * * *", "1h"],
    ["@hourly", "1h"],
    ["*/5 * * * *", "5m"],
    ["*/7 * * * *", "7m"],
    ["0 2,14 * * *", "12h"],
    ["30 1,5 * * *", "20h"],
    ["0 9-17 * * 1-5", "2d16h"],
    ["0 9-17 * * mon-fri", "2d16h"],
    ["0 3 * * 0", "1w"],
    ["0 3 * * 7", "1w"],
    ["0 0 1 * *", "31d"],
    ["0 0 1 */3 *", "92d"],
    ["0 0 1 1 *", "366d"],
    ["0 0 29 2 *", "1461d"],
    // Two restricted fields of days mean either: the Mondays, and the 1st between two of them.
    ["0 0 1 * mon", "1w"],
    ["0 0 31 * ?", "61d"],
    ["10-20/5 4/6 * * *", "5h50m"],
  ])("%s: %s", (schedule, gap) => {
    expect(formatDuration(longestGap(schedule))).toBe(gap);
  });

  test.each([
    ["0 2 * *", "it has 4 fields"],
    ["0 0 2 * * *", "it has 6 fields"],
    ["60 2 * * *", "60 is no minute from 0 to 59"],
    ["0 24 * * *", "24 is no hour from 0 to 23"],
    ["0 2 0 * *", "0 is no day of the month from 1 to 31"],
    ["0 2 * foo *", "foo is no month from 1 to 12"],
    ["0 2 * * 5-1", "5-1 is no day of the week from 0 to 7"],
    ["*/0 2 * * *", "*/0 is no minute from 0 to 59"],
    ["daily", "it has 1 field"],
  ])("%s is refused", (schedule, reason) => {
    expect(() => longestGap(schedule)).toThrow(`schedule: not a schedule: ${reason}\n  value:    ${schedule}`);
  });

  test("a date that never comes", () => {
    expect(() => longestGap("0 0 30 2 *")).toThrow("schedule: the schedule comes too rarely");
  });
});

describe("backup freshness", () => {
  const args = {
    prefix: "Shop",
    namespace: "shop",
    backup: { cronJob: "shop-backup", schedule: "0 2 * * *" },
    runbookUrl: "https://example.org/runbooks/backup",
  };

  test("one alert for the backup, from its schedule and the time that a run may take", () => {
    expect(backupFreshness(args)).toEqual([
      {
        name: "ShopBackupStale",
        expr: stale({ namespace: "shop", cronJob: "shop-backup", age: "26h" }),
        for: "15m",
        severity: "critical",
        summary: "No backup succeeded within 1d2h",
        description:
          "The CronJob shop-backup has had no success for longer than its schedule allows (1d2h), or does not exist.",
        runbookUrl: "https://example.org/runbooks/backup",
      },
    ]);
  });

  test("another for the restore check", () => {
    const restoreCheck = { cronJob: "shop-restore-check", schedule: "0 6 * * 0", runtime: "30m" };
    const rules = backupFreshness({ ...args, severity: "warning", restoreCheck });
    expect(rules.map(({ name, severity, summary }) => [name, severity, summary])).toEqual([
      ["ShopBackupStale", "warning", "No backup succeeded within 1d2h"],
      ["ShopRestoreCheckStale", "warning", "No restore check succeeded within 7d30m"],
    ]);
    expect(rules[1]?.expr).toBe(stale({ namespace: "shop", cronJob: "shop-restore-check", age: "168h30m" }));
  });
});
