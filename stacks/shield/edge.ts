import {
  AlbScheme,
  type EdgeArgs,
  EdgeKind,
  type EdgeSourceArgs,
  PathMatch,
  type ServiceTargetArgs,
} from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { ShieldConfig } from "./config.ts";

/** The guide's four routes. */
const routes = [
  { path: "/auth" },
  { path: "/api/users" },
  { path: "/api/workspaces" },
  { path: "/.well-known/jwks.json", match: PathMatch.Exact },
];

/** The way in from outside, whichever kind of edge carries it. */
export function edgeArgs(config: ShieldConfig, namespace: Input<string>, target: ServiceTargetArgs): EdgeArgs {
  const { kind, certificateArn, tlsSecret, clusterIssuer, requestsPerMinute, annotations } = config.edge;
  const { bodySize: body, responseHeaderSize: responseHeaders } = config.edge;
  return {
    ...source(config.edge),
    namespace,
    hosts: config.hosts,
    routes,
    target,
    tls: kind === EdgeKind.Alb ? { certificateArn } : { secretName: tlsSecret, clusterIssuer },
    rateLimit: { requestsPerMinute },
    sizes: { body, responseHeaders },
    annotations,
  };
}

/** The options of the one kind that is chosen. */
function source({ kind, className, namespace, subnetCidrs = [], wafAclArn }: ShieldConfig["edge"]): EdgeSourceArgs {
  switch (kind) {
    case EdgeKind.Nginx:
      return { kind, nginx: { className, controllerNamespace: namespace } };
    case EdgeKind.Gateway:
      return { kind, gateway: { className: className ?? "eg", dataPlaneNamespace: namespace } };
    case EdgeKind.Alb: {
      const scheme = AlbScheme.InternetFacing;
      return { kind, alb: { className, subnetCidrs, wafAclArn, healthPath: "/ready/", scheme } };
    }
  }
}
