import { RedisPersistence } from "../set/args.ts";
import { majority, ordinals, type RedisSet, sentinelPort, serverPort } from "../set/set.ts";
import { redisScripts } from "./index.ts";

/** Port on which the proxy answers the kubelet and Prometheus. */
export const proxyStatusPort = 8404;

/** Everything that the pods are configured with, by file name: scripts, their settings, configuration. */
export function redisFiles(set: RedisSet): Record<string, string> {
  return {
    ...redisScripts,
    "settings.sh": settings(set),
    "redis.conf": redisConfiguration(set),
    "haproxy.cfg": proxyConfiguration(set),
  };
}

function settings(set: RedisSet): string {
  const { pods, masterSet, announceName, quorum, downAfterMilliseconds, failoverTimeoutMilliseconds } = set;
  return lines(
    `PODS=${pods}`,
    `MAJORITY=${majority(pods)}`,
    `QUORUM=${quorum}`,
    `MIN_REPLICAS=${set.minReplicasToWrite}`,
    `MASTER_SET=${masterSet}`,
    `ANNOUNCE=${announceName}`,
    `REDIS_PORT=${serverPort}`,
    `SENTINEL_PORT=${sentinelPort}`,
    `DOWN_AFTER=${downAfterMilliseconds}`,
    `FAILOVER_TIMEOUT=${failoverTimeoutMilliseconds}`,
    `PERSISTENT=${set.persistence === RedisPersistence.Cache ? "no" : "yes"}`,
    `TLS=${set.tls ? "yes" : "no"}`,
  );
}

/** What is the same in every pod; `redis.sh` adds addresses, the password and what the pod is. */
function redisConfiguration(set: RedisSet): string {
  const { maxmemoryBytes, eviction, minReplicasToWrite, minReplicasMaxLagSeconds } = set;
  return lines(
    `maxmemory ${maxmemoryBytes}`,
    `maxmemory-policy ${eviction}`,
    `min-replicas-to-write ${minReplicasToWrite}`,
    `min-replicas-max-lag ${minReplicasMaxLagSeconds}`,
    // A new replica must not wait for others: until it is in step, the master takes no write.
    "repl-diskless-sync-delay 0",
    // Enough for a replica to catch up after a restart without a copy of everything.
    "repl-backlog-size 16mb",
    "tcp-keepalive 60",
    ...persistenceLines[set.persistence],
  );
}

const log = ["appendonly yes", "save 3600 1 300 100 60 10000"];
const persistenceLines: Record<RedisPersistence, string[]> = {
  [RedisPersistence.Durable]: [...log, "appendfsync always"],
  [RedisPersistence.EverySecond]: [...log, "appendfsync everysec"],
  [RedisPersistence.Cache]: ["appendonly no", 'save ""'],
};

/**
 * A connection goes to the pod that calls itself the master, if a quorum of the Sentinels calls it so too: an old master
 * that was cut off does the one, but not the other.
 */
function proxyConfiguration(set: RedisSet): string {
  return lines(
    "global",
    "  log stdout format raw local0 notice",
    // The kubelet and Prometheus come in even when clients have taken every connection.
    `  maxconn ${set.maxConnections + 100}`,
    "  hard-stop-after 5s",
    "",
    "defaults",
    "  mode tcp",
    "  log global",
    "  timeout connect 2s",
    "  timeout check 1s",
    // A server that refuses is no longer the one: the client connects again, and is led elsewhere.
    "  retries 0",
    // Redis' clients keep connections that say nothing for long; TCP finds those whose client is gone.
    "  timeout client 24h",
    "  timeout server 24h",
    "  option clitcpka",
    "  option srvtcpka",
    // The kernel's own idle time is two hours.
    ...["clitcpka", "srvtcpka"].flatMap((side) => [`  ${side}-idle 60s`, `  ${side}-intvl 10s`, `  ${side}-cnt 3`]),
    "",
    "frontend redis",
    `  bind "\${POD_IP}:${serverPort}"`,
    `  maxconn ${set.maxConnections}`,
    ...ordinals(set).map(
      (ordinal) =>
        `  use_backend redis-${ordinal} if { nbsrv(sentinels-on-${ordinal}) ge ${set.quorum} } { srv_is_up(redis-${ordinal}/server) }`,
    ),
    "",
    "frontend status",
    `  bind "\${POD_IP}:${proxyStatusPort}"`,
    "  mode http",
    "  timeout client 10s",
    "  http-request use-service prometheus-exporter if { path /metrics }",
    "  monitor-uri /alive",
    ...ordinals(set).flatMap((ordinal) => ["", ...serverBackend(set, ordinal), "", ...sentinelBackend(set, ordinal)]),
  );
}

function serverBackend({ tls }: RedisSet, ordinal: number): string[] {
  return [
    `backend redis-${ordinal}`,
    // The end of the connection ends the wait for an answer that is not the right one.
    ...check(String.raw`"INFO replication"\r\nQUIT`, "role:master"),
    `  server server "\${ADDRESS_${ordinal}}:${serverPort}" ${checkOptions(tls)} on-marked-down shutdown-sessions`,
  ];
}

/** Of this backend the number of servers that are up counts: the Sentinels that take the pod for the master. */
function sentinelBackend(set: RedisSet, ordinal: number): string[] {
  const { masterSet, tls } = set;
  return [
    `backend sentinels-on-${ordinal}`,
    // A Sentinel knows no QUIT. It does nothing that could take longer, and one that does is asked again.
    "  timeout check 300ms",
    ...check(`"SENTINEL GET-MASTER-ADDR-BY-NAME ${masterSet}"`, String.raw`\r\n"${"$"}{ADDRESS_${ordinal}}"\r\n`),
    ...ordinals(set).map(
      (sentinel) => `  server sentinel-${sentinel} "\${ADDRESS_${sentinel}}:${sentinelPort}" ${checkOptions(tls)}`,
    ),
  ];
}

function check(command: string, answer: string): string[] {
  return [
    "  option tcp-check",
    // As the server line says: encrypted or not.
    "  tcp-check connect default",
    String.raw`  tcp-check send "AUTH ${"$"}{REDISCLI_AUTH}"\r\n`,
    "  tcp-check expect string +OK",
    String.raw`  tcp-check send ${command}\r\n`,
    `  tcp-check expect string ${answer}`,
  ];
}

function checkOptions(tls: boolean): string {
  const encrypted = tls ? ' check-ssl verify required ca-file "${TLS_DIR}/ca.crt"' : "";
  return `check${encrypted} inter 500ms fastinter 100ms downinter 200ms fall 2 rise 1`;
}

function lines(...all: string[]): string {
  return `${all.join("\n")}\n`;
}
