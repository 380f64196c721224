import { describe, expect, test } from "vitest";
import { checkWindows } from "../../src/rds/weeklyWindow.ts";

const check = (backup: string, maintenance: string) => checkWindows("db", backup, maintenance);

describe("windows", () => {
  test.each([
    ["02:00-03:00", "sun:03:00-sun:04:00"],
    ["02:00-03:00", "sun:01:00-sun:02:00"],
    ["23:30-00:30", "sun:22:30-sun:23:30"],
    ["23:30-00:30", "mon:00:30-mon:01:30"],
    ["02:00-02:30", "sat:23:00-sun:01:00"],
  ])("%s and %s do not overlap", (backup, maintenance) => {
    expect(check(backup, maintenance)).toEqual([]);
  });

  test.each([
    ["02:00-03:00", "sun:02:30-sun:03:30"],
    ["02:00-03:00", "sun:01:30-sun:02:01"],
    ["23:30-00:30", "mon:00:00-mon:01:00"],
    ["00:00-01:00", "sun:23:45-mon:00:15"],
    ["23:30-00:30", "sun:23:00-sun:23:31"],
    ["02:00-03:00", "sat:02:00-sun:02:00"],
  ])("%s and %s overlap", (backup, maintenance) => {
    expect(check(backup, maintenance)).toEqual([
      {
        subject: "db.maintenanceWindow",
        message: "the maintenance window and the backup window overlap",
        value: `backupWindow ${backup}, maintenanceWindow ${maintenance}`,
        expected: "windows that do not overlap on any day; both are in UTC",
      },
    ]);
  });
});

test.each([
  ["2:00-3:00", "backupWindow", "not a window of time", "start and end in UTC, such as 02:00-03:00"],
  ["02:00-02:29", "backupWindow", "the window is too short", "at least 30 minutes"],
])("a backup window of %s", (backup, field, message, expected) => {
  expect(check(backup, "sun:04:00-sun:05:00")).toEqual([{ subject: `db.${field}`, message, value: backup, expected }]);
});

test.each([
  ["Sun:04:00-Sun:05:00", "not a window of time", "days and times in UTC, such as sun:04:00-sun:05:00"],
  ["sun:04:00-sun:04:20", "the window is too short", "at least 30 minutes"],
  ["sun:04:00-mon:04:01", "the window is too long", "at most 24 hours"],
])("a maintenance window of %s", (maintenance, message, expected) => {
  expect(check("02:00-03:00", maintenance)).toEqual([
    { subject: "db.maintenanceWindow", message, value: maintenance, expected },
  ]);
});
