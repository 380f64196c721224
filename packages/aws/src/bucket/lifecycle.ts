import type * as aws from "@pulumi/aws/types/input.js";

/** What happens to objects as they grow old. */
export interface Lifecycle {
  /** Days after which an object expires; none if it does not. */
  expireAfterDays?: number;
  /** Days for which a version that was overwritten or deleted stays. */
  keepOldVersionsDays: number;
  /** Days after which an object moves to Glacier Instant Retrieval; none if it does not. */
  archiveAfterDays?: number;
}

/** Days after which the parts of an upload that never ended are deleted. */
const incompleteUploadDays = 7;

/** Rules for all objects of a bucket, each with a filter: S3 takes one without for the old form of the rule. */
export function lifecycleRules(lifecycle: Lifecycle): aws.s3.BucketLifecycleConfigurationRule[] {
  const { expireAfterDays, keepOldVersionsDays, archiveAfterDays } = lifecycle;
  const all = { status: "Enabled", filter: { prefix: "" } };
  return [
    {
      ...all,
      id: "incomplete-uploads",
      abortIncompleteMultipartUpload: { daysAfterInitiation: incompleteUploadDays },
    },
    {
      ...all,
      id: "old-versions",
      noncurrentVersionExpiration: { noncurrentDays: keepOldVersionsDays },
      // Where the versions are gone, the marker of the deletion goes too. One rule cannot say both this and an age.
      ...(expireAfterDays === undefined && { expiration: { expiredObjectDeleteMarker: true } }),
    },
    ...(expireAfterDays === undefined ? [] : [{ ...all, id: "expiry", expiration: { days: expireAfterDays } }]),
    ...(archiveAfterDays === undefined
      ? []
      : [{ ...all, id: "archive", transitions: [{ days: archiveAfterDays, storageClass: "GLACIER_IR" }] }]),
  ];
}
