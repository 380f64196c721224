import { AuditBucket, EncryptionKey, KeyUser, LockMode, type ObjectLockArgs, type RetentionArgs } from "@gatehouse/aws";
import type { Output } from "@pulumi/pulumi";
import { z } from "zod";

/** How long each object is kept at least. */
export const retention = z.strictObject({ days: z.int().min(1).optional(), years: z.int().min(1).optional() });

/** Lock that keeps each object for the retention. */
export const lock = z.strictObject({
  mode: z.enum(LockMode).optional(),
  nobodyCanDeleteBeforeRetentionEnds: z.string().optional(),
});

/** How pods assume their role: one of the two. */
export const roleTrust = {
  irsa: z
    .strictObject({
      providerArn: z.string().describe("ARN of the cluster's OIDC provider in IAM."),
      issuer: z.string().describe("Issuer of the cluster, without https://."),
    })
    .optional()
    .describe("Pods assume the role by their ServiceAccount's token."),
  podIdentity: z
    .strictObject({ clusterName: z.string().describe("Name of the cluster, which has the agent's add-on.") })
    .optional()
    .describe("Pods assume the role by the agent of EKS Pod Identity."),
};

/** A bucket for audit logs, and the key that it encrypts with. */
export interface EncryptedAuditBucket {
  bucket: AuditBucket;
  kmsKeyArn: Output<string>;
}

interface AuditBucketOptions {
  name: string;
  existing?: boolean;
  retention: RetentionArgs;
  lock?: ObjectLockArgs;
  deletionProtection: boolean;
}

/**
 * Versioned, encrypted, closed to the public, over TLS only; each object is kept for the retention.
 *
 * @param identifier Name in the account and region, for the key's alias.
 */
export function createAuditBucket(
  product: string,
  region: string,
  { name, existing = false, retention, lock, deletionProtection }: AuditBucketOptions,
  identifier: string,
): EncryptedAuditBucket {
  const { arn: kmsKeyArn } = new EncryptionKey(`${product}-audit-key`, {
    region,
    users: [KeyUser.S3],
    aliasName: `alias/${identifier}-audit`,
    deletionProtection,
  });
  const bucket = new AuditBucket(`${product}-audit`, {
    region,
    ...(existing ? { existingBucket: name } : { bucketName: name }),
    kmsKeyArn,
    retention,
    lock,
    deletionProtection,
  });
  return { bucket, kmsKeyArn };
}
