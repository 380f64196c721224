import type { BackupCronJobArgs, Endpoint, SecretRefArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { bucketCredentials, jobs } from "../../common/backups.ts";
import type { AirlockConfig } from "../settings/config.ts";
import { authorityVolume } from "./authority.ts";

/** The daily dump of the audit log, and the daily proof that it can be restored. */
export function backupArgs(
  config: AirlockConfig,
  options: NonNullable<AirlockConfig["backup"]>,
  namespace: Input<string>,
  url: SecretRefArgs,
  server: Endpoint,
): BackupCronJobArgs {
  const { image, postgresImage, bucket, prefix, resources, scratchSize, scratchClaim, setup, checkQuery } = options;
  const scratch = { image: postgresImage, size: scratchSize, claim: scratchClaim, setup, checkQuery };
  return {
    namespace,
    image,
    resources,
    source: { postgres: { url, server, scratch, volumes: [authorityVolume(config)] } },
    destination: { s3: { bucket, prefix, region: config.region, ...bucketCredentials(options) } },
    ...jobs(options),
  };
}
