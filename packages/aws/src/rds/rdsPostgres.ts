import {
  checkedArgs,
  checkedInput,
  childOptions,
  describe,
  type Endpoint,
  ownName,
  type Problem,
  protection,
  throwIfAny,
} from "@gatehouse/core";
import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as rds from "@pulumi/aws/rds/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { argsSchema } from "../argsSchema.ts";
import { EncryptionKey } from "../key/encryptionKey.ts";
import { KeyUser } from "../key/keyPolicy.ts";
import { SecurityGroup } from "../network/securityGroup.ts";
import type { MonitoredDatabaseArgs } from "../monitoring/databaseAlarms.ts";
import { checkedSubnetIds } from "../network/subnet.ts";
import { ArnKinds, checkArn } from "../partition/arn.ts";
import { createApplicationSecret } from "./applicationSecret.ts";
import { checkDatabase, maxConnectionsOf, port, storageOf } from "./databaseChecks.ts";
import { databaseEndpoint } from "./databaseEndpoint.ts";
import { parameterFamily } from "./engineVersion.ts";
import { exportedLogs, instanceArgs, type InstanceParts } from "./instanceArgs.ts";
import { createMonitoringRole } from "./monitoringRole.ts";
import { databaseParameters } from "./parameters.ts";
import type { RdsPostgresArgs } from "./rdsPostgresArgs.ts";

const suffixBytes = 2;
/** A hyphen and two digits a byte. */
const suffixLength = 1 + 2 * suffixBytes;

/**
 * A PostgreSQL database of RDS in private subnets, with a standby in another zone, encrypted storage, encrypted
 * connections only, point-in-time recovery, its logs, and a secret for the application's user.
 *
 * RDS manages the administrator's password. The application's user is not created here, because Pulumi cannot reach a
 * private database: a migration that connects as the administrator creates it with the password of `secretArn`.
 *
 * Cost: about $118 a month for `db.t4g.medium` with a standby and 20 GiB in us-east-1, which is twice the machine at
 * $0.065 and twice the storage at $0.115 per GiB and month, and the key, secrets and logs beside it. Check the rates at
 * https://aws.amazon.com/rds/postgresql/pricing.
 *
 * To destroy it, set `deletionProtection: false` and run an update first. The copies in another region go before the
 * instance; if AWS then refuses the final snapshot because the instance is being modified, run destroy again. RDS may
 * write to its log groups during the deletion and so make them again, without expiry.
 *
 * @example
 * ```ts
 * const database = new RdsPostgres("orders-db", {
 *   region: "us-east-1",
 *   vpcId,
 *   subnets,
 *   engineVersion: "17",
 *   instanceClass: "db.t4g.medium",
 *   databaseName: "orders",
 *   userName: "orders",
 *   admits: [{ name: "cluster", securityGroup: { id: clusterSecurityGroupId } }],
 * });
 * new Workload("orders", { ...workload, connectsTo: [database.endpoint] });
 * ```
 * @throws InputError for arguments that RDS refuses, ignores, or reads differently than meant.
 */
export class RdsPostgres extends pulumi.ComponentResource {
  /** Name of the instance, with its random suffix. */
  public readonly identifier: pulumi.Output<string>;
  /** ARN of the instance. */
  public readonly arn: pulumi.Output<string>;
  /** DNS name of the instance, which the standby takes over. */
  public readonly address: pulumi.Output<string>;
  /** Id of the database's security group. */
  public readonly securityGroupId: pulumi.Output<string>;
  /** ARN of the secret with the administrator's name and password, which RDS rotates every 7 days. */
  public readonly masterSecretArn: pulumi.Output<string>;
  /** ARN of the secret with the application's `username`, `password`, `host`, `port` and `dbname`. */
  public readonly secretArn: pulumi.Output<string>;
  /** ARN of the key. */
  public readonly kmsKeyArn: pulumi.Output<string>;
  /**
   * The database, for a client's `connectsTo`: its security group for clients with one, its subnets' ranges for pods. A
   * client gets `POSTGRES_HOST`, `_PORT`, `_DB`, `_USER`, `_SSLMODE` and `_PASSWORD`.
   */
  public readonly endpoint: Endpoint;
  /** The database, for the `databases` of CloudWatchAlarms. */
  public readonly monitored: MonitoredDatabaseArgs;

