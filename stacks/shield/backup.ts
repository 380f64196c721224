import type { BackupCronJobArgs, Endpoint } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { ShieldConfig } from "./config.ts";
import type { SecretKeys } from "./secrets.ts";

/** The daily dump of the users' database, and the daily proof that it can be restored. */
export function backup(
  config: NonNullable<ShieldConfig["backup"]>,
  namespace: Input<string>,
  secret: SecretKeys,
  server: Endpoint,
): BackupCronJobArgs {
  const { image, postgresImage, schedule, restoreCheckSchedule, bucket, prefix, region, roleArn } = config;
  return {
    namespace,
    image,
    schedule,
    source: { postgres: { url: secret("database-url"), server, scratch: { image: postgresImage } } },
    destination: { s3: { bucket, prefix, region } },
    restoreCheck: { schedule: restoreCheckSchedule },
    serviceAccountAnnotations: roleArn === undefined ? {} : { "eks.amazonaws.com/role-arn": roleArn },
  };
}
