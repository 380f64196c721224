import { parseQuantity } from "@gatehouse/core";
import { backendProtocol, BackendProtocol, type EdgeArgs, requestTimeout } from "../args/edgeArgs.ts";
import { ingressRules, type RenderedIngress } from "../routes/ingress.ts";
import { edgeTimeoutSeconds } from "../args/timeouts.ts";

const prefix = "nginx.ingress.kubernetes.io";

/** The Ingress for ingress-nginx. Its class is in the spec, since the annotation for it is deprecated. */
export function nginxIngress(args: EdgeArgs): RenderedIngress {
  const { nginx = {}, tls, hosts, tlsPassthrough } = args;
  return {
    annotations: {
      ...(tls?.clusterIssuer !== undefined && { "cert-manager.io/cluster-issuer": tls.clusterIssuer }),
      // Without it, port 80 is redirected only where the Ingress has a certificate, which a passthrough does not have.
      [`${prefix}/force-ssl-redirect`]: "true",
      ...(backendProtocol(args) === BackendProtocol.Https && { [`${prefix}/backend-protocol`]: "HTTPS" }),
      ...(tlsPassthrough && { [`${prefix}/ssl-passthrough`]: "true" }),
      ...timeoutAnnotations(args),
      ...sizeAnnotations(args),
      ...rateLimitAnnotations(args),
    },
    spec: {
      ingressClassName: nginx.className ?? "nginx",
      tls: tls?.secretName === undefined ? undefined : [{ hosts, secretName: tls.secretName }],
      rules: ingressRules(args),
    },
  };
}

/** Passed-through TLS is a TCP stream, to which these do not apply. */
function timeoutAnnotations(args: EdgeArgs): Record<string, string> {
  if (args.tlsPassthrough) return {};
  const seconds = String(edgeTimeoutSeconds(requestTimeout(args)));
  return { [`${prefix}/proxy-read-timeout`]: seconds, [`${prefix}/proxy-send-timeout`]: seconds };
}

function sizeAnnotations({ sizes: { body, responseHeaders } = {} }: EdgeArgs): Record<string, string> {
  return {
    ...(body !== undefined && { [`${prefix}/proxy-body-size`]: nginxSize(body) }),
    ...(responseHeaders !== undefined && { [`${prefix}/proxy-buffer-size`]: nginxSize(responseHeaders) }),
  };
}

/** A quantity of bytes as nginx writes it: its `k` and `m` are 1,024 and 1,048,576 bytes. */
function nginxSize(quantity: string): string {
  const bytes = parseQuantity(quantity).nanos / 1_000_000_000n;
  if (bytes % 1_048_576n === 0n) return `${bytes / 1_048_576n}m`;
  return bytes % 1_024n === 0n ? `${bytes / 1_024n}k` : String(bytes);
}

/** One counter for each client over all paths of the Ingress, in each replica of the controller. */
function rateLimitAnnotations({ rateLimit, nginx = {} }: EdgeArgs): Record<string, string> {
  if (!rateLimit) return {};
  return {
    [`${prefix}/limit-rpm`]: String(rateLimit.requestsPerMinute),
    [`${prefix}/limit-burst-multiplier`]: String(nginx.burstMultiplier ?? 1),
  };
}
