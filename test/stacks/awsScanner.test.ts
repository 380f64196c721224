import type { Fixtures, Properties, Value } from "@gatehouse/preview";
import { beforeAll, describe, expect, test } from "vitest";
import { previewExamples } from "./support/example.ts";
import { at } from "./support/record.ts";
import { scannerRows } from "./support/scannerRows.ts";

/** Programs that between them have each component with its defaults. */
const programs = ["examples/aws-database", "examples/audit-bucket", "test/programs/awsFileSystem"];

const rows = scannerRows("AWS");

/** Resources of a type. */
type Find = (type: string) => Properties[];
type Rule = (find: Find) => boolean;

/** Whether there are resources of a type and all hold. */
const every =
  (type: string, holds: (inputs: Properties) => boolean): Rule =>
  (find) =>
    find(type).length > 0 && find(type).every(holds);

/** Whether a property of all resources of a type has one of the values. */
const has = (type: string, path: string, ...values: (Value | undefined)[]): Rule =>
  every(type, (inputs) => values.includes(at(inputs, path)));

const instance = (path: string, ...values: (Value | undefined)[]): Rule =>
  has("rds/instance:Instance", path, ...values);
const balancer = (path: string, value: Value): Rule => has("lb/loadBalancer:LoadBalancer", path, value);

/** Whether a path of all resources of a type comes from a key of the program. */
const ownKey = (type: string, path: string): Rule =>
  every(type, (inputs) => JSON.stringify(at(inputs, path) ?? "").includes("aws:kms/key:Key"));

const parameter = (name: string, holds: (value: number | string) => boolean): Rule =>
  every("rds/parameterGroup:ParameterGroup", (inputs) => {
    const found = (at(inputs, "parameters") as Value[]).filter((one) => at(one, "name") === name);
    return found.length === 1 && found.every((one) => holds(at(one, "value") as string));
  });

const redirected: Rule = every(
  "lb/listener:Listener",
  (inputs) => inputs.protocol === "HTTPS" || at(inputs, "defaultActions.0.redirect.protocol") === "HTTPS",
);
const modernTls: Rule = (find) => {
  const policies = find("lb/listener:Listener").flatMap(({ protocol, sslPolicy }) =>
    protocol === "HTTPS" ? [sslPolicy] : [],
  );
  return policies.length > 0 && policies.every((policy) => policy === "ELBSecurityPolicy-TLS13-1-2-Res-2021-06");
};

/** No rule of a direction opens a port to everywhere. Without a port, none opens all of them. */
const notEverywhere = (direction: "Ingress" | "Egress", port?: number): Rule =>
  every(`vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, (inputs) => {
    const { cidrIpv4, cidrIpv6, ipProtocol, fromPort, toPort } = inputs;
    if (cidrIpv4 !== "0.0.0.0/0" && cidrIpv6 !== "::/0") return true;
    const opens = port !== undefined && Number(fromPort) <= port && port <= Number(toPort);
    return ipProtocol !== "-1" && !opens;
  });

const described: Rule = (find) =>
  ["Ingress", "Egress"].every((direction) =>
    every(`vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, ({ description }) => !!description)(find),
  ) && every("ec2/securityGroup:SecurityGroup", ({ description }) => !!description)(find);

const keyPolicy: Rule = every("kms/key:Key", ({ policy }) => {
  const { Statement } = JSON.parse(policy as string) as {
    Statement: { Effect: string; Principal: { AWS?: string } }[];
  };
  return Statement.length > 1 && Statement.every(({ Principal }) => Principal.AWS !== "*");
});

interface Statement {
  Effect?: string;
  Principal?: "*" | Record<string, string>;
  Action?: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string>>;
}

/** Statements of a policy; none if it is not known. */
function statements(policy: Value | undefined): Statement[] {
  return typeof policy === "string" ? (JSON.parse(policy) as { Statement: Statement[] }).Statement : [];
}

/** Whether the policies of all resources of a type have statements, and all of these hold. */
const everyStatement = (type: string, holds: (statement: Statement) => boolean, property = "policy"): Rule =>
  every(type, (inputs) => {
    const all = statements(inputs[property]);
    return all.length > 0 && all.every(holds);
  });

const isExact = (value: string | string[] | undefined): boolean =>
  value !== undefined && [value].flat().every((one) => one !== "*" && !one.endsWith(":*"));

/** A role is for a service or for a cluster's ServiceAccount. */
const trustsNamed = everyStatement(
  "iam/role:Role",
  ({ Principal }) =>
    typeof Principal === "object" && Object.keys(Principal).every((kind) => kind === "Service" || kind === "Federated"),
  "assumeRolePolicy",
);
const exactActions = everyStatement("iam/rolePolicy:RolePolicy", ({ Action }) => isExact(Action));
const exactAccess = everyStatement(
  "iam/rolePolicy:RolePolicy",
  ({ Action, Resource }) => isExact(Action) && isExact(Resource),
);

