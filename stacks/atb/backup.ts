import { bucketCredentials, jobs } from "../backups.ts";
import type { BackupCronJobArgs, RedisHA } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";
import { labels } from "./server.ts";

/** The hourly copy of Redis, kept for a day, and the proof that it can be restored. */
export function backup(
  config: NonNullable<AtbConfig["redis"]["backup"]>,
  namespace: Input<string>,
  { backupSource }: RedisHA,
): BackupCronJobArgs {
  const { image, resources, keep, bucket, claim, scratchSize, scratchClaim, leastEntries } = config;
  return {
    namespace,
    image,
    resources,
    keep,
    source: { redis: { ...backupSource, scratchSize, scratchClaim, leastEntries } },
    destination: {
      s3: bucket && { bucket: bucket.name, prefix: bucket.prefix, region: bucket.region, ...bucketCredentials(bucket) },
      claim: claim === undefined ? undefined : { name: claim, directory: "atb-redis" },
    },
    ...jobs({ ...config, roleArn: bucket?.roleArn, restoreCheckRoleArn: bucket?.restoreCheckRoleArn }),
    labels: labels("atb-redis-backup"),
  };
}
