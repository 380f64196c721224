import type { BucketAccessArgs, WorkloadRoleArgs } from "@gatehouse/aws";
import type { EncryptedAuditBucket } from "../common/auditBucket.ts";
import type { AirlockConfig } from "./settings/config.ts";
import { name } from "./settings/names.ts";

/** What the pods may do: write exports of the audit log, and read and write exactly the prefixes of the `s3` roots. */
export function roleArgs(
  { region, identity, roots, audit }: AirlockConfig,
  namespace: string,
  roleName: string,
  { bucket, kmsKeyArn }: EncryptedAuditBucket,
): WorkloadRoleArgs {
  const { irsa, podIdentity, partition } = identity;
  const s3Roots = roots.flatMap((root) => (root.type === "s3" ? [root] : []));
  const objects = ({ real, kmsKeyArn }: (typeof s3Roots)[number]): BucketAccessArgs => {
    const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(real) ?? [];
    return { bucketArn: `arn:${partition}:s3:::${bucket}`, prefix, wholeBucket: prefix === "", kmsKeyArn };
  };
  return {
    region,
    serviceAccount: { namespace, name },
    irsa,
    podIdentity,
    roleName,
    access: {
      reads: s3Roots.map(objects),
      writes: [
        { bucketArn: bucket.arn, prefix: audit.prefix, kmsKeyArn },
        ...s3Roots.filter(({ readOnly }) => !readOnly).map(objects),
      ],
    },
  };
}
