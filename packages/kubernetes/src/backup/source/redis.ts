import {
  checkBytes,
  checkCount,
  type Endpoint,
  type EnvironmentArgs,
  mergeEnvironments,
  type Problem,
} from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../../pod/container/container.ts";
import type { SecretRefArgs } from "../../pod/container/secretRef.ts";
import type { VolumeArgs } from "../../pod/container/volume.ts";
import type { BackupKind, BackupTools } from "./kind.ts";
import { redisBackupScripts } from "./redisScripts.ts";
import { type ScratchClaimArgs, scratchDisk, scratchVolume } from "./scratch.ts";

/** A Redis with or without replicas, copied by `redis-cli --rdb`; `RedisHA` gives it as its `backupSource`. */
export interface RedisBackupArgs {
  /** Host names of the servers; the copy comes from a replica in step, or else from the master. */
  hosts: string[];
  /** The servers, for the network policies. */
  server: Endpoint;
  /** Reference to the password. */
  password: SecretRefArgs;
  /**
   * Name of a Secret with `ca.crt`, if connections are encrypted.
   * @default none
   */
  tlsSecret?: Input<string>;
  /**
   * Disk for the copy on its way, as a Kubernetes quantity of more than twice its size.
   * @default "4Gi"
   */
  scratchSize?: string;
  /**
   * Keeps that copy on a volume of the cluster in place of the node's disk.
   * @default none: the node's disk
   */
  scratchClaim?: ScratchClaimArgs;
  /**
   * Fewest entries that the restored copy must have. Entries that have expired since do not count.
   * @default 0
   */
  leastEntries?: number;
}

const defaultScratchSize = "4Gi";
const scriptsPath = "/opt/backup";
const scratchPath = "/var/lib/scratch";
const tlsPath = "/etc/redis-tls";

/** Backup and restore check of a Redis. */
export function redisBackup(subject: string, redis: RedisBackupArgs): BackupKind {
  return {
    problems: checkRedis(subject, redis),
    scripts: redisBackupScripts,
    server: redis.server,
    backup: (tools) => copyContainer(tools, redis),
    restoreCheck: (tools) => loadContainer(tools, redis),
    sidecars: () => [],
  };
}

function checkRedis(
  subject: string,
  { hosts, scratchSize = defaultScratchSize, leastEntries }: RedisBackupArgs,
): Problem[] {
  return [
    ...(hosts.length > 0
      ? []
      : [{ subject: `${subject}.hosts`, message: "there is no server to copy", expected: "one host or more" }]),
    ...hosts
      .filter((host) => !/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(host))
      .map((host) => ({
        subject: `${subject}.hosts`,
        message: "not the name of a host",
        value: host,
        expected: "a DNS name or an address, without a port",
      })),
    ...checkBytes(scratchSize, `${subject}.scratchSize`),
    ...checkCount(`${subject}.leastEntries`, "not a number of entries", leastEntries, { least: 0 }),
  ];
}

function copyContainer(tools: BackupTools, redis: RedisBackupArgs): ContainerArgs {
  const { hosts, password, tlsSecret } = redis;
  const environment: EnvironmentArgs = {
    secrets: { REDISCLI_AUTH: password },
    values: { REDIS_HOSTS: hosts.join(" "), REDIS_CA: tlsSecret === undefined ? "" : `${tlsPath}/ca.crt` },
  };
  const tls: VolumeArgs[] = tlsSecret === undefined ? [] : [{ name: "tls", mountPath: tlsPath, secret: tlsSecret }];
  return toolContainer("backup", tools, redis, "backup.sh", environment, tls);
}

function loadContainer(tools: BackupTools, redis: RedisBackupArgs): ContainerArgs {
  const values = { LEAST_ENTRIES: String(redis.leastEntries ?? 0) };
  return toolContainer("restore-check", tools, redis, "restore-check.sh", { values }, []);
}

function toolContainer(
  name: string,
  { image, resources: { requests, limits }, scripts, environment: common, volumes: copies }: BackupTools,
  { scratchSize = defaultScratchSize, scratchClaim }: RedisBackupArgs,
  script: string,
  environment: EnvironmentArgs,
  volumes: VolumeArgs[],
): ContainerArgs {
  const disk = scratchDisk(scratchSize, scratchClaim);
  return {
    name,
    image,
    command: ["/bin/sh", `${scriptsPath}/${script}`],
    environment: mergeEnvironments({ values: { HOME: scratchPath, TMPDIR: scratchPath } }, common, environment),
    resources: {
      requests: { ...requests, ephemeralStorage: disk.request },
      limits: { ...limits, ephemeralStorage: disk.limit },
    },
    volumes: [
      { name: "scripts", mountPath: scriptsPath, configMap: scripts },
      scratchVolume("scratch", scratchPath, scratchSize, scratchClaim),
      ...copies,
      ...volumes,
    ],
  };
}
