import {
  checkBytes,
  checkedInput,
  checkName,
  checkPinned,
  checkPortNumber,
  compareQuantities,
  type EnvironmentArgs,
  type Problem,
  repeated,
} from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkEnvironment, environmentVariables } from "./environment.ts";
import { checkEnvironmentSources, type EnvironmentSourceArgs, environmentSources } from "./environmentSource.ts";
import { checkLifecycle, lifecycle, type PreStopArgs } from "./lifecycle.ts";
import { readable } from "../../meta/readable.ts";
import { checkProbe, probe, type ProbeArgs } from "./probe.ts";
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
  /**
   * Application protocol, for gateways and meshes: "http", "https", "kubernetes.io/h2c".
   * @default none
   */
  appProtocol?: string;
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
   * ConfigMaps and Secrets, each of whose keys becomes a variable. Variables of `environment` win.
   * @default none
   */
  environmentFrom?: EnvironmentSourceArgs[];
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
  /**
   * Command that runs before the container stops, in place of `preStopSleepSeconds`.
   * @default none
   */
  preStop?: PreStopArgs;
  /**
   * Command that runs beside the program when the container has started.
   * @default none
   */
  postStart?: string[];
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
    ...(typeof args.image === "string" ? checkPinned(args.image, `${container}.image`) : []),
    ...checkResources(container, args.resources),
    ...checkEnvironment(container, args.environment ?? {}),
    ...checkEnvironmentSources(`${container}.environmentFrom`, args.environmentFrom),
    ...checkLifecycle(container, args, args.postStart),
    ...checkVolumes(container, args),
    ...checkPorts(container, args.ports ?? []),
    ...checkProbes(container, args),
  ];
}

function checkVolumes(subject: string, { volumes = [], resources }: ContainerArgs): Problem[] {
  const { memory } = resources.limits;
  const tooLarge = volumes.filter(
    ({ emptyDir }) =>
      emptyDir?.memory &&
      emptyDir.sizeLimit !== undefined &&
      [emptyDir.sizeLimit, memory].every((quantity) => checkBytes(quantity, subject).length === 0) &&
      compareQuantities(emptyDir.sizeLimit, memory) >= 0,
  );
  return [
    ...volumes.flatMap((one) => checkVolume(subject, one)),
    ...repeated(volumes.map(({ name }) => name)).map((name) => ({
      subject: `${subject}.volumes`,
      message: "two volumes of the container have the same name",
      value: `${name}, at ${pathsOf(volumes, name)}`,
      expected: "a name for each",
    })),
    ...repeated(volumes.map(({ mountPath }) => mountPath)).map((mountPath) => ({
      subject: `${subject}.volumes`,
      message: "two volumes are mounted at the same path",
      value: `${mountPath}, of ${volumes
        .filter((one) => one.mountPath === mountPath)
        .map(({ name }) => name)
        .join(" and ")}`,
      expected: "a path for each",
    })),
    ...tooLarge.map(({ name, emptyDir }) => ({
      subject: `${subject}.volumes.${name}`,
      message: "the directory in memory may grow to the memory limit, and the container is killed before it is full",
      value: `sizeLimit ${emptyDir?.sizeLimit ?? ""}, memory limit ${memory}`,
      expected: `a sizeLimit below ${memory}`,
    })),
  ];
}

function pathsOf(volumes: VolumeArgs[], name: string): string {
  return volumes
    .filter((one) => one.name === name)
    .map(({ mountPath }) => mountPath)
    .join(" and ");
}

function checkPorts(subject: string, ports: PortArgs[]): Problem[] {
  const path = `${subject}.ports`;
  return [
    ...ports.flatMap(({ name, port, servicePort }) => [
      ...checkName("kubernetes:Port", name, path),
      ...checkPortNumber(`${path}.${name}`, port),
      ...checkPortNumber(`${path}.${name}.servicePort`, servicePort),
    ]),
    ...repeated(ports.map(({ name }) => name)).map((name) => ({
      subject: path,
      message: "two ports have the same name",
      value: name,
      expected: "a name for each",
    })),
  ];
}

function checkProbes(subject: string, { ports = [], readiness, liveness, startup }: ContainerArgs): Problem[] {
  const numbers = ports.map(({ port }) => port);
  return Object.entries({ readiness, liveness, startup }).flatMap(([name, given]) =>
    given ? checkProbe(`${subject}.${name}`, given, numbers) : [],
  );
}

export function container(subject: string, args: ContainerArgs): k8s.core.v1.Container {
  const { name, image, command, ports = [], volumes = [], environment = {} } = args;
  const asked = (given: ProbeArgs | undefined): k8s.core.v1.Probe | undefined => given && probe(given, ports);
  return {
    name,
    image: checkedInput(image, (image) => checkPinned(image, `${subject}.${name}.image`)),
    command: command?.map((word) => readable(`${subject}.${name}.command`, word)),
    args: args.arguments?.map((word) => readable(`${subject}.${name}.arguments`, word)),
    ports:
      ports.length > 0 ? ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })) : undefined,
    env: environmentVariables(`${subject}.${name}`, environment),
    envFrom: environmentSources(args.environmentFrom),
    resources: resourceRequirements(args.resources),
    startupProbe: asked(args.startup),
    livenessProbe: asked(args.liveness),
    readinessProbe: asked(args.readiness),
    lifecycle: lifecycle(args, args.postStart),
    securityContext: restrictedContainer,
    volumeMounts: volumes.length > 0 ? volumes.map(volumeMount) : undefined,
  };
}
