import type { Input } from "@pulumi/pulumi";
import type { AdmissionArgs } from "../network/admission.ts";
import type { Endpoint, EnvironmentArgs } from "@gatehouse/core";
import type { ContainerArgs, PortArgs } from "../pod/container/container.ts";
import type { EnvironmentSourceArgs } from "../pod/container/environmentSource.ts";
import type { PreStopArgs } from "../pod/container/lifecycle.ts";
import type { HostRule, ZonesArgs } from "../pod/placement.ts";
import type { PodIdentityArgs } from "../pod/pod.ts";
import type { PodOptionsArgs } from "../pod/options/podOptions.ts";
import type { ProbeArgs } from "../pod/container/probe.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import type { ShutdownArgs } from "../pod/shutdown.ts";
import type { VolumeArgs } from "../pod/container/volume.ts";
import type { ScalingArgs } from "./scaling/autoscaler.ts";
import type { ClaimTemplateArgs } from "./claims.ts";
import type { DisruptionBudgetArgs } from "./disruptionBudget.ts";
import type { MetricsArgs } from "./metrics.ts";
import type { RolloutArgs } from "./rollout.ts";
import type { ServiceOptionsArgs } from "./service.ts";
import type { SpiffeArgs } from "./spiffe.ts";

/** A program that runs in several identical pods behind one Service. */
export interface WorkloadArgs {
  /** Namespace of every object. */
  namespace: Input<string>;
  /** Image with a tag other than `latest`, or a digest. */
  image: Input<string>;
  /**
   * Command in place of the image's entry point.
   * @default the image's own
   */
  command?: Input<string>[];
  /**
   * Arguments in place of the image's own.
   * @default the image's own
   */
  arguments?: Input<string>[];
  /** Ports that the program listens on. Clients and the edge use the first. */
  ports: PortArgs[];
  /**
   * Environment of the program. Declared links add the variables that carry their addresses.
   * @default none
   */
  environment?: EnvironmentArgs;
  /**
   * ConfigMaps and Secrets, each of whose keys becomes a variable. Variables of `environment` and of links win.
   * @default none
   */
  environmentFrom?: EnvironmentSourceArgs[];
  /** Requests and limits of one pod's main container. */
  resources: ResourcesArgs;
  /** Probe that decides whether a pod gets requests. It may depend on the data stores. */
  readiness: ProbeArgs;
  /**
   * Probe that decides whether the program is restarted. It must not depend on a data store or another service, because
   * the failure of one would then restart every pod at once.
   * @default a TCP connection to the first port
   */
  liveness?: ProbeArgs;
  /**
   * Probe that must succeed once before the other probes begin.
   * @default none
   */
  startup?: ProbeArgs;
  /** Numeric user and group of the processes. */
  identity: PodIdentityArgs;
  /**
   * Number of pods; excludes `scaling`.
   * @default 2, without `scaling`
   */
  replicas?: number;
  /**
   * Bounds and targets of a HorizontalPodAutoscaler; excludes `replicas`.
   * @default none
   */
  scaling?: ScalingArgs;
  /**
   * Number of pods that a drain of nodes may evict at once.
   * @default `{ maxUnavailable: 1 }`
   */
  disruptionBudget?: DisruptionBudgetArgs;
  /**
   * Replacement of pods by an update.
   * @default `{ maxSurge: 1, maxUnavailable: 0 }`; Recreate with a claim that one node alone can mount
   */
  rollout?: RolloutArgs;
  /**
   * Rule by which the pods share the zones of the cluster.
   * @default `{ rule: "preferred" }`
   */
  zones?: ZonesArgs;
  /**
   * Rule by which the pods share the hosts of the cluster.
   * @default even
   */
  hosts?: HostRule;
  /**
   * Shutdown of a pod: how long it keeps serving, and how long its requests may take.
   * @default `{ drainSeconds: 10, requestTimeoutSeconds: 30 }`
   */
  shutdown?: ShutdownArgs;
  /**
   * Directories that the program writes to and that are lost with the pod. The root file system is read-only.
   * @default ["/tmp"]
   */
  temporaryDirectories?: string[];
  /**
   * Further volumes of the main container.
   * @default none
   */
  volumes?: VolumeArgs[];
  /**
   * Volumes of the main container that outlive a pod: each pod has its own and keeps it when it is rescheduled. The pods
   * are then a StatefulSet, so an update takes one away before it adds another, and a volume keeps the pod in its zone.
   * Volumes are never deleted with the pods.
   * @default none: the pods are a Deployment
   */
  claims?: ClaimTemplateArgs[];
  /**
   * Command that runs in the main container before it stops, in place of `shutdown.drainSeconds`.
   * @default none
   */
  preStop?: PreStopArgs;
  /**
   * Command that runs beside the program when its container has started.
   * @default none
   */
  postStart?: string[];
  /**
   * Containers that start before the program and run beside it until it has stopped.
   * @default none
   */
  sidecars?: ContainerArgs[];
  /**
   * Whether the containers of a pod see each other's processes and may signal them. Every sidecar can then read the
   * environment of the program, secrets included.
   * @default false
   */
  shareProcessNamespace?: boolean;
  /**
   * Settings of the pods that follow from the cluster or the organization.
   * @default those of `podDefaults`
   */
  pods?: PodOptionsArgs;
  /**
   * Settings of the Service.
   * @default none
   */
  service?: ServiceOptionsArgs;
  /**
   * Services that the program connects to. Each sets the variables that carry its address.
   * @default none: only DNS
   */
  connectsTo?: Endpoint[];
  /**
   * Clients that connect without declaring a link. An Edge with the workload's `target` and the monitoring of `metrics`
   * are admitted without it.
   * @default none
   */
  admits?: AdmissionArgs[];
  /**
   * Name of the NetworkPolicy.
   * @default the component's name
   */
  networkPolicyName?: string;
  /**
   * SPIFFE identity by which other services know the program.
   * @default none
   */
  spiffe?: SpiffeArgs;
  /**
   * Metrics that Prometheus scrapes.
   * @default none
   */
  metrics?: MetricsArgs;
  /**
   * Labels that select the pods. They cannot be changed on an existing Deployment.
   * @default `{ "app.kubernetes.io/name": <name> }`
   */
  selectorLabels?: Record<string, string>;
  /**
   * Further labels of every object. They cannot replace a label that selects the pods.
   * @default none
   */
  labels?: Record<string, string>;
  /**
   * Annotations of the pods. A change replaces the pods, so put hashes of mounted files here.
   * @default none
   */
  podAnnotations?: Record<string, Input<string>>;
  /**
   * Annotations of the ServiceAccount, such as the cloud role that the pods assume.
   * @default none
   */
  serviceAccountAnnotations?: Record<string, Input<string>>;
  /**
   * Whether the pods get a token for the Kubernetes API.
   * @default false
   */
  mountServiceAccountToken?: boolean;
}
