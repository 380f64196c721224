import { type Endpoint, RedisEviction, RedisHA, RedisPersistence } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";
import type { RedisPasswords } from "./secrets.ts";
import { labels, monitored } from "./server.ts";

/**
 * The ids of used tokens, and the challenges. A token whose id is forgotten could be used again, so nothing is evicted,
 * a write is on disk before it is acknowledged, and a master that is cut off takes none.
 */
export function createRedis(config: AtbConfig, namespace: Input<string>, passwords: RedisPasswords): RedisHA {
  const { replicas, masterSet, quorum, downAfter, maxmemory, resources, storage, storageClass } = config.redis;
  const { tlsSecret, deletionProtection } = config.redis;
  const { interval, prometheusNamespace, monitorLabels } = monitored(config);
  return new RedisHA("atb-redis", {
    namespace,
    ...passwords,
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
  });
}

/** The broker asks the Sentinels itself, so that a failover costs it no more than they need. */
export function sentinels({ endpoint, sentinelEndpoints }: RedisHA): Endpoint[] {
  return sentinelEndpoints.length > 0 ? sentinelEndpoints : [endpoint];
}
