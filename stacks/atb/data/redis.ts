import {
  type BackupCronJobArgs,
  type Endpoint,
  ExternalSecrets,
  RedisEviction,
  type RedisHA,
  type RedisHAArgs,
  RedisPersistence,
} from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { bucketCredentials, jobs } from "../../common/backups.ts";
import type { AtbConfig } from "../config.ts";
import { labels, monitored } from "../shared.ts";

const secretName = "atb-redis-password";

/**
 * The ids of used tokens, and the challenges. A token whose id is forgotten could be used again, so nothing is evicted,
 * a write is on disk before it is acknowledged, and a master that is cut off takes none.
 */
export function redisArgs(config: AtbConfig, namespace: Input<string>): RedisHAArgs {
  const { replicas, masterSet, quorum, downAfter, maxmemory, resources, storage, storageClass } = config.redis;
  const { tlsSecret, deletionProtection } = config.redis;
  const { interval, prometheusNamespace, monitorLabels } = monitored(config);
  return {
    namespace,
    ...passwords(config, namespace),
    replicas,
    masterSet,
    quorum,
    downAfter,
    maxmemory,
    resources,
    persistence: RedisPersistence.Durable,
    eviction: RedisEviction.NoEviction,
    storage: { size: storage, storageClass },
    tls: tlsSecret === undefined ? undefined : { secret: tlsSecret },
    metrics: { interval, prometheusNamespace, monitorLabels },
    deletionProtection,
    labels: labels("atb-redis"),
  };
}

/** The broker asks the Sentinels itself, so that a failover costs it no more than they need. */
export function sentinels({ endpoint, sentinelEndpoints }: RedisHA): Endpoint[] {
  return sentinelEndpoints.length > 0 ? sentinelEndpoints : [endpoint];
}

/** The password in use, and a second one during a rotation: from the store, or in a Secret that you make yourself. */
function passwords({ secrets }: AtbConfig, namespace: Input<string>): Pick<RedisHAArgs, "password" | "alsoAccepts"> {
  const { existing, store, storeKind, redisPassword, redisPasswordVersion, redisOtherPasswordVersion } = secrets;
  const [key, other] = ["redis-password", "other-redis-password"];
  if (existing) return { password: { secret: secretName, key } };
  const rotates = redisOtherPasswordVersion !== undefined;
  const external = new ExternalSecrets(secretName, {
    namespace,
    // Read once, whatever secrets.refreshInterval is: pods that start at different times would get different passwords.
    store: { name: store, kind: storeKind },
    data: {
      [key]: { key: redisPassword, version: redisPasswordVersion },
      ...(rotates && { [other]: { key: redisPassword, version: redisOtherPasswordVersion } }),
    },
  });
  return { password: external.key(key), alsoAccepts: rotates ? external.key(other) : undefined };
}

/** The hourly copy of Redis, kept for a day, and the proof that it can be restored. */
export function backupArgs(
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
