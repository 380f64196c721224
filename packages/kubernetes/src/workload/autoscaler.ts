import type { Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkCount } from "../meta/count.ts";

/** Bounds and targets of a HorizontalPodAutoscaler. */
export interface ScalingArgs {
  /** Fewest pods. */
  minReplicas: number;
  /** Most pods. */
  maxReplicas: number;
  /**
   * Average CPU use, in percent of the request.
   * @default none
   */
  cpuPercent?: number;
  /**
   * Average memory use, in percent of the request.
   * @default none
   */
  memoryPercent?: number;
  /**
   * How fast pods are added.
   * @default as Kubernetes does it: at once, at most doubling or four pods in 15 s
   */
  scaleUp?: ScalingRateArgs;
  /**
   * How fast pods are taken away.
   * @default as Kubernetes does it: after 300 s, all at once
   */
  scaleDown?: ScalingRateArgs;
}

/** At most so many pods in so many seconds, after the need has lasted for some time. */
export interface ScalingRateArgs {
  /** Seconds over which the recommendation must hold. */
  stabilizationSeconds: number;
  /** Pods per period. */
  pods: number;
  /** Length of a period in seconds. */
  periodSeconds: number;
}

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

export function checkScaling(subject: string, scaling: ScalingArgs): Problem[] {
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent, scaleUp, scaleDown } = scaling;
  const path = `${subject}.scaling`;
  const problems = [
    ...checkCount(`${path}.minReplicas`, "an autoscaler cannot keep that number of pods", minReplicas, { least: 1 }),
    ...checkCount(`${path}.maxReplicas`, "an autoscaler cannot keep that number of pods", maxReplicas, { least: 1 }),
    ...checkCount(`${path}.cpuPercent`, "not a share of the request", cpuPercent, { least: 1 }),
    ...checkCount(`${path}.memoryPercent`, "not a share of the request", memoryPercent, { least: 1 }),
    ...(scaleUp ? checkRate(`${path}.scaleUp`, scaleUp) : []),
    ...(scaleDown ? checkRate(`${path}.scaleDown`, scaleDown) : []),
  ];
  if (minReplicas > maxReplicas)
    problems.push({
      subject: path,
      message: "the fewest pods are more than the most",
      value: `minReplicas ${minReplicas}, maxReplicas ${maxReplicas}`,
      expected: `minReplicas of at most ${maxReplicas}`,
      fix: "lower minReplicas or raise maxReplicas",
    });
  if (cpuPercent === undefined && memoryPercent === undefined)
    problems.push({
      subject: path,
      message: "the autoscaler has nothing to go by",
      expected: "cpuPercent, memoryPercent or both",
    });
  return problems;
}

/** Bounds of the API server. */
function checkRate(path: string, { stabilizationSeconds, pods, periodSeconds }: ScalingRateArgs): Problem[] {
  return [
    ...checkCount(`${path}.stabilizationSeconds`, "not a time that an autoscaler can wait", stabilizationSeconds, {
      least: 0,
      most: 3600,
    }),
    ...checkCount(`${path}.pods`, "not a number of pods", pods, { least: 1 }),
    ...checkCount(`${path}.periodSeconds`, "not a period of an autoscaler", periodSeconds, { least: 1, most: 1800 }),
  ];
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

function resourceMetric(name: string, averageUtilization: number | undefined): k8s.autoscaling.v2.MetricSpec[] {
  if (averageUtilization === undefined) return [];
  return [{ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } }];
}

function scalingRules(rate: ScalingRateArgs | undefined): k8s.autoscaling.v2.HPAScalingRules | undefined {
  if (!rate) return undefined;
  const { stabilizationSeconds, pods, periodSeconds } = rate;
  return {
    stabilizationWindowSeconds: stabilizationSeconds,
    policies: [{ type: "Pods", value: pods, periodSeconds }],
  };
}

export function autoscalerSpec(
  scaling: ScalingArgs,
): Omit<k8s.autoscaling.v2.HorizontalPodAutoscalerSpec, "scaleTargetRef"> {
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent, scaleUp, scaleDown } = scaling;
  return {
    minReplicas,
    maxReplicas,
    metrics: [...resourceMetric("cpu", cpuPercent), ...resourceMetric("memory", memoryPercent)],
    behavior: scaleUp || scaleDown ? { scaleUp: scalingRules(scaleUp), scaleDown: scalingRules(scaleDown) } : undefined,
  };
}
