import type { DatabaseClientArgs } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";
import type { Edition } from "./machineTier.ts";

/** Zones that an instance runs in. */
export const Availability = {
  /** One zone. */
  Zonal: "ZONAL",
  /** A standby in another zone takes over when the instance fails. */
  Regional: "REGIONAL",
} as const;
export type Availability = (typeof Availability)[keyof typeof Availability];

/** Connections that a database accepts. */
export const SslMode = {
  /**
   * Encrypted connections with a client certificate, which Cloud SQL's connectors and Cloud Run's sockets bring. This
   * is what `--require-ssl` was: https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances#SslMode
   */
  ClientCertificate: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
  /** Encrypted connections, also of clients that connect to the address directly and have no certificate. */
  Encrypted: "ENCRYPTED_ONLY",
} as const;
export type SslMode = (typeof SslMode)[keyof typeof SslMode];

/** The hour in which Google may restart an instance. Set both `day` and `hour`. */
export interface MaintenanceWindowArgs {
  /** 1 for Monday to 7 for Sunday. */
  day?: number;
  /** 0 to 23, UTC. */
  hour?: number;
}

export interface CloudSqlDbArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** Region: `us-central1`. */
  region: pulumi.Input<string>;
  /** Network in which the instance gets its address: a PrivateNetwork's `network`. */
  network: pulumi.Input<string>;
  /** Version of PostgreSQL: `POSTGRES_15`. */
  databaseVersion: string;
  /** Machine: `db-f1-micro`, or `db-custom-2-7680` for 2 CPUs and 7680 MB. */
  tier: string;
  /** Name of the database. */
  databaseName: string;
  /** Name of the user that owns the database. */
  userName: string;
  /**
   * Name of the instance, without its random suffix. The suffix is needed because a deleted instance's name stays taken
   * for a week.
   * @default the component's name
   */
  instanceName?: string;
  /**
   * Edition of Cloud SQL. Required from PostgreSQL 16 on.
   * @default Edition.Enterprise up to PostgreSQL 15
   */
  edition?: Edition;
  /**
   * PostgreSQL's `max_connections`.
   * @default the machine's own
   */
  maxConnections?: number;
  /**
   * Programs that connect, with their pools. Pools that need more connections than the database allows are an error that
   * shows the arithmetic.
   * @default none: pools are not checked
   */
  clients?: DatabaseClientArgs[];
  /**
   * Initial size of the disk in GB. It grows automatically.
   * @default 10, the smallest
   */
  diskSizeGb?: number;
  /**
   * Whether a standby in another zone takes over when the instance fails.
   * @default Availability.Regional
   */
  availability?: Availability;
  /**
   * Whether Cloud SQL makes a backup every day.
   * @default true
   */
  backups?: boolean;
  /**
   * Time at which the daily backup begins, in UTC.
   * @default "02:00"
   */
  backupStartTime?: string;
  /**
   * Number of daily backups that are kept.
   * @default 7
   */
  retainedBackups?: number;
  /**
   * Whether you can restore the state of any moment in the last `logRetentionDays`.
   * @default true
   */
  pointInTimeRecovery?: boolean;
  /**
   * Days for which transaction logs are kept.
   * @default 7, the most in the edition Enterprise
   */
  logRetentionDays?: number;
  /**
   * Hour in which Google may restart the instance.
   * @default any time
   */
  maintenance?: MaintenanceWindowArgs;
  /**
   * Connections that the instance accepts.
   * @default SslMode.ClientCertificate
   */
  sslMode?: SslMode;
  /**
   * Further database flags. One of the same name replaces a default, which log for an audit.
   * @default none
   */
  flags?: Record<string, string>;
  /**
   * Whether deletion is refused, by Pulumi and by Google. Without it, the backups are deleted with the instance.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Id in Secret Manager of the user's password.
   * @default the component's name with `-password`
   */
  passwordSecret?: string;
  /**
   * E-mail addresses of the service accounts that may read the password, by a name that you choose. A CloudRunService or
   * CloudRunJob that makes its own account needs no entry.
   * @default none
   */
  passwordAccessors?: Record<string, pulumi.Input<string>>;
  /**
   * Prefix of the variables of `endpoint`: `POSTGRES_HOST`, `_PORT`, `_DB`, `_USER` and `_PASSWORD`.
   * @default "POSTGRES"
   */
  variablePrefix?: string;
}
