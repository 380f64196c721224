import { type KubernetesApi, KubernetesError } from "../cluster/kubernetesApi.ts";
import { type StackObjects, title } from "./objects.ts";

/** Applies a stack's objects, and says what the API server refuses. */
export async function applyObjects(api: KubernetesApi, { stack, objects }: StackObjects): Promise<string[]> {
  const problems: string[] = [];
  const own = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
  const namespaces = new Set(objects.map(({ metadata }) => metadata.namespace).filter((name) => name !== undefined));
  // What belongs to others, as the namespace of Prometheus, is there before the stack.
  for (const name of namespaces)
    if (!own.includes(name)) await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  for (const object of objects) {
    try {
      await api.apply(object);
    } catch (error) {
      if (!(error instanceof KubernetesError)) throw error;
      problems.push(`${stack}: ${title(object)}: ${error.message}`);
    }
  }
  return problems;
}

/** Removes a stack's objects again. */
export async function removeObjects(api: KubernetesApi, { objects }: StackObjects): Promise<void> {
  for (const object of objects.filter(({ kind }) => kind === "Namespace")) await api.remove(object);
}
