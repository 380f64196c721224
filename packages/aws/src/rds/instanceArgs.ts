import type * as rds from "@pulumi/aws/rds/index.js";
import * as pulumi from "@pulumi/pulumi";
import { port, storageOf, windowsOf } from "./databaseChecks.ts";
import type { RdsPostgresArgs } from "./rdsPostgresArgs.ts";

/** Logs that RDS exports. It makes a group without expiry for each that does not exist. */
export const exportedLogs = ["postgresql", "upgrade"];

/** Resources that an instance needs. */
export interface InstanceParts {
  identifier: pulumi.Output<string>;
  kmsKeyArn: pulumi.Input<string>;
  subnetGroupName: pulumi.Input<string>;
  securityGroupId: pulumi.Output<string>;
  parameterGroupName: pulumi.Input<string>;
  monitoringRoleArn: pulumi.Output<string> | undefined;
}

/** The instance as RDS is asked for it. */
export function instanceArgs(args: RdsPostgresArgs, parts: InstanceParts): rds.InstanceArgs {
  const { region, deletionProtection = true, monitoringSeconds = 60, restore, tags } = args;
  const { identifier, kmsKeyArn } = parts;
  const { allocated, most } = storageOf(args);
  return {
    region,
    identifier,
    engine: "postgres",
    engineVersion: args.engineVersion,
    // Extended support costs extra once a major version leaves standard support.
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    autoMinorVersionUpgrade: args.autoMinorVersionUpgrade ?? true,
    allowMajorVersionUpgrade: args.allowMajorVersionUpgrade ?? false,
    instanceClass: args.instanceClass,
    multiAz: args.multiAz ?? true,
    applyImmediately: args.applyImmediately ?? false,

    // A snapshot brings its own database and administrator.
    ...(restore
      ? { snapshotIdentifier: restore.snapshotIdentifier }
      : { dbName: args.databaseName, username: args.masterUserName ?? "postgres" }),
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: kmsKeyArn,
    iamDatabaseAuthenticationEnabled: true,
    caCertIdentifier: args.caCertIdentifier ?? "rds-ca-rsa2048-g1",

    storageType: "gp3",
    allocatedStorage: allocated,
    maxAllocatedStorage: most,
    iops: args.iops,
    storageThroughput: args.storageThroughput,
    storageEncrypted: true,
    kmsKeyId: kmsKeyArn,

    port,
    dbSubnetGroupName: parts.subnetGroupName,
    vpcSecurityGroupIds: [parts.securityGroupId],
    publiclyAccessible: false,
    parameterGroupName: parts.parameterGroupName,

    backupRetentionPeriod: args.backupRetentionDays ?? 7,
    ...windowsOf(args),
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final`,
    deletionProtection,

    enabledCloudwatchLogsExports: exportedLogs,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: kmsKeyArn,
    // Seven days are free of charge.
    performanceInsightsRetentionPeriod: 7,
    monitoringInterval: monitoringSeconds,
    monitoringRoleArn: parts.monitoringRoleArn,
    tags,
  };
}
