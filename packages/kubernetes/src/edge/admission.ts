import { InputError, throwIfAny } from "@gatehouse/core";
import type { AdmissionArgs } from "../network/endpoint.ts";
import { checkSubnets } from "./albChecks.ts";
import { type EdgeArgs, EdgeKind } from "./edgeArgs.ts";
import { type GatewayEdgeArgs, GatewayImplementation } from "./gateway.ts";
import { isWildcard } from "./routeChecks.ts";

/**
 * Who carries the edge's requests to the pods: for the `admits` of the workload behind it. It needs no Service, so that
 * one declaration serves the workload first and the edge then.
 * @param port Number of the container's port, not of the Service's.
 * @throws InputError when the declaration does not tell where the requests come from.
 */
export function edgeAdmission(args: Pick<EdgeArgs, "kind" | "nginx" | "gateway" | "alb">, port: number): AdmissionArgs {
  return { name: "edge", ...edgePeers(args), port };
}

function edgePeers(
  args: Pick<EdgeArgs, "kind" | "nginx" | "gateway" | "alb">,
): Pick<AdmissionArgs, "pods" | "addresses"> {
  switch (args.kind) {
    case EdgeKind.Nginx:
      return { pods: { namespace: args.nginx?.controllerNamespace ?? "ingress-nginx" } };
    case EdgeKind.Gateway:
      return { pods: { namespace: dataPlaneNamespace(args.gateway) } };
    case EdgeKind.Alb: {
      const { subnetCidrs = [] } = args.alb ?? {};
      throwIfAny(checkSubnets("edge.alb.subnetCidrs", subnetCidrs));
      return { addresses: subnetCidrs.map((cidr) => ({ cidr })) };
    }
  }
}

function dataPlaneNamespace({ dataPlaneNamespace, implementation }: GatewayEdgeArgs = {}): string {
  if (dataPlaneNamespace !== undefined) return dataPlaneNamespace;
  if (implementation === undefined || implementation === GatewayImplementation.Envoy) return "envoy-gateway-system";
  throw new InputError({
    subject: "edge.gateway.dataPlaneNamespace",
    message: "where this implementation runs its proxies is not known here",
    value: implementation,
    expected: "the namespace of its proxies' pods",
  });
}

/**
 * The hosts that requests through the edge may name, as Django's `ALLOWED_HOSTS` writes them: a wildcard
 * `*.example.com` is `.example.com` there. The pod's own address, by which it is probed and scraped, is not among them.
 */
export function edgeHosts({ hosts }: Pick<EdgeArgs, "hosts">): string[] {
  return hosts.map((host) => (isWildcard(host) ? host.slice(1) : host));
}
