import { WorkloadRole } from "@gatehouse/aws";
import type { StackName } from "@gatehouse/core/config";
import { type Endpoint, external, internet, type LogSinkArgs, podIdentityAgent } from "@gatehouse/kubernetes";
import { createAuditBucket } from "../../common/auditBucket.ts";
import { nameIn } from "../../common/environment.ts";
import type { AtbConfig } from "../config.ts";

/** The bucket that keeps the audit log, as the broker's pods reach it. */
export interface AuditStore {
  sink: LogSinkArgs;
  /** Role that the pods write with. */
  role: WorkloadRole;
  /** What the pods connect to besides the sink. */
  links: Endpoint[];
}

/** The locked bucket, its key, and a role that may write below one prefix and nothing else. */
export function createAuditStore(
  { auditLog }: AtbConfig,
  serviceAccount: { namespace: string; name: string },
  stack: StackName,
): AuditStore | undefined {
  const store = auditLog?.store;
  if (!store) return undefined;
  const { region, prefix, irsa, podIdentity, cidrs } = store;
  const { bucket, kmsKeyArn } = createAuditBucket("atb", region, store, nameIn(stack, "atb"));
  const role = new WorkloadRole(`${serviceAccount.name}-role`, {
    region,
    serviceAccount,
    irsa,
    podIdentity,
    roleName: nameIn(stack, serviceAccount.name),
    access: { writes: [{ bucketArn: bucket.arn, prefix, kmsKeyArn }] },
  });
  const endpoint = cidrs ? external("audit-bucket", 443, cidrs) : internet("audit-bucket", 443);
  return {
    sink: { s3: { bucket: bucket.bucketName, region, prefix }, endpoint },
    role,
    links: podIdentity ? [podIdentityAgent] : [],
  };
}
