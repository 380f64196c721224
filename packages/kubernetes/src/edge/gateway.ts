import type { Input } from "@pulumi/pulumi";
import { type EdgeArgs, PathMatch, pathMatch } from "./edgeArgs.ts";

/** Implementations of Gateway API, as far as the edge uses what only one of them has. */
export const GatewayImplementation = {
  /** Envoy Gateway, which can limit rates. */
  Envoy: "envoy",
  /** Another one, of which only what every implementation must have is used. */
  Other: "other",
} as const;
export type GatewayImplementation = (typeof GatewayImplementation)[keyof typeof GatewayImplementation];

/** A listener of a Gateway that exists already. It must admit routes from the edge's namespace. */
export interface GatewayListenerArgs {
  /** Name of the Gateway. */
  name: string;
  /**
   * Namespace of the Gateway.
   * @default the edge's
   */
  namespace?: Input<string>;
  /** Name of its listener that the routes attach to: one for HTTPS, or for TLS passthrough. */
  sectionName: string;
  /**
   * Name of its listener for plain HTTP, on which the edge's hosts are then redirected to HTTPS.
   * @default none: the Gateway's owner redirects, or nothing listens there
   */
  httpSectionName?: string;
}

/** What only Gateway API needs to know. */
export interface GatewayEdgeArgs {
  /**
   * Which implementation reads the objects.
   * @default envoy
   */
  implementation?: GatewayImplementation;
  /**
   * GatewayClass of a Gateway of the edge's own. Either this or `existing`.
   * @default none
   */
  className?: string;
  /**
   * The Gateway to attach to, which ends TLS with certificates of its own. Either this or `className`.
   * @default none
   */
  existing?: GatewayListenerArgs;
  /**
   * Namespace of the proxies' pods, from which the Service's pods are reached.
   * @default "envoy-gateway-system" for envoy, none for another implementation
   */
  dataPlaneNamespace?: string;
  /**
   * Version of `TLSRoute` that the cluster serves, for `tlsPassthrough`. Gateway API has v1 since 1.5; before it, the
   * experimental channel has v1alpha2 and, from 1.4, v1alpha3.
   * @default "v1"
   */
  tlsRouteVersion?: string;
}

/** An object of Gateway API, or of one of its implementations. */
export interface GatewayObject {
  /** What it is of the edge, as the last part of its Pulumi name. */
  part: string;
  apiVersion: string;
  kind: string;
  name: string;
  annotations?: Record<string, string>;
  spec: object;
}

/** A route's reference to the listener that it attaches to. */
interface ParentReference {
  name: string;
  namespace?: Input<string>;
  sectionName: string;
}

const group = "gateway.networking.k8s.io";

/**
 * Listeners are named after their hosts, so that a further host does not rename one: `https.api.example.com`, and
 * `https-wildcard.example.com`, which no other host can have.
 */
function listenerName(protocol: string, host: string): string {
  return host.startsWith("*") ? `${protocol}-wildcard${host.slice(1)}` : `${protocol}.${host}`;
}

/** Everything that the edge consists of on Gateway API. */
export function gatewayObjects(name: string, args: EdgeArgs, gateway: GatewayEdgeArgs): GatewayObject[] {
  const own = gateway.className === undefined ? [] : [ownGateway(name, args, gateway.className)];
  if (args.tlsPassthrough) return [...own, tlsRoute(name, args, gateway)];
  return [...own, httpRoute(name, args, gateway), ...redirects(name, args, gateway), ...rateLimits(name, args)];
}

