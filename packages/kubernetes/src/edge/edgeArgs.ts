import type { Input } from "@pulumi/pulumi";
import type { AlbEdgeArgs } from "./alb.ts";
import type { GatewayEdgeArgs } from "./gateway.ts";
import type { NginxEdgeArgs } from "./nginx.ts";

/** What carries requests from outside the cluster to a Service. */
export const EdgeKind = {
  /**
   * ingress-nginx, by an Ingress. The project was retired in March 2026: for clusters that have it; new ones are better
   * served by Gateway API.
   */
  Nginx: "nginx",
  /** An implementation of Gateway API, by an HTTPRoute or TLSRoute. */
  Gateway: "gateway",
  /** An AWS Application Load Balancer, by an Ingress for the AWS Load Balancer Controller. */
  Alb: "alb",
} as const;
export type EdgeKind = (typeof EdgeKind)[keyof typeof EdgeKind];

/** How a route's path is compared with a request's. */
export const PathMatch = {
  /** The path and everything below it, by whole segments: `/auth` takes `/auth/login`, not `/authors`. */
  Prefix: "Prefix",
  /** The path alone. */
  Exact: "Exact",
} as const;
export type PathMatch = (typeof PathMatch)[keyof typeof PathMatch];

/** What the Service speaks. */
export const BackendProtocol = { Http: "HTTP", Https: "HTTPS" } as const;
export type BackendProtocol = (typeof BackendProtocol)[keyof typeof BackendProtocol];

/** Requests that reach the Service; those that no route takes never leave the edge. */
export interface EdgeRouteArgs {
  /** Path in letters, digits, `.`, `_`, `-` and `/`, beginning with a slash. */
  path: string;
  /**
   * How it is compared.
   * @default Prefix
   */
  match?: PathMatch;
}

/** Where the edge's certificate comes from. */
export interface EdgeTlsArgs {
  /**
   * Secret of type `kubernetes.io/tls` in the edge's namespace.
   * @default none: an ALB and an existing Gateway have certificates of their own
   */
  secretName?: string;
  /**
   * ClusterIssuer by which cert-manager fills the Secret and renews it. On Gateway API, cert-manager must run with its
   * Gateway support switched on.
   * @default none: the Secret is made elsewhere
   */
  clusterIssuer?: string;
  /**
   * ARN of the certificate in ACM, which renews it. Only for an ALB, which requires it.
   * @default none
   */
  certificateArn?: Input<string>;
}

/** How much one client may ask. */
export interface EdgeRateLimitArgs {
  /**
   * Requests a minute of one client address over all routes together. What that comes to in total:
   * - nginx counts in each replica of the controller, so that a client gets as many times the figure as there are
   *   replicas; each lets a burst through first (see `nginx.burstMultiplier`). A refused request is answered with 503
   *   unless the controller's ConfigMap says `limit-req-status-code: "429"`.
   * - Envoy Gateway counts in one place for all its proxies, in minutes of the clock, so that twice the figure can pass
   *   around the turn of a minute. It needs Envoy Gateway 1.4 with its global rate limit service. Answers 429.
   * - For an ALB a rule of the web ACL counts, which is made elsewhere and must state the same figure; this one is not
   *   handed to AWS.
   *
   * The client's address is what the edge sees: a proxy before it must hand it on, and the edge must trust that proxy.
   * An address of IPv6 is one client, though a provider gives each customer very many.
   */
  requestsPerMinute: number;
}

/** One declaration of hosts and routes, which each kind of edge renders in its own way. */
export interface EdgeArgs {
  /** What carries the requests. */
  kind: EdgeKind;
  /** Namespace of the Service, and of every object of the edge. */
  namespace: Input<string>;
  /** DNS names of the hosts. The first is the edge's address; others may be wildcards (`*.example.com`). */
  hosts: string[];
  /** The paths that are served, the same for each host. */
  routes: EdgeRouteArgs[];
  /** Service that the requests go to. */
  serviceName: Input<string>;
  /** Port of the Service, not of its pods. */
  servicePort: number;
  /**
   * What the Service speaks. Gateway API has HTTPS only as `tlsPassthrough`.
   * @default HTTPS with `tlsPassthrough`, else HTTP
   */
  backendProtocol?: BackendProtocol;
  /**
   * The edge's certificate; required except with `tlsPassthrough` and on an existing Gateway. There is no edge without
   * TLS: plain HTTP is redirected.
   * @default none
   */
  tls?: EdgeTlsArgs;
  /**
   * Hands the clients' TLS to the Service unopened, so that it can ask them for certificates. The edge then sees no
   * paths and no requests: the only route is everything below `/`, and there is no rate limit. Needs
   * `--enable-ssl-passthrough` on the controller of ingress-nginx; an ALB cannot do it.
   * @default false
   */
  tlsPassthrough?: boolean;
  /**
   * How much one client may ask.
   * @default no limit
   */
  rateLimit?: EdgeRateLimitArgs;
  /**
   * What only ingress-nginx needs to know; other kinds do not read it.
   * @default {}
   */
  nginx?: NginxEdgeArgs;
  /**
   * What only Gateway API needs to know; other kinds do not read it. Required for `kind: gateway`.
   * @default none
   */
  gateway?: GatewayEdgeArgs;
  /**
   * What only an ALB needs to know; other kinds do not read it. Required for `kind: alb`.
   * @default none
   */
  alb?: AlbEdgeArgs;
  /**
   * Further labels of every object.
   * @default none
   */
  labels?: Record<string, string>;
}

export function pathMatch({ match = PathMatch.Prefix }: EdgeRouteArgs): PathMatch {
  return match;
}

export function backendProtocol({ backendProtocol, tlsPassthrough = false }: EdgeArgs): BackendProtocol {
  return backendProtocol ?? (tlsPassthrough ? BackendProtocol.Https : BackendProtocol.Http);
}
