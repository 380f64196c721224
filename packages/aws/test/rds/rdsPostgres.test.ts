import { RdsPostgres, type RdsPostgresArgs, restoreAcknowledgement, SecurityGroup } from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { checkDatabase } from "../../src/rds/databaseChecks.ts";
import { network } from "../support/network.ts";
import { policyOf, record, type Recording, refusal, region, secret } from "../support/record.ts";

const database: RdsPostgresArgs = {
  ...network,
  region,
  engineVersion: "17",
  instanceClass: "db.t4g.medium",
  databaseName: "orders",
  userName: "orders",
};
const make =
  (args: Partial<RdsPostgresArgs> = {}) =>
  () =>
    new RdsPostgres("orders-db", { ...database, ...args });

const instanceType = "aws:rds/instance:Instance";
const groupType = "aws:rds/parameterGroup:ParameterGroup";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/orders-db";
const instanceOf = (recording: Recording) => recording.resource(instanceType, "orders-db");
const instance = async (args: Partial<RdsPostgresArgs> = {}) => instanceOf(await record(make(args)));

test("a database is made of these resources", async () => {
  expect((await record(make())).family()).toEqual([
    "gatehouse:aws:RdsPostgres orders-db",
    "orders-db > aws:cloudwatch/logGroup:LogGroup orders-db-postgresql",
    "orders-db > aws:cloudwatch/logGroup:LogGroup orders-db-upgrade",
    "orders-db > aws:ec2/securityGroup:SecurityGroup orders-db",
    "orders-db > aws:iam/role:Role orders-db-monitoring",
    "orders-db > aws:iam/rolePolicyAttachment:RolePolicyAttachment orders-db-monitoring",
    "orders-db > aws:kms/alias:Alias orders-db-alias",
    "orders-db > aws:kms/key:Key orders-db",
    "orders-db > aws:rds/instance:Instance orders-db",
    "orders-db > aws:rds/parameterGroup:ParameterGroup orders-db-postgres17",
    "orders-db > aws:rds/subnetGroup:SubnetGroup orders-db",
    "orders-db > aws:secretsmanager/secret:Secret orders-db-user",
    "orders-db > aws:secretsmanager/secretVersion:SecretVersion orders-db-user",
    "orders-db > gatehouse:aws:EncryptionKey orders-db",
    "orders-db > gatehouse:aws:SecurityGroup orders-db",
    "orders-db > random:index/randomId:RandomId orders-db-suffix",
    "orders-db > random:index/randomPassword:RandomPassword orders-db-user",
  ]);
});

test("the instance is private, encrypted, in two zones, backed up and protected", async () => {
  const found = await instance();
  expect(found.inputs).toEqual({
    region,
    identifier: "orders-db-0a1b",
    engine: "postgres",
    engineVersion: "17",
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: false,
    instanceClass: "db.t4g.medium",
    multiAz: true,
    applyImmediately: false,
    dbName: "orders",
    username: "postgres",
    manageMasterUserPassword: true,
    masterUserSecretKmsKeyId: keyArn,
    iamDatabaseAuthenticationEnabled: true,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    storageType: "gp3",
    allocatedStorage: 20,
    maxAllocatedStorage: 100,
    storageEncrypted: true,
    kmsKeyId: keyArn,
    port: 5432,
    dbSubnetGroupName: "orders-db-0a1b",
    vpcSecurityGroupIds: ["orders-db-id"],
    publiclyAccessible: false,
    parameterGroupName: "orders-db-0a1b-postgres17",
    backupRetentionPeriod: 7,
    backupWindow: "02:00-03:00",
    maintenanceWindow: "sun:04:00-sun:05:00",
    deleteAutomatedBackups: false,
    copyTagsToSnapshot: true,
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: "orders-db-0a1b-final",
    deletionProtection: true,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: keyArn,
    performanceInsightsRetentionPeriod: 7,
    monitoringInterval: 60,
    monitoringRoleArn: "arn:aws:iam::123456789012:orders-db-monitoring",
  });
  expect(found.protect).toBe(true);
  expect(found.ignoreChanges).toEqual(["allocatedStorage"]);
});

test("one switch takes every protection away, and the final snapshot stays", async () => {
  const recording = await record(make({ deletionProtection: false }));
  expect(instanceOf(recording)).toMatchObject({
    protect: false,
    inputs: { deletionProtection: false, skipFinalSnapshot: false, deleteAutomatedBackups: false },
  });
  expect(recording.resources.filter(({ protect }) => protect)).toEqual([]);
});

