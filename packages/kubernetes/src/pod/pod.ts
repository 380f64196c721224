import { checkCount, checkName, type Problem, repeated, throwIfAny } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkAddedAnnotations, checkAddedLabels, checkAnnotationKeys } from "../meta/labels.ts";
import { readableValues } from "../meta/objectMeta.ts";
import { checkContainer, container, type ContainerArgs } from "./container/container.ts";
import { preStopSeconds } from "./container/lifecycle.ts";
import { completedOptions } from "./options/podDefaults.ts";
import { FsGroupChangePolicy, type PodOptionsArgs } from "./options/podOptions.ts";
import { checkPodOptions } from "./options/podOptionsChecks.ts";
import { podDns } from "./options/resolution.ts";
import { nodeAffinity, podTerms, type PodTerms, toleration } from "./options/scheduling.ts";
import { volume, type VolumeArgs, volumeSource } from "./container/volume.ts";

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
   * Whether the containers see each other's processes and may signal them. Every container can then read the
   * environment of the others, secrets included.
   * @default false
   */
  shareProcessNamespace?: boolean;
  /**
   * Seconds between the request to stop and the kill.
   * @default 30 (Kubernetes)
   */
  terminationGracePeriodSeconds?: number;
  /**
   * Settings that follow from the cluster or the organization. The program's defaults are added.
   * @default none
   */
  options?: PodOptionsArgs;
}

/** A pod with its labels and annotations, and the rules by which the component's own pods share the cluster. */
export interface PodTemplateArgs extends PodArgs {
  /** Labels of the pods, which the options cannot replace. */
  labels: Record<string, string>;
  /**
   * Annotations of the pods.
   * @default none
   */
  annotations?: Record<string, pulumi.Input<string>>;
  /**
   * Whether the pod ends with its containers, as a Job's does.
   * @default false: containers that end are restarted
   */
  runsToCompletion?: boolean;
  /**
   * Names of the volumes that a StatefulSet's claim templates make.
   * @default none
   */
  claimTemplates?: string[];
  /**
   * Rules by which the component's own pods share nodes and zones.
   * @default none
   */
  placement?: Placement;
}

/** Rules of the scheduler for the pods of one component. */
export interface Placement {
  topologySpreadConstraints?: k8s.core.v1.TopologySpreadConstraint[];
  podAntiAffinity?: PodTerms;
  tolerations?: k8s.core.v1.Toleration[];
}

/** Everything about a pod that the API server, the kubelet or an auditor would refuse later. */
export function checkPod(subject: string, args: PodArgs): Problem[] {
  const { identity, containers, sidecars = [] } = args;
  const options = completedOptions(subject, args.options);
  const initContainers = [...(args.initContainers ?? []), ...(options.initContainers ?? [])];
  const all = [...containers, ...sidecars, ...initContainers];
  return [
    ...checkPodOptions(`${subject}.pods`, options),
    ...all.flatMap((one) => checkContainer(subject, one)),
    // The names of the others come from the component.
    ...[...sidecars, ...initContainers].flatMap(({ name }) =>
      checkName("kubernetes:Container", name, `${subject}.sidecars`),
    ),
    // The drain of the main container is checked as what it is.
    ...sidecars.flatMap(({ name, preStopSleepSeconds: seconds }) =>
      checkCount(`${subject}.${name}.preStopSleepSeconds`, "not a number of seconds", seconds, { least: 0 }),
    ),
    ...checkInitContainers(subject, initContainers),
    ...checkGrace(subject, args),
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
            message: "the pod must run as a non-root numeric user",
            value: String(identity.user),
            expected: "a user id above 0",
          },
        ]),
  ];
}

/** Init containers run to completion, so the kubelet refuses their probes and hooks. */
function checkInitContainers(subject: string, initContainers: ContainerArgs[]): Problem[] {
  return initContainers.flatMap(({ name, ...args }) =>
    Object.entries({
      readiness: args.readiness,
      liveness: args.liveness,
      startup: args.startup,
      preStop: args.preStop,
      preStopSleepSeconds: args.preStopSleepSeconds,
      postStart: args.postStart,
    })
      .filter(([, given]) => given !== undefined)
      .map(([option]) => ({
        subject: `${subject}.initContainers.${name}.${option}`,
        message: "an init container runs to completion before the pod serves, so it has no probes and no hooks",
        expected: `no ${option}`,
        fix: "use a sidecar for a program that runs on",
      })),
  );
}

/** Seconds of Kubernetes' own grace period. */
const defaultGraceSeconds = 30;

