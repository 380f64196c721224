import type { Input } from "@pulumi/pulumi";
import type { ServiceTargetArgs } from "../../network/target.ts";
import type { AlbEdgeArgs } from "./albArgs.ts";
import type { GatewayEdgeArgs } from "./gatewayArgs.ts";
import type { NginxEdgeArgs } from "./nginxArgs.ts";

/** Implementations that carry requests from outside the cluster to a Service. */
export const EdgeKind = {
  /**
   * ingress-nginx, by an Ingress. The project was retired in March 2026. Use it in clusters that have it; for a new
   * cluster, choose Gateway API.
   */
  Nginx: "nginx",
  /** An implementation of Gateway API, by an HTTPRoute or TLSRoute. */
  Gateway: "gateway",
  /** An AWS Application Load Balancer, by an Ingress for the AWS Load Balancer Controller. */
  Alb: "alb",
} as const;
export type EdgeKind = (typeof EdgeKind)[keyof typeof EdgeKind];

/** Ways to compare a route's path with a request's. */
export const PathMatch = {
  /** The path and everything below it, by whole segments: `/auth` takes `/auth/login`, not `/authors`. */
  Prefix: "Prefix",
  /** The path alone. */
  Exact: "Exact",
} as const;
export type PathMatch = (typeof PathMatch)[keyof typeof PathMatch];

/** Protocols of a Service. */
export const BackendProtocol = { Http: "HTTP", Https: "HTTPS" } as const;
export type BackendProtocol = (typeof BackendProtocol)[keyof typeof BackendProtocol];

/** Requests that reach the Service. A request that no route takes never leaves the edge. */
export interface EdgeRouteArgs {
  /** Path in letters, digits, `.`, `_`, `-` and `/`, beginning with a slash. */
  path: string;
  /**
   * How the path is compared.
   * @default Prefix
   */
  match?: PathMatch;
}

/** Source of the edge's certificate. */
export interface EdgeTlsArgs {
  /**
   * Secret of type `kubernetes.io/tls` in the edge's namespace.
   * @default none: an ALB and an existing Gateway have their own certificates
   */
  secretName?: string;
  /**
   * ClusterIssuer by which cert-manager fills the Secret and renews it. On Gateway API, cert-manager must run with its
   * Gateway support switched on. A NetworkPolicy admits the edge to the solver pods of HTTP-01 challenges.
   * @default none: the Secret is made elsewhere
   */
  clusterIssuer?: string;
  /**
   * ARN of the certificate in ACM, which renews it. Only an ALB uses it, and requires it.
   * @default none
   */
  certificateArn?: Input<string>;
}

/** Limit of one client's requests. */
export interface EdgeRateLimitArgs {
  /**
   * Requests a minute of one client address over all routes together. What that comes to in total:
   * - nginx counts in each replica of the controller, so a client gets the figure once for each replica. Each replica
   *   lets a burst through first (see `nginx.burstMultiplier`). A refused request is answered with 503 unless the
   *   controller's ConfigMap says `limit-req-status-code: "429"`.
   * - Envoy Gateway counts in one place for all its proxies, in minutes of the clock, so twice the figure can pass
   *   around the turn of a minute. It needs Envoy Gateway 1.4 with its global rate limit service. Answers 429.
   * - For an ALB, a rate-based rule of the web ACL counts. You make it elsewhere with the same figure; this one is not
   *   given to AWS.
   *
   * The client's address is the one that the edge sees: a proxy in front must pass it on, and the edge must trust that
   * proxy. One IPv6 address is one client, although a provider gives each customer very many.
   */
  requestsPerMinute: number;
}

/** Limits of the size of requests and answers. */
export interface EdgeSizesArgs {
  /**
   * Largest request body, for example `8Mi`. A larger one is answered with 413. Envoy Gateway then reads the whole body
   * before it passes the request on, and needs a version with `requestBuffer`. An ALB has no such limit.
   * @default the implementation's: 1 MiB for nginx, none for the others
   */
  body?: string;
  /**
   * Largest headers of an answer, for example `16Ki`, for services that set large cookies. Only ingress-nginx lets an
   * edge choose it.
   * @default the implementation's: 4 KiB or 8 KiB for nginx, 60 KiB for Envoy, 64 KiB for an ALB
   */
  responseHeaders?: string;
}

