import { type EdgeArgs, EdgeKind, type EdgeSourceArgs, type ServiceTargetArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";

/** The way in from outside. TLS is passed through, because the broker itself asks agents for their certificates. */
export function edge(config: AtbConfig, namespace: Input<string>, target: ServiceTargetArgs): EdgeArgs {
  return {
    ...edgeSource(config),
    namespace,
    hosts: config.hosts,
    annotations: config.edge.annotations,
    routes: [{ path: "/" }],
    target,
    tlsPassthrough: true,
  };
}

/** The options of the one kind that is chosen. */
export function edgeSource({ edge }: AtbConfig): EdgeSourceArgs {
  const { kind, className, namespace, tlsRouteVersion } = edge;
  return kind === EdgeKind.Gateway
    ? { kind, gateway: { className: className ?? "envoy", dataPlaneNamespace: namespace, tlsRouteVersion } }
    : { kind, nginx: { className, controllerNamespace: namespace } };
}
