import type { Resource } from "../graph/graph.ts";

/** True for a resource that is one Kubernetes object. A `Patch` changes an object that something else manages. */
export function isKubernetesObject({ type, custom, read, inputs }: Resource): boolean {
  const isObject = typeof inputs.apiVersion === "string" && typeof inputs.kind === "string";
  return custom && read !== true && type.startsWith("kubernetes:") && isObject && !type.endsWith("Patch");
}