const bucketPolicy = (holds: (statement: Statement) => boolean): Rule =>
  everyStatement("s3/bucketPolicy:BucketPolicy", holds);
const accessBlock = (flag: string): Rule => has("s3/bucketPublicAccessBlock:BucketPublicAccessBlock", flag, true);
const algorithm = "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm";
const encryption = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const lifecycle = (holds: (rules: Value[]) => boolean): Rule =>
  every(
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    ({ rules }) => Array.isArray(rules) && holds(rules),
  );

const attached: Rule = (find) =>
  find("ec2/securityGroup:SecurityGroup").length ===
  [
    ...find("rds/instance:Instance"),
    ...find("lb/loadBalancer:LoadBalancer"),
    ...find("efs/mountTarget:MountTarget").slice(0, 1),
  ].filter((inputs) => JSON.stringify(inputs).includes("aws:ec2/securityGroup:SecurityGroup")).length;

const rules: Record<string, Rule> = {
  CKV_AWS_2: redirected,
  CKV_AWS_91: balancer("accessLogs.enabled", true),
  CKV_AWS_103: modernTls,
  CKV_AWS_131: balancer("dropInvalidHeaderFields", true),
  CKV_AWS_150: balancer("enableDeletionProtection", true),
  CKV_AWS_261: has("lb/targetGroup:TargetGroup", "healthCheck.path", "/ready"),
  CKV_AWS_328: balancer("desyncMitigationMode", "defensive"),
  CKV2_AWS_20: redirected,
  CKV2_AWS_28: (find) =>
    find("wafv2/webAclAssociation:WebAclAssociation").length === find("lb/loadBalancer:LoadBalancer").length,
  CKV2_AWS_74: modernTls,
  "AWS-0047": modernTls,
  "AWS-0052": balancer("dropInvalidHeaderFields", true),
  "AWS-0054": redirected,
  CKV_AWS_23: described,
  CKV_AWS_24: notEverywhere("Ingress", 22),
  CKV_AWS_25: notEverywhere("Ingress", 3389),
  CKV_AWS_277: notEverywhere("Ingress"),
  CKV_AWS_382: notEverywhere("Egress"),
  CKV2_AWS_5: attached,
  CKV_AWS_16: instance("storageEncrypted", true),
  CKV_AWS_17: instance("publiclyAccessible", false),
  CKV_AWS_118: instance("monitoringInterval", 60),
  CKV_AWS_129: instance("enabledCloudwatchLogsExports.0", "postgresql"),
  CKV_AWS_133: instance("backupRetentionPeriod", 7),
  CKV_AWS_157: instance("multiAz", true),
  CKV_AWS_161: instance("iamDatabaseAuthenticationEnabled", true),
  CKV_AWS_211: instance("caCertIdentifier", "rds-ca-rsa2048-g1"),
  CKV_AWS_226: instance("autoMinorVersionUpgrade", true),
  CKV_AWS_293: instance("deletionProtection", true),
  CKV_AWS_353: instance("performanceInsightsEnabled", true),
  CKV_AWS_354: ownKey("rds/instance:Instance", "performanceInsightsKmsKeyId"),
  CKV2_AWS_30: (find) =>
    [
      parameter("log_statement", (value) => value === "ddl"),
      parameter("log_min_duration_statement", (value) => Number(value) >= 0),
      parameter("log_parameter_max_length", (value) => value === "0"),
    ].every((rule) => rule(find)),
  CKV2_AWS_60: instance("copyTagsToSnapshot", true),
  CKV2_AWS_69: parameter("rds.force_ssl", (value) => value === "1"),
  CKV_AWS_7: has("kms/key:Key", "enableKeyRotation", true),
  CKV_AWS_33: keyPolicy,
  CKV_AWS_227: has("kms/key:Key", "isEnabled", undefined, true),
  CKV2_AWS_64: keyPolicy,
  CKV_AWS_26: ownKey("sns/topic:Topic", "kmsMasterKeyId"),
  CKV_AWS_158: ownKey("cloudwatch/logGroup:LogGroup", "kmsKeyId"),
  CKV_AWS_149: ownKey("secretsmanager/secret:Secret", "kmsKeyId"),
  CKV_AWS_19: has(encryption, algorithm, "aws:kms", "AES256"),
  CKV_AWS_20: accessBlock("ignorePublicAcls"),
  CKV_AWS_21: has("s3/bucketVersioning:BucketVersioning", "versioningConfiguration.status", "Enabled"),
  CKV_AWS_53: accessBlock("blockPublicAcls"),
  CKV_AWS_54: accessBlock("blockPublicPolicy"),
  CKV_AWS_55: accessBlock("ignorePublicAcls"),
  CKV_AWS_56: accessBlock("restrictPublicBuckets"),
  CKV_AWS_57: accessBlock("ignorePublicAcls"),
  CKV_AWS_70: bucketPolicy(
    ({ Effect, Principal }) => Effect === "Deny" || (typeof Principal === "object" && Principal.AWS !== "*"),
  ),
  CKV_AWS_93: bucketPolicy(({ Effect, Condition }) => Effect === "Allow" || Condition !== undefined),
  CKV_AWS_143: every(
    "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    (inputs) => Number(at(inputs, "rule.defaultRetention.days")) > 0,
  ),
  CKV_AWS_145: (find) => find(encryption).some((inputs) => at(inputs, algorithm) === "aws:kms"),
  CKV_AWS_300: lifecycle((all) =>
    all.some((one) => at(one, "abortIncompleteMultipartUpload.daysAfterInitiation") === 7),
  ),
  CKV_AWS_379: every("s3/bucketPolicy:BucketPolicy", ({ policy }) =>
    statements(policy).some(
      ({ Effect, Condition }) => Effect === "Deny" && Condition?.Bool?.["aws:SecureTransport"] === "false",
    ),
  ),
  CKV2_AWS_6: (find) =>
    find("s3/bucket:Bucket").length === find("s3/bucketPublicAccessBlock:BucketPublicAccessBlock").length &&
    accessBlock("restrictPublicBuckets")(find),
  CKV2_AWS_61: lifecycle((all) => all.length > 0),
  CKV2_AWS_65: has("s3/bucketOwnershipControls:BucketOwnershipControls", "rule.objectOwnership", "BucketOwnerEnforced"),
  CKV_AWS_60: trustsNamed,
  CKV_AWS_61: trustsNamed,
  CKV_AWS_62: exactAccess,
  CKV_AWS_63: exactActions,
  CKV_AWS_274: every("iam/rolePolicyAttachment:RolePolicyAttachment", ({ policyArn }) =>
    typeof policyArn === "string" ? !policyArn.endsWith("/AdministratorAccess") : false,
  ),
  CKV_AWS_286: exactAccess,
  CKV_AWS_287: exactAccess,
  CKV_AWS_288: exactAccess,
  CKV_AWS_289: exactAccess,
  CKV_AWS_290: exactAccess,
  CKV_AWS_355: exactAccess,
  CKV_AWS_42: has("efs/fileSystem:FileSystem", "encrypted", true),
  CKV_AWS_329: has("efs/accessPoint:AccessPoint", "rootDirectory.path", "/orders"),
  CKV_AWS_330: has("efs/accessPoint:AccessPoint", "posixUser.uid", 1000),
};

