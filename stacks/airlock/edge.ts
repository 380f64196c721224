import { type EdgeArgs, EdgeKind, type ServiceTargetArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AirlockConfig } from "./settings/config.ts";
import { labels } from "./settings/names.ts";

/** The load balancer: requests come from its subnets to the pods, whose readiness it follows. */
export function edgeArgs(
  { edge, hosts }: AirlockConfig,
  namespace: Input<string>,
  target: ServiceTargetArgs,
): EdgeArgs {
  const { subnetCidrs, healthPath, className, scheme, wafAclArn, deletionProtection, annotations, certificateArn } =
    edge;
  return {
    namespace,
    kind: EdgeKind.Alb,
    alb: { subnetCidrs, healthPath, className, scheme, wafAclArn, deletionProtection },
    hosts,
    routes: [{ path: "/" }],
    target,
    tls: { certificateArn },
    annotations,
    labels,
  };
}
