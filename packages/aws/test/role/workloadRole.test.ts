import { WorkloadRole, type WorkloadRoleArgs } from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { accessStatements } from "../../src/role/access.ts";
import { account, policyOf, record, refusal, region } from "../support/record.ts";

const kmsKeyArn = `arn:aws:kms:${region}:${account}:key/backups`;
const objects = { bucketArn: "arn:aws:s3:::shop-backups", prefix: "orders/", kmsKeyArn };
const irsa = {
  providerArn: `arn:aws:iam::${account}:oidc-provider/oidc.eks.${region}.amazonaws.com/id/ABCD`,
  issuer: `oidc.eks.${region}.amazonaws.com/id/ABCD`,
};

const make =
  (args: Partial<WorkloadRoleArgs> = {}) =>
  () =>
    new WorkloadRole("orders-backup", {
      region,
      serviceAccount: { namespace: "shop", name: "orders-backup" },
      podIdentity: { clusterName: "shop" },
      access: { writes: [objects] },
      ...args,
    });
const recorded = async (args: Partial<WorkloadRoleArgs> = {}, partition = "aws") => {
  const recording = await record(make(args), { partition });
  const role = recording.resource("aws:iam/role:Role", "orders-backup");
  return {
    recording,
    role,
    trust: JSON.parse(String(role.inputs.assumeRolePolicy)) as unknown,
    policy: policyOf(recording.resource("aws:iam/rolePolicy:RolePolicy", "orders-backup")),
  };
};
const document = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });

