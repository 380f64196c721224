import { checkCount, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { Placement } from "./pod.ts";

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

/** How the pods of one workload share the hosts of a zone. */
export const HostRule = {
  /** Evenly, as far as hosts have room. */
  Preferred: "preferred",
  /** Evenly, or a pod waits: of two hosts with room, one never has two pods more than the other. */
  Even: "even",
  /** Each pod on its own host, or it waits. */
  Apart: "apart",
} as const;
export type HostRule = (typeof HostRule)[keyof typeof HostRule];

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
export function checkZones(subject: string, { rule, count }: ZonesArgs, most: number, maxSurge: number): Problem[] {
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

/** Seconds after which the pods of a lost node are made elsewhere; Kubernetes itself waits 300. */
const lostNodeSeconds = 60;

/**
 * Where pods go: apart from each other on nodes, over zones as the rule says, and away from a lost node well within five
 * minutes.
 */
export function placement(
  podLabels: Record<string, string>,
  { rule = ZoneRule.Preferred }: ZonesArgs = {},
  hosts: HostRule = HostRule.Even,
): Placement {
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
  const apart = [
    ...(rule === ZoneRule.Apart ? ["topology.kubernetes.io/zone"] : []),
    ...(hosts === HostRule.Apart ? ["kubernetes.io/hostname"] : []),
  ];
  return {
    topologySpreadConstraints: [
      spread("topology.kubernetes.io/zone", rule === ZoneRule.Preferred ? "ScheduleAnyway" : "DoNotSchedule"),
      spread("kubernetes.io/hostname", hosts === HostRule.Preferred ? "ScheduleAnyway" : "DoNotSchedule"),
    ],
    podAntiAffinity: {
      ...(apart.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: apart.map(othersNear) }),
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 100, podAffinityTerm: othersNear("kubernetes.io/hostname") },
      ],
    },
    tolerations: ["not-ready", "unreachable"].map((state) => ({
      key: `node.kubernetes.io/${state}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: lostNodeSeconds,
    })),
  };
}
