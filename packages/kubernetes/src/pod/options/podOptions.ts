import type { Input } from "@pulumi/pulumi";
import type { ContainerArgs } from "../container/container.ts";
import type { NodeAffinityArgs, PodAffinityArgs, TolerationArgs } from "./scheduling.ts";
import type { HostAliasArgs, PodDnsArgs } from "./resolution.ts";

/** Decides when the kubelet changes the owner of a volume's files to the pod's group. */
export const FsGroupChangePolicy = {
  /** Only if the owner of the volume's root differs, so that a large volume does not delay the start. */
  OnRootMismatch: "onRootMismatch",
  /** At every start. */
  Always: "always",
} as const;
export type FsGroupChangePolicy = (typeof FsGroupChangePolicy)[keyof typeof FsGroupChangePolicy];

/**
 * Settings of pods that follow from the cluster or the organization rather than from the program: where pods run, where
 * images come from, how names resolve. Every component that makes pods takes them as `pods`, and `podDefaults` sets
 * them for a whole program.
 */
export interface PodOptionsArgs {
  /**
   * Names of the Secrets with which the kubelet pulls images from private registries.
   * @default none
   */
  imagePullSecrets?: Input<string>[];
  /**
   * Labels that a node must have.
   * @default none
   */
  nodeSelector?: Record<string, Input<string>>;
  /**
   * Nodes that the pods need or prefer.
   * @default none
   */
  nodeAffinity?: NodeAffinityArgs;
  /**
   * Other pods that these pods must or should be near.
   * @default none
   */
  podAffinity?: PodAffinityArgs[];
  /**
   * Other pods that these pods must or should be away from.
   * @default only the component's own pods
   */
  podAntiAffinity?: PodAffinityArgs[];
  /**
   * Taints that the pods tolerate.
   * @default a lost node for 60 seconds
   */
  tolerations?: TolerationArgs[];
  /**
   * Name of a PriorityClass.
   * @default the cluster's default
   */
  priorityClass?: Input<string>;
  /**
   * Name of a RuntimeClass, such as gVisor's.
   * @default the nodes' default runtime
   */
  runtimeClass?: Input<string>;
  /**
   * Settings of the pods' resolver.
   * @default the cluster's DNS
   */
  dns?: PodDnsArgs;
  /**
   * Lines that are added to `/etc/hosts`.
   * @default none
   */
  hostAliases?: HostAliasArgs[];
  /**
   * Labels of the pods, such as a cost center. They cannot replace a label that selects the pods.
   * @default none
   */
  labels?: Record<string, Input<string>>;
  /**
   * Annotations of the pods. A change replaces the pods.
   * @default none
   */
  annotations?: Record<string, Input<string>>;
  /**
   * Containers that run to completion, one after another, before the pods' own containers start.
   * @default none
   */
  initContainers?: ContainerArgs[];
  /**
   * Name of an existing ServiceAccount, which the component then does not make.
   * @default a ServiceAccount for each component
   */
  serviceAccount?: Input<string>;
  /**
   * Further group ids of the processes.
   * @default none
   */
  supplementalGroups?: number[];
  /**
   * Decides when the kubelet changes the owner of a volume's files.
   * @default onRootMismatch
   */
  fsGroupChangePolicy?: FsGroupChangePolicy;
}
