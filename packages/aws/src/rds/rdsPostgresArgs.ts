import type { AddressRangeArgs, DatabaseClientArgs, SecurityGroupRefArgs } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";
import type { SubnetArgs } from "../network/subnet.ts";

/** Clients that may connect to the database. */
export interface DatabaseAdmissionArgs {
  /** Name of the clients, which the description of the rule carries: `cluster`. */
  name: string;
  /**
   * Security group of the clients.
   * @default none: `addresses` says where they are
   */
  securityGroup?: SecurityGroupRefArgs;
  /**
   * Ranges of the clients' addresses.
   * @default none: `securityGroup` says where they are
   */
  addresses?: AddressRangeArgs[];
}

/** Copies of the automated backups in another region. */
export interface BackupReplicationArgs {
  /** Region of the copies: `us-west-2`. */
  region: string;
  /** ARN of the KMS key in that region: an EncryptionKey's `arn` with the user `KeyUser.Rds`. */
  kmsKeyArn: pulumi.Input<string>;
  /**
   * Days for which the copies are kept, 1 to 35.
   * @default the days of `backupRetentionDays`
   */
  retentionDays?: number;
}

/** A parameter group that you manage. */
export interface ExistingParameterGroupArgs {
  /** Name of the group. */
  name: pulumi.Input<string>;
  /** Family of the group: `postgres17`. */
  family: string;
}

/** A snapshot that a new instance is made from. */
export interface SnapshotRestoreArgs {
  /** Id of the snapshot. */
  snapshotIdentifier: string;
  /**
   * The text of `restoreAcknowledgement`. Adding a snapshot to a database that exists replaces the instance, and the
   * users in the snapshot keep their passwords.
   */
  acknowledgement: string;
}

export interface RdsPostgresArgs {
  /** Region of the database: `us-east-1`. */
  region: string;
  /** Id of the VPC. */
  vpcId: pulumi.Input<string>;
  /** Private subnets, one in each of at least two zones. */
  subnets: SubnetArgs[];
  /**
   * Major version of PostgreSQL: `17`. AWS upgrades the minor version. To raise the major version, change this and set
   * `allowMajorVersionUpgrade` for that run.
   */
  engineVersion: string;
  /** Class of the instance: `db.m7g.large`. */
  instanceClass: string;
  /** Name of the database. */
  databaseName: string;
  /** Name of the user that the application connects as. A migration creates it with the password of the secret. */
  userName: string;
  /**
   * Clients that may connect without declaring a link, such as the nodes of a cluster.
   * @default none: a SecurityGroup that connects to `endpoint` opens the way
   */
  admits?: DatabaseAdmissionArgs[];
  /**
   * Programs that connect, with their pools. Pools that need more connections than the database allows are an error that
   * shows the arithmetic.
   * @default none: pools are not checked
   */
  clients?: DatabaseClientArgs[];
  /**
   * PostgreSQL's `max_connections`.
   * @default RDS' formula for the memory of the class, LEAST(memory / 9531392, 5000)
   */
  maxConnections?: number;
  /**
   * Name of the instance, without its random suffix. The suffix keeps a new instance apart from the final snapshot, the
   * log group and the secret of an old one.
   * @default the component's name
   */
  identifier?: string;
  /**
   * Name of the administrator. RDS manages the password and rotates it every 7 days, so read it from
   * `masterSecretArn` each time.
   * @default "postgres"
   */
  masterUserName?: string;
  /**
   * ARN of the KMS key for the storage, backups, secrets and logs. The key needs the users `KeyUser.Rds`,
   * `KeyUser.SecretsManager` and `KeyUser.CloudWatchLogs`. A change replaces the database, which deletion protection
   * refuses.
   * @default a new EncryptionKey
   */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * Whether a standby in another zone takes over when the instance fails.
   * @default true
   */
  multiAz?: boolean;
  /**
   * Initial storage in GiB, 20 to 65536. It grows automatically; later changes of this value have no effect.
   * @default 20, the smallest for gp3
   */
  allocatedStorage?: number;
  /**
   * Limit of the storage in GiB.
   * @default five times the initial storage, at most 65536
   */
  maxAllocatedStorage?: number;
  /**
   * Provisioned I/O operations a second, from 400 GiB on.
   * @default those that gp3 includes: 3000, and 12000 from 400 GiB on
   */
  iops?: number;
  /**
   * Provisioned throughput in MiB a second, from 400 GiB on.
   * @default the throughput that gp3 includes: 125, and 500 from 400 GiB on
   */
  storageThroughput?: number;
  /**
   * Days for which automated backups and transaction logs are kept, 1 to 35. You can restore any moment in them.
   * @default 7
   */
  backupRetentionDays?: number;
  /**
   * Hours of the daily backup, in UTC.
   * @default "02:00-03:00"
   */
  backupWindow?: string;
  /**
   * Hours in which AWS may restart the instance, in UTC.
   * @default "sun:04:00-sun:05:00"
   */
  maintenanceWindow?: string;
  /**
   * Copies of the automated backups in another region.
   * @default none: a loss of the region is a loss of the backups
   */
  backupReplication?: BackupReplicationArgs;
  /**
   * Whether AWS upgrades the minor version in the maintenance window.
   * @default true
   */
  autoMinorVersionUpgrade?: boolean;
  /**
   * Whether a change of `engineVersion` to another major version is made. It cannot be undone.
   * @default false
   */
  allowMajorVersionUpgrade?: boolean;
  /**
   * Whether changes are made at once, with a restart where they need one. Otherwise they wait for the maintenance
   * window, although the run says that they are done. Static parameters wait for a reboot in either case.
   * @default false
   */
  applyImmediately?: boolean;
  /**
   * Further parameters. One of the same name replaces a default, which log connections, changes of the schema and slow
   * statements. Each applies after a reboot.
   * @default none
   */
  parameters?: Record<string, string>;
  /**
   * A parameter group that you manage, in place of the component's.
   * @default a group of the version's family
   */
  existingParameterGroup?: ExistingParameterGroupArgs;
  /**
   * Certificate authority of the server's certificate. Clients that verify it need AWS' bundle for this authority.
   * @default "rds-ca-rsa2048-g1"
   */
  caCertIdentifier?: string;
  /**
   * Days for which the logs are kept in CloudWatch.
   * @default 90
   */
  logRetentionDays?: number;
  /**
   * Seconds between two metrics of the operating system: 0 for none, 1, 5, 10, 15, 30 or 60.
   * @default 60
   */
  monitoringSeconds?: number;
  /**
   * Whether deletion is refused, by Pulumi and by AWS. Without it, only the final snapshot and the retained automated
   * backups remain of a deleted database.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * A snapshot to make the instance from.
   * @default an empty database
   */
  restore?: SnapshotRestoreArgs;
  /**
   * Number of the application user's password. To rotate the password, raise it and run the migration that sets it.
   * @default 1
   */
  passwordVersion?: number;
  /**
   * Prefix of the variables of `endpoint`: `POSTGRES_HOST`, `_PORT`, `_DB`, `_USER`, `_SSLMODE` and `_PASSWORD`.
   * @default "POSTGRES"
   */
  variablePrefix?: string;
  /**
   * Tags of the instance and its snapshots.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}
