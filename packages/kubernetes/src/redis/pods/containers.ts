import type { EnvironmentArgs } from "@gatehouse/core";
import type { ContainerArgs } from "../../pod/container/container.ts";
import type { SecretRefArgs } from "../../pod/container/secretRef.ts";
import type { ResourcesArgs } from "../../pod/container/resources.ts";
import type { VolumeArgs } from "../../pod/container/volume.ts";
import type { RedisHAArgs } from "../set/args.ts";
import { defaultResources, sentinelPort, serverPort } from "../set/set.ts";

export const serverMetricsPort = 9121;
export const sentinelMetricsPort = 9355;

/** Where a pod's containers find things. */
export const paths = { scripts: "/opt/redis", data: "/data", run: "/run/redis", tls: "/etc/redis-tls" };

const sentinelResources: ResourcesArgs = {
  requests: { cpu: "50m", memory: "32Mi" },
  limits: { cpu: "250m", memory: "64Mi" },
};
const exporterResources: ResourcesArgs = {
  requests: { cpu: "10m", memory: "32Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};

/** A file of the ConfigMap as a command. */
export function script(name: string, ...words: string[]): string[] {
  return ["/bin/sh", `${paths.scripts}/${name}`, ...words];
}

/** The containers of a data pod. A pod that is alone has no Sentinel. */
export function dataContainers(args: RedisHAArgs, configMap: VolumeArgs["configMap"], pods: number): ContainerArgs[] {
  const volumes = dataVolumes(args, configMap);
  const sentinels = pods > 1;
  return [
    server(args, volumes),
    ...(sentinels ? [sentinel(args, volumes)] : []),
    ...(args.metrics ? [exporter(args, "redis", serverPort, serverMetricsPort)] : []),
    ...(args.metrics && sentinels ? [exporter(args, "sentinel", sentinelPort, sentinelMetricsPort)] : []),
  ];
}

/** The volume with the data, which a StatefulSet's claim stands for unless the set is a cache. */
export const dataVolume: VolumeArgs = { name: "data", mountPath: paths.data, emptyDir: { sizeLimit: "64Mi" } };

/** The volumes that servers and Sentinels see. */
export function dataVolumes({ tls }: RedisHAArgs, configMap: VolumeArgs["configMap"]): VolumeArgs[] {
  return [
    { name: "scripts", mountPath: paths.scripts, configMap },
    dataVolume,
    // In memory, as the configuration has the password.
    { name: "run", mountPath: paths.run, emptyDir: { memory: true, sizeLimit: "1Mi" } },
    ...tlsVolume(tls?.secret),
  ];
}

export function tlsVolume(secret: VolumeArgs["secret"]): VolumeArgs[] {
  return secret === undefined ? [] : [{ name: "tls", mountPath: paths.tls, secret }];
}

/** Variables that the scripts read. The proxy needs no second password, as it only connects. */
export function scriptEnvironment(password: SecretRefArgs, alsoAccepts?: SecretRefArgs): EnvironmentArgs {
  return {
    secrets: { REDISCLI_AUTH: password, ...(alsoAccepts && { REDIS_ALSO_ACCEPTS: alsoAccepts }) },
    fields: { POD_IP: "status.podIP", POD_NAME: "metadata.name" },
    values: { DATA_DIR: paths.data, RUN_DIR: paths.run, TLS_DIR: paths.tls },
  };
}

const image = "redis:7.2.11-alpine";

function server(args: RedisHAArgs, volumes: VolumeArgs[]): ContainerArgs {
  const probe = (name: string): string[] => script("probe.sh", name);
  return {
    name: "redis",
    image: args.image ?? image,
    command: script("redis.sh"),
    environment: scriptEnvironment(args.password, args.alsoAccepts),
    ports: [{ name: "redis", port: serverPort }],
    resources: args.resources ?? defaultResources,
    // Covers the time to load the data, and on the first start the time until every pod has a place.
    startup: { command: probe("redis-started"), periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 240 },
    liveness: { command: probe("redis-alive"), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 5 },
    readiness: { command: probe("redis-ready"), periodSeconds: 5, timeoutSeconds: 5 },
    volumes,
  };
}

function sentinel(args: RedisHAArgs, volumes: VolumeArgs[]): ContainerArgs {
  const alive = script("probe.sh", "sentinel-alive");
  return {
    name: "sentinel",
    image: args.image ?? image,
    command: script("sentinel.sh"),
    environment: scriptEnvironment(args.password, args.alsoAccepts),
    ports: [{ name: "sentinel", port: sentinelPort }],
    resources: sentinelResources,
    startup: { command: alive, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 90 },
    liveness: { command: alive, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 5 },
    readiness: { command: script("probe.sh", "sentinel-ready"), periodSeconds: 5, timeoutSeconds: 5 },
    volumes,
  };
}

/** The exporter finds out by itself whether it asks a server or a Sentinel. */
function exporter({ metrics, password, tls }: RedisHAArgs, of: string, asked: number, port: number): ContainerArgs {
  const scheme = tls ? "rediss" : "redis";
  return {
    name: `${of}-exporter`,
    image: metrics?.image ?? "oliver006/redis_exporter:v1.62.0",
    environment: {
      secrets: { REDIS_PASSWORD: password },
      fields: { POD_IP: "status.podIP" },
      values: {
        REDIS_ADDR: `${scheme}://$(POD_IP):${asked}`,
        REDIS_EXPORTER_WEB_LISTEN_ADDRESS: `:${port}`,
        // The certificate is not for the pod's own address, which does not leave the pod.
        ...(tls && { REDIS_EXPORTER_SKIP_TLS_VERIFICATION: "true" }),
      },
    },
    // A port's name has at most 15 characters.
    ports: [{ name: `${of}-stats`, port }],
    resources: exporterResources,
    // No readiness: a pod whose exporter is down still serves clients.
    // No readiness: a pod whose exporter is down still serves clients.
    liveness: { path: "/health" },
  };
}
