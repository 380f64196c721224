import type { PodOptionsArgs } from "../../pod/options/podOptions.ts";
import type * as pulumi from "@pulumi/pulumi";
import type { SecretRefArgs } from "../../pod/container/secretRef.ts";
import type { ResourcesArgs } from "../../pod/container/resources.ts";

/** What of the data survives. */
export const RedisPersistence = {
  /** A write is on disk before it is acknowledged (`appendfsync always`). */
  Durable: "durable",
  /** A write is on disk within a second; a node that loses power loses what it wrote since. */
  EverySecond: "everySecond",
  /** Nothing is written to disk: a cache, whose entries can be made again. */
  Cache: "cache",
} as const;
export type RedisPersistence = (typeof RedisPersistence)[keyof typeof RedisPersistence];

/** What Redis does when its memory is full: https://redis.io/docs/latest/develop/reference/eviction/ */
export const RedisEviction = {
  /** Writes are refused. */
  NoEviction: "noeviction",
  /** The entries go that were used longest ago. */
  AllKeysLru: "allkeys-lru",
  /** The entries go that are used least. */
  AllKeysLfu: "allkeys-lfu",
  /** Of the entries with a time to live, those go that were used longest ago. */
  VolatileLru: "volatile-lru",
  /** Of the entries with a time to live, those go that are used least. */
  VolatileLfu: "volatile-lfu",
  /** The entries go that expire next. */
  VolatileTtl: "volatile-ttl",
} as const;
export type RedisEviction = (typeof RedisEviction)[keyof typeof RedisEviction];

/** Redis with replicas and Sentinels, one of each in every pod. */
export interface RedisHAArgs {
  /** Namespace of every object. */
  namespace: pulumi.Input<string>;
  /**
   * Settings of the data pods and the proxy's that follow from the cluster or the organization.
   * @default those of `podDefaults`
   */
  pods?: PodOptionsArgs;
  /**
   * Where the password is, one for all servers and Sentinels. It is made of letters, digits and `-._~`, as clients put
   * it into a URL.
   */
  password: SecretRefArgs;
  /**
   * A second password that servers and Sentinels accept, for a rotation in three updates: the new one here; then the
   * two changed about; then the new one alone. A pod waits, and the update with it, if it and the others do not accept
   * each other's password. `docs/redis-ha.md` has the steps.
   * @default none
   */
  alsoAccepts?: SecretRefArgs;
  /**
   * Number of pods, each with one Redis and one Sentinel; odd, so that a majority is always clear. A single pod has no
   * Sentinel and no proxy.
   * @default 3, for a cache 1
   */
  replicas?: number;
  /**
   * What of the data survives.
   * @default durable
   */
  persistence?: RedisPersistence;
  /**
   * Name under which the Sentinels know the set.
   * @default the component's name
   */
  masterSet?: string;
  /**
   * Number of Sentinels that must find the master gone before another is elected; at least a majority.
   * @default a majority: 2 of 3
   */
  quorum?: number;
  /**
   * How long a master must be silent before a Sentinel finds it gone, as a duration of at most 5 s. The time without a
   * writable master is about 1.3 s more.
   * @default "3s"
   */
  downAfter?: string;
  /**
   * How long a failover may take, as a duration. One that failed, for want of a majority or of a good replica, is tried
   * again after twice that time, which is why it is not Sentinel's own 3 minutes.
   * @default "10s"
   */
  failoverTimeout?: string;
  /**
   * Replicas that must be in step for the master to take a write. With 1 or more, a master that is cut off stops taking
   * writes that nobody else has.
   * @default 1; for a cache or a single pod 0
   */
  minReplicasToWrite?: number;
  /**
   * Silence of a replica, as a duration of whole seconds, after which it no longer counts as in step.
   * @default "5s"
   */
  minReplicasMaxLag?: string;
  /**
   * Memory for data, as a Kubernetes quantity of at most 75 % of the memory limit: the rest is for the connections, the
   * replicas' buffers, fragmentation and what changes while a copy is written.
   * @default two thirds of the memory limit
   */
  maxmemory?: string;
  /**
   * What happens when `maxmemory` is reached. Only a cache may lose entries.
   * @default noeviction, for a cache allkeys-lru
   */
  eviction?: RedisEviction;
  /**
   * Requests and limits of each Redis server.
   * @default 100m and 384Mi, at most 1 CPU and 384Mi
   */
  resources?: ResourcesArgs;
  /**
   * The volume of each pod. A cache has none.
   * @default `{ size: "4Gi" }`
   */
  storage?: RedisStorageArgs;
  /**
   * Encryption of every connection, the Sentinels' too.
   * @default none
   */
  tls?: RedisTlsArgs;
  /**
   * Image with `redis-server`, `redis-sentinel`, `redis-cli` and a POSIX shell.
   * @default "redis:7.2.11-alpine"
   */
  image?: pulumi.Input<string>;
  /**
   * The proxy behind the one address that always leads to the master.
   * @default two pods
   */
  proxy?: RedisProxyArgs;
  /**
   * How Prometheus scrapes the servers, the Sentinels and the proxy.
   * @default no exporters
   */
  metrics?: RedisMetricsArgs;
  /**
   * Seconds that a pod may take to stop; the handover to another master is bounded well within them.
   * @default 60
   */
  terminationGracePeriodSeconds?: number;
  /**
   * Whether Pulumi refuses to delete or replace the StatefulSet, as a change of its claims would.
   * @default true, for a cache false
   */
  deletionProtection?: boolean;
  /**
   * Further labels of every object.
   * @default none
   */
  labels?: Record<string, string>;
}

