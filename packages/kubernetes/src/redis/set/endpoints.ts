import type { Endpoint, Monitored } from "@gatehouse/core";
import type { RedisBackupArgs } from "../../backup/source/redis.ts";
import { type RedisHAArgs, RedisPersistence } from "./args.ts";
import { dataLabels } from "./labels.ts";
import { ordinals, type RedisSet, sentinelPort, serverPort } from "./set.ts";

/** Servers and Sentinels, for a client that connects to both. */
export function servers(name: string, pods: Endpoint["pods"]): Endpoint[] {
  return [
    { name, port: serverPort, pods },
    { name: `${name}-sentinel`, port: sentinelPort, pods },
  ];
}

/** The address that always leads to the master. */
export function masterEndpoint(name: string, { namespace, password, tls }: RedisHAArgs, set: RedisSet): Endpoint {
  const labels = set.pods > 1 ? { "app.kubernetes.io/name": name } : dataLabels(set);
  const scheme = tls ? "rediss" : "redis";
  return {
    name,
    port: serverPort,
    pods: { namespace, labels },
    environment: {
      secrets: { REDIS_PASSWORD: password },
      values: { REDIS_URL: `${scheme}://:$(REDIS_PASSWORD)@${name}:${serverPort}/0` },
    },
  };
}

/** The set as alerts need to know it. */
export function monitored(name: string, { metrics }: RedisHAArgs, { pods, podName, persistence }: RedisSet): Monitored {
  const cache = persistence === RedisPersistence.Cache;
  const proxyJob = pods > 1 ? name : undefined;
  return { name, redis: { job: podName, proxyJob, pods, cache, exporters: metrics !== undefined } };
}

/** Servers that a backup copies from: every pod, since a pod may be down. */
export function backupSource(name: string, { namespace, password, tls }: RedisHAArgs, set: RedisSet): RedisBackupArgs {
  const hosts = set.pods > 1 ? ordinals(set).map((ordinal) => `${set.announceName}-${ordinal}`) : [name];
  const server = { name: `${name}-copied`, port: serverPort, pods: { namespace, labels: dataLabels(set) } };
  return { hosts, server, password, tlsSecret: tls?.secret };
}

/** The Sentinels and the servers, for clients that ask the Sentinels themselves. */
export function sentinelEndpoints(name: string, { namespace, password }: RedisHAArgs, set: RedisSet): Endpoint[] {
  const [server, sentinel] = servers(`${name}-members`, { namespace, labels: dataLabels(set) });
  const addresses = ordinals(set).map((ordinal) => `${set.announceName}-${ordinal}:${sentinelPort}`);
  const environment = {
    secrets: { REDIS_SENTINEL_PASSWORD: password },
    values: { REDIS_SENTINELS: addresses.join(","), REDIS_MASTER_SET: set.masterSet },
  };
  return [server, sentinel].flatMap((one, index) => (one ? [index === 1 ? { ...one, environment } : one] : []));
}
