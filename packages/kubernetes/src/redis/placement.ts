import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { placement } from "../workload/rollout.ts";

/**
 * Where data pods go: each on a node of its own, evenly over the zones, and away from a lost node within minutes. Two on
 * one node, or a majority in one zone, would be lost together, so that neither is done for want of a place.
 */
export function dataPlacement(podLabels: Record<string, string>): Partial<k8s.core.v1.PodSpec> {
  const { tolerations } = placement(podLabels);
  const labelSelector = { matchLabels: podLabels };
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: "kubernetes.io/hostname" }],
      },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector,
        // A zone whose nodes are all lost does not count as one with no pod, which the others would have to wait for.
        nodeTaintsPolicy: "Honor",
      },
    ],
    tolerations,
  };
}
