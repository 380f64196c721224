import type { Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkCount } from "../meta/count.ts";

/** How pods are replaced by an update. */
export interface RolloutArgs {
  /**
   * Pods beyond the wanted number while an update runs.
   * @default 1
   */
  maxSurge?: number;
  /**
   * Pods that may be missing while an update runs; above 0 an update costs capacity.
   * @default 0
   */
  maxUnavailable?: number;
}

/** How a pod stops without losing a request. */
export interface ShutdownArgs {
  /**
   * Seconds that a pod keeps serving after it was told to stop, until every load balancer has learned of it.
   * @default 10
   */
  drainSeconds?: number;
  /**
   * Seconds that the server lets a request in flight take; at least the server's own timeout.
   * @default 30
   */
  requestTimeoutSeconds?: number;
}

/** How the pods of one workload share the zones of the cluster. */
export const ZoneRule = {
  /** Evenly, as far as zones have room: one that is full or gone does not keep pods from running. */
  Preferred: "preferred",
  /** Evenly, or a pod waits: of two zones with room, one never has two pods more than the other. */
  Even: "even",
  /** Each pod in a zone of its own, or it waits. */
  Apart: "apart",
} as const;
export type ZoneRule = (typeof ZoneRule)[keyof typeof ZoneRule];

/** Where the pods of one workload are. */
export interface ZonesArgs {
  /**
   * How the pods share the zones.
   * @default preferred
   */
  rule?: ZoneRule;
  /**
   * Number of zones that the nodes are in; required for `apart`.
   * @default not known
   */
  count?: number;
}

/** Zones that cannot hold all pods there may be: those of the autoscaler's maximum and of an update that runs then. */
export function checkZones(
  subject: string,
  { rule, count }: ZonesArgs,
  most: number,
  { maxSurge = 1 }: RolloutArgs = {},
): Problem[] {
  const path = `${subject}.zones`;
  const numbers = checkCount(`${path}.count`, "not a number of zones", count, { least: 1 });
  if (rule !== ZoneRule.Apart || numbers.length > 0) return numbers;
  if (count === undefined)
    return [
      {
        subject: `${path}.count`,
        message: "each pod needs a zone of its own, and it is not said how many zones there are",
        expected: "the number of zones that the nodes are in",
      },
    ];
  if (most + maxSurge <= count) return [];
  return [
    {
      subject: `${path}.rule`,
      message: "each pod needs a zone of its own, and there are fewer zones than pods",
      value: `${most} pods at most + ${maxSurge} during an update = ${most + maxSurge}, in ${count} zones`,
      expected: `rule ${ZoneRule.Even}, or at most ${Math.max(count - maxSurge, 0)} pods`,
      fix: `choose ${ZoneRule.Even}: as many pods as zones still are in a zone each`,
    },
  ];
}

/** An update that can neither add nor take away a pod, and numbers that are none. */
export function checkRollout(subject: string, { maxSurge = 1, maxUnavailable = 0 }: RolloutArgs = {}): Problem[] {
  const path = `${subject}.rollout`;
  return [
    ...checkCount(`${path}.maxSurge`, "not a number of pods", maxSurge, { least: 0 }),
    ...checkCount(`${path}.maxUnavailable`, "not a number of pods", maxUnavailable, { least: 0 }),
    ...(maxSurge === 0 && maxUnavailable === 0
      ? [
          {
            subject: path,
            message: "an update may neither add a pod nor take one away, and never gets on",
            value: "maxSurge 0, maxUnavailable 0",
            expected: "one of the two above 0",
            fix: "leave maxSurge at 1",
          },
        ]
      : []),
  ];
}

export function checkShutdown(subject: string, { drainSeconds, requestTimeoutSeconds }: ShutdownArgs = {}): Problem[] {
  const path = `${subject}.shutdown`;
  return [
    ...checkCount(`${path}.drainSeconds`, "not a number of seconds", drainSeconds, { least: 0 }),
    ...checkCount(`${path}.requestTimeoutSeconds`, "not a number of seconds", requestTimeoutSeconds, { least: 0 }),
  ];
}

/** Seconds for the processes to end after the last request. */
const exitSeconds = 5;

export function drainSeconds({ drainSeconds = 10 }: ShutdownArgs = {}): number {
  return drainSeconds;
}

/** The grace period outlasts the drain and the longest request, so that the kill never cuts one off. */
export function gracePeriodSeconds(shutdown: ShutdownArgs = {}): number {
  return drainSeconds(shutdown) + (shutdown.requestTimeoutSeconds ?? 30) + exitSeconds;
}

export function rollingUpdate({ maxSurge = 1, maxUnavailable = 0 }: RolloutArgs = {}): k8s.apps.v1.DeploymentStrategy {
  return { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } };
}

/** Seconds after which the pods of a lost node are made elsewhere; Kubernetes itself waits 300. */
const lostNodeSeconds = 60;

/**
 * Where pods go: apart from each other on nodes, over zones as the rule says, and away from a lost node well within five
 * minutes.
 */
export function placement(
  podLabels: Record<string, string>,
  { rule = ZoneRule.Preferred }: ZonesArgs = {},
): Partial<k8s.core.v1.PodSpec> {
  const spread = (topologyKey: string, whenUnsatisfiable: string): k8s.core.v1.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels: podLabels },
    // Pods of the former template would otherwise count and skew the new ones.
    matchLabelKeys: ["pod-template-hash"],
    // A node that is lost, drained or not for these pods would otherwise count as one with none, and the pods that it
    // held could go nowhere.
    nodeTaintsPolicy: "Honor",
  });
  const othersNear = (topologyKey: string): k8s.core.v1.PodAffinityTerm => ({
    labelSelector: {
      matchExpressions: Object.entries(podLabels).map(([key, value]) => ({ key, operator: "In", values: [value] })),
    },
    topologyKey,
  });
  return {
    topologySpreadConstraints: [
      spread("topology.kubernetes.io/zone", rule === ZoneRule.Preferred ? "ScheduleAnyway" : "DoNotSchedule"),
      spread("kubernetes.io/hostname", "DoNotSchedule"),
    ],
    affinity: {
      podAntiAffinity: {
        ...(rule === ZoneRule.Apart && {
          requiredDuringSchedulingIgnoredDuringExecution: [othersNear("topology.kubernetes.io/zone")],
        }),
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: othersNear("kubernetes.io/hostname") },
        ],
      },
    },
    tolerations: ["not-ready", "unreachable"].map((state) => ({
      key: `node.kubernetes.io/${state}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: lostNodeSeconds,
    })),
  };
}