function ownGateway(name: string, args: EdgeArgs, gatewayClassName: string): GatewayObject {
  const { hosts, tls, tlsPassthrough } = args;
  const allowedRoutes = { namespaces: { from: "Same" } };
  // cert-manager passes over a listener without a host name, so that each host has a listener of its own.
  const listeners = tlsPassthrough
    ? hosts.map((hostname) => ({
        name: listenerName("tls", hostname),
        hostname,
        port: 443,
        protocol: "TLS",
        tls: { mode: "Passthrough" },
        allowedRoutes,
      }))
    : [
        { name: "http", port: 80, protocol: "HTTP", allowedRoutes },
        ...hosts.map((hostname) => ({
          name: listenerName("https", hostname),
          hostname,
          port: 443,
          protocol: "HTTPS",
          tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: tls?.secretName }] },
          allowedRoutes,
        })),
      ];
  return {
    part: "gateway",
    apiVersion: `${group}/v1`,
    kind: "Gateway",
    name,
    annotations: tls?.clusterIssuer === undefined ? undefined : { "cert-manager.io/cluster-issuer": tls.clusterIssuer },
    spec: { gatewayClassName, listeners },
  };
}

/** Routes name their listeners: attached to the whole Gateway, they would answer on plain HTTP as well. */
function parentRefs(name: string, args: EdgeArgs, { existing }: GatewayEdgeArgs): ParentReference[] {
  if (existing) return [{ name: existing.name, namespace: existing.namespace, sectionName: existing.sectionName }];
  const protocol = args.tlsPassthrough ? "tls" : "https";
  return args.hosts.map((host) => ({ name, sectionName: listenerName(protocol, host) }));
}

function httpListener(name: string, { existing }: GatewayEdgeArgs): ParentReference | undefined {
  if (!existing) return { name, sectionName: "http" };
  const { httpSectionName: sectionName } = existing;
  return sectionName === undefined ? undefined : { name: existing.name, namespace: existing.namespace, sectionName };
}

function backendRefs({ serviceName, servicePort }: EdgeArgs): object[] {
  return [{ name: serviceName, port: servicePort }];
}

function httpRoute(name: string, args: EdgeArgs, gateway: GatewayEdgeArgs): GatewayObject {
  const matches = args.routes.map((route) => ({
    path: { type: pathMatch(route) === PathMatch.Exact ? "Exact" : "PathPrefix", value: route.path },
  }));
  return {
    part: "route",
    apiVersion: `${group}/v1`,
    kind: "HTTPRoute",
    name,
    spec: {
      parentRefs: parentRefs(name, args, gateway),
      hostnames: args.hosts,
      rules: [{ matches, backendRefs: backendRefs(args) }],
    },
  };
}

function tlsRoute(name: string, args: EdgeArgs, gateway: GatewayEdgeArgs): GatewayObject {
  return {
    part: "route",
    apiVersion: `${group}/${gateway.tlsRouteVersion ?? "v1"}`,
    kind: "TLSRoute",
    name,
    spec: {
      parentRefs: parentRefs(name, args, gateway),
      hostnames: args.hosts,
      rules: [{ backendRefs: backendRefs(args) }],
    },
  };
}

function redirects(name: string, { hosts }: EdgeArgs, gateway: GatewayEdgeArgs): GatewayObject[] {
  const listener = httpListener(name, gateway);
  if (!listener) return [];
  const toHttps = { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } };
  return [
    {
      part: "redirect",
      apiVersion: `${group}/v1`,
      kind: "HTTPRoute",
      name: `${name}-redirect`,
      spec: { parentRefs: [listener], hostnames: hosts, rules: [{ filters: [toHttps] }] },
    },
  ];
}

/**
 * Envoy Gateway's rate limit for each address. A rule counts for each path and host of its own unless it is `shared`.
 * A range of IPv4 takes no client of IPv6, who would go unlimited without a rule of their own.
 */
function rateLimits(name: string, { rateLimit }: EdgeArgs): GatewayObject[] {
  if (!rateLimit) return [];
  const rules = ["0.0.0.0/0", "::/0"].map((value) => ({
    clientSelectors: [{ sourceCIDR: { type: "Distinct", value } }],
    limit: { requests: rateLimit.requestsPerMinute, unit: "Minute" },
    shared: true,
  }));
  return [
    {
      part: "rate-limit",
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      name,
      spec: {
        targetRefs: [{ group, kind: "HTTPRoute", name }],
        rateLimit: { type: "Global", global: { rules } },
      },
    },
  ];
}