/** A container that is killed while it still waits before its stop. */
function checkGrace(
  subject: string,
  { containers, sidecars = [], terminationGracePeriodSeconds: grace = defaultGraceSeconds }: PodArgs,
): Problem[] {
  return [...containers, ...sidecars]
    .filter((one) => preStopSeconds(one) >= grace)
    .map((one) => ({
      subject: `${subject}.${one.name}.${one.preStop ? "preStop.seconds" : "preStopSleepSeconds"}`,
      message: "the container is killed before its hook has ended",
      value: `${preStopSeconds(one)} s, with a grace period of ${grace} s`,
      expected: `less than ${grace}`,
    }));
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
  if (JSON.stringify([one.keys, one.fileMode]) !== JSON.stringify([other.keys, other.fileMode])) return false;
  // What an Output will be is not known yet.
  if (pulumi.Output.isInstance(source) || pulumi.Output.isInstance(otherSource)) return true;
  return JSON.stringify(source) === JSON.stringify(otherSource);
}

function describeSource(args: VolumeArgs): string {
  const [kind = "no source", source] = volumeSource(args) ?? [];
  return typeof source === "string" ? `${kind} ${source}` : kind;
}

/**
 * Labels, annotations and spec of a pod.
 * @throws InputError if the options replace one of the component's own labels or annotations, or for a key that the API server refuses.
 */
export function podTemplate(subject: string, args: PodTemplateArgs): k8s.core.v1.PodTemplateSpec {
  const { labels, annotations = {} } = args;
  const options = completedOptions(subject, args.options);
  throwIfAny([
    ...checkAddedLabels(`${subject}.pods.labels`, options.labels ?? {}, labels),
    ...checkAnnotationKeys(`${subject}.podAnnotations`, annotations),
    // Those of the program's defaults give way without a word, as all defaults do.
    ...checkAddedAnnotations(`${subject}.pods.annotations`, args.options?.annotations ?? {}, annotations),
  ]);
  return {
    metadata: {
      labels: { ...options.labels, ...labels },
      annotations: readableValues(`${subject}.podAnnotations`, { ...options.annotations, ...annotations }),
    },
    spec: podSpec(subject, args, options),
  };
}

function podSpec(subject: string, args: PodTemplateArgs, options: PodOptionsArgs): k8s.core.v1.PodSpec {
  const { containers, sidecars = [], identity, terminationGracePeriodSeconds, placement = {} } = args;
  const initContainers = [...(args.initContainers ?? []), ...(options.initContainers ?? [])];
  const all = [...sidecars, ...initContainers, ...containers];
  const volumes = podVolumes(all, args.claimTemplates);
  const before = [
    ...sidecars.map((one) => ({ ...container(subject, one), restartPolicy: "Always" })),
    ...initContainers.map((one) => container(subject, one)),
  ];
  return {
    serviceAccountName: args.serviceAccount,
    automountServiceAccountToken: args.mountServiceAccountToken ?? false,
    // Variables such as REDIS_PORT=tcp://..., which a Service of that name would add, clash with programs' own settings.
    enableServiceLinks: false,
    shareProcessNamespace: args.shareProcessNamespace === true ? true : undefined,
    imagePullSecrets: options.imagePullSecrets?.map((name) => ({ name })),
    priorityClassName: options.priorityClass,
    runtimeClassName: options.runtimeClass,
    hostAliases: options.hostAliases,
    ...(options.dns && podDns(options.dns)),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: identity.user,
      runAsGroup: identity.group ?? identity.user,
      fsGroup: identity.group ?? identity.user,
      fsGroupChangePolicy: options.fsGroupChangePolicy === FsGroupChangePolicy.Always ? "Always" : "OnRootMismatch",
      supplementalGroups: options.supplementalGroups,
      seccompProfile: { type: "RuntimeDefault" },
    },
    initContainers: before.length > 0 ? before : undefined,
    containers: containers.map((one) => container(subject, one)),
    volumes: volumes.length > 0 ? volumes : undefined,
    terminationGracePeriodSeconds,
    restartPolicy: args.runsToCompletion ? "Never" : undefined,
    ...scheduling(placement, options),
  };
}

/** Volumes of the containers, each once. */
function podVolumes(containers: ContainerArgs[], claimTemplates: string[] = []): k8s.core.v1.Volume[] {
  const volumes = containers.flatMap((one) => one.volumes ?? []).filter(({ name }) => !claimTemplates.includes(name));
  return [...new Map(volumes.map((one) => [one.name, volume(one)])).values()];
}

function scheduling(
  { topologySpreadConstraints, podAntiAffinity, tolerations = [] }: Placement,
  options: PodOptionsArgs,
): Partial<k8s.core.v1.PodSpec> {
  const affinity = {
    nodeAffinity: options.nodeAffinity && nodeAffinity(options.nodeAffinity),
    podAffinity: podTerms(options.podAffinity),
    podAntiAffinity: podTerms(options.podAntiAffinity, podAntiAffinity),
  };
  const tolerated = [...tolerations, ...(options.tolerations ?? []).map(toleration)];
  return {
    nodeSelector: options.nodeSelector,
    topologySpreadConstraints,
    ...(Object.values(affinity).some((part) => part !== undefined) && { affinity }),
    tolerations: tolerated.length > 0 ? tolerated : undefined,
  };
}
