import { parseDuration } from "../../../packages/core/src/values/durations.ts";
import {
  type CustomTimeouts,
  isPlainObject,
  isSecret,
  isUnknown,
  type Resource,
  type ResourceOptions,
  type StackGraph,
  type Value,
} from "../../../packages/preview/src/index.ts";
import { makeUrn } from "../../../packages/preview/src/graph/urn.ts";
import { containsUnknown, isObject, secretSignature, signatureKey, type WireValue } from "../standIns/plugin.ts";
import type { Subjects } from "./differences.ts";

/** What the engine's plan and the recorder's graph both say of a resource. Secrets and unknowns are only marked. */
interface Node {
  type: string;
  name: string;
  parent: string | null;
  custom: boolean;
  provider: string | null;
  inputs: Record<string, unknown>;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  options: Omit<ResourceOptions, "customTimeouts"> & { customTimeouts?: Record<string, number> };
}

interface Goal {
  type: string;
  name: string;
  parent?: string;
  custom: boolean;
  provider?: string;
  inputDiff: { adds?: Record<string, WireValue> };
  outputDiff: { adds?: Record<string, WireValue> };
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  protect?: boolean;
  deleteBeforeReplace?: boolean;
  ignoreChanges?: string[];
  additionalSecretOutputs?: string[];
  structuredAliases?: Alias[];
  customTimeouts?: Record<string, number>;
}

interface Alias {
  URN: string;
  Name: string;
  Type: string;
  Project: string;
  Stack: string;
  Parent: string;
  NoParent: boolean;
}

/** A resource's state as a preview would leave it: some of the options are not in the plan. */
interface State {
  retainOnDelete?: boolean;
  deletedWith?: string;
  replaceOnChanges?: string[];
}

export interface EnginePlan {
  goals: Record<string, Goal>;
  states: Record<string, State>;
}

const compared = "compared";
const inRequest = "no part of the graph; the request that it comes from is compared";
const ofOperation = "says what the engine does, not what the program asks for";

/** All that a goal of a plan may hold, by whether it is compared with the graph, or else why not. */
export const goalFields: Record<keyof Goal | "aliases" | "id", string> = {
  type: compared,
  name: compared,
  custom: compared,
  parent: compared,
  provider: compared,
  inputDiff: compared,
  outputDiff: "compared for the stack; the graph has no outputs of components, and their requests are compared",
  protect: compared,
  dependencies: compared,
  propertyDependencies: compared,
  deleteBeforeReplace: compared,
  ignoreChanges: compared,
  additionalSecretOutputs: compared,
  structuredAliases: compared,
  customTimeouts: compared,
  aliases: "the form that aliases had before structuredAliases; today's Node.js SDK never sends it",
  id: inRequest,
};

/** All that a state may hold beside what its goal says already. */
export const stateFields: Record<keyof State | StateOnly, string> = {
  retainOnDelete: compared,
  deletedWith: compared,
  replaceOnChanges: compared,
  replaceWith: inRequest,
  replacementTrigger: inRequest,
  resourceHooks: inRequest,
  hideDiff: inRequest,
  importID: inRequest,
  inputs: "a second account of the goal's inputs",
  outputs: "the provider's answer, which is not recorded",
  external: ofOperation,
  urn: "what states are found by",
  id: ofOperation,
  sourcePosition: "where in the program",
  stackTrace: "where in the program",
};
type StateOnly =
  | "replaceWith"
  | "replacementTrigger"
  | "resourceHooks"
  | "hideDiff"
  | "importID"
  | "inputs"
  | "outputs"
  | "external"
  | "urn"
  | "id"
  | "sourcePosition"
  | "stackTrace";

export function readPlan(plan: string, preview: string): EnginePlan {
  const { resourcePlans } = JSON.parse(plan) as { resourcePlans: Record<string, { goal?: Goal }> };
  const { steps } = JSON.parse(preview) as { steps: { urn: string; newState?: State }[] };
  return {
    goals: Object.fromEntries(Object.entries(resourcePlans).flatMap(([urn, { goal }]) => (goal ? [[urn, goal]] : []))),
    states: Object.fromEntries(steps.flatMap(({ urn, newState }) => (newState ? [[urn, newState]] : []))),
  };
}

/** The resources of the engine's plan, and the outputs of its stack. */
export function plannedResources({ goals, states }: EnginePlan): Subjects {
  return Object.entries(goals).flatMap(([urn, goal]) => {
    const node: [string, Node] = [urn, plannedNode(urn, goal, states[urn] ?? {})];
    if (goal.type !== "pulumi:pulumi:Stack") return [node];
    return [node, [`outputs of ${urn}`, simplified(goal.outputDiff.adds ?? {})]];
  });
}