test("the logs are there before the instance, encrypted, for 90 days", async () => {
  const recording = await record(make());
  for (const log of ["postgresql", "upgrade"])
    expect(recording.resource("aws:cloudwatch/logGroup:LogGroup", `orders-db-${log}`).inputs).toEqual({
      region,
      name: `/aws/rds/instance/orders-db-0a1b/${log}`,
      retentionInDays: 90,
      kmsKeyId: keyArn,
    });
  expect(instanceOf(recording).dependencies).toEqual(
    expect.arrayContaining(["orders-db-postgresql", "orders-db-upgrade"]),
  );
});

test("the parameters are those of the family, and each waits for a reboot", async () => {
  const { inputs } = (await record(make({ parameters: { work_mem: "8192" } }))).resource(
    groupType,
    "orders-db-postgres17",
  );
  const applyMethod = "pending-reboot";
  expect(inputs).toEqual({
    region,
    name: "orders-db-0a1b-postgres17",
    family: "postgres17",
    description: "Encrypted connections only, with logs for an audit",
    parameters: [
      { name: "log_connections", value: "1", applyMethod },
      { name: "log_disconnections", value: "1", applyMethod },
      { name: "log_min_duration_statement", value: "1000", applyMethod },
      { name: "log_parameter_max_length", value: "0", applyMethod },
      { name: "log_statement", value: "ddl", applyMethod },
      { name: "max_connections", value: "450", applyMethod },
      { name: "rds.force_ssl", value: "1", applyMethod },
      { name: "work_mem", value: "8192", applyMethod },
    ],
  });
});

test("another major version has a parameter group of its own beside the old one's name", async () => {
  const recording = await record(make({ engineVersion: "18", allowMajorVersionUpgrade: true }));
  expect(recording.names(groupType)).toEqual(["orders-db-postgres18"]);
  expect(instanceOf(recording).inputs).toMatchObject({
    engineVersion: "18",
    allowMajorVersionUpgrade: true,
    parameterGroupName: "orders-db-0a1b-postgres18",
  });
});

test("a parameter group that you manage takes the place of the component's", async () => {
  const recording = await record(make({ existingParameterGroup: { name: "shared-17", family: "postgres17" } }));
  expect(recording.names(groupType)).toEqual([]);
  expect(instanceOf(recording).inputs.parameterGroupName).toBe("shared-17");
});

test("the monitoring role trusts RDS for this account only", async () => {
  const recording = await record(make());
  const role = recording.resource("aws:iam/role:Role", "orders-db-monitoring");
  expect(JSON.parse(role.inputs.assumeRolePolicy as string)).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "RdsWritesMetrics",
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ],
  });
  expect(
    recording.resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "orders-db-monitoring").inputs.policyArn,
  ).toBe("arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole");
  const without = await record(make({ monitoringSeconds: 0 }));
  expect(without.names("aws:iam/role:Role")).toEqual([]);
  expect(instanceOf(without).inputs).toMatchObject({ monitoringInterval: 0 });
  expect(instanceOf(without).inputs).not.toHaveProperty("monitoringRoleArn");
});

test("everything is of the partition", async () => {
  const subnets = network.subnets.map((subnet) => ({
    ...subnet,
    zone: subnet.zone.replace("eu-west-1", "cn-north-1"),
  }));
  const recording = await record(make({ region: "cn-north-1", subnets }), { partition: "aws-cn" });
  const own = recording.resources.filter(({ type }) => type.startsWith("aws:iam/") || type === "aws:kms/key:Key");
  expect(own).toHaveLength(3);
  expect(JSON.stringify(own)).not.toContain("arn:aws:");
});

