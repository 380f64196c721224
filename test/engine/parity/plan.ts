import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Resource, type StackGraph } from "../../../packages/preview/src/index.ts";
import type { PulumiProject } from "../pulumi/project.ts";

/** What both a plan of the engine and a graph of the recorder say of a resource. */
interface Node {
  parent: string | null;
  custom: boolean;
  provider: string | null;
  inputs: string[];
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  protect: boolean;
  deleteBeforeReplace: boolean;
  ignoreChanges: string[];
  additionalSecretOutputs: string[];
}

interface Goal {
  type: string;
  parent?: string;
  custom: boolean;
  provider?: string;
  inputDiff: { adds?: Record<string, unknown> };
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  protect?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  additionalSecretOutputs?: string[];
}

/** The resources of the engine's plan for a new stack, by URN. */
export async function plannedResources(project: PulumiProject, stack: string): Promise<Record<string, Node>> {
  const file = join(project.scope.directory, `plan-${stack}.json`);
  const { status, output } = await project.preview(stack, "--save-plan", file);
  if (status !== 0) throw new Error(`${stack}: ${output}`);
  const plan = JSON.parse(readFileSync(file, "utf8")) as { resourcePlans: Record<string, { goal?: Goal }> };
  const goals = Object.entries(plan.resourcePlans).flatMap(([urn, { goal }]) => (goal ? [[urn, goal] as const] : []));
  const own = goals.filter(([, { type, custom, parent }]) => !isDefaultProvider(type, custom, parent));
  return sorted(
    own.map(([urn, goal]) => [
      urn,
      {
        parent: goal.parent ?? null,
        custom: goal.custom,
        provider: goal.provider?.split("::").slice(0, 4).join("::") ?? null,
        inputs: Object.keys(goal.inputDiff.adds ?? {}).sort(),
        dependencies: [...(goal.dependencies ?? [])].sort(),
        propertyDependencies: withoutEmpty(goal.propertyDependencies ?? {}),
        protect: goal.protect === true,
        deleteBeforeReplace: goal.deleteBeforeReplace === true,
        ignoreChanges: goal.ignoreChanges ?? [],
        additionalSecretOutputs: [...(goal.additionalSecretOutputs ?? [])].sort(),
      },
    ]),
  );
}

/** The resources of a recorded graph that the program manages, by URN. */
export function recordedResources({ resources }: StackGraph): Record<string, Node> {
  const own = resources.filter(
    ({ type, custom, parent, read }) => read !== true && !isDefaultProvider(type, custom, parent ?? undefined),
  );
  return sorted(own.map((resource) => [resource.urn, recordedNode(resource)]));
}

function recordedNode({ options, ...resource }: Resource): Node {
  return {
    parent: resource.parent,
    custom: resource.custom,
    provider: resource.provider,
    inputs: Object.keys(resource.inputs).sort(),
    dependencies: resource.dependencies,
    propertyDependencies: withoutEmpty(resource.propertyDependencies),
    protect: options.protect === true,
    deleteBeforeReplace: options.deleteBeforeReplace === true,
    ignoreChanges: options.ignoreChanges ?? [],
    additionalSecretOutputs: [...(options.additionalSecretOutputs ?? [])].sort(),
  };
}

/** Default providers are the engine's, not the program's. */
function isDefaultProvider(type: string, custom: boolean, parent: string | undefined): boolean {
  return custom && type.startsWith("pulumi:providers:") && parent === undefined;
}

function withoutEmpty(dependencies: Record<string, string[]>): Record<string, string[]> {
  const present = Object.entries(dependencies).filter(([, urns]) => urns.length > 0);
  return Object.fromEntries(present.map(([key, urns]) => [key, [...urns].sort()]));
}

function sorted(entries: [string, Node][]): Record<string, Node> {
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
