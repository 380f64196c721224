import type * as k8s from "@pulumi/kubernetes/types/input.js";

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
 * Where pods go: apart from each other on nodes and evenly over zones, and away from a lost node well within five
 * minutes. A zone that is full or gone does not keep pods from running.
 */
export function placement(podLabels: Record<string, string>): Partial<k8s.core.v1.PodSpec> {
  const spread = (topologyKey: string, whenUnsatisfiable: string): k8s.core.v1.TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable,
    labelSelector: { matchLabels: podLabels },
    // Pods of the former template would otherwise count and skew the new ones.
    matchLabelKeys: ["pod-template-hash"],
  });
  return {
    topologySpreadConstraints: [
      spread("topology.kubernetes.io/zone", "ScheduleAnyway"),
      spread("kubernetes.io/hostname", "DoNotSchedule"),
    ],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: {
                matchExpressions: Object.entries(podLabels).map(([key, value]) => ({
                  key,
                  operator: "In",
                  values: [value],
                })),
              },
              topologyKey: "kubernetes.io/hostname",
            },
          },
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
