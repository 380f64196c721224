import { AuditBucket, LockMode, WorkloadRole } from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
const kmsKeyArn = config.require("kmsKeyArn");
const prefix = "orders/";

const bucket = new AuditBucket("orders-audit", {
  region,
  bucketName: config.require("bucket"),
  kmsKeyArn,
  retention: { years: 7 },
  lock: { mode: LockMode.Governance },
  archiveAfterDays: 90,
});

// The pods of one ServiceAccount may add objects below the prefix. They may not read or delete what is there; an object that is
// written again keeps its old version, locked.
const role = new WorkloadRole("orders-audit", {
  region,
  serviceAccount: { namespace: "orders", name: "orders" },
  podIdentity: { clusterName: config.require("cluster") },
  access: { writes: [{ bucketArn: bucket.arn, prefix, kmsKeyArn }] },
});

export const { bucketName } = bucket;
export const { roleArn } = role;
