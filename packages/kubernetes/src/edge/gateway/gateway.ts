import type { Input } from "@pulumi/pulumi";
import {
  type EdgeArgs,
  edgeBackend,
  type EdgeRateLimitArgs,
  PathMatch,
  pathMatch,
  requestTimeout,
} from "../args/edgeArgs.ts";
import { type GatewayEdgeArgs, GatewayImplementation } from "../args/gatewayArgs.ts";
import { edgeIdleSeconds, edgeTimeoutSeconds } from "../args/timeouts.ts";

/** An object of Gateway API, or of one of its implementations. */
export interface GatewayObject {
  /** Last part of its Pulumi name: `route`. */
  part: string;
  /** Part by which earlier versions named it. */
  formerPart?: string;
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

/** All objects of the edge on Gateway API. */
export function gatewayObjects(name: string, args: EdgeArgs, gateway: GatewayEdgeArgs): GatewayObject[] {
  const own = gateway.className === undefined ? [] : [ownGateway(name, args, gateway.className)];
  if (args.tlsPassthrough) return [...own, tlsRoute(name, args, gateway)];
  return [
    ...own,
    httpRoute(name, args, gateway),
    ...redirects(name, args, gateway),
    ...trafficPolicy(name, args, gateway),
  ];
}

function ownGateway(name: string, args: EdgeArgs, gatewayClassName: string): GatewayObject {
  const { hosts, tls, tlsPassthrough } = args;
  const allowedRoutes = { namespaces: { from: "Same" } };
  // cert-manager ignores a listener without a host name, so each host has its own listener.
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

function backendRefs(args: EdgeArgs): object[] {
  const { serviceName, servicePort } = edgeBackend(args);
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
      rules: [{ matches, backendRefs: backendRefs(args), ...timeouts(args, gateway) }],
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

function isEnvoy({ implementation = GatewayImplementation.Envoy }: GatewayEdgeArgs): boolean {
  return implementation === GatewayImplementation.Envoy;
}

/** Envoy gives a request up after 15 seconds unless the route says otherwise. */
function timeouts(args: EdgeArgs, gateway: GatewayEdgeArgs): object {
  if (!(gateway.routeTimeouts ?? isEnvoy(gateway))) return {};
  return { timeouts: { request: `${edgeTimeoutSeconds(requestTimeout(args))}s` } };
}

/**
 * Envoy Gateway's own policy of the route. Envoy would keep an idle connection for an hour, and the server would close
 * it under a request. Without merging, it would replace the policy that the owner of an existing Gateway has for it.
 */
function trafficPolicy(name: string, args: EdgeArgs, gateway: GatewayEdgeArgs): GatewayObject[] {
  if (!isEnvoy(gateway)) return [];
  const { rateLimit, sizes } = args;
  return [
    {
      part: "traffic-policy",
      formerPart: "rate-limit",
      apiVersion: "gateway.envoyproxy.io/v1alpha1",
      kind: "BackendTrafficPolicy",
      name,
      spec: {
        targetRefs: [{ group, kind: "HTTPRoute", name }],
        ...(gateway.existing && { mergeType: "StrategicMerge" }),
        timeout: { http: { connectionIdleTimeout: `${edgeIdleSeconds(requestTimeout(args))}s` } },
        ...(sizes?.body !== undefined && { requestBuffer: { limit: sizes.body } }),
        ...(rateLimit && { rateLimit: envoyRateLimit(rateLimit) }),
      },
    },
  ];
}

/**
 * A limit for each address. A rule counts each path and host apart unless it is `shared`. An IPv4 range does not match
 * an IPv6 client, so IPv6 needs its own rule.
 */
function envoyRateLimit({ requestsPerMinute }: EdgeRateLimitArgs): object {
  const rules = ["0.0.0.0/0", "::/0"].map((value) => ({
    clientSelectors: [{ sourceCIDR: { type: "Distinct", value } }],
    limit: { requests: requestsPerMinute, unit: "Minute" },
    shared: true,
  }));
  return { type: "Global", global: { rules } };
}
