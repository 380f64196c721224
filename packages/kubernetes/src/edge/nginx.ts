import { backendProtocol, BackendProtocol, type EdgeArgs } from "./edgeArgs.ts";
import { ingressRules, type RenderedIngress } from "./ingress.ts";

/** What only ingress-nginx needs to know. */
export interface NginxEdgeArgs {
  /**
   * Name of the IngressClass.
   * @default "nginx"
   */
  className?: string;
  /**
   * Namespace of the controller's pods, from which the Service's pods are reached.
   * @default "ingress-nginx"
   */
  controllerNamespace?: string;
  /**
   * Requests that pass at once before the rate limit slows a client down, as a multiple of `requestsPerMinute`. At 1,
   * a replica lets at most twice the limit (and one request) through in a client's first minute and the limit in each
   * after it; nginx cannot do without a burst, and its own default is 5.
   * @default 1
   */
  burstMultiplier?: number;
}

const prefix = "nginx.ingress.kubernetes.io";

/** The Ingress for ingress-nginx. Its class is in the spec, since the annotation for it is deprecated. */
export function nginxIngress(args: EdgeArgs): RenderedIngress {
  const { nginx = {}, tls, hosts, tlsPassthrough } = args;
  return {
    annotations: {
      ...(tls?.clusterIssuer !== undefined && { "cert-manager.io/cluster-issuer": tls.clusterIssuer }),
      // Without it, port 80 is redirected only where the Ingress holds a certificate, which a passthrough does not.
      [`${prefix}/force-ssl-redirect`]: "true",
      ...(backendProtocol(args) === BackendProtocol.Https && { [`${prefix}/backend-protocol`]: "HTTPS" }),
      ...(tlsPassthrough && { [`${prefix}/ssl-passthrough`]: "true" }),
      ...rateLimitAnnotations(args),
    },
    spec: {
      ingressClassName: nginx.className ?? "nginx",
      tls: tls?.secretName === undefined ? undefined : [{ hosts, secretName: tls.secretName }],
      rules: ingressRules(args),
    },
  };
}

/** One counter for each client over all paths of the Ingress, in each replica of the controller. */
function rateLimitAnnotations({ rateLimit, nginx = {} }: EdgeArgs): Record<string, string> {
  if (!rateLimit) return {};
  return {
    [`${prefix}/limit-rpm`]: String(rateLimit.requestsPerMinute),
    [`${prefix}/limit-burst-multiplier`]: String(nginx.burstMultiplier ?? 1),
  };
}