describe("the key", () => {
  test("is for the storage, the secrets and the logs", async () => {
    const policy = policyOf((await record(make())).resource("aws:kms/key:Key", "orders-db"));
    expect(policy).toMatchObject({
      Statement: [
        { Sid: "AccountAdministersKey" },
        {
          Sid: "AccountUsesKeyThroughServices",
          Condition: {
            StringEquals: {
              "kms:ViaService": ["rds.eu-west-1.amazonaws.com", "secretsmanager.eu-west-1.amazonaws.com"],
            },
          },
        },
        { Sid: "ServicesHoldGrants" },
        { Sid: "LogGroupsAreEncrypted" },
      ],
    });
  });

  test("may be given", async () => {
    const given = "arn:aws:kms:eu-west-1:123456789012:key/given";
    const recording = await record(make({ kmsKeyArn: pulumi.output(given) }));
    expect(recording.names("aws:kms/key:Key")).toEqual([]);
    expect(instanceOf(recording).inputs).toMatchObject({
      kmsKeyId: given,
      masterUserSecretKmsKeyId: given,
      performanceInsightsKmsKeyId: given,
    });
  });

  test("of another region is refused also if it is known late", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/1";
    const message =
      "orders-db (RdsPostgres).kmsKeyArn: a KMS key of another region cannot be used here\n  value:    arn:aws:kms:us-east-1:123456789012:key/1\n  expected: arn:<partition>:kms:eu-west-1:<account>:key/<id>\n  fix:      use one in eu-west-1";
    expect(await refusal(make({ kmsKeyArn }))).toBe(message);
    expect(await refusal(make({ kmsKeyArn: pulumi.output(kmsKeyArn) }))).toBe(message);
  });
});

describe("the application user's secret", () => {
  const secretOf = async (args: Partial<RdsPostgresArgs> = {}) => {
    const recording = await record(make(args));
    return {
      holder: recording.resource("aws:secretsmanager/secret:Secret", "orders-db-user").inputs,
      version: recording.resource("aws:secretsmanager/secretVersion:SecretVersion", "orders-db-user").inputs,
      password: recording.resource("random:index/randomPassword:RandomPassword", "orders-db-user").inputs,
    };
  };

  test("has the address and the password, write-only, under a name that is free after a deletion", async () => {
    const { holder, version, password } = await secretOf();
    expect(holder).toEqual({
      region,
      name: "orders-db-0a1b-orders",
      description: "Password of the user orders",
      kmsKeyId: keyArn,
      recoveryWindowInDays: 30,
    });
    expect(version).toEqual({
      region,
      secretId: "orders-db-user-id",
      secretStringWo: secret(
        JSON.stringify({
          username: "orders",
          host: "orders-db.abc.eu-west-1.rds.amazonaws.com",
          port: 5432,
          dbname: "orders",
          password: "generated-orders-db-user",
        }),
      ),
      secretStringWoVersion: expect.any(Number) as number,
    });
    expect(password).toEqual({ length: 32, special: false, keepers: { version: "1" } });
  });

  test("is written again when the password rotates or the content changes, and not otherwise", async () => {
    const numberOf = async (args?: Partial<RdsPostgresArgs>) => (await secretOf(args)).version.secretStringWoVersion;
    const first = await numberOf();
    expect(await numberOf()).toBe(first);
    expect(await numberOf({ tags: { team: "checkout" } })).toBe(first);
    const others = [await numberOf({ passwordVersion: 2 }), await numberOf({ databaseName: "orders_2" })];
    expect(new Set([first, ...others]).size).toBe(3);
    expect((await secretOf({ passwordVersion: 2 })).password.keepers).toEqual({ version: "2" });
  });

  test("stands nowhere in plain text", async () => {
    const { resources } = await record(make());
    const holders = resources.filter(({ inputs }) => JSON.stringify(inputs).includes("generated-orders-db-user"));
    expect(holders.map(({ type }) => type)).toEqual(["aws:secretsmanager/secretVersion:SecretVersion"]);
  });
});

test("backups are copied to another region with that region's key", async () => {
  const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/copy";
  const recording = await record(
    make({ backupRetentionDays: 14, backupReplication: { region: "eu-central-1", kmsKeyArn } }),
  );
  expect(
    recording.resource(
      "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
      "orders-db-backups",
    ),
  ).toMatchObject({
    dependencies: expect.arrayContaining(["orders-db"]) as string[],
    inputs: {
      region: "eu-central-1",
      sourceDbInstanceArn: "arn:aws:rds:eu-west-1:123456789012:orders-db",
      kmsKeyId: kmsKeyArn,
      retentionPeriod: 14,
    },
  });
});

test("clients without a link are admitted at the database's port", async () => {
  const recording = await record(make({ admits: [{ name: "cluster", securityGroup: { id: "sg-nodes" } }] }));
  expect(
    recording.resource(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "orders-db-ingress-tcp-5432-sg-nodes",
    ).inputs,
  ).toEqual({
    region,
    securityGroupId: "orders-db-id",
    description: "From cluster",
    ipProtocol: "tcp",
    fromPort: 5432,
    toPort: 5432,
    referencedSecurityGroupId: "sg-nodes",
  });
});

