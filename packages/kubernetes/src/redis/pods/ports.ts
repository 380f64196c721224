import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { PortArgs } from "../../pod/container/container.ts";
import type { RedisHAArgs } from "../set/args.ts";
import { sentinelMetricsPort, serverMetricsPort } from "./containers.ts";
import { type RedisSet, sentinelPort, serverPort } from "../set/set.ts";

export function servicePort(name: string, port: number): k8s.core.v1.ServicePort {
  return { name, port, targetPort: port, protocol: "TCP" };
}

/** Ports of the servers, and of the Sentinels if there are several pods. */
export function servicePorts({ pods }: RedisSet): k8s.core.v1.ServicePort[] {
  return [servicePort("redis", serverPort), ...(pods > 1 ? [servicePort("sentinel", sentinelPort)] : [])];
}

/** The exporters' ports. */
export function metricsPorts({ metrics }: RedisHAArgs, { pods }: RedisSet): PortArgs[] {
  if (!metrics) return [];
  return [
    { name: "redis-stats", port: serverMetricsPort },
    ...(pods > 1 ? [{ name: "sentinel-stats", port: sentinelMetricsPort }] : []),
  ];
}
