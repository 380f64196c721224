import { checkCount, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** Order in which an update replaces pods. */
export const RolloutStrategy = {
  /** A few at a time, so that the program keeps serving. */
  RollingUpdate: "rollingUpdate",
  /** All old pods stop before the first new one starts, so the program does not serve in between. */
  Recreate: "recreate",
} as const;
export type RolloutStrategy = (typeof RolloutStrategy)[keyof typeof RolloutStrategy];

/** Replacement of pods by an update. */
export interface RolloutArgs {
  /**
   * Order of the replacement.
   * @default rollingUpdate
   */
  strategy?: RolloutStrategy;
  /**
   * Pods beyond the wanted number during an update.
   * @default 1
   */
  maxSurge?: number;
  /**
   * Pods that may be missing during an update. Above 0 an update costs capacity.
   * @default 0
   */
  maxUnavailable?: number;
  /**
   * Seconds for which a new pod must be ready before the update continues.
   * @default 0
   */
  minReadySeconds?: number;
}

/** Pods beyond the wanted number, where nothing else is said. */
const defaultSurge = 1;

/** Pods beyond the wanted number during an update. */
export function surgeOf({ strategy, maxSurge = defaultSurge }: RolloutArgs = {}): number {
  return strategy === RolloutStrategy.Recreate ? 0 : maxSurge;
}

/** Checks an update that cannot progress or that takes every pod away. */
export function checkRollout(subject: string, rollout: RolloutArgs, fewest: number): Problem[] {
  const { strategy, maxSurge = defaultSurge, maxUnavailable = 0, minReadySeconds } = rollout;
  const path = `${subject}.rollout`;
  const recreate = strategy === RolloutStrategy.Recreate;
  return [
    ...checkCount(`${path}.maxSurge`, "not a number of pods", maxSurge, { least: 0 }),
    ...checkCount(`${path}.maxUnavailable`, "not a number of pods", maxUnavailable, { least: 0 }),
    ...checkCount(`${path}.minReadySeconds`, "not a number of seconds", minReadySeconds, { least: 0 }),
    ...(recreate && (rollout.maxSurge !== undefined || rollout.maxUnavailable !== undefined)
      ? [
          {
            subject: path,
            message: "with Recreate all pods are replaced at once, so maxSurge and maxUnavailable would be ignored",
            expected: "strategy alone",
          },
        ]
      : []),
    ...(!recreate && maxSurge === 0 && maxUnavailable === 0
      ? [
          {
            subject: path,
            message: "maxSurge and maxUnavailable are both 0, so a rollout can never make progress",
            value: "maxSurge 0, maxUnavailable 0",
            expected: "one of the two above 0",
            fix: "leave maxSurge at 1",
          },
        ]
      : []),
    // A surge does not help: the old pods may all go before the new one is ready.
    ...(!recreate && maxUnavailable > 0 && maxUnavailable >= fewest
      ? [
          {
            subject: `${path}.maxUnavailable`,
            message: "an update may take every pod away before a new one is ready",
            value: `maxUnavailable ${maxUnavailable} of ${fewest} ${fewest === 1 ? "pod" : "pods"}`,
            expected: fewest > 1 ? `at most ${fewest - 1}` : "0, and maxSurge above 0",
            fix: `if the program may stop during an update, say so: strategy: "${RolloutStrategy.Recreate}"`,
          },
        ]
      : []),
  ];
}

/** Strategy of a Deployment. */
export function deploymentStrategy(rollout: RolloutArgs): k8s.apps.v1.DeploymentStrategy {
  if (rollout.strategy === RolloutStrategy.Recreate) return { type: "Recreate" };
  const { maxUnavailable = 0 } = rollout;
  return { type: "RollingUpdate", rollingUpdate: { maxSurge: surgeOf(rollout), maxUnavailable } };
}
