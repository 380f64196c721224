import { checkCount, checkDatabaseClient, checkSqlName, ignored, type Problem } from "@gatehouse/core";
import { checkTier, defaultMaxConnections, Edition } from "./machineTier.ts";
import { Availability, type CloudSqlDbArgs, type MaintenanceWindowArgs } from "./cloudSqlArgs.ts";

/** From this version on, an instance without an edition is of Enterprise Plus. */
const firstPlusVersion = 16;

/** The edition of an instance; undefined if the arguments must name it. */
export function editionOf({ edition, databaseVersion }: CloudSqlDbArgs): Edition | undefined {
  return edition ?? (majorVersion(databaseVersion) < firstPlusVersion ? Edition.Enterprise : undefined);
}

/** `max_connections` of an instance; undefined if it is not known. */
export function maxConnectionsOf({ maxConnections, tier }: CloudSqlDbArgs): number | undefined {
  return maxConnections ?? defaultMaxConnections(tier);
}

interface RecoveryArgs {
  backupStartTime: string;
  retainedBackups: number;
  logRetentionDays: number;
}

/** When backups begin and how long they and the logs are kept, with the defaults. */
export function withDefaults({
  backupStartTime = "02:00",
  retainedBackups = 7,
  logRetentionDays = 7,
}: CloudSqlDbArgs): RecoveryArgs {
  return { backupStartTime, retainedBackups, logRetentionDays };
}

/** Checks the arguments of an instance. */
export function checkDatabase(subject: string, args: CloudSqlDbArgs): Problem[] {
  const recovery = checkRecovery(subject, args);
  return [
    ...checkVersion(subject, args),
    ...checkDisk(subject, args),
    ...(recovery.length > 0 ? recovery : [...checkWindows(subject, args), ...checkRetention(subject, args)]),
    ...checkMaintenance(`${subject}.maintenance`, args.maintenance),
    ...checkIgnored(subject, args),
    ...checkSqlName(`${subject}.databaseName`, "not the name of a database", args.databaseName),
    ...checkUser(`${subject}.userName`, args.userName),
    ...checkCount(`${subject}.maxConnections`, "not a number of connections", args.maxConnections, {
      least: 14,
      most: 262_143,
    }),
    ...(args.clients ?? []).flatMap((client, index) =>
      checkDatabaseClient(`${subject}.clients[${index}]`, client, maxConnectionsOf(args)),
    ),
  ];
}

function majorVersion(databaseVersion: string): number {
  return Number(/^POSTGRES_(\d+)$/.exec(databaseVersion)?.[1] ?? NaN);
}

function checkVersion(subject: string, args: CloudSqlDbArgs): Problem[] {
  const version = majorVersion(args.databaseVersion);
  if (Number.isNaN(version))
    return [
      {
        subject: `${subject}.databaseVersion`,
        message: "not a version of PostgreSQL",
        value: args.databaseVersion,
        expected: "POSTGRES_ and a major version, such as POSTGRES_15",
      },
    ];
  const edition = editionOf(args);
  if (edition !== undefined) return checkTier(`${subject}.tier`, args.tier, edition);
  return [
    {
      subject: `${subject}.edition`,
      message: `PostgreSQL ${version} without an edition becomes ${Edition.EnterprisePlus}, with other machines at another price`,
      value: `databaseVersion ${args.databaseVersion}, no edition`,
      expected: Object.values(Edition).join(" or "),
      fix: `set edition; ${args.tier} is a machine of ${args.tier.includes("-perf-") ? Edition.EnterprisePlus : Edition.Enterprise}`,
    },
  ];
}

function checkDisk(subject: string, { diskSizeGb }: CloudSqlDbArgs): Problem[] {
  return checkCount(`${subject}.diskSizeGb`, "not the size of a disk in GB", diskSizeGb, { least: 10, most: 65_536 });
}

