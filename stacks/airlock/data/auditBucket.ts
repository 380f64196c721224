import { AuditBucket, EncryptionKey, KeyUser } from "@gatehouse/aws";
import type { Output } from "@pulumi/pulumi";
import type { AirlockConfig } from "../settings/config.ts";

/** The bucket of the audit exports, and the key that it encrypts with. */
export interface AuditStore {
  bucket: AuditBucket;
  arn: Output<string>;
  kmsKeyArn: Output<string>;
}

/** Versioned, encrypted, closed to the public, over TLS only; each export is kept for the retention. */
export function createAuditBucket({ region, auditBucket }: AirlockConfig, identifier: string): AuditStore {
  const { name, existing, retention, lock, deletionProtection } = auditBucket;
  const { arn: kmsKeyArn } = new EncryptionKey("airlock-audit-key", {
    region,
    users: [KeyUser.S3],
    aliasName: `alias/${identifier}-audit`,
    deletionProtection,
  });
  const bucket = new AuditBucket("airlock-audit", {
    region,
    ...(existing ? { existingBucket: name } : { bucketName: name }),
    kmsKeyArn,
    retention,
    lock,
    deletionProtection,
  });
  return { bucket, arn: bucket.arn, kmsKeyArn };
}
