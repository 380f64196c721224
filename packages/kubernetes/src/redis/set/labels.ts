import { recommendedLabels } from "@gatehouse/core";
import type { RedisHAArgs } from "./args.ts";
import type { RedisSet } from "./set.ts";

/** Labels that select the data pods. */
export function dataLabels({ podName }: RedisSet): Record<string, string> {
  return { "app.kubernetes.io/name": podName };
}

export function objectLabels({ labels }: RedisHAArgs, set: RedisSet, component: string): Record<string, string> {
  return { ...labels, ...recommendedLabels({ name: set.podName, component }), ...dataLabels(set) };
}
