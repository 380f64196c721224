import { checkBytes, checkCpu, compareQuantities, type Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** An amount of each resource that the scheduler and the kubelet account for. */
export interface ResourceAmountsArgs {
  /** CPU time, as a Kubernetes quantity: "250m" is a quarter of a core. */
  cpu: string;
  /** Memory, as a Kubernetes quantity: "512Mi". */
  memory: string;
  /**
   * Disk for logs, the writable layer and emptyDir volumes.
   * @default "64Mi" as a request, "1Gi" as a limit
   */
  ephemeralStorage?: string;
}

/** What a container asks for, and what it must not exceed. */
export interface ResourcesArgs {
  /** What the scheduler sets aside. */
  requests: ResourceAmountsArgs;
  /** Above the memory limit the container is killed, above the CPU limit it is throttled. */
  limits: ResourceAmountsArgs;
}

const ephemeralStorageDefault = { requests: "64Mi", limits: "1Gi" };

function amounts(args: ResourcesArgs, of: "requests" | "limits"): Record<string, string> {
  const { cpu, memory, ephemeralStorage = ephemeralStorageDefault[of] } = args[of];
  return { cpu, memory, "ephemeral-storage": ephemeralStorage };
}

/** An amount that cannot be read, or a request above its limit, which the API server would refuse. */
export function checkResources(subject: string, args: ResourcesArgs): Problem[] {
  const limits = amounts(args, "limits");
  const unreadable = (["requests", "limits"] as const).flatMap((of) =>
    Object.entries(amounts(args, of)).flatMap(([resource, amount]) =>
      (resource === "cpu" ? checkCpu : checkBytes)(amount, `${subject}.resources.${of}.${resource}`),
    ),
  );
  if (unreadable.length > 0) return unreadable;
  return Object.entries(amounts(args, "requests")).flatMap(([resource, request]) => {
    const limit = limits[resource] ?? request;
    if (compareQuantities(request, limit) <= 0) return [];
    return {
      subject: `${subject}.resources`,
      message: `the ${resource} request is above the limit`,
      value: `request ${request}, limit ${limit}`,
      expected: `a request of at most ${limit}`,
      fix: "raise the limit or lower the request",
    };
  });
}

export function resourceRequirements(args: ResourcesArgs): k8s.core.v1.ResourceRequirements {
  return { requests: amounts(args, "requests"), limits: amounts(args, "limits") };
}
