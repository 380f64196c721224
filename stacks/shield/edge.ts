import { AlbScheme, type EdgeArgs, EdgeKind, gracePeriodSeconds, PathMatch } from "@gatehouse/kubernetes";
import type { ShieldConfig } from "./config.ts";

/** The guide's four routes. */
const routes = [
  { path: "/auth" },
  { path: "/api/users" },
  { path: "/api/workspaces" },
  { path: "/.well-known/jwks.json", match: PathMatch.Exact },
];

/** The way in from outside, whichever kind of edge carries it. */
export function edge({
  hosts,
  edge,
  requestTimeoutSeconds,
}: ShieldConfig): Omit<EdgeArgs, "namespace" | "serviceName" | "servicePort"> {
  const { kind, className, namespace, subnetCidrs = [], wafAclArn, certificateArn } = edge;
  return {
    kind,
    hosts,
    routes,
    tls: kind === EdgeKind.Alb ? { certificateArn } : { secretName: edge.tlsSecret, clusterIssuer: edge.clusterIssuer },
    rateLimit: { requestsPerMinute: edge.requestsPerMinute },
    nginx: { className, controllerNamespace: namespace },
    gateway: { className: className ?? "eg", dataPlaneNamespace: namespace },
    alb: {
      className,
      subnetCidrs,
      wafAclArn,
      healthPath: "/ready/",
      scheme: AlbScheme.InternetFacing,
      gracePeriodSeconds: gracePeriodSeconds({ requestTimeoutSeconds }),
    },
  };
}