function checkRecovery(subject: string, args: CloudSqlDbArgs): Problem[] {
  const { backups = true, pointInTimeRecovery = true, availability = Availability.Regional } = args;
  const longestLog = args.edition === Edition.EnterprisePlus ? 35 : 7;
  return [
    ...(availability === Availability.Regional && !(backups && pointInTimeRecovery)
      ? [
          {
            subject: `${subject}.availability`,
            message: "a standby in another zone needs backups and point-in-time recovery",
            value: `availability ${availability}, backups ${String(backups)}, pointInTimeRecovery ${String(pointInTimeRecovery)}`,
            expected: "both on, or availability ZONAL",
            fix: "turn backups and pointInTimeRecovery on",
          },
        ]
      : []),
    ...(availability === Availability.Zonal && pointInTimeRecovery && !backups
      ? [
          {
            subject: `${subject}.pointInTimeRecovery`,
            message: "point-in-time recovery needs backups",
            value: "pointInTimeRecovery true, backups false",
            expected: "backups, or pointInTimeRecovery false",
          },
        ]
      : []),
    ...(args.backupStartTime !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(args.backupStartTime)
      ? [
          {
            subject: `${subject}.backupStartTime`,
            message: "not a time of day",
            value: args.backupStartTime,
            expected: "hours and minutes in UTC, such as 02:00",
          },
        ]
      : []),
    ...checkCount(`${subject}.retainedBackups`, "not a number of backups", args.retainedBackups, {
      least: 1,
      most: 365,
    }),
    ...checkCount(`${subject}.logRetentionDays`, "not a number of days", args.logRetentionDays, {
      least: 1,
      most: longestLog,
    }),
  ];
}

function checkMaintenance(subject: string, window: MaintenanceWindowArgs | undefined): Problem[] {
  if (!window) return [];
  const { day, hour } = window;
  if ((day === undefined) !== (hour === undefined))
    return [
      {
        subject,
        message: `a maintenance ${day === undefined ? "hour without a day" : "day without an hour"} is ignored`,
        value: day === undefined ? `hour ${hour}` : `day ${day}`,
        expected: "both day (1 for Monday to 7 for Sunday) and hour (0 to 23, UTC)",
      },
    ];
  return [
    ...checkCount(`${subject}.day`, "not a day of the week", day, { least: 1, most: 7 }),
    ...checkCount(`${subject}.hour`, "not an hour of the day", hour, { least: 0, most: 23 }),
  ];
}

/** The backup and the maintenance must not begin in the same hour: the one would delay or interrupt the other. */
function checkWindows(subject: string, args: CloudSqlDbArgs): Problem[] {
  const { backups = true, maintenance } = args;
  const { backupStartTime } = withDefaults(args);
  if (!backups || maintenance?.hour === undefined || Number(backupStartTime.slice(0, 2)) !== maintenance.hour)
    return [];
  return [
    {
      subject: `${subject}.backupStartTime`,
      message: "the backup begins in the maintenance hour",
      value: `backupStartTime ${backupStartTime}, maintenance.hour ${maintenance.hour}`,
      expected: "another hour for one of them; both are in UTC",
    },
  ];
}

/**
 * Logs are deleted with the backup that they follow, so fewer backups than days of logs cut recovery short.
 *
 * Source: https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
 */
function checkRetention(subject: string, args: CloudSqlDbArgs): Problem[] {
  const { backups = true, pointInTimeRecovery = true } = args;
  const { retainedBackups, logRetentionDays } = withDefaults(args);
  if (!backups || !pointInTimeRecovery || retainedBackups >= logRetentionDays) return [];
  return [
    {
      subject: `${subject}.retainedBackups`,
      message: "fewer daily backups are kept than days of logs, and logs are of no use without the backup before them",
      value: `retainedBackups ${retainedBackups}, logRetentionDays ${logRetentionDays}`,
      expected: `at least ${logRetentionDays} backups`,
      fix: `raise retainedBackups to ${logRetentionDays}, or lower logRetentionDays to ${retainedBackups}`,
    },
  ];
}

/** Options that have no effect because another option turns their subject off. */
function checkIgnored(subject: string, args: CloudSqlDbArgs): Problem[] {
  const { backups = true, pointInTimeRecovery = true } = args;
  return [
    ...ignored(subject, "backups is false", backups, {
      backupStartTime: args.backupStartTime,
      retainedBackups: args.retainedBackups,
    }),
    ...ignored(subject, "pointInTimeRecovery is false", pointInTimeRecovery, {
      logRetentionDays: args.logRetentionDays,
    }),
  ];
}

function checkUser(subject: string, name: string): Problem[] {
  const reserved = name === "postgres" || name.startsWith("pg_") || name.startsWith("cloudsql");
  if (!reserved) return checkSqlName(subject, "not the name of a user", name);
  return [
    {
      subject,
      message: "the name is reserved for the server's administrators",
      value: name,
      expected: "a name other than postgres, not beginning with pg_ or cloudsql",
    },
  ];
}
