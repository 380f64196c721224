import { expect, test } from "vitest";
import { backupFreshness, stale } from "../../src/index.ts";

const args = {
  prefix: "Shop",
  namespace: "shop",
  backup: { cronJob: "shop-backup", maxAge: "26h" },
  runbookUrl: "https://example.org/runbooks/backup",
};

test("one alert for the backup, from its age", () => {
  expect(backupFreshness(args)).toEqual([
    {
      name: "ShopBackupStale",
      expr: stale({ namespace: "shop", cronJob: "shop-backup", age: "26h" }),
      for: "15m",
      severity: "critical",
      summary: "No backup succeeded within 26h",
      description:
        "The CronJob shop-backup has had no success for longer than its schedule allows (26h), or does not exist.",
      runbookUrl: "https://example.org/runbooks/backup",
    },
  ]);
});

test("another for the restore check", () => {
  const restoreCheck = { cronJob: "shop-restore-check", maxAge: "7d30m" };
  const rules = backupFreshness({ ...args, severity: "info", restoreCheck });
  expect(rules.map(({ name, severity, summary }) => [name, severity, summary])).toEqual([
    ["ShopBackupStale", "info", "No backup succeeded within 26h"],
    ["ShopRestoreCheckStale", "warning", "No restore check succeeded within 7d30m"],
  ]);
  expect(rules[1]?.expr).toBe(stale({ namespace: "shop", cronJob: "shop-restore-check", age: "168h30m" }));
});
