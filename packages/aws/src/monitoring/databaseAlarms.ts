import { checkCount, type Problem } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";
import { isBurstable } from "../instance/instanceClass.ts";
import { type Alarm, type Metric, MissingData } from "./alarm.ts";

/** A database as its alarms need to know it: an RdsPostgres' `monitored`. */
export interface MonitoredDatabaseArgs {
  /** Name of the instance. */
  identifier: pulumi.Input<string>;
  /** Class of the instance: `db.m7g.large`. */
  instanceClass: string;
  /**
   * PostgreSQL's `max_connections`.
   * @default not known: connections have no alarm
   */
  maxConnections?: number;
  /**
   * Free storage in GiB below which the alarm fires. RDS grows the storage at 10 % free, so less means that it cannot.
   * @default 1
   */
  leastFreeStorage?: number;
  /**
   * Whether the instance is a replica, whose lag is watched.
   * @default false
   */
  isReplica?: boolean;
}

const gibibyte = 2 ** 30;
/** Of `max_connections`. */
const mostConnections = 0.8;
/** Credits for about ten minutes of two full CPUs: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html */
const leastCredits = 20;
const mostCpuPercent = 90;
const mostLagSeconds = 60;

/** The alarms of a database. */
export function databaseAlarms(key: string, database: MonitoredDatabaseArgs): Alarm[] {
  const { identifier, instanceClass, maxConnections, leastFreeStorage = 1, isReplica = false } = database;
  const metric = (name: string, statistic: Metric["statistic"]): Metric => ({
    namespace: "AWS/RDS",
    name,
    dimensions: { DBInstanceIdentifier: identifier },
    statistic,
    period: 300,
  });
  const storage: Alarm = {
    name: `${key}-free-storage`,
    description: `Less than ${leastFreeStorage} GiB of storage are free, and the storage does not grow. A full database stops. Raise maxAllocatedStorage, or delete data.`,
    metric: metric("FreeStorageSpace", "Minimum"),
    comparison: "LessThanThreshold",
    threshold: leastFreeStorage * gibibyte,
    periods: 2,
    missingData: MissingData.Bad,
  };
  const cpu: Alarm = {
    name: `${key}-cpu`,
    description: `The CPU has been above ${mostCpuPercent} % for 15 minutes. Find the statements in Performance Insights, or take a larger class.`,
    metric: metric("CPUUtilization", "Average"),
    comparison: "GreaterThanThreshold",
    threshold: mostCpuPercent,
    periods: 3,
    missingData: MissingData.Bad,
  };
  const credits: Alarm = {
    name: `${key}-cpu-credits`,
    description: `Fewer than ${leastCredits} CPU credits are left. Without credits the CPU falls to its baseline or costs extra. Take a class that does not burst.`,
    metric: metric("CPUCreditBalance", "Minimum"),
    comparison: "LessThanThreshold",
    threshold: leastCredits,
    periods: 3,
    // The metric comes with a delay after a start.
    missingData: MissingData.Keep,
  };
  const lag: Alarm = {
    name: `${key}-replica-lag`,
    description: `The replica is more than ${mostLagSeconds} s behind, or its replication has stopped. Clients of the replica read old data.`,
    metric: metric("ReplicaLag", "Maximum"),
    comparison: "GreaterThanThreshold",
    threshold: mostLagSeconds,
    periods: 3,
    missingData: MissingData.Bad,
  };
  return [
    storage,
    cpu,
    ...(isBurstable(instanceClass) ? [credits] : []),
    ...(maxConnections === undefined
      ? []
      : [connections(key, maxConnections, metric("DatabaseConnections", "Maximum"))]),
    ...(isReplica ? [lag] : []),
  ];
}

function connections(key: string, maxConnections: number, metric: Metric): Alarm {
  const threshold = Math.floor(maxConnections * mostConnections);
  return {
    name: `${key}-connections`,
    description: `More than ${threshold} of ${maxConnections} connections are open. At the limit, clients are refused. Make the pools smaller, or raise maxConnections.`,
    metric,
    comparison: "GreaterThanThreshold",
    threshold,
    periods: 2,
    // Without connections there is data all the same.
    missingData: MissingData.Bad,
  };
}

/** Checks what the alarms of a database are told. */
export function checkMonitoredDatabase(subject: string, database: MonitoredDatabaseArgs): Problem[] {
  return [
    ...checkCount(`${subject}.maxConnections`, "not a number of connections", database.maxConnections, { least: 1 }),
    ...checkCount(`${subject}.leastFreeStorage`, "not a size of storage in GiB", database.leastFreeStorage, {
      least: 1,
    }),
  ];
}
