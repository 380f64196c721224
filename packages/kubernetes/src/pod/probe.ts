import type { Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkCount } from "../meta/count.ts";

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

/** A probe that asks two things or nothing that can be, or that the API server would refuse. */
export function checkProbe(subject: string, args: ProbeArgs, ports: number[]): Problem[] {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold } = args;
  return [
    ...checkHandler(subject, args, ports),
    ...checkCount(`${subject}.initialDelaySeconds`, "not a number of seconds", initialDelaySeconds, { least: 0 }),
    ...checkCount(`${subject}.periodSeconds`, "not a number of seconds", periodSeconds, { least: 1 }),
    ...checkCount(`${subject}.timeoutSeconds`, "not a number of seconds", timeoutSeconds, { least: 1 }),
    ...checkCount(`${subject}.failureThreshold`, "not a number of probes", failureThreshold, { least: 1 }),
  ];
}

function checkHandler(subject: string, { path, https, command, port }: ProbeArgs, ports: number[]): Problem[] {
  if (command)
    return path === undefined && port === undefined && !https
      ? []
      : [
          {
            subject,
            message: "a probe runs a command or asks a port, not both",
            value: `command ${command.join(" ")}`,
            expected: "command alone, or path, https and port",
          },
        ];
  return [
    ...(path === undefined || path.startsWith("/")
      ? []
      : [{ subject: `${subject}.path`, message: "not a path", value: path, expected: `/${path}` }]),
    ...(https && path === undefined
      ? [
          {
            subject: `${subject}.https`,
            message: "without a path the probe opens a TCP connection, and TLS is not spoken",
            expected: "a path, or no https",
          },
        ]
      : []),
    ...(ports.includes(port ?? ports[0] ?? 0)
      ? []
      : [
          {
            subject,
            message: "the probe asks a port that the container does not declare",
            value: port === undefined ? "the first port" : String(port),
            expected: ports.length === 0 ? "a declared port" : `one of ${ports.join(", ")}`,
            fix: "declare it in ports, or correct the probe's port",
          },
        ]),
  ];
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