/** The account in which the program runs. */
const fixtures: Fixtures = {
  invokes: {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
    "aws:index/getPartition:getPartition": { partition: "aws" },
  },
};

describe("the table of scanner rules for AWS", () => {
  let alone: Find;
  beforeAll(async () => {
    const graphs = await previewExamples(programs, fixtures);
    const resources = graphs.flatMap((graph) => graph.resources);
    alone = (type) => resources.filter((one) => one.type === `aws:${type}`).map(({ inputs }) => inputs);
  });

  test("says yes or no to each rule once, and every no says why", () => {
    expect(rows.map(({ rule }) => rule)).toHaveLength(new Set(rows.map(({ rule }) => rule)).size);
    expect(rows.filter(({ satisfied }) => satisfied !== "yes" && satisfied !== "no")).toEqual([]);
    expect(rows.filter(({ reason }) => reason.length < 2)).toEqual([]);
  });

  test("has a test for each yes and for nothing else", () => {
    const satisfied = rows.filter((row) => row.satisfied === "yes").map(({ rule }) => rule);
    expect(Object.keys(rules).sort()).toEqual(satisfied.sort());
  });

  test.each(Object.keys(rules))("%s holds for the components' defaults", (rule) => {
    expect(rules[rule]?.(alone)).toBe(true);
  });

  test("the rules can fail", () => {
    const wrong: Find = (type) =>
      type.startsWith("vpc/")
        ? [{ ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }]
        : [{ policy: JSON.stringify({ Statement: [{ Principal: { AWS: "*" } }] }), isEnabled: false, parameters: [] }];
    const passing = Object.entries(rules).filter(([, rule]) => rule(wrong));
    // There are as many associations as load balancers.
    expect(passing.map(([name]) => name)).toEqual(["CKV2_AWS_28"]);
    expect(rules.CKV2_AWS_28?.((type) => (type === "lb/loadBalancer:LoadBalancer" ? [{}] : []))).toBe(false);
  });
});
