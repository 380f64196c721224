import type { CloudSqlDbArgs } from "@gatehouse/gcp";
import { describe, expect, test } from "vitest";
import { checkDatabase, editionOf } from "../../src/sql/databaseChecks.ts";

const good: CloudSqlDbArgs = {
  project: "shop-prod",
  region: "europe-west1",
  network: "projects/shop-prod/global/networks/shop",
  databaseVersion: "POSTGRES_15",
  tier: "db-custom-2-7680",
  databaseName: "orders",
  userName: "orders",
};

const problems = (args: Partial<CloudSqlDbArgs>): string[] =>
  checkDatabase("db", { ...good, ...args }).map(({ subject, message }) => `${subject}: ${message}`);

test("nothing is wrong with a database of which only what is required is said", () => {
  expect(problems({})).toEqual([]);
});

test("the edition is Enterprise up to PostgreSQL 15, and must be asked for from then on", () => {
  expect(editionOf(good)).toBe("ENTERPRISE");
  expect(editionOf({ ...good, databaseVersion: "POSTGRES_16" })).toBeUndefined();
  expect(problems({ databaseVersion: "POSTGRES_16", edition: "ENTERPRISE" })).toEqual([]);
  expect(
    problems({ databaseVersion: "POSTGRES_17", edition: "ENTERPRISE_PLUS", tier: "db-perf-optimized-N-4" }),
  ).toEqual([]);
});

describe("what Cloud SQL would refuse or ignore", () => {
  test.each<[Partial<CloudSqlDbArgs>, string]>([
    [{ databaseVersion: "MYSQL_8_0" }, "db.databaseVersion: not a version of PostgreSQL"],
    [{ diskSizeGb: 9 }, "db.diskSizeGb: not the size of a disk in GB"],
    [{ backups: false }, "db.availability: a standby in another zone needs backups and point-in-time recovery"],
    [
      { pointInTimeRecovery: false },
      "db.availability: a standby in another zone needs backups and point-in-time recovery",
    ],
    [{ availability: "ZONAL", backups: false }, "db.pointInTimeRecovery: point-in-time recovery needs backups"],
    [{ backupStartTime: "2:00" }, "db.backupStartTime: not a time of day"],
    [{ backupStartTime: "24:00" }, "db.backupStartTime: not a time of day"],
    [{ retainedBackups: 0 }, "db.retainedBackups: not a number of backups"],
    [{ logRetentionDays: 8 }, "db.logRetentionDays: not a number of days"],
    [
      { backupStartTime: "03:30", maintenance: { day: 7, hour: 3 } },
      "db.backupStartTime: the backup begins in the maintenance hour",
    ],
    [{ maintenance: { day: 7, hour: 2 } }, "db.backupStartTime: the backup begins in the maintenance hour"],
    [
      { retainedBackups: 6 },
      "db.retainedBackups: fewer daily backups are kept than days of logs, and logs are of no use without the backup before them",
    ],
    [
      { availability: "ZONAL", backups: false, pointInTimeRecovery: false, retainedBackups: 7 },
      "db.retainedBackups: retainedBackups has no effect because backups is false",
    ],
    [
      { availability: "ZONAL", pointInTimeRecovery: false, logRetentionDays: 7 },
      "db.logRetentionDays: logRetentionDays has no effect because pointInTimeRecovery is false",
    ],
    [{ maintenance: { hour: 3 } }, "db.maintenance: a maintenance hour without a day is ignored"],
    [{ maintenance: { day: 7 } }, "db.maintenance: a maintenance day without an hour is ignored"],
    [{ maintenance: { day: 0, hour: 3 } }, "db.maintenance.day: not a day of the week"],
    [{ maintenance: { day: 7, hour: 24 } }, "db.maintenance.hour: not an hour of the day"],
    [{ databaseName: "my-orders" }, "db.databaseName: not the name of a database"],
    [{ userName: "postgres" }, "db.userName: the name is reserved for the server's administrators"],
    [{ userName: "pg_orders" }, "db.userName: the name is reserved for the server's administrators"],
    [{ maxConnections: 5 }, "db.maxConnections: not a number of connections"],
  ])("%o", (args, expected) => {
    expect(problems(args)).toEqual([expected]);
  });

  test("without backups a zonal database can be had, by saying both", () => {
    expect(problems({ availability: "ZONAL", backups: false, pointInTimeRecovery: false })).toEqual([]);
  });

  test("the log can go further back in the edition Enterprise Plus", () => {
    const plus = { edition: "ENTERPRISE_PLUS", tier: "db-perf-optimized-N-2" } as const;
    expect(problems({ ...plus, logRetentionDays: 35, retainedBackups: 35 })).toEqual([]);
    expect(problems({ ...plus, logRetentionDays: 36, retainedBackups: 36 })).toHaveLength(1);
  });
});