  constructor(name: string, args: RdsPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "RdsPostgresArgs", `${name} (RdsPostgres)`, args);
    super("gatehouse:aws:RdsPostgres", name, {}, opts);
    throwIfAny(checkDatabase(describe(name, this), args));

    const identifier = this.createIdentifier(name, args);
    const kmsKeyArn = this.createKey(name, args, opts);
    const securityGroupId = this.createSecurityGroup(name, args, opts);
    const parts: InstanceParts = {
      identifier,
      kmsKeyArn,
      securityGroupId,
      subnetGroupName: this.createSubnetGroup(name, args, identifier, opts),
      parameterGroupName: this.createParameterGroup(name, args, identifier, opts),
      monitoringRoleArn: args.monitoringSeconds === 0 ? undefined : createMonitoringRole(this, name, opts),
    };
    const instance = this.createInstance(name, args, parts, this.createLogGroups(name, args, parts, opts), opts);
    this.replicateBackups(name, args, instance, opts);

    this.identifier = identifier;
    this.arn = instance.arn;
    this.address = instance.address;
    this.securityGroupId = securityGroupId;
    this.kmsKeyArn = pulumi.output(kmsKeyArn);
    this.masterSecretArn = instance.masterUserSecrets.apply((secrets) => secrets[0]?.secretArn ?? "");
    this.secretArn = this.createSecret(name, args, opts);
    this.endpoint = databaseEndpoint(name, args, this);
    this.monitored = {
      identifier,
      instanceClass: args.instanceClass,
      maxConnections: maxConnectionsOf(args),
      // RDS grows the storage when a tenth is free. Half of that means that it does not.
      leastFreeStorage: Math.max(1, Math.floor(storageOf(args).allocated / 20)),
    };
    this.registerOutputs({
      identifier,
      arn: this.arn,
      address: this.address,
      securityGroupId,
      masterSecretArn: this.masterSecretArn,
      secretArn: this.secretArn,
      kmsKeyArn: this.kmsKeyArn,
      endpoint: this.endpoint,
      monitored: this.monitored,
    });
  }

  private createIdentifier(name: string, { region, identifier, restore }: RdsPostgresArgs): pulumi.Output<string> {
    const subject = `${describe(name, this)}.identifier`;
    const base = ownName("aws:RdsInstance", subject, identifier, name);
    throwIfAny(checkSuffixed(subject, base));
    // A restored instance is made before the old one goes, so it needs a name of its own.
    const keepers = { region, ...(restore && { snapshot: restore.snapshotIdentifier }) };
    const suffix = new RandomId(`${name}-suffix`, { byteLength: suffixBytes, keepers }, { parent: this });
    return pulumi.interpolate`${base}-${suffix.hex}`;
  }

  private createKey(
    name: string,
    { region, kmsKeyArn, deletionProtection }: RdsPostgresArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Input<string> {
    const subject = `${describe(name, this)}.kmsKeyArn`;
    if (kmsKeyArn !== undefined)
      return checkedInput(kmsKeyArn, (arn) => checkArn(subject, ArnKinds.KmsKey, arn, region));
    const users = [KeyUser.Rds, KeyUser.SecretsManager, KeyUser.CloudWatchLogs];
    const key = new EncryptionKey(
      name,
      { region, users, deletionProtection },
      { parent: this, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts },
    );
    return key.arn;
  }

  private createSecurityGroup(
    name: string,
    { region, vpcId, admits = [] }: RdsPostgresArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    const group = new SecurityGroup(
      name,
      { region, vpcId, admits: admits.map((client) => ({ ...client, port })) },
      { parent: this, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts },
    );
    return group.groupId;
  }

  private createSubnetGroup(
    name: string,
    { region, subnets }: RdsPostgresArgs,
    identifier: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    const subject = `${describe(name, this)}.subnets`;
    const group = new rds.SubnetGroup(
      name,
      {
        region,
        name: identifier,
        description: "Private subnets of the database",
        subnetIds: checkedSubnetIds(subject, subnets, { zones: 2, noun: "a database with a standby" }),
      },
      childOptions(this, opts),
    );
    return group.name;
  }

  private createParameterGroup(
    name: string,
    args: RdsPostgresArgs,
    identifier: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Input<string> {
    const { region, engineVersion, existingParameterGroup, parameters = {} } = args;
    if (existingParameterGroup) return existingParameterGroup.name;
    const family = parameterFamily(engineVersion);
    // A major upgrade makes the group of the new family first, and deletes the old one once the instance has left it.
    const group = new rds.ParameterGroup(
      `${name}-${family}`,
      {
        region,
        name: pulumi.interpolate`${identifier}-${family}`,
        family,
        description: "Encrypted connections only, with logs for an audit",
        parameters: databaseParameters(maxConnectionsOf(args), parameters),
      },
      childOptions(this, opts),
    );
    return group.name;
  }

  private createLogGroups(
    name: string,
    { region, logRetentionDays = 90 }: RdsPostgresArgs,
    { identifier, kmsKeyArn: kmsKeyId }: InstanceParts,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): cloudwatch.LogGroup[] {
    return exportedLogs.map(
      (log) =>
        new cloudwatch.LogGroup(
          `${name}-${log}`,
          {
            region,
            name: pulumi.interpolate`/aws/rds/instance/${identifier}/${log}`,
            retentionInDays: logRetentionDays,
            kmsKeyId,
          },
          childOptions(this, opts),
        ),
    );
  }

  private createInstance(
    name: string,
    args: RdsPostgresArgs,
    parts: InstanceParts,
    logGroups: cloudwatch.LogGroup[],
    opts: pulumi.ComponentResourceOptions | undefined,
  ): rds.Instance {
    return new rds.Instance(
      name,
      instanceArgs(args, parts),
      childOptions(this, opts, {
        // RDS would make the groups itself, without expiry.
        dependsOn: logGroups,
        // The storage grows automatically, and RDS refuses to shrink it.
        ignoreChanges: ["allocatedStorage"],
        ...protection(args.deletionProtection ?? true),
      }),
    );
  }

  private replicateBackups(
    name: string,
    { backupReplication, backupRetentionDays = 7 }: RdsPostgresArgs,
    instance: rds.Instance,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    if (!backupReplication) return;
    const { region, kmsKeyArn, retentionDays = backupRetentionDays } = backupReplication;
    const subject = `${describe(name, this)}.backupReplication.kmsKeyArn`;
    new rds.InstanceAutomatedBackupsReplication(
      `${name}-backups`,
      {
        region,
        sourceDbInstanceArn: instance.arn,
        kmsKeyId: checkedInput(kmsKeyArn, (arn) => checkArn(subject, ArnKinds.KmsKey, arn, region)),
        retentionPeriod: retentionDays,
      },
      childOptions(this, opts),
    );
  }

  private createSecret(
    name: string,
    { region, userName, databaseName, passwordVersion = 1 }: RdsPostgresArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    return createApplicationSecret(
      this,
      name,
      {
        region,
        secretName: pulumi.interpolate`${this.identifier}-${userName}`,
        kmsKeyArn: this.kmsKeyArn,
        values: { username: userName, host: this.address, port, dbname: databaseName },
        passwordVersion,
      },
      opts,
    );
  }
}

/** The name must leave room for its suffix, which cannot be cut off. */
function checkSuffixed(subject: string, base: string): Problem[] {
  const most = 63 - suffixLength;
  if (base.length <= most) return [];
  return [
    {
      subject,
      message: "the name leaves no room for its random suffix",
      value: base,
      expected: `at most ${most} characters`,
      fix: `for example ${base.slice(0, most).replace(/-+$/, "")}`,
    },
  ];
}
