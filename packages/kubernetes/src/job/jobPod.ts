import { checkCount, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** Annotations that keep node autoscalers from evicting a running Job's pod to consolidate nodes. */
export const keepsItsNode: Record<string, string> = {
  "karpenter.sh/do-not-disrupt": "true",
  "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
};

/**
 * A pod that a drain or a lost node has ended is replaced, and is not one of the failures that the Job's backoffLimit
 * counts.
 */
export const ignoresDisruptions: k8s.batch.v1.PodFailurePolicy = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
};

/** Checks a Job's numbers, and that its deadline leaves room for its retries. */
export function checkJobNumbers(subject: string, backoffLimit: number, activeDeadlineSeconds: number): Problem[] {
  const numbers = [
    ...checkCount(`${subject}.backoffLimit`, "not a number of retries", backoffLimit, { least: 0 }),
    ...checkCount(`${subject}.activeDeadlineSeconds`, "not a number of seconds", activeDeadlineSeconds, { least: 1 }),
  ];
  if (numbers.length > 0) return numbers;
  const delays = backoffSeconds(backoffLimit);
  if (delays < activeDeadlineSeconds) return [];
  return [
    {
      subject: `${subject}.activeDeadlineSeconds`,
      message: "the delays between the retries alone take longer than the Job may",
      value: `${activeDeadlineSeconds} s; ${backoffLimit} retries wait ${delays} s`,
      expected: `more than ${delays} s`,
      fix: "lower backoffLimit or raise activeDeadlineSeconds",
    },
  ];
}

/**
 * Seconds that a Job waits before its retries: 10, 20, 40 and so on, at most 360 each.
 *
 * https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy
 */
function backoffSeconds(retries: number): number {
  const steps = Array.from({ length: Math.min(retries, 6) }, (_, retry) => Math.min(10 * 2 ** retry, 360));
  return steps.reduce((sum, seconds) => sum + seconds, 0) + Math.max(retries - 6, 0) * 360;
}
