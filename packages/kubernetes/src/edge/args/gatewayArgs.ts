import type { Input } from "@pulumi/pulumi";

/** Implementations of Gateway API. */
export const GatewayImplementation = {
  /** Envoy Gateway, whose own policies limit rates, set timeouts and bound request bodies. */
  Envoy: "envoy",
  /** Another implementation. The edge uses only what every implementation must support. */
  Other: "other",
} as const;
export type GatewayImplementation = (typeof GatewayImplementation)[keyof typeof GatewayImplementation];

/** A listener of an existing Gateway. It must allow routes from the edge's namespace. */
export interface GatewayListenerArgs {
  /** Name of the Gateway. */
  name: string;
  /**
   * Namespace of the Gateway.
   * @default the edge's
   */
  namespace?: Input<string>;
  /** Name of the listener that the routes attach to: one for HTTPS, or for TLS passthrough. */
  sectionName: string;
  /**
   * Name of the listener for plain HTTP, on which the edge's hosts are redirected to HTTPS.
   * @default none: the Gateway's owner redirects, or nothing listens there
   */
  httpSectionName?: string;
}

/** Options of Gateway API alone. */
export interface GatewayEdgeArgs {
  /**
   * Implementation that reads the objects.
   * @default envoy
   */
  implementation?: GatewayImplementation;
  /**
   * GatewayClass of the edge's own Gateway. Set either this or `existing`.
   * @default none
   */
  className?: string;
  /**
   * Gateway to attach to, which terminates TLS with its own certificates. Set either this or `className`.
   * @default none
   */
  existing?: GatewayListenerArgs;
  /**
   * Namespace of the proxies' pods, from which the Service's pods are reached.
   * @default "envoy-gateway-system" for envoy, none for another implementation
   */
  dataPlaneNamespace?: string;
  /**
   * Addresses of proxies outside the cluster, from which the Service's pods are reached: 130.211.0.0/22 and
   * 35.191.0.0/16 for the external load balancers of GKE's Gateway controller.
   * @default none
   */
  dataPlaneCidrs?: Input<string>[];
  /**
   * Whether the implementation supports `timeouts` of an HTTPRoute, which Gateway API leaves optional. Without it, set
   * the timeout by the implementation's own policy: `edgeTimeoutSeconds` says how many seconds.
   * @default true for envoy, false for another implementation
   */
  routeTimeouts?: boolean;
  /**
   * Version of `TLSRoute` that the cluster serves, for `tlsPassthrough`. Gateway API has v1 since 1.5; before it, the
   * experimental channel has v1alpha2 and, from 1.4, v1alpha3.
   * @default "v1"
   */
  tlsRouteVersion?: string;
}
