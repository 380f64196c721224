import type { BackupCronJobArgs, RedisHA } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";
import { labels } from "./server.ts";

/** The hourly copy of Redis, kept for a day, and the proof that it can be restored. */
export function backup(
  { image, schedule, keep, restoreCheckSchedule, bucket, claim }: NonNullable<AtbConfig["redis"]["backup"]>,
  namespace: Input<string>,
  { backupSource }: RedisHA,
): BackupCronJobArgs {
  return {
    namespace,
    image,
    schedule,
    keep,
    source: { redis: backupSource },
    destination: {
      s3: bucket && { bucket: bucket.name, prefix: bucket.prefix, region: bucket.region },
      claim: claim === undefined ? undefined : { name: claim, directory: "atb-redis" },
    },
    restoreCheck: { schedule: restoreCheckSchedule },
    serviceAccountAnnotations: bucket?.roleArn === undefined ? {} : { "eks.amazonaws.com/role-arn": bucket.roleArn },
    labels: labels("atb-redis-backup"),
  };
}
