import { contentHash } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { WorkloadArgs } from "../../workload/workloadArgs.ts";
import type { RedisHAArgs } from "../set/args.ts";
import { paths, script, scriptEnvironment, tlsVolume } from "./containers.ts";
import { servers } from "../set/endpoints.ts";
import { proxyStatusPort, redisFiles } from "../scripts/files.ts";
import { dataLabels } from "../set/labels.ts";
import { defaultProxyResources } from "./proxyMemory.ts";
import { type RedisSet, serverPort } from "../set/set.ts";

/** The proxy that always leads to the master: HAProxy, which asks each server for its role. */
export function proxyArgs(args: RedisHAArgs, set: RedisSet, files: Input<string>): WorkloadArgs {
  const { namespace, password, labels, metrics, proxy = {}, tls } = args;
  const { "haproxy.cfg": configuration, "settings.sh": settings } = redisFiles(set);
  return {
    namespace,
    image: proxy.image ?? "haproxy:3.0.12-alpine",
    command: script("proxy.sh"),
    replicas: proxy.replicas ?? 2,
    ports: [
      { name: "redis", port: serverPort },
      { name: "status", port: proxyStatusPort },
    ],
    environment: scriptEnvironment(password),
    resources: proxy.resources ?? defaultProxyResources,
    // Until the first answers of the pods it would take every one for the master.
    readiness: { path: "/alive", port: proxyStatusPort, initialDelaySeconds: 3, periodSeconds: 5 },
    liveness: { path: "/alive", port: proxyStatusPort },
    startup: { path: "/alive", port: proxyStatusPort, periodSeconds: 2, failureThreshold: 90 },
    identity: { user: 99 },
    volumes: [{ name: "scripts", mountPath: paths.scripts, configMap: files }, ...tlsVolume(tls?.secret)],
    // Connections that last would outlive any wait.
    shutdown: { drainSeconds: 10, requestTimeoutSeconds: 10 },
    connectsTo: servers(set.podName, { namespace, labels: dataLabels(set) }),
    metrics: metrics && { ...metrics, port: "status" },
    podAnnotations: { "checksum/files": contentHash({ configuration, settings }) },
    labels,
    pods: args.pods,
  };
}
