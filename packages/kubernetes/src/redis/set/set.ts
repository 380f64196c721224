import { parseDuration, parseQuantity } from "@gatehouse/core";
import type { ResourcesArgs } from "../../pod/container/resources.ts";
import { RedisEviction, type RedisHAArgs, RedisPersistence, type RedisStorageArgs } from "./args.ts";

export const serverPort = 6379;
export const sentinelPort = 26379;

export const defaultMaxConnections = 1000;

/** A Redis set with every default resolved. */
export interface RedisSet {
  /** Name of the component. */
  name: string;
  /** Number of pods. */
  pods: number;
  /** Prefix of the pods' names. */
  podName: string;
  /** Prefix of the names of the Services that the pods announce. */
  announceName: string;
  masterSet: string;
  quorum: number;
  downAfterMilliseconds: number;
  failoverTimeoutMilliseconds: number;
  minReplicasToWrite: number;
  minReplicasMaxLagSeconds: number;
  maxmemoryBytes: bigint;
  eviction: RedisEviction;
  persistence: RedisPersistence;
  tls: boolean;
  /** Most client connections of each proxy pod. */
  maxConnections: number;
}

export const defaultResources: ResourcesArgs = {
  // Redis fills its limit in normal operation, so it requests all of it: a node must not evict it for that.
  requests: { cpu: "100m", memory: "384Mi" },
  limits: { cpu: "1", memory: "384Mi" },
};

export const defaultStorage: RedisStorageArgs = { size: "4Gi" };

export function majority(pods: number): number {
  return Math.floor(pods / 2) + 1;
}

export function ordinals({ pods }: RedisSet): number[] {
  return Array.from({ length: pods }, (_, ordinal) => ordinal);
}

/** A set of arguments that `checkRedisSet` has found good. */
export function redisSet(name: string, args: RedisHAArgs): RedisSet {
  const { persistence = RedisPersistence.Durable, masterSet = name, tls } = args;
  const cache = persistence === RedisPersistence.Cache;
  const pods = args.replicas ?? (cache ? 1 : 3);
  return {
    name,
    pods,
    podName: `${name}-server`,
    announceName: `${name}-announce`,
    masterSet,
    quorum: args.quorum ?? majority(pods),
    downAfterMilliseconds: parseDuration(args.downAfter ?? "3s"),
    failoverTimeoutMilliseconds: parseDuration(args.failoverTimeout ?? "10s"),
    minReplicasToWrite: args.minReplicasToWrite ?? (cache || pods === 1 ? 0 : 1),
    minReplicasMaxLagSeconds: parseDuration(args.minReplicasMaxLag ?? "5s") / 1000,
    maxmemoryBytes: maxmemoryBytes(args),
    eviction: args.eviction ?? (cache ? RedisEviction.AllKeysLru : RedisEviction.NoEviction),
    persistence,
    tls: tls !== undefined,
    maxConnections: args.proxy?.maxConnections ?? defaultMaxConnections,
  };
}

function maxmemoryBytes({ maxmemory, resources = defaultResources }: RedisHAArgs): bigint {
  if (maxmemory !== undefined) return bytes(maxmemory);
  return (bytes(resources.limits.memory) * 2n) / 3n;
}

/** Whole bytes of a quantity of memory. */
export function bytes(quantity: string): bigint {
  return parseQuantity(quantity).nanos / 10n ** 9n;
}
