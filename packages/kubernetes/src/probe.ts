import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** What a probe asks; by default it opens a TCP connection to the container's first port. */
export interface ProbeArgs {
  /**
   * Path of an HTTP GET that must answer 200 to 399.
   * @default none: a TCP connection
   */
  path?: string;
  /**
   * Whether the GET goes over TLS; the kubelet does not verify the certificate and has none of its own.
   * @default false
   */
  https?: boolean;
  /**
   * Command run in the container, which must exit with 0; excludes `path`.
   * @default none
   */
  command?: string[];
  /**
   * Number of the port to ask.
   * @default the container's first port
   */
  port?: number;
  /**
   * Seconds from the container's start to the first probe.
   * @default 0
   */
  initialDelaySeconds?: number;
  /**
   * Seconds between two probes.
   * @default 10 (Kubernetes)
   */
  periodSeconds?: number;
  /**
   * Seconds after which a probe has failed.
   * @default 1 (Kubernetes)
   */
  timeoutSeconds?: number;
  /**
   * Probes in a row that must fail.
   * @default 3 (Kubernetes)
   */
  failureThreshold?: number;
}

function handler({ path, https, command }: ProbeArgs, port: number): k8s.core.v1.Probe {
  if (command) return { exec: { command } };
  if (path) return { httpGet: { path, port, ...(https && { scheme: "HTTPS" }) } };
  return { tcpSocket: { port } };
}

export function probe(args: ProbeArgs, firstPort: number): k8s.core.v1.Probe {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold } = args;
  return {
    ...handler(args, args.port ?? firstPort),
    initialDelaySeconds,
    periodSeconds,
    timeoutSeconds,
    failureThreshold,
  };
}
