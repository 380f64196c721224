import type { EdgeArgs } from "@gatehouse/kubernetes";
import type { AtbConfig } from "./config.ts";

/** The way in from outside: TLS goes through unopened, since the broker itself asks agents for their certificates. */
export function edge({ hosts, edge }: AtbConfig): Omit<EdgeArgs, "namespace" | "serviceName" | "servicePort"> {
  const { kind, className, namespace, tlsRouteVersion } = edge;
  return {
    kind,
    hosts,
    routes: [{ path: "/" }],
    tlsPassthrough: true,
    nginx: { className, controllerNamespace: namespace },
    gateway: { className: className ?? "envoy", dataPlaneNamespace: namespace, tlsRouteVersion },
  };
}
