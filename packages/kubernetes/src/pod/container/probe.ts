import { checkCount, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** Question that a probe asks. By default it opens a TCP connection to the container's first port. */
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

/** Checks a probe that asks two things or an undeclared port, or that the API server would refuse. */
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
    ...(ports.some((one, index) => (port === undefined ? index === 0 : one === port))
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

/** A port that a probe can ask. */
interface ProbedPort {
  port: number;
}

function handler({ path, https, command, port: given }: ProbeArgs, [first]: ProbedPort[]): k8s.core.v1.Probe {
  if (command) return { exec: { command } };
  const port = given ?? first?.port;
  if (port === undefined) throw new Error("A probe without a port has passed its check.");
  if (path) return { httpGet: { path, port, ...(https && { scheme: "HTTPS" }) } };
  return { tcpSocket: { port } };
}

/** A probe as the API server takes it. */
export function probe(args: ProbeArgs, ports: ProbedPort[]): k8s.core.v1.Probe {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold } = args;
  return {
    ...handler(args, ports),
    initialDelaySeconds,
    periodSeconds,
    timeoutSeconds,
    failureThreshold,
  };
}

/** Kubernetes' own defaults of a probe. */
const kubernetesDefaults = { initialDelaySeconds: 0, periodSeconds: 10, failureThreshold: 3 };

/** Seconds until a probe that never succeeds has failed. */
export function probeAllowanceSeconds(args: ProbeArgs): number {
  const { initialDelaySeconds, periodSeconds, failureThreshold } = { ...kubernetesDefaults, ...args };
  return initialDelaySeconds + periodSeconds * failureThreshold;
}

/** Probes of one container. */
interface Probed {
  startup?: ProbeArgs;
  readiness?: ProbeArgs;
}

/** Seconds that containers may take, one after another, until the last is ready. */
export function startAllowanceSeconds(containers: Probed[]): number {
  const allowances = containers.map(
    ({ startup, readiness }) =>
      (startup ? probeAllowanceSeconds(startup) : 0) + (readiness ? probeAllowanceSeconds(readiness) : 0),
  );
  return allowances.reduce((sum, seconds) => sum + seconds, 0);
}
