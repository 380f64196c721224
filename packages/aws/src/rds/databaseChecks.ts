import { checkCount, checkDatabaseClient, checkSqlName, ignored, type Problem } from "@gatehouse/core";
import { checkClients } from "../network/rule.ts";
import { checkZoneRegion } from "../network/subnet.ts";
import { ArnKinds, checkPlainArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";
import { checkLogRetention } from "../monitoring/logRetention.ts";
import { checkEngineVersion, majorVersion, parameterFamily } from "./engineVersion.ts";
import { checkInstanceClass, defaultMaxConnections } from "../instance/instanceClass.ts";
import { ownParameters } from "./parameters.ts";
import type { RdsPostgresArgs } from "./rdsPostgresArgs.ts";
import { checkWindows } from "./weeklyWindow.ts";

export const port = 5432;

/** Storage in GiB from which gp3 takes provisioned operations and throughput, and the bounds of gp3. */
const storage = { least: 20, most: 65_536, provisioned: 400 };

/** The text that a restore must carry. */
export const restoreAcknowledgement = "replaces the instance and keeps the passwords in the snapshot";

/** Names that PostgreSQL or RDS keep: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html */
const reservedUsers = ["admin", "public", "rdsadmin", "rdsrepladmin", "rdstopmgr", "user"];
const reservedDatabases = ["postgres", "rdsadmin", "template0", "template1"];

/** Seconds between metrics that RDS offers: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
const monitoringSteps = [0, 1, 5, 10, 15, 30, 60];

/** `max_connections` of an instance; undefined if it is not known. */
export function maxConnectionsOf({ maxConnections, instanceClass }: RdsPostgresArgs): number | undefined {
  return maxConnections ?? defaultMaxConnections(instanceClass);
}

/** Storage of an instance in GiB, with the defaults. */
export function storageOf({ allocatedStorage = storage.least, maxAllocatedStorage }: RdsPostgresArgs): {
  allocated: number;
  most: number;
} {
  return { allocated: allocatedStorage, most: maxAllocatedStorage ?? Math.min(5 * allocatedStorage, storage.most) };
}

/** Hours of backup and maintenance, with the defaults. */
export function windowsOf({
  backupWindow = "02:00-03:00",
  maintenanceWindow = "sun:04:00-sun:05:00",
}: RdsPostgresArgs): { backupWindow: string; maintenanceWindow: string } {
  return { backupWindow, maintenanceWindow };
}

/** Checks the arguments of a database. */
export function checkDatabase(subject: string, args: RdsPostgresArgs): Problem[] {
  const { backupWindow, maintenanceWindow } = windowsOf(args);
  const admits = (args.admits ?? []).map((client) => ({ ...client, port }));
  return [
    ...checkRegion(`${subject}.region`, args.region),
    ...checkZoneRegion(`${subject}.subnets`, args.subnets, args.region),
    ...checkEngineVersion(subject, args.engineVersion, args.autoMinorVersionUpgrade ?? true),
    ...checkInstanceClass(`${subject}.instanceClass`, args.instanceClass),
    ...checkNames(subject, args),
    ...checkClients(`${subject}.admits`, admits),
    ...checkPools(subject, args),
    ...checkStorage(subject, args),
    ...checkCount(`${subject}.backupRetentionDays`, "not a number of days", args.backupRetentionDays, {
      least: 1,
      most: 35,
    }),
    ...checkWindows(subject, backupWindow, maintenanceWindow),
    ...checkPlainArn(`${subject}.kmsKeyArn`, ArnKinds.KmsKey, args.kmsKeyArn, args.region),
    ...checkReplication(`${subject}.backupReplication`, args),
    ...checkParameters(subject, args),
    ...checkLogRetention(`${subject}.logRetentionDays`, args.logRetentionDays),
    ...checkMonitoring(`${subject}.monitoringSeconds`, args.monitoringSeconds),
    ...checkRestore(`${subject}.restore.acknowledgement`, args),
    ...checkCount(`${subject}.passwordVersion`, "not the number of a password", args.passwordVersion, { least: 1 }),
  ];
}

function checkNames(
  subject: string,
  { databaseName, userName, masterUserName = "postgres" }: RdsPostgresArgs,
): Problem[] {
  return [
    ...(reservedDatabases.includes(databaseName)
      ? [reserved(`${subject}.databaseName`, databaseName, reservedDatabases)]
      : checkSqlName(`${subject}.databaseName`, "not the name of a database", databaseName)),
    ...checkUser(`${subject}.userName`, userName, ["postgres"]),
    ...checkUser(`${subject}.masterUserName`, masterUserName, []),
    ...(userName === masterUserName
      ? [
          {
            subject: `${subject}.userName`,
            message: "the application connects as the administrator, whose password rotates every 7 days",
            value: userName,
            expected: "a user other than masterUserName",
          },
        ]
      : []),
  ];
}

function checkUser(subject: string, name: string, more: string[]): Problem[] {
  const names = [...reservedUsers, ...more];
  if (names.includes(name) || /^(pg_|rds_)/.test(name))
    return [reserved(subject, name, [...names, "pg_...", "rds_..."])];
  return checkSqlName(subject, "not the name of a user", name);
}

function reserved(subject: string, value: string, names: string[]): Problem {
  return { subject, message: "RDS reserves the name", value, expected: `a name other than ${names.join(", ")}` };
}

function checkPools(subject: string, args: RdsPostgresArgs): Problem[] {
  return [
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections
    ...checkCount(`${subject}.maxConnections`, "not a number of connections", args.maxConnections, {
      least: 6,
      most: 8_388_607,
    }),
    ...(args.clients ?? []).flatMap((client, index) =>
      checkDatabaseClient(`${subject}.clients[${index}]`, client, maxConnectionsOf(args)),
    ),
  ];
}

function checkStorage(subject: string, args: RdsPostgresArgs): Problem[] {
  const { allocated, most } = storageOf(args);
  const { least, provisioned } = storage;
  const numbers = [
    ...checkCount(`${subject}.allocatedStorage`, "not a size of storage in GiB", allocated, {
      least,
      most: storage.most,
    }),
    // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
    ...checkCount(
      `${subject}.maxAllocatedStorage`,
      "not a limit that the storage can grow to",
      args.maxAllocatedStorage,
      {
        least: Math.ceil(allocated * 1.26),
        most: storage.most,
      },
    ),
    ...checkCount(`${subject}.iops`, "not a number of operations a second", args.iops, { least: 12_000, most: 64_000 }),
    ...checkCount(`${subject}.storageThroughput`, "not a throughput in MiB a second", args.storageThroughput, {
      least: 500,
      most: 4000,
    }),
  ];
  if (numbers.length > 0 || most === 0) return numbers;
  return ignored(
    subject,
    `gp3 takes it from ${provisioned} GiB on, and allocatedStorage is ${allocated}`,
    allocated >= provisioned,
    {
      iops: args.iops,
      storageThroughput: args.storageThroughput,
    },
  );
}

function checkReplication(subject: string, { backupReplication, region }: RdsPostgresArgs): Problem[] {
  if (!backupReplication) return [];
  return [
    ...checkRegion(`${subject}.region`, backupReplication.region),
    ...(backupReplication.region === region
      ? [
          {
            subject: `${subject}.region`,
            message: "the copies are in the region of the database",
            value: region,
            expected: "another region",
          },
        ]
      : []),
    ...checkPlainArn(`${subject}.kmsKeyArn`, ArnKinds.KmsKey, backupReplication.kmsKeyArn, backupReplication.region),
    ...checkCount(`${subject}.retentionDays`, "not a number of days", backupReplication.retentionDays, {
      least: 1,
      most: 35,
    }),
  ];
}

function checkParameters(subject: string, args: RdsPostgresArgs): Problem[] {
  const { parameters = {}, existingParameterGroup: existing, engineVersion, maxConnections } = args;
  const family = parameterFamily(engineVersion);
  return [
    ...Object.entries(parameters).flatMap(([name, value]) =>
      Object.hasOwn(ownParameters, name)
        ? [
            {
              subject: `${subject}.parameters.${name}`,
              message: "the component sets this parameter",
              value,
              expected: "other parameters",
              fix: ownParameters[name],
            },
          ]
        : [],
    ),
    ...(existing && existing.family !== family && majorVersion(engineVersion) !== ""
      ? [
          {
            subject: `${subject}.existingParameterGroup.family`,
            message: `the parameter group is of another family than PostgreSQL ${majorVersion(engineVersion)}`,
            value: existing.family,
            expected: family,
            fix: `make a group of the family ${family}, or leave existingParameterGroup out`,
          },
        ]
      : []),
    ...ignored(subject, "existingParameterGroup is set", !existing, { parameters: args.parameters, maxConnections }),
  ];
}

function checkMonitoring(subject: string, seconds: number | undefined): Problem[] {
  if (seconds === undefined || monitoringSteps.includes(seconds)) return [];
  return [
    {
      subject,
      message: "RDS does not offer this interval",
      value: String(seconds),
      expected: monitoringSteps.join(", "),
    },
  ];
}

function checkRestore(subject: string, { restore }: RdsPostgresArgs): Problem[] {
  if (!restore || restore.acknowledgement === restoreAcknowledgement) return [];
  return [
    {
      subject,
      message: "a snapshot replaces a database that exists, and its users keep the passwords in the snapshot",
      value: restore.acknowledgement,
      expected: `"${restoreAcknowledgement}"`,
      fix: "set acknowledgement: restoreAcknowledgement, and set the application user's password after the restore",
    },
  ];
}