describe("the endpoint", () => {
  test("has the security group, the subnets' ranges and the variables", async () => {
    let endpoint: unknown;
    await record(() =>
      pulumi.output(make({ variablePrefix: "ORDERS_DB" })().endpoint).apply((one) => (endpoint = one)),
    );
    expect(endpoint).toEqual({
      name: "orders-db",
      port: 5432,
      securityGroup: { id: "orders-db-id" },
      addresses: [{ cidr: "10.0.0.0/24" }, { cidr: "10.0.1.0/24" }, { cidr: "10.0.2.0/24" }],
      environment: {
        values: {
          ORDERS_DB_HOST: "orders-db.abc.eu-west-1.rds.amazonaws.com",
          ORDERS_DB_PORT: "5432",
          ORDERS_DB_DB: "orders",
          ORDERS_DB_USER: "orders",
          ORDERS_DB_SSLMODE: "require",
        },
        secrets: {
          ORDERS_DB_PASSWORD: {
            store: "awsSecretsManager",
            secret: "arn:aws:secretsmanager:eu-west-1:123456789012:orders-db-user",
            key: "password",
          },
        },
      },
    });
  });

  test("opens both ends for a security group that links to it", async () => {
    const recording = await record(() => {
      const { endpoint } = make()();
      new SecurityGroup("orders", { region, vpcId: "vpc-1", connectsTo: [endpoint] });
    });
    expect(recording.names("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).toEqual([
      "orders-egress-tcp-5432-orders-db",
    ]);
    expect(recording.names("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")).toEqual([
      "orders-server-tcp-5432-orders-db",
    ]);
  });
});

test("a restored instance has a new name, and brings its database and administrator", async () => {
  const restore = { snapshotIdentifier: "orders-2026-11", acknowledgement: restoreAcknowledgement };
  const recording = await record(make({ restore }));
  const { inputs } = instanceOf(recording);
  expect(inputs).toMatchObject({ snapshotIdentifier: "orders-2026-11" });
  expect(inputs).not.toHaveProperty("dbName");
  expect(inputs).not.toHaveProperty("username");
  expect(recording.resource("random:index/randomId:RandomId", "orders-db-suffix").inputs.keepers).toEqual({
    region,
    snapshot: "orders-2026-11",
  });
});

test("pools that fit into the database pass, and larger ones show the arithmetic", async () => {
  const clients = (maxInstances: number) => [{ poolSize: 10, overflow: 5, maxInstances }];
  expect((await instance({ clients: clients(14) })).inputs.identifier).toBe("orders-db-0a1b");
  expect(await refusal(make({ clients: clients(15) }))).toBe(
    "orders-db (RdsPostgres).clients[0].poolSize: the connection pools are larger than the database\n  value:    (10 pool + 5 overflow) x 1 processes x (15 + 15 instances) = 450, and 5 reserved: 455\n  expected: at most 450, the database's max_connections\n  fix:      a pool of at most 9, fewer instances, or a larger database",
  );
});