describe("who assumes the role", () => {
  test("pods of the ServiceAccount in the cluster, by EKS Pod Identity", async () => {
    const { recording, role, trust } = await recorded();
    expect(trust).toEqual(
      document({
        Sid: "PodsAssumeRole",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:SourceAccount": account,
            "aws:RequestTag/kubernetes-namespace": "shop",
            "aws:RequestTag/kubernetes-service-account": "orders-backup",
          },
          ArnEquals: { "aws:SourceArn": `arn:aws:eks:${region}:${account}:cluster/shop` },
        },
      }),
    );
    const { assumeRolePolicy, ...rest } = role.inputs;
    expect(typeof assumeRolePolicy).toBe("string");
    expect(rest).toEqual({
      name: "orders-backup",
      description: "Pods of shop/orders-backup",
      maxSessionDuration: 3600,
    });
    const association = recording.resource(
      "aws:eks/podIdentityAssociation:PodIdentityAssociation",
      "orders-backup-association",
    );
    expect(association.inputs).toEqual({
      region,
      clusterName: "shop",
      namespace: "shop",
      serviceAccount: "orders-backup",
      roleArn: `arn:aws:iam::${account}:orders-backup`,
    });
    expect(association.deleteBeforeReplace).toBe(true);
  });

  test("pods whose token the cluster's issuer signed, by IRSA, which needs no association", async () => {
    const { recording, trust } = await recorded({ podIdentity: undefined, irsa });
    expect(trust).toEqual(
      document({
        Sid: "PodsAssumeRole",
        Effect: "Allow",
        Principal: { Federated: irsa.providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${irsa.issuer}:sub`]: "system:serviceaccount:shop:orders-backup",
            [`${irsa.issuer}:aud`]: "sts.amazonaws.com",
          },
        },
      }),
    );
    expect(recording.names("aws:eks/podIdentityAssociation:PodIdentityAssociation")).toEqual([]);
  });

  test("a component of Kubernetes takes the ARN for IRSA, and nothing for Pod Identity", async () => {
    const roles: WorkloadRole[] = [];
    await record(
      () => roles.push(make()(), make({ podIdentity: undefined, irsa, roleName: "other" })()).toString(),
      {},
    );
    expect(roles.map(({ cloudIdentity }) => Object.keys(cloudIdentity))).toEqual([[], ["awsRoleArn"]]);
  });
});

describe("what the role may do", () => {
  test("writing is neither reading nor deleting", async () => {
    expect((await recorded()).policy).toEqual(
      document(
        {
          Sid: "WriteObjects",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
          Resource: ["arn:aws:s3:::shop-backups/orders/*"],
        },
        {
          Sid: "EncryptObjects",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: [kmsKeyArn],
          Condition: { StringEquals: { "kms:ViaService": [`s3.${region}.amazonaws.com`] } },
        },
      ),
    );
  });

  test("everything at once, each key once", async () => {
    const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:orders`;
    const other = { ...objects, prefix: "carts/" };
    const access = { reads: [objects, other], deletes: [objects], secrets: [{ secretArn, kmsKeyArn }] };
    expect((await recorded({ access })).policy).toEqual(
      document(
        {
          Sid: "ReadObjects",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::shop-backups/orders/*", "arn:aws:s3:::shop-backups/carts/*"],
        },
        {
          Sid: "ListObjects1",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::shop-backups"],
          Condition: { StringLike: { "s3:prefix": ["orders/*"] } },
        },
        {
          Sid: "ListObjects2",
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::shop-backups"],
          Condition: { StringLike: { "s3:prefix": ["carts/*"] } },
        },
        {
          Sid: "DeleteObjects",
          Effect: "Allow",
          Action: ["s3:DeleteObject"],
          Resource: ["arn:aws:s3:::shop-backups/orders/*"],
        },
        {
          Sid: "ReadSecrets",
          Effect: "Allow",
          Action: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
          Resource: [secretArn],
        },
        {
          Sid: "DecryptObjects",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [kmsKeyArn],
          Condition: { StringEquals: { "kms:ViaService": [`s3.${region}.amazonaws.com`] } },
        },
        {
          Sid: "DecryptSecrets",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: [kmsKeyArn],
          Condition: { StringEquals: { "kms:ViaService": [`secretsmanager.${region}.amazonaws.com`] } },
        },
      ),
    );
  });

  test("in China, of China's partition and hosts", async () => {
    const china = { bucketArn: "arn:aws-cn:s3:::shop-backups", prefix: "orders/", kmsKeyArn: "arn:aws-cn:kms:x" };
    const { role, policy } = await recorded({ region: "cn-north-1", access: { reads: [china] } }, "aws-cn");
    expect(JSON.stringify([role.inputs, policy])).not.toContain("arn:aws:");
    expect(JSON.stringify(policy)).toContain('["s3.cn-north-1.amazonaws.com","s3.cn-north-1.amazonaws.com.cn"]');
  });
});

test("roles of this account and of another are assumed by name, with session tags", async () => {
  const access = { assumes: [{ roleName: "reports-us-east-1" }, { roleName: "mail", account: "210987654321" }] };
  expect((await recorded({ access })).policy).toEqual(
    document({
      Sid: "AssumeRoles",
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Resource: [`arn:aws:iam::${account}:role/reports-us-east-1`, "arn:aws:iam::210987654321:role/mail"],
    }),
  );
});

test("every object of a bucket only where that is asked for by name", () => {
  const bucketArn = "arn:aws:s3:::shop-backups";
  const around = { account: pulumi.output(account), partition: pulumi.output("aws") };
  const statements = accessStatements({ reads: [{ bucketArn, prefix: "", wholeBucket: true }] }, "us-east-1", around);
  expect(statements.map(({ Sid, Condition }) => [Sid, Condition])).toEqual([
    ["ReadObjects", undefined],
    ["ListObjects1", { StringLike: { "s3:prefix": ["*"] } }],
  ]);
});

test.each<[string, Partial<WorkloadRoleArgs>, string]>([
  [
    "a whole bucket",
    { access: { writes: [{ ...objects, prefix: "" }] } },
    `orders-backup (WorkloadRole).access.writes[0].prefix: an empty prefix is the whole bucket
  value:    ""
  expected: a path that ends with a slash and has no wildcard: orders/`,
  ],
  [
    "a whole bucket and a prefix",
    { access: { writes: [{ ...objects, prefix: "orders/", wholeBucket: true }] } },
    `orders-backup (WorkloadRole).access.writes[0].prefix: a prefix is given, and the whole bucket is meant
  value:    "orders/"
  expected: an empty prefix with wholeBucket
  fix:      remove wholeBucket, which would allow more than the prefix`,
  ],
  [
    "a wildcard",
    { access: { reads: [{ ...objects, prefix: "*/" }] } },
    `orders-backup (WorkloadRole).access.reads[0].prefix: not a prefix
  value:    "*/"
  expected: a path that ends with a slash and has no wildcard: orders/`,
  ],
  [
    "a role that may do nothing",
    { access: {} },
    `orders-backup (WorkloadRole).access: the role may do nothing
  expected: at least one of reads, writes, deletes, secrets and assumes`,
  ],
  [
    "every role",
    { access: { assumes: [{ roleName: "*" }] } },
    `orders-backup (WorkloadRole).access.assumes[0].roleName: the name has characters that are not allowed there
  value:    *
  expected: letters, digits and _+=,.@-`,
  ],
  [
    "two ways at once",
    { irsa },
    `orders-backup (WorkloadRole): pods assume the role in one of two ways
  value:    irsa and podIdentity
  expected: irsa or podIdentity`,
  ],
  [
    "no way",
    { podIdentity: undefined },
    `orders-backup (WorkloadRole): pods assume the role in one of two ways
  value:    neither
  expected: irsa or podIdentity`,
  ],
  [
    "an issuer with its scheme",
    { podIdentity: undefined, irsa: { ...irsa, issuer: `https://${irsa.issuer}/` } },
    `orders-backup (WorkloadRole).irsa.issuer: not the issuer of a cluster, as IAM writes it
  value:    https://${irsa.issuer}/
  expected: a host and path, without https:// and without a slash at the end
  fix:      use ${irsa.issuer}`,
  ],
  [
    "a session of half a day and a second",
    { maxSessionSeconds: 43_201 },
    `orders-backup (WorkloadRole).maxSessionSeconds: not a length of a session in seconds
  value:    43201
  expected: a whole number from 3600 to 43200`,
  ],
])("%s is refused", async (_, args, expected) => {
  expect(await refusal(make(args))).toBe(expected);
});

test("a policy that is longer than IAM takes is refused, with its length", async () => {
  const reads = Array.from({ length: 60 }, (_, index) => ({ ...objects, prefix: `${"long-".repeat(10)}${index}/` }));
  expect(await refusal(make({ access: { reads } }))).toMatch(
    /^orders-backup \(WorkloadRole\)\.access: the policy is longer than IAM allows\n {2}value: {4}\d{5} characters\n {2}expected: at most 10240\n/,
  );
});
