import type { StackGraph } from "@gatehouse/preview";
import { beforeAll, expect, test } from "vitest";
import { previewExample } from "./support/example.ts";

const bucket = "arn:aws:s3:::shop-dev-orders-audit";
const key = "arn:aws:kms:eu-west-1:123456789012:key/0f1e2d3c-0000-4000-8000-000000000000";
const roleArn = "arn:aws:iam::123456789012:role/orders-audit";

/** What AWS answers once the stack is there. */
const fixtures = {
  resources: {
    "aws:s3/bucket:Bucket::orders-audit": { arn: bucket },
    "aws:s3/bucketPolicy:BucketPolicy::orders-audit-policy": { id: "shop-dev-orders-audit" },
    "aws:iam/role:Role::orders-audit": { arn: roleArn },
    "aws:eks/podIdentityAssociation:PodIdentityAssociation::orders-audit-association": { id: "a-1" },
    "aws:iam/rolePolicy:RolePolicy::orders-audit": { id: "orders-audit:access" },
  },
  invokes: {
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
    "aws:index/getPartition:getPartition": { partition: "aws" },
  },
};

let graph: StackGraph;
beforeAll(async () => {
  graph = await previewExample("examples/audit-bucket", fixtures);
});

const inputs = (type: string) => graph.resources.find((one) => one.type === `aws:${type}`)?.inputs ?? {};
const policy = (type: string, property = "policy"): unknown => JSON.parse(inputs(type)[property] as string);

test("the program makes a bucket with its parts and a role, and nothing else", () => {
  expect(graph.diagnostics).toEqual([]);
  expect(graph.outputs).toEqual({ bucketName: "shop-dev-orders-audit", roleArn });
  const custom = graph.resources.filter(({ type }) => type.startsWith("aws:"));
  expect(custom.map(({ type, name }) => `${type.split(":")[2] ?? ""} ${name}`).sort()).toEqual([
    "Bucket orders-audit",
    "BucketLifecycleConfiguration orders-audit-lifecycle",
    "BucketObjectLockConfiguration orders-audit-lock",
    "BucketOwnershipControls orders-audit-ownership",
    "BucketPolicy orders-audit-policy",
    "BucketPublicAccessBlock orders-audit-public-access",
    "BucketServerSideEncryptionConfiguration orders-audit-encryption",
    "BucketVersioning orders-audit-versioning",
    "PodIdentityAssociation orders-audit-association",
    "Role orders-audit",
    "RolePolicy orders-audit",
  ]);
});

test("each object is locked for seven years", () => {
  expect(inputs("s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").rule).toEqual({
    defaultRetention: { mode: "GOVERNANCE", days: 2555 },
  });
});

test("the pods of one ServiceAccount may write below the prefix, and do nothing else", () => {
  expect(policy("iam/role:Role", "assumeRolePolicy")).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PodsAssumeRole",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          StringEquals: {
            "aws:SourceAccount": "123456789012",
            "aws:RequestTag/kubernetes-namespace": "orders",
            "aws:RequestTag/kubernetes-service-account": "orders",
          },
          ArnEquals: { "aws:SourceArn": "arn:aws:eks:eu-west-1:123456789012:cluster/shop-dev" },
        },
      },
    ],
  });
  expect(policy("iam/rolePolicy:RolePolicy")).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "WriteObjects",
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
        Resource: [`${bucket}/orders/*`],
      },
      {
        Sid: "EncryptObjects",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [key],
        Condition: { StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com"] } },
      },
    ],
  });
});
