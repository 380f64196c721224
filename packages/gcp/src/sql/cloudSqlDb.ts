import {
  checkedArgs,
  childOptions,
  describe,
  ownName,
  type Problem,
  protection,
  throwIfAny,
  type Endpoint,
  type SecretRef,
} from "@gatehouse/core";
import * as sql from "@pulumi/gcp/sql/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { argsSchema } from "../argsSchema.ts";
import { Availability, type CloudSqlDbArgs, SslMode } from "./cloudSqlArgs.ts";
import { checkDatabase, editionOf, withDefaults } from "./databaseChecks.ts";
import { databaseFlags } from "./databaseFlags.ts";
import { SecretBundle } from "../secret/secretBundle.ts";

const port = 5432;
const suffixBytes = 2;
/** A hyphen and two digits a byte. */
const suffixLength = 1 + 2 * suffixBytes;

/**
 * A PostgreSQL database of Cloud SQL with a private address, its user, and the user's password in Secret Manager.
 *
 * Cost: about $100 a month for `db-custom-1-3840` with a standby and 10 GB in us-central1, which is twice the machine at
 * $0.0413 per vCPU hour and $0.007 per GB hour. `Availability.Zonal` halves it. Rates of May 2026; check them at
 * https://cloud.google.com/sql/pricing.
 *
 * @example
 * ```ts
 * const database = new CloudSqlDb("orders-db", {
 *   project: "shop-prod",
 *   region: "us-central1",
 *   network: network.network,
 *   databaseVersion: "POSTGRES_15",
 *   tier: "db-custom-1-3840",
 *   databaseName: "orders",
 *   userName: "orders",
 * });
 * new CloudRunService("orders", { ...service, connectsTo: [database.endpoint] });
 * ```
 * @throws InputError for arguments that Cloud SQL refuses, ignores, or reads differently than meant.
 */
export class CloudSqlDb extends pulumi.ComponentResource {
  /** Name of the instance, with its random suffix. */
  public readonly instanceName: pulumi.Output<string>;
  /** `project:region:instance`. */
  public readonly connectionName: pulumi.Output<string>;
  /** Private address of the instance. */
  public readonly privateIpAddress: pulumi.Output<string>;
  /** Version of the secret that holds the user's password. */
  public readonly password: SecretRef;
  /**
   * The database, for a client's `connectsTo`: its socket for Cloud Run, its private address for pods. A client gets
   * `POSTGRES_HOST`, `_PORT`, `_DB`, `_USER` and `_PASSWORD`. Pods connect without a client certificate, so they need
   * `sslMode: SslMode.Encrypted`.
   */
  public readonly endpoint: Endpoint;

  constructor(name: string, args: CloudSqlDbArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "CloudSqlDbArgs", `${name} (CloudSqlDb)`, args);
    super("gatehouse:gcp:CloudSqlDb", name, {}, opts);
    throwIfAny(checkDatabase(describe(name, this), args));

    const instance = this.createInstance(name, args, opts);
    const database = this.createDatabase(name, args, instance, opts);
    const password = this.createPassword(name);
    const user = this.createUser(name, args, instance, password, opts);
    this.password = this.storePassword(name, args, password, opts);

