import { checkedInput, checkName, checkPinned, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkEnvironment, type EnvironmentArgs, environmentVariables } from "./environment.ts";
import { probe, type ProbeArgs } from "./probe.ts";
import { checkResources, resourceRequirements, type ResourcesArgs } from "./resources.ts";
import { checkVolume, type VolumeArgs, volumeMount } from "./volume.ts";

/** A port that a container listens on. */
export interface PortArgs {
  /** Name by which Services and policies refer to it, for example "http". */
  name: string;
  /** Number the process listens on. */
  port: number;
  /**
   * Number under which the Service offers it.
   * @default the container's number
   */
  servicePort?: number;
}

/** A container of a pod that meets the Pod Security Standard "restricted". */
export interface ContainerArgs {
  /** Name within the pod. */
  name: string;
  /** Image with a tag other than `latest`, or a digest. */
  image: Input<string>;
  /**
   * What is run in place of the image's entry point.
   * @default the image's own
   */
  command?: Input<string>[];
  /**
   * Arguments in place of the image's own.
   * @default the image's own
   */
  arguments?: Input<string>[];
  /**
   * Environment variables.
   * @default none
   */
  environment?: EnvironmentArgs;
  /**
   * Ports the container listens on.
   * @default none
   */
  ports?: PortArgs[];
  /** Requests and limits. */
  resources: ResourcesArgs;
  /**
   * When the container takes requests.
   * @default none
   */
  readiness?: ProbeArgs;
  /**
   * When the container must be restarted; it must not ask for anything outside the container.
   * @default none
   */
  liveness?: ProbeArgs;
  /**
   * What must succeed once before the other probes begin.
   * @default none
   */
  startup?: ProbeArgs;
  /**
   * Volumes and their mount paths. The root file system is read-only, so what the program writes needs one.
   * @default none
   */
  volumes?: VolumeArgs[];
  /**
   * Seconds that the container keeps serving after it was told to stop, while load balancers learn of it.
   * @default 0
   */
  preStopSleepSeconds?: number;
}

/** The whole of what "restricted" asks of a container, and a read-only root file system. */
export const restrictedContainer: k8s.core.v1.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Everything about a container that the API server, the kubelet or an auditor would refuse later. */
export function checkContainer(subject: string, args: ContainerArgs): Problem[] {
  const container = `${subject}.${args.name}`;
  return [
    ...checkName("kubernetes:Container", args.name),
    ...(typeof args.image === "string" ? checkPinned(args.image, `${container}.image`) : []),
    ...checkResources(container, args.resources),
    ...checkEnvironment(container, args.environment ?? {}),
    ...(args.volumes ?? []).flatMap((one) => checkVolume(container, one)),
    ...checkProbePorts(container, args),
  ];
}

function checkProbePorts(subject: string, args: ContainerArgs): Problem[] {
  const ports = (args.ports ?? []).map(({ port }) => port);
  return Object.entries({ readiness: args.readiness, liveness: args.liveness, startup: args.startup }).flatMap(
    ([name, given]) => {
      if (!given || given.command) return [];
      if (given.port === undefined ? ports.length > 0 : ports.includes(given.port)) return [];
      return {
        subject: `${subject}.${name}`,
        message: "the probe asks a port that the container does not declare",
        value: given.port === undefined ? "the first port" : String(given.port),
        expected: ports.length === 0 ? "a declared port" : `one of ${ports.join(", ")}`,
        fix: "declare it in ports, or correct the probe's port",
      };
    },
  );
}

export function container(subject: string, args: ContainerArgs): k8s.core.v1.Container {
  const { name, image, command, ports = [], volumes = [], environment = {}, preStopSleepSeconds = 0 } = args;
  const [first] = ports;
  const asked = (given: ProbeArgs | undefined): k8s.core.v1.Probe | undefined =>
    given && probe(given, first?.port ?? 0);
  return {
    name,
    image: checkedInput(image, (image) => checkPinned(image, `${subject}.${name}.image`)),
    command,
    args: args.arguments,
    ports:
      ports.length > 0 ? ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })) : undefined,
    env: environmentVariables(`${subject}.${name}`, environment),
    resources: resourceRequirements(args.resources),
    startupProbe: asked(args.startup),
    livenessProbe: asked(args.liveness),
    readinessProbe: asked(args.readiness),
    lifecycle: preStopSleepSeconds > 0 ? { preStop: { sleep: { seconds: preStopSleepSeconds } } } : undefined,
    securityContext: restrictedContainer,
    volumeMounts: volumes.length > 0 ? volumes.map(volumeMount) : undefined,
  };
}
