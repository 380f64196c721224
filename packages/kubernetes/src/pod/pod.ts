import { checkName, type Problem } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkCount, repeated } from "../meta/count.ts";
import { checkContainer, container, type ContainerArgs } from "./container.ts";
import { volume, type VolumeArgs, volumeSource } from "./volume.ts";

/** The numeric user that a pod's processes run as. */
export interface PodIdentityArgs {
  /** User id; never 0. */
  user: number;
  /**
   * Group id of the processes and of the files on volumes.
   * @default the user id
   */
  group?: number;
}

/** A pod that meets the Pod Security Standard "restricted". */
export interface PodArgs {
  /** The containers that do the pod's work; the first is the one that `kubectl logs` shows. */
  containers: ContainerArgs[];
  /**
   * Containers that start before the others and run beside them to the end (native sidecars, Kubernetes 1.29).
   * @default none
   */
  sidecars?: ContainerArgs[];
  /**
   * Containers that run one after another to their end before the others start.
   * @default none
   */
  initContainers?: ContainerArgs[];
  /** Numeric user and group. */
  identity: PodIdentityArgs;
  /** Name of the ServiceAccount. */
  serviceAccount: pulumi.Input<string>;
  /**
   * Whether the pod gets a token for the Kubernetes API, which most programs do not need.
   * @default false
   */
  mountServiceAccountToken?: boolean;
  /**
   * Seconds between the request to stop and the kill.
   * @default 30 (Kubernetes)
   */
  terminationGracePeriodSeconds?: number;
}

/** Everything about a pod that the API server, the kubelet or an auditor would refuse later. */
export function checkPod(subject: string, args: PodArgs): Problem[] {
  const { identity, containers, sidecars = [], initContainers = [] } = args;
  const all = [...containers, ...sidecars, ...initContainers];
  return [
    ...all.flatMap((one) => checkContainer(subject, one)),
    // The names and drains of the others come from the component.
    ...[...sidecars, ...initContainers].flatMap(({ name, preStopSleepSeconds }) => [
      ...checkName("kubernetes:Container", name).map((problem) => ({ ...problem, subject: `${subject}.sidecars` })),
      ...checkCount(`${subject}.${name}.preStopSleepSeconds`, "not a number of seconds", preStopSleepSeconds, {
        least: 0,
      }),
    ]),
    ...repeated(all.map(({ name }) => name)).map((name) => ({
      subject,
      message: "two containers of one pod have the same name",
      value: name,
      expected: "a name for each",
    })),
    ...checkSharedPorts(subject, [...containers, ...sidecars]),
    ...checkSharedVolumes(subject, all),
    ...checkCount(`${subject}.identity.group`, "not a group id", identity.group, { least: 0 }),
    ...(Number.isInteger(identity.user) && identity.user > 0
      ? []
      : [
          {
            subject: `${subject}.identity.user`,
            message: "the pod would run as root or as nobody in particular",
            value: String(identity.user),
            expected: "a user id above 0",
          },
        ]),
  ];
}

/** The containers of a pod have one network: only one of them can listen on a port. */
function checkSharedPorts(subject: string, containers: ContainerArgs[]): Problem[] {
  const ports = containers.flatMap(({ name, ports = [] }) => ports.map(({ port }) => ({ name, port })));
  return repeated(ports.map(({ port }) => port)).map((port) => ({
    subject: `${subject}.ports`,
    message: "two programs of one pod cannot listen on the same port",
    value: `${port}, of ${ports
      .filter((one) => one.port === port)
      .map(({ name }) => name)
      .join(" and ")}`,
    expected: "a number for each",
  }));
}

/** Containers share a volume by its name, so that one name has one source. */
function checkSharedVolumes(subject: string, containers: ContainerArgs[]): Problem[] {
  const all = containers.flatMap(({ name, volumes = [] }) => volumes.map((volume) => ({ name, volume })));
  return all.flatMap(({ name, volume }, index) => {
    const other = all.slice(0, index).find((one) => one.volume.name === volume.name);
    if (!other || other.name === name || haveOneSource(other.volume, volume)) return [];
    return {
      subject: `${subject}.volumes.${volume.name}`,
      message: "two containers give the volume different sources",
      value: `${describeSource(other.volume)} in ${other.name}, ${describeSource(volume)} in ${name}`,
      expected: "the same source, or another name",
    };
  });
}

function haveOneSource(one: VolumeArgs, other: VolumeArgs): boolean {
  const [[kind, source] = [], [otherKind, otherSource] = []] = [volumeSource(one), volumeSource(other)];
  if (kind !== otherKind) return false;
  // What an Output will be is not known yet.
  if (pulumi.Output.isInstance(source) || pulumi.Output.isInstance(otherSource)) return true;
  return JSON.stringify(source) === JSON.stringify(otherSource);
}

function describeSource(args: VolumeArgs): string {
  const [kind = "no source", source] = volumeSource(args) ?? [];
  return typeof source === "string" ? `${kind} ${source}` : kind;
}

export function podSpec(subject: string, args: PodArgs): k8s.core.v1.PodSpec {
  const { containers, sidecars = [], initContainers = [], identity, terminationGracePeriodSeconds } = args;
  const all = [...sidecars, ...initContainers, ...containers];
  const volumes = new Map(all.flatMap((one) => one.volumes ?? []).map((one) => [one.name, volume(one)]));
  const before = [
    ...sidecars.map((one) => ({ ...container(subject, one), restartPolicy: "Always" })),
    ...initContainers.map((one) => container(subject, one)),
  ];
  return {
    serviceAccountName: args.serviceAccount,
    automountServiceAccountToken: args.mountServiceAccountToken ?? false,
    // Variables such as REDIS_PORT=tcp://..., which a Service of that name would add, clash with programs' own settings.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: identity.user,
      runAsGroup: identity.group ?? identity.user,
      fsGroup: identity.group ?? identity.user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    initContainers: before.length > 0 ? before : undefined,
    containers: containers.map((one) => container(subject, one)),
    volumes: volumes.size > 0 ? [...volumes.values()] : undefined,
    terminationGracePeriodSeconds,
  };
}
