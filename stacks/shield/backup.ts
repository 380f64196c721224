import { bucketCredentials, jobs } from "../common/backups.ts";
import type { BackupCronJobArgs, Endpoint } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { ShieldConfig } from "./config.ts";
import type { SecretKeys } from "./secrets.ts";

/** The daily dump of the users' database, and the daily proof that it can be restored. */
export function backupArgs(
  config: NonNullable<ShieldConfig["backup"]>,
  namespace: Input<string>,
  secret: SecretKeys,
  server: Endpoint,
): BackupCronJobArgs {
  const { image, postgresImage, bucket, prefix, region, resources, scratchSize, scratchClaim, setup, checkQuery } =
    config;
  const scratch = { image: postgresImage, size: scratchSize, claim: scratchClaim, setup, checkQuery };
  return {
    namespace,
    image,
    resources,
    source: { postgres: { url: secret("database-url"), server, scratch } },
    destination: { s3: { bucket, prefix, region, ...bucketCredentials(config) } },
    ...jobs(config),
  };
}
