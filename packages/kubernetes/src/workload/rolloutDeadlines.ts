import type { CustomTimeouts } from "@pulumi/pulumi";
import type { PodArgs } from "../pod/pod.ts";
import { startAllowanceSeconds } from "../pod/container/probe.ts";
import { type RolloutArgs, RolloutStrategy, surgeOf } from "./rollout.ts";

/** Seconds without progress after which Kubernetes gives an update up, and after which the provider does. */
const defaultDeadlineSeconds = 600;

/** Seconds for the scheduler, a new node and the pull of an image. */
const placementSeconds = 300;

/** Deadlines of an update that are longer than the defaults. */
export interface RolloutDeadlines {
  progressDeadlineSeconds?: number;
  customTimeouts?: CustomTimeouts;
}

/**
 * Deadlines that leave the pods the time which their probes allow them. Without them a slow program's update would be
 * given up while its pods may still start.
 */
export function rolloutDeadlines(most: number, rollout: RolloutArgs, pod: PodArgs): RolloutDeadlines {
  const { strategy, maxUnavailable = 0, minReadySeconds = 0 } = rollout;
  const { containers, sidecars = [], terminationGracePeriodSeconds = 0 } = pod;
  const start = startAllowanceSeconds([...sidecars, ...containers]) + minReadySeconds;
  const progress = placementSeconds + start;
  const recreate = strategy === RolloutStrategy.Recreate;
  const atOnce = recreate ? most : surgeOf(rollout) + maxUnavailable;
  const stop = recreate || surgeOf(rollout) === 0 ? terminationGracePeriodSeconds : 0;
  const total = placementSeconds + Math.ceil(most / atOnce) * (start + stop);
  return {
    ...(progress > defaultDeadlineSeconds && { progressDeadlineSeconds: progress }),
    ...(total > defaultDeadlineSeconds && { customTimeouts: { create: `${total}s`, update: `${total}s` } }),
  };
}
