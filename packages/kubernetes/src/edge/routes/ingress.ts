import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { Input } from "@pulumi/pulumi";
import { type EdgeArgs, edgeBackend, pathMatch } from "../args/edgeArgs.ts";

/** An Ingress. Half of what a controller makes of it is in its annotations. */
export interface RenderedIngress {
  annotations: Record<string, Input<string>>;
  spec: k8s.networking.v1.IngressSpec;
}

/** Every route of every host, to the one Service. */
export function ingressRules(args: EdgeArgs): k8s.networking.v1.IngressRule[] {
  const { hosts, routes } = args;
  const { serviceName, servicePort } = edgeBackend(args);
  const paths = routes.map((route) => ({
    path: route.path,
    pathType: pathMatch(route),
    backend: { service: { name: serviceName, port: { number: servicePort } } },
  }));
  return hosts.map((host) => ({ host, http: { paths } }));
}