describe("what RDS refuses, ignores or reads differently", () => {
  const [a, b] = network.subnets;
  test.each<[string, Partial<RdsPostgresArgs>, string]>([
    [
      "two subnets in one zone",
      { subnets: [a, b, { id: "subnet-d", zone: "eu-west-1a", cidr: "10.0.3.0/24" }].flatMap((one) => one ?? []) },
      "orders-db (RdsPostgres).subnets: two subnets are in the same zone, and a database with a standby has one subnet in a zone\n  value:    eu-west-1a, eu-west-1b, eu-west-1a\n  expected: one subnet in each of at least 2 zones\n  fix:      leave out one of the subnets in eu-west-1a, or take one in another zone",
    ],
    [
      "one subnet",
      { subnets: network.subnets.slice(0, 1) },
      "orders-db (RdsPostgres).subnets: a database with a standby needs subnets in more zones\n  value:    eu-west-1a\n  expected: one subnet in each of at least 2 zones",
    ],
    [
      "overlapping windows",
      { backupWindow: "04:30-05:30" },
      "orders-db (RdsPostgres).maintenanceWindow: the maintenance window and the backup window overlap\n  value:    backupWindow 04:30-05:30, maintenanceWindow sun:04:00-sun:05:00\n  expected: windows that do not overlap on any day; both are in UTC",
    ],
    [
      "a name that RDS reserves",
      { masterUserName: "admin" },
      "orders-db (RdsPostgres).masterUserName: RDS reserves the name\n  value:    admin\n  expected: a name other than admin, public, rdsadmin, rdsrepladmin, rdstopmgr, user, pg_..., rds_...",
    ],
    [
      "a user of RDS' own",
      { userName: "rdsadmin" },
      "orders-db (RdsPostgres).userName: RDS reserves the name\n  value:    rdsadmin\n  expected: a name other than admin, public, rdsadmin, rdsrepladmin, rdstopmgr, user, postgres, pg_..., rds_...",
    ],
    [
      "a user with characters that need quotes",
      { userName: "orders/app" },
      "orders-db (RdsPostgres).userName: not the name of a user\n  value:    orders/app\n  expected: at most 63 lower-case letters, digits and underscores, not beginning with a digit",
    ],
    [
      "the administrator as the application's user",
      { userName: "dba", masterUserName: "dba" },
      "orders-db (RdsPostgres).userName: the application connects as the administrator, whose password rotates every 7 days\n  value:    dba\n  expected: a user other than masterUserName",
    ],
    [
      "a database that is there already",
      { databaseName: "postgres" },
      "orders-db (RdsPostgres).databaseName: RDS reserves the name\n  value:    postgres\n  expected: a name other than postgres, rdsadmin, template0, template1",
    ],
    [
      "a parameter group of another family",
      { existingParameterGroup: { name: "shared", family: "postgres16" } },
      "orders-db (RdsPostgres).existingParameterGroup.family: the parameter group is of another family than PostgreSQL 17\n  value:    postgres16\n  expected: postgres17\n  fix:      make a group of the family postgres17, or leave existingParameterGroup out",
    ],
    [
      "parameters beside a group that you manage",
      { existingParameterGroup: { name: "shared", family: "postgres17" }, parameters: { work_mem: "8192" } },
      "orders-db (RdsPostgres).parameters: parameters has no effect because existingParameterGroup is set\n  fix:      remove parameters",
    ],
    [
      "connections without TLS",
      { parameters: { "rds.force_ssl": "0" } },
      "orders-db (RdsPostgres).parameters.rds.force_ssl: the component sets this parameter\n  value:    0\n  expected: other parameters\n  fix:      leave it out: connections without TLS are refused",
    ],
    [
      "a snapshot without acknowledgement",
      { restore: { snapshotIdentifier: "orders-2026-11", acknowledgement: "yes" } },
      'orders-db (RdsPostgres).restore.acknowledgement: a snapshot replaces a database that exists, and its users keep the passwords in the snapshot\n  value:    yes\n  expected: "replaces the instance and keeps the passwords in the snapshot"\n  fix:      set acknowledgement: restoreAcknowledgement, and set the application user\'s password after the restore',
    ],
    [
      "a minor version beside automatic upgrades",
      { engineVersion: "17.2" },
      "orders-db (RdsPostgres).engineVersion: the minor version is given, and AWS upgrades minor versions automatically\n  value:    17.2\n  expected: the major version only\n  fix:      use 17, or set autoMinorVersionUpgrade: false to upgrade by hand",
    ],
    [
      "a version of something else",
      { engineVersion: "postgres17" },
      "orders-db (RdsPostgres).engineVersion: not a version of PostgreSQL\n  value:    postgres17\n  expected: the major version, such as 17",
    ],
    [
      "copies in the same region",
      { backupReplication: { region, kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" } },
      "orders-db (RdsPostgres).backupReplication.region: the copies are in the region of the database\n  value:    eu-west-1\n  expected: another region",
    ],
    [
      "copies with a key of the database's region",
      { backupReplication: { region: "eu-central-1", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/1" } },
      "orders-db (RdsPostgres).backupReplication.kmsKeyArn: a KMS key of another region cannot be used here\n  value:    arn:aws:kms:eu-west-1:123456789012:key/1\n  expected: arn:<partition>:kms:eu-central-1:<account>:key/<id>\n  fix:      use one in eu-central-1",
    ],
    [
      "no automated backups",
      { backupRetentionDays: 0 },
      "orders-db (RdsPostgres).backupRetentionDays: not a number of days\n  value:    0\n  expected: a whole number from 1 to 35",
    ],
    [
      "operations of a small gp3 volume",
      { iops: 12_000 },
      "orders-db (RdsPostgres).iops: iops has no effect because gp3 takes it from 400 GiB on, and allocatedStorage is 20\n  fix:      remove iops",
    ],
    [
      "storage that cannot grow",
      { maxAllocatedStorage: 25 },
      "orders-db (RdsPostgres).maxAllocatedStorage: not a limit that the storage can grow to\n  value:    25\n  expected: a whole number from 26 to 65536",
    ],
    [
      "a retention of logs",
      { logRetentionDays: 100 },
      "orders-db (RdsPostgres).logRetentionDays: CloudWatch Logs does not offer this retention\n  value:    100\n  expected: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653\n  fix:      use 120, the next longer one",
    ],
    [
      "an interval of metrics",
      { monitoringSeconds: 20 },
      "orders-db (RdsPostgres).monitoringSeconds: RDS does not offer this interval\n  value:    20\n  expected: 0, 1, 5, 10, 15, 30, 60",
    ],
    [
      "a name without room for its suffix",
      { identifier: "o".repeat(59) },
      `orders-db (RdsPostgres).identifier: the name leaves no room for its random suffix\n  value:    ${"o".repeat(59)}\n  expected: at most 58 characters\n  fix:      for example ${"o".repeat(58)}`,
    ],
    [
      "subnets of another region",
      { region: "eu-west-2" },
      [
        "3 problems",
        ...["a", "b", "c"].map(
          (zone) =>
            `orders-db (RdsPostgres).subnets: the subnet is in another region\n  value:    eu-west-1${zone}\n  expected: a zone of eu-west-2`,
        ),
      ].join("\n\n"),
    ],
  ])("%s", async (_, args, message) => {
    expect(await refusal(make(args))).toBe(message);
  });

  test("pools without known connections", async () => {
    const clients = [{ poolSize: 5, maxInstances: 2 }];
    expect(await refusal(make({ instanceClass: "db.z1d.large", clients }))).toBe(
      "orders-db (RdsPostgres).clients[0]: cannot check the pools: the default max_connections of this machine is unknown\n  expected: maxConnections of at least 25",
    );
  });

  test("a password, because RDS manages it", async () => {
    const args: Partial<RdsPostgresArgs> & { password: string } = { password: "correct-horse" };
    expect(await refusal(make(args))).toContain("orders-db (RdsPostgres).password: there is no such argument");
  });
});

describe("bounds", () => {
  const other = (retentionDays: number): Partial<RdsPostgresArgs> => ({
    backupReplication: {
      region: "eu-central-1",
      kmsKeyArn: "arn:aws:kms:eu-central-1:123456789012:key/1",
      retentionDays,
    },
  });
  test.each<[string, (value: number) => Partial<RdsPostgresArgs>, number, number]>([
    ["maxConnections", (maxConnections) => ({ maxConnections }), 6, 8_388_607],
    ["backupRetentionDays", (backupRetentionDays) => ({ backupRetentionDays }), 1, 35],
    ["backupReplication.retentionDays", other, 1, 35],
    ["allocatedStorage", (allocatedStorage) => ({ allocatedStorage, maxAllocatedStorage: 65_536 }), 20, 50_000],
    ["maxAllocatedStorage", (maxAllocatedStorage) => ({ allocatedStorage: 100, maxAllocatedStorage }), 126, 65_536],
    ["iops", (iops) => ({ allocatedStorage: 400, iops }), 12_000, 64_000],
    ["storageThroughput", (storageThroughput) => ({ allocatedStorage: 400, storageThroughput }), 500, 4000],
  ])("of %s", (path, args, least, most) => {
    const problems = (value: number) => checkDatabase("db", { ...database, ...args(value) });
    for (const value of [least, most]) expect(problems(value)).toEqual([]);
    const wrong = path === "allocatedStorage" ? [least - 1] : [least - 1, most + 1];
    for (const value of wrong)
      expect(problems(value)).toMatchObject([
        { subject: `db.${path}`, message: expect.stringMatching(/^not a/) as string, value: String(value) },
      ]);
  });

  test("of the storage: it grows to five times its size, and to 64 TiB at most", async () => {
    expect((await instance({ allocatedStorage: 1000 })).inputs).toMatchObject({
      allocatedStorage: 1000,
      maxAllocatedStorage: 5000,
    });
    expect((await instance({ allocatedStorage: 20_000 })).inputs).toMatchObject({ maxAllocatedStorage: 65_536 });
  });

  test("of a password's number", async () => {
    expect(await refusal(make({ passwordVersion: 0 }))).toBe(
      "orders-db (RdsPostgres).passwordVersion: not the number of a password\n  value:    0\n  expected: a whole number, 1 or more",
    );
  });
});

test.each([0, 1, 5, 10, 15, 30, 60])("metrics every %i s pass", (monitoringSeconds) => {
  expect(checkDatabase("db", { ...database, monitoringSeconds })).toEqual([]);
});