    this.instanceName = instance.name;
    this.connectionName = instance.connectionName;
    this.privateIpAddress = instance.privateIpAddress;
    this.endpoint = this.createEndpoint(name, args, database, user);
    this.registerOutputs({
      instanceName: this.instanceName,
      connectionName: this.connectionName,
      privateIpAddress: this.privateIpAddress,
      password: this.password,
      endpoint: this.endpoint,
    });
  }

  private createInstance(
    name: string,
    args: CloudSqlDbArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): sql.DatabaseInstance {
    const { project, region, databaseVersion, deletionProtection = true } = args;
    const base = ownName("gcp:CloudSqlInstance", `${describe(name, this)}.instanceName`, args.instanceName, name);
    throwIfAny(checkSuffixed(`${describe(name, this)}.instanceName`, base));
    const suffix = new RandomId(`${name}-suffix`, { byteLength: suffixBytes, keepers: { region } }, { parent: this });
    return new sql.DatabaseInstance(
      name,
      {
        project,
        region,
        name: pulumi.interpolate`${base}-${suffix.hex}`,
        databaseVersion,
        deletionProtection,
        settings: instanceSettings(args),
      },
      // The disk grows automatically, and the provider would replace the instance to shrink it again.
      childOptions(this, opts, { ignoreChanges: ["settings.diskSize"], ...protection(deletionProtection) }),
    );
  }

  private createDatabase(
    name: string,
    { project, databaseName }: CloudSqlDbArgs,
    instance: sql.DatabaseInstance,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): sql.Database {
    return new sql.Database(
      `${name}-database`,
      // PostgreSQL refuses to drop a database that has connections.
      { project, name: databaseName, instance: instance.name, deletionPolicy: "ABANDON" },
      childOptions(this, opts),
    );
  }

  private createPassword(name: string): pulumi.Output<string> {
    // Letters and digits need no escaping in a URL.
    return new RandomPassword(`${name}-password`, { length: 32, special: false }, { parent: this }).result;
  }

  private createUser(
    name: string,
    { project, userName }: CloudSqlDbArgs,
    instance: sql.DatabaseInstance,
    password: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): sql.User {
    return new sql.User(
      `${name}-user`,
      // PostgreSQL refuses to drop a user that owns objects.
      { project, name: userName, instance: instance.name, password, deletionPolicy: "ABANDON" },
      childOptions(this, opts),
    );
  }

  private storePassword(
    name: string,
    { project, passwordSecret, passwordAccessors }: CloudSqlDbArgs,
    value: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): SecretRef {
    const secretId = passwordSecret ?? `${name}-password`;
    const secrets = { password: { secretId, versions: [{ value }] } };
    const bundle = new SecretBundle(
      name,
      { project, secrets, accessors: passwordAccessors },
      { parent: this, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts },
    );
    return bundle.ref("password");
  }

  private createEndpoint(
    name: string,
    { variablePrefix: prefix = "POSTGRES" }: CloudSqlDbArgs,
    database: sql.Database,
    user: sql.User,
  ): Endpoint {
    return {
      name,
      port,
      addresses: [{ cidr: pulumi.interpolate`${this.privateIpAddress}/32` }],
      cloudSql: {
        connectionName: this.connectionName,
        environment: { values: { [`${prefix}_HOST`]: pulumi.interpolate`/cloudsql/${this.connectionName}` } },
      },
      environment: {
        values: {
          [`${prefix}_HOST`]: this.privateIpAddress,
          [`${prefix}_PORT`]: String(port),
          [`${prefix}_DB`]: database.name,
          [`${prefix}_USER`]: user.name,
        },
        secrets: { [`${prefix}_PASSWORD`]: this.password },
      },
    };
  }
}

function instanceSettings(args: CloudSqlDbArgs): sql.DatabaseInstanceArgs["settings"] {
  const { backups = true, pointInTimeRecovery = true, deletionProtection = true } = args;
  const { backupStartTime, retainedBackups, logRetentionDays } = withDefaults(args);
  const { day, hour } = args.maintenance ?? {};
  return {
    tier: args.tier,
    edition: editionOf(args),
    availabilityType: args.availability ?? Availability.Regional,
    diskType: "PD_SSD",
    diskSize: args.diskSizeGb ?? 10,
    diskAutoresize: true,
    deletionProtectionEnabled: deletionProtection,
    retainBackupsOnDelete: deletionProtection,
    ipConfiguration: {
      ipv4Enabled: false,
      privateNetwork: args.network,
      sslMode: args.sslMode ?? SslMode.ClientCertificate,
    },
    backupConfiguration: {
      enabled: backups,
      startTime: backupStartTime,
      pointInTimeRecoveryEnabled: pointInTimeRecovery,
      ...(pointInTimeRecovery && { transactionLogRetentionDays: logRetentionDays }),
      backupRetentionSettings: { retainedBackups, retentionUnit: "COUNT" },
    },
    ...(day !== undefined && { maintenanceWindow: { day, hour, updateTrack: "stable" } }),
    databaseFlags: databaseFlags({ maxConnections: args.maxConnections, flags: args.flags }),
    insightsConfig: { queryInsightsEnabled: true, recordClientAddress: false },
  };
}

/** Checks that a name is within the limit with its suffix. */
function checkSuffixed(subject: string, base: string): Problem[] {
  const longest = 67 - suffixLength;
  if (base.length <= longest) return [];
  return [
    {
      subject,
      message: "the name and its random suffix are too long together",
      value: `${base}, ${base.length} characters`,
      expected: `at most ${longest} characters`,
    },
  ];
}

/** Regular expression of the names that an instance may get: its suffix is known only once it exists. */
export function instanceNamePattern(instanceName: string): string {
  return `${instanceName}-[0-9a-f]{${2 * suffixBytes}}`;
}
