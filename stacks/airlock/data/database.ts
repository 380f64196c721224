import { EncryptionKey, KeyUser, type MonitoredDatabaseArgs, RdsPostgres } from "@gatehouse/aws";
import type { Endpoint } from "@gatehouse/kubernetes";
import type { Output } from "@pulumi/pulumi";
import type { AirlockConfig } from "../settings/config.ts";
import { databaseUser } from "../settings/names.ts";

/** The audit log's database, as its clients know it. */
export interface Database {
  /** The server, for policies. Its clients get the URL from a Secret. */
  endpoint: Endpoint;
  /** DNS name of the server. */
  address: Output<string>;
  /** Secret of AWS with the application user's `username` and `password`. */
  secretArn: Output<string>;
  /** Secret of AWS with the administrator's, whose password RDS changes every 7 days. */
  masterSecretArn: Output<string>;
  /** The instance, for alarms of CloudWatch. */
  monitored: MonitoredDatabaseArgs;
}

/** RDS for PostgreSQL: encrypted, private, with a standby in another zone and point-in-time recovery. */
export function createDatabase({ region, database }: AirlockConfig, identifier: string): Database {
  const { clusterSecurityGroupId, name, authority, clientImage, ...options } = database;
  const key = new EncryptionKey("airlock-database-key", {
    region,
    users: [KeyUser.Rds, KeyUser.SecretsManager, KeyUser.CloudWatchLogs],
    aliasName: `alias/${identifier}-database`,
    deletionProtection: database.deletionProtection,
  });
  const { endpoint, address, secretArn, masterSecretArn, monitored } = new RdsPostgres("airlock-database", {
    ...options,
    region,
    identifier,
    databaseName: name,
    userName: databaseUser,
    kmsKeyArn: key.arn,
    admits: [{ name: "cluster", securityGroup: { id: clusterSecurityGroupId } }],
  });
  return { endpoint: { ...endpoint, environment: undefined }, address, secretArn, masterSecretArn, monitored };
}