function plannedNode(urn: string, goal: Goal, state: State): Node {
  return {
    type: goal.type,
    name: goal.name,
    parent: goal.parent ?? null,
    custom: goal.custom,
    provider: goal.provider?.split("::").slice(0, 4).join("::") ?? null,
    inputs: withoutEmptyInternal(simplified(goal.inputDiff.adds ?? {}) as Record<string, unknown>),
    dependencies: [...(goal.dependencies ?? [])].sort(),
    propertyDependencies: withoutEmpty(goal.propertyDependencies ?? {}),
    options: {
      protect: goal.protect === true,
      aliases: (goal.structuredAliases ?? []).map((alias) => aliasUrn(alias, urn, goal)),
      ignoreChanges: goal.ignoreChanges ?? [],
      replaceOnChanges: state.replaceOnChanges ?? [],
      ...(goal.deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace: goal.deleteBeforeReplace }),
      retainOnDelete: state.retainOnDelete === true,
      deletedWith: state.deletedWith ?? "",
      customTimeouts: goal.customTimeouts ?? {},
      additionalSecretOutputs: [...(goal.additionalSecretOutputs ?? [])].sort(),
    },
  };
}

function aliasUrn({ URN, Name, Type, Project, Stack, Parent, NoParent }: Alias, urn: string, goal: Goal): string {
  if (URN !== "") return URN;
  const [, stack = "", project = ""] = /^urn:pulumi:(.+?)::(.+?)::/.exec(urn) ?? [];
  const parent = NoParent ? null : Parent || (goal.parent ?? null);
  return makeUrn(Stack || stack, Project || project, parent, Type || goal.type, Name || goal.name);
}

/** The resources of a recorded graph that the program manages, and the outputs of its stack. */
export function recordedResources({ resources, outputs }: StackGraph): Subjects {
  return resources
    .filter(({ read }) => read !== true)
    .flatMap((resource) => {
      const node: [string, Node] = [resource.urn, recordedNode(resource)];
      if (resource.type !== "pulumi:pulumi:Stack") return [node];
      return [node, [`outputs of ${resource.urn}`, marked(outputs)]];
    });
}

function recordedNode({ options, ...resource }: Resource): Node {
  return {
    type: resource.type,
    name: resource.name,
    parent: resource.parent,
    custom: resource.custom,
    provider: resource.provider,
    inputs: asOneSecret(resource.type, marked(resource.inputs) as Record<string, unknown>),
    dependencies: resource.dependencies,
    propertyDependencies: withoutEmpty(resource.propertyDependencies),
    options: {
      protect: options.protect === true,
      aliases: options.aliases ?? [],
      ignoreChanges: options.ignoreChanges ?? [],
      replaceOnChanges: options.replaceOnChanges ?? [],
      ...(options.deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace: options.deleteBeforeReplace }),
      retainOnDelete: options.retainOnDelete === true,
      deletedWith: options.deletedWith ?? "",
      customTimeouts: seconds(options.customTimeouts ?? {}),
      additionalSecretOutputs: [...(options.additionalSecretOutputs ?? [])].sort(),
    },
  };
}

function seconds(timeouts: CustomTimeouts): Record<string, number> {
  return Object.fromEntries(Object.entries(timeouts).map(([key, text]) => [key, parseDuration(String(text)) / 1000]));
}

const secret = "[secret]";
const unknown = "[unknown]";

/** A value of the engine, in which the marks of secrets, unknowns and files are replaced by plain ones. */
function simplified(value: WireValue): unknown {
  if (Array.isArray(value)) return value.map(simplified);
  if (!isObject(value)) return containsUnknown(value) ? unknown : value;
  if (value[signatureKey] === secretSignature) return secret;
  // The engine reads files to know them by their hash; the recorder does not.
  const content = Object.entries(value).filter(
    ([key]) => !(signatureKey in value && [signatureKey, "hash"].includes(key)),
  );
  return Object.fromEntries(content.map(([key, inner]) => [key, simplified(inner)]));
}

/** A value of the graph in the same form. */
function marked(value: Value): unknown {
  if (isSecret(value)) return secret;
  if (isUnknown(value)) return unknown;
  if (Array.isArray(value)) return value.map(marked);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, marked(inner)]));
}

/** The engine's own notes of a provider are of interest only where something is in them. */
function withoutEmptyInternal({ __internal, ...inputs }: Record<string, unknown>): Record<string, unknown> {
  return isObject(__internal) && Object.keys(__internal).length > 0 ? { ...inputs, __internal } : inputs;
}

/** The graph shows the keys of a Kubernetes Secret, which is one secret as a whole to the engine. */
function asOneSecret(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  if (type !== "kubernetes:core/v1:Secret") return inputs;
  const isData = (key: string) => key === "data" || key === "stringData";
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, isData(key) ? secret : value]));
}

function withoutEmpty(dependencies: Record<string, string[]>): Record<string, string[]> {
  const present = Object.entries(dependencies).filter(([, urns]) => urns.length > 0);
  return Object.fromEntries(present.map(([key, urns]) => [key, [...urns].sort()]));
}