/** The volume of each pod; it stays when the pods or the StatefulSet are gone. */
export interface RedisStorageArgs {
  /** Size as a Kubernetes quantity: about four times `maxmemory`, as the log of writes is rewritten beside itself. */
  size: string;
  /**
   * Name of the StorageClass, best one that binds a volume when its pod is placed.
   * @default the cluster's
   */
  storageClass?: string;
}

/** Encryption. Clients prove themselves by the password and need no certificate of their own. */
export interface RedisTlsArgs {
  /**
   * Name of a Secret with `tls.crt`, `tls.key` and `ca.crt`. The certificate is for the component's name, by which
   * clients reach the proxy, and for `<name>-announce-0` and so on.
   */
  secret: pulumi.Input<string>;
}

/** The proxy: it asks every Sentinel and every server, and leads to the one on which they agree. */
export interface RedisProxyArgs {
  /**
   * Number of pods.
   * @default 2
   */
  replicas?: number;
  /**
   * Image with `haproxy` 2.6 or newer and a POSIX shell.
   * @default "haproxy:3.0.12-alpine"
   */
  image?: pulumi.Input<string>;
  /**
   * Most client connections of each pod. The memory request must cover 48Mi and 40Ki for each.
   * @default 1000
   */
  maxConnections?: number;
  /**
   * Requests and limits of each pod.
   * @default 50m and 96Mi, at most 500m and 128Mi
   */
  resources?: ResourcesArgs;
}

/** How Prometheus scrapes, by a ServiceMonitor. */
export interface RedisMetricsArgs {
  /**
   * Namespace that Prometheus runs in; its pods are admitted.
   * @default "monitoring"
   */
  prometheusNamespace?: string;
  /**
   * How often the pods are scraped.
   * @default "30s"
   */
  interval?: string;
  /**
   * Labels by which the Prometheus Operator selects the ServiceMonitors.
   * @default { release: "kube-prometheus-stack" }, as `AlertRules` has it
   */
  monitorLabels?: Record<string, string>;
  /**
   * Image of the exporter of servers and Sentinels, https://github.com/oliver006/redis_exporter.
   * @default "oliver006/redis_exporter:v1.62.0"
   */
  image?: pulumi.Input<string>;
}
