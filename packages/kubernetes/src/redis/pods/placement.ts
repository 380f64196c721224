import { placement } from "../../pod/placement.ts";
import type { Placement } from "../../pod/pod.ts";

/**
 * Where data pods go: each on a node of its own, evenly over the zones, and away from a lost node within minutes. Two on
 * one node, or a majority in one zone, would be lost together, so that neither is done for want of a place.
 */
export function dataPlacement(podLabels: Record<string, string>): Placement {
  const { tolerations } = placement(podLabels);
  const labelSelector = { matchLabels: podLabels };
  return {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: "kubernetes.io/hostname" }],
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
