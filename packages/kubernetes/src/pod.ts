import { type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkContainer, container, type ContainerArgs } from "./container.ts";
import { volume } from "./volume.ts";

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
  serviceAccount: Input<string>;
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
  const names = all.map(({ name }) => name);
  return [
    ...all.flatMap((one) => checkContainer(subject, one)),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => ({ subject, message: "two containers of one pod have the same name", value: name })),
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