/** The implementation of an edge, and where its requests come from. */
export interface EdgeSourceArgs {
  /** Implementation that carries the requests. */
  kind: EdgeKind;
  /**
   * Options of ingress-nginx. An error with another kind.
   * @default {}
   */
  nginx?: NginxEdgeArgs;
  /**
   * Options of Gateway API; required for `kind: gateway`. An error with another kind.
   * @default none
   */
  gateway?: GatewayEdgeArgs;
  /**
   * Options of an ALB; required for `kind: alb`. An error with another kind.
   * @default none
   */
  alb?: AlbEdgeArgs;
}

/** One declaration of hosts and routes, which each kind of edge renders in its own way. */
export interface EdgeArgs extends EdgeSourceArgs {
  /** Namespace of the Service, and of every object of the edge. */
  namespace: Input<string>;
  /** DNS names of the hosts. The first one becomes the URL; others may be wildcards (`*.example.com`). */
  hosts: string[];
  /** Paths that are served, the same for each host. */
  routes: EdgeRouteArgs[];
  /**
   * Workload behind the edge, from the `target` of a Workload, AuthService or Broker. The edge then makes the
   * NetworkPolicy that admits its requests to the pods, and waits as long as the workload's requests may take. Set
   * either this, or `serviceName` and `servicePort`.
   * @default none
   */
  target?: ServiceTargetArgs;
  /**
   * Service that the requests go to, in place of `target`. Give `edgeAdmission` to the workload's `admits` yourself.
   * @default the target's
   */
  serviceName?: Input<string>;
  /**
   * Port of the Service, not of its pods, in place of `target`.
   * @default the target's
   */
  servicePort?: number;
  /**
   * Seconds that the server lets a request take, in place of `target`. The edge waits 5 seconds longer.
   * @default the target's, else 30
   */
  requestTimeoutSeconds?: number;
  /**
   * Protocol of the Service. Gateway API has HTTPS only as `tlsPassthrough`.
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
   * Passes the clients' TLS through to the Service, which can then ask them for certificates. The edge sees no paths
   * and no requests: the only route is everything below `/`, and there is no rate limit, size limit or timeout. Needs
   * `--enable-ssl-passthrough` on the controller of ingress-nginx; an ALB cannot do it.
   * @default false
   */
  tlsPassthrough?: boolean;
  /**
   * Limit of one client's requests.
   * @default no limit
   */
  rateLimit?: EdgeRateLimitArgs;
  /**
   * Limits of the size of requests and answers.
   * @default the implementation's
   */
  sizes?: EdgeSizesArgs;
  /**
   * Further annotations of the Ingress, or of the Gateway and its routes. An annotation that the edge sets itself is an
   * error.
   * @default none
   */
  annotations?: Record<string, Input<string>>;
  /**
   * Further labels of every object.
   * @default none
   */
  labels?: Record<string, string>;
}

/** The Service that an edge leads to. */
export interface EdgeBackend {
  serviceName: Input<string>;
  servicePort: number;
}

/** The Service of the target, or the one that is named. The checks refuse a declaration without either. */
export function edgeBackend({ target, serviceName, servicePort }: EdgeArgs): EdgeBackend {
  if (target) return target;
  if (serviceName === undefined || servicePort === undefined) throw new TypeError("An edge needs a Service.");
  return { serviceName, servicePort };
}

/** Seconds that a request may take in the server; undefined where nothing says so. */
export function requestTimeout({ target, requestTimeoutSeconds }: EdgeArgs): number | undefined {
  return requestTimeoutSeconds ?? target?.requestTimeoutSeconds;
}

/** How the route's path is compared. */
export function pathMatch({ match = PathMatch.Prefix }: EdgeRouteArgs): PathMatch {
  return match;
}

/** The protocol that the edge speaks to the Service. */
export function backendProtocol({ backendProtocol, tlsPassthrough = false }: EdgeArgs): BackendProtocol {
  return backendProtocol ?? (tlsPassthrough ? BackendProtocol.Https : BackendProtocol.Http);
}
