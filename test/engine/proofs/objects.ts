import { join } from "node:path";
import { parse } from "yaml";
import { hasFailed, previewAll } from "../../../packages/preview/src/index.ts";
import { manifests } from "../../../packages/preview/src/render/manifests.ts";
import { findProject, stackNames } from "../../../packages/preview/src/project/project.ts";
import type { KubernetesObject } from "../cluster/kubernetesApi.ts";

export const repository = join(import.meta.dirname, "../../..");

/** Every stack of the project. */
export const allStacks = stackNames(findProject(repository));
export const productionStacks = allStacks.filter((stack) => stack.endsWith("-prod"));

/** The Kubernetes objects of a stack, as its preview gives them. */
export interface StackObjects {
  stack: string;
  objects: KubernetesObject[];
}

/**
 * The objects of a project's stacks, in the order in which they can be applied; stacks without any are left out.
 * @throws Error where a stack's program fails.
 */
export async function stackObjects(
  project = repository,
  stacks: string[] = [],
  config: Record<string, string> = {},
): Promise<StackObjects[]> {
  const graph = await previewAll({ project, stacks, config });
  const failed = graph.stacks.find(hasFailed);
  if (failed !== undefined)
    throw new Error(`${failed.stack}: ${failed.diagnostics.map(({ message }) => message).join("\n")}`);
  return graph.stacks
    .map((stack) => ({
      stack: stack.stack,
      objects: manifests(stack).map(({ text }) => parse(text, { version: "1.1" }) as KubernetesObject),
    }))
    .filter(({ objects }) => objects.length > 0);
}

/** Kind, namespace and name. */
export function title({ kind, metadata: { namespace, name } }: KubernetesObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

export interface PodTemplate {
  /** The object that makes the pods. */
  owner: KubernetesObject;
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

export interface PodSpec extends Record<string, unknown> {
  containers: Record<string, unknown>[];
  initContainers?: Record<string, unknown>[];
  volumes?: Record<string, unknown>[];
  securityContext?: Record<string, unknown>;
}

/** The templates that the objects make pods from. */
export function podTemplates(objects: KubernetesObject[]): PodTemplate[] {
  return objects.flatMap((owner) => {
    const spec = owner.spec ?? {};
    const jobSpec = (spec.jobTemplate as { spec?: Record<string, unknown> } | undefined)?.spec;
    const template = (jobSpec ?? spec).template as Partial<Omit<PodTemplate, "owner">> | undefined;
    if (template?.spec === undefined) return [];
    // A StatefulSet gives its pods a volume for each of its claims.
    const claims = ((spec.volumeClaimTemplates ?? []) as KubernetesObject[]).map(({ metadata: { name } }) => ({
      name,
      persistentVolumeClaim: { claimName: name },
    }));
    const volumes = [...(template.spec.volumes ?? []), ...claims];
    return [{ spec: { ...template.spec, volumes }, metadata: template.metadata ?? {}, owner }];
  });
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
}

/** Whether a selector selects what has these labels; an empty one selects all. */
export function matches(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Record<string, string> = {},
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`no operator of a selector: ${operator}`);
      }
    })
  );
}
