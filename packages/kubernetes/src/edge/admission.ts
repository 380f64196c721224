import { type AddressRangeArgs, InputError, type PodSelectorArgs, throwIfAny } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { AdmissionArgs } from "../network/admission.ts";
import { checkSubnets, subnetRanges } from "./alb/albChecks.ts";
import { type EdgeArgs, EdgeKind, type EdgeSourceArgs } from "./args/edgeArgs.ts";
import { type GatewayEdgeArgs, GatewayImplementation } from "./args/gatewayArgs.ts";
import { isWildcard } from "./routes/routeChecks.ts";

/**
 * Admission of the edge's requests, for the `admits` of the workload behind it. With `target`, an Edge makes the policy
 * itself and you do not need this.
 * @param port Number of the container's port, not of the Service's.
 * @throws InputError if the declaration does not say where the requests come from.
 */
export function edgeAdmission(args: EdgeSourceArgs, port: number): AdmissionArgs {
  return { name: "edge", ...edgePeers(args), port };
}

interface EdgePeers {
  pods?: PodSelectorArgs;
  addresses?: Input<AddressRangeArgs[]>;
}

function edgePeers(args: EdgeSourceArgs): EdgePeers {
  switch (args.kind) {
    case EdgeKind.Nginx:
      return { pods: { namespace: args.nginx?.controllerNamespace ?? "ingress-nginx" } };
    case EdgeKind.Gateway:
      return gatewayPeers(args.gateway);
    case EdgeKind.Alb: {
      const { subnetCidrs = [] } = args.alb ?? {};
      throwIfAny(checkSubnets("edge.alb.subnetCidrs", subnetCidrs));
      return { addresses: subnetRanges("edge.alb.subnetCidrs", subnetCidrs) };
    }
  }
}

function gatewayPeers({ dataPlaneNamespace, dataPlaneCidrs, implementation }: GatewayEdgeArgs = {}): EdgePeers {
  const known = implementation === undefined || implementation === GatewayImplementation.Envoy;
  const namespace = dataPlaneNamespace ?? (known && !dataPlaneCidrs ? "envoy-gateway-system" : undefined);
  if (namespace === undefined && !dataPlaneCidrs?.length)
    throw new InputError({
      subject: "edge.gateway.dataPlaneNamespace",
      message: "dataPlaneNamespace has no default for this Gateway implementation",
      value: implementation,
      expected: "the namespace of its proxies' pods, or dataPlaneCidrs for proxies outside the cluster",
    });
  return {
    ...(namespace !== undefined && { pods: { namespace } }),
    ...(dataPlaneCidrs && { addresses: dataPlaneCidrs.map((cidr) => ({ cidr })) }),
  };
}

/**
 * The hosts that requests through the edge may name, as Django's `ALLOWED_HOSTS` writes them: a wildcard
 * `*.example.com` is `.example.com` there. The pod's own address, by which it is probed and scraped, is not among them.
 */
export function edgeHosts({ hosts }: Pick<EdgeArgs, "hosts">): string[] {
  return hosts.map((host) => (isWildcard(host) ? host.slice(1) : host));
}
