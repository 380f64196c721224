import type * as pulumi from "@pulumi/pulumi";
import type { DatabaseClientArgs } from "./databaseConnections.ts";
import type { Edition } from "./machineTier.ts";

/** Whether an instance has a standby in another zone. */
export const Availability = {
  Zonal: "ZONAL",
  /** With a standby in another zone, which takes over. */
  Regional: "REGIONAL",
} as const;
export type Availability = (typeof Availability)[keyof typeof Availability];

/** Which connections a database accepts. */
export const SslMode = {
  /**
   * Encrypted ones with a client certificate, as Cloud SQL's connectors and Cloud Run's sockets have it. This is what
   * `--require-ssl` was: https://cloud.google.com/sql/docs/postgres/admin-api/rest/v1/instances#SslMode
   */
  ClientCertificate: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED",
  /** Encrypted ones, for clients that connect to the address itself and have no certificate. */
  Encrypted: "ENCRYPTED_ONLY",
} as const;
export type SslMode = (typeof SslMode)[keyof typeof SslMode];

/** The hour in which Google may restart an instance. Both members, or it is ignored. */
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
  /** Network in which it has its address, once Google's services can get one there: a PrivateNetwork's `network`. */
  network: pulumi.Input<string>;
  /** `POSTGRES_15`. */
  databaseVersion: string;
  /** Machine: `db-f1-micro`, `db-custom-2-7680`. */
  tier: string;
  /** Name of the database. */
  databaseName: string;
  /** Name of the user that owns the database. */
  userName: string;
  /**
   * Name of the instance before the random suffix that it gets: a deleted instance's name stays taken for a week.
   * @default the component's name
   */
  instanceName?: string;
  /**
   * Edition. Required from PostgreSQL 16 on.
   * @default Edition.Enterprise up to PostgreSQL 15
   */
  edition?: Edition;
  /**
   * `max_connections`.
   * @default that of the machine
   */
  maxConnections?: number;
  /**
   * Who connects; pools that exceed the connections are an error that shows the arithmetic.
   * @default not checked
   */
  clients?: DatabaseClientArgs[];
  /**
   * Size of the disk at the start, in GB; it grows by itself.
   * @default 10, the smallest
   */
  diskSizeGb?: number;
  /**
   * Whether a standby in another zone takes over.
   * @default Availability.Regional
   */
  availability?: Availability;
  /**
   * Whether there are daily backups.
   * @default true
   */
  backups?: boolean;
  /**
   * When a backup begins, UTC.
   * @default "02:00"
   */
  backupStartTime?: string;
  /**
   * How many backups are kept.
   * @default 7
   */
  retainedBackups?: number;
  /**
   * Whether the state at any moment of the last days can be restored.
   * @default true
   */
  pointInTimeRecovery?: boolean;
  /**
   * How far back, in days.
   * @default 7, the most in the edition Enterprise
   */
  logRetentionDays?: number;
  /**
   * When Google may restart the instance.
   * @default any time
   */
  maintenance?: MaintenanceWindowArgs;
  /**
   * Which connections it accepts.
   * @default SslMode.ClientCertificate
   */
  sslMode?: SslMode;
  /**
   * Database flags in place of the default ones, which log for an audit, or beside them.
   * @default none
   */
  flags?: Record<string, string>;
  /**
   * Whether neither Pulumi nor anything else can delete the instance.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Id in Secret Manager of the user's password.
   * @default the component's name with `-password`
   */
  passwordSecret?: string;
  /**
   * E-mail addresses of the service accounts that may read the password, each by a name of its own. A CloudRunService or
   * CloudRunJob with an account of its own grants itself what it reads.
   * @default nobody
   */
  passwordAccessors?: Record<string, pulumi.Input<string>>;
  /**
   * What the variables of `endpoint` begin with: `POSTGRES_HOST`, `_PORT`, `_DB`, `_USER` and `_PASSWORD`.
   * @default "POSTGRES"
   */
  variablePrefix?: string;
}
