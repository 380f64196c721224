import { checkBytes, checkCount, checkCpu, parseQuantity, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { ResourcesArgs } from "../../pod/container/resources.ts";
import { type AdapterRuleArgs, checkPodMetrics, type PodMetricArgs, podMetricSpecs } from "./podMetrics.ts";

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
   * Metrics of the pods, each made by one of `adapterRules`.
   * @default none
   */
  podMetrics?: PodMetricArgs[];
  /**
   * Rules of the cluster's prometheus-adapter that make the metrics. Nothing is installed: `prometheusAdapterRules`
   * renders them for the cluster's operator.
   * @default none
   */
  adapterRules?: AdapterRuleArgs[];
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

/** Checks bounds and targets of an autoscaler against each other and against what the pods may use. */
export function checkScaling(subject: string, scaling: ScalingArgs, resources: ResourcesArgs): Problem[] {
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent, scaleUp, scaleDown } = scaling;
  const { podMetrics = [], adapterRules = [] } = scaling;
  const path = `${subject}.scaling`;
  const problems = [
    ...checkCount(`${path}.minReplicas`, "an autoscaler cannot keep that number of pods", minReplicas, { least: 1 }),
    ...checkCount(`${path}.maxReplicas`, "an autoscaler cannot keep that number of pods", maxReplicas, { least: 1 }),
    ...checkCount(`${path}.cpuPercent`, "not a share of the request", cpuPercent, { least: 1 }),
    ...checkCount(`${path}.memoryPercent`, "not a share of the request", memoryPercent, { least: 1 }),
    ...checkTargets(path, scaling, resources),
    ...checkPodMetrics(path, podMetrics, adapterRules),
    ...(scaleUp ? checkRate(`${path}.scaleUp`, scaleUp) : []),
    ...(scaleDown ? checkRate(`${path}.scaleDown`, scaleDown) : []),
  ];
  if (minReplicas > maxReplicas)
    problems.push({
      subject: path,
      message: "minReplicas is greater than maxReplicas",
      value: `minReplicas ${minReplicas}, maxReplicas ${maxReplicas}`,
      expected: `minReplicas of at most ${maxReplicas}`,
      fix: "lower minReplicas or raise maxReplicas",
    });
  if (cpuPercent === undefined && memoryPercent === undefined && podMetrics.length === 0)
    problems.push({
      subject: path,
      message: "the autoscaler has nothing to go by",
      expected: "at least one of cpuPercent, memoryPercent and podMetrics",
    });
  return problems;
}

/** Targets that the pods can never exceed, because the limit is below them. */
function checkTargets(path: string, scaling: ScalingArgs, { requests, limits }: ResourcesArgs): Problem[] {
  const targets = { cpu: scaling.cpuPercent, memory: scaling.memoryPercent };
  return (["cpu", "memory"] as const).flatMap((resource) => {
    const percent = targets[resource];
    const [request, limit] = [requests[resource], limits[resource]];
    const check = resource === "cpu" ? checkCpu : checkBytes;
    if (percent === undefined || [request, limit].some((amount) => check(amount, path).length > 0)) return [];
    const reachable = Number((100n * parseQuantity(limit).nanos) / parseQuantity(request).nanos);
    // A request above its limit is a problem already.
    if (reachable < 100 || percent < reachable) return [];
    return [
      {
        subject: `${path}.${resource}Percent`,
        message: "the limit keeps the use below the target, so the autoscaler never adds a pod",
        value: `${percent} % of the request ${request}, with a limit of ${limit}`,
        expected: `less than ${reachable}`,
      },
    ];
  });
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

/** Of the main container alone: sidecars would dilute the average of the pod. */
function resourceMetric(
  name: string,
  container: string,
  averageUtilization: number | undefined,
): k8s.autoscaling.v2.MetricSpec[] {
  if (averageUtilization === undefined) return [];
  const target = { type: "Utilization", averageUtilization };
  return [{ type: "ContainerResource", containerResource: { name, container, target } }];
}

function scalingRules(rate: ScalingRateArgs | undefined): k8s.autoscaling.v2.HPAScalingRules | undefined {
  if (!rate) return undefined;
  const { stabilizationSeconds, pods, periodSeconds } = rate;
  return {
    stabilizationWindowSeconds: stabilizationSeconds,
    policies: [{ type: "Pods", value: pods, periodSeconds }],
  };
}

/** Spec of an autoscaler that goes by one container of each pod. */
export function autoscalerSpec(
  scaling: ScalingArgs,
  container: string,
): Omit<k8s.autoscaling.v2.HorizontalPodAutoscalerSpec, "scaleTargetRef"> {
  const { minReplicas, maxReplicas, cpuPercent, memoryPercent, podMetrics = [], scaleUp, scaleDown } = scaling;
  return {
    minReplicas,
    maxReplicas,
    metrics: [
      ...resourceMetric("cpu", container, cpuPercent),
      ...resourceMetric("memory", container, memoryPercent),
      ...podMetricSpecs(podMetrics),
    ],
    behavior: scaleUp || scaleDown ? { scaleUp: scalingRules(scaleUp), scaleDown: scalingRules(scaleDown) } : undefined,
  };
}
