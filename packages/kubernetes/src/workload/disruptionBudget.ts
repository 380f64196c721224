import { checkCount, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** How many pods a drain of nodes may take away at once. Give one of the two. */
export interface DisruptionBudgetArgs {
  /**
   * Pods that may be missing.
   * @default 1
   */
  maxUnavailable?: number;
  /**
   * Pods that must remain; it must be below the fewest there ever are, or a drain never ends.
   * @default none
   */
  minAvailable?: number;
}

/** A budget that no drain can ever satisfy. */
export function checkDisruptionBudget(subject: string, budget: DisruptionBudgetArgs, fewest: number): Problem[] {
  const { minAvailable, maxUnavailable } = budget;
  const path = `${subject}.disruptionBudget`;
  const numbers = [
    ...checkCount(`${path}.minAvailable`, "not a number of pods", minAvailable, { least: 0 }),
    ...checkCount(`${path}.maxUnavailable`, "not a number of pods", maxUnavailable, { least: 0 }),
  ];
  if (numbers.length > 0) return numbers;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    return [
      {
        subject: path,
        message: "a budget states what may be missing or what must remain, not both",
        value: `minAvailable ${minAvailable}, maxUnavailable ${maxUnavailable}`,
        expected: "one of the two",
      },
    ];
  if (minAvailable !== undefined && minAvailable >= fewest)
    return [
      {
        subject: path,
        message: "with the fewest pods there are, none may ever be taken away, and a drain of a node never ends",
        value: `minAvailable ${minAvailable} of ${fewest}`,
        expected: `minAvailable below ${fewest}`,
        fix: "use maxUnavailable: 1, which fits any number of pods",
      },
    ];
  if (maxUnavailable !== undefined && fewest > 1 && maxUnavailable >= fewest)
    return [
      {
        subject: path,
        message: "a drain of nodes may evict every pod at once",
        value: `maxUnavailable ${maxUnavailable} of ${fewest}`,
        expected: `at most ${fewest - 1}`,
      },
    ];
  if (maxUnavailable === 0)
    return [
      {
        subject: path,
        message: "no pod may ever be taken away, and a drain of a node never ends",
        value: "maxUnavailable 0",
        expected: "1 or more",
      },
    ];
  return [];
}

export function disruptionBudget({
  minAvailable,
  maxUnavailable = 1,
}: DisruptionBudgetArgs): k8s.policy.v1.PodDisruptionBudgetSpec {
  return {
    ...(minAvailable === undefined ? { maxUnavailable } : { minAvailable }),
    // A pod that never became ready must not hold up a drain.
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  };
}
