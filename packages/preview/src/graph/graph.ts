/**
 * The resource graph: what a program asks the engine to create, with nothing of how it was found out.
 * Reports, manifests and checks are made from it alone.
 */

import { providerTypePrefix } from "./urn.ts";

/** A value that only a cloud can answer, with the URNs of the resources that it comes from. */
export interface Unknown {
  $unknown: string[];
}

/** A secret: an HMAC of its value under the user's key, or `null` when there is no key or no known value. */
export interface Secret {
  $secret: string | null;
}

/** A property's value. Objects have their keys in alphabetical order. */
export type Value = null | boolean | number | string | Value[] | Unknown | Secret | { [key: string]: Value };

/** Properties by name. */
export type Properties = Record<string, Value>;

/** How long the engine waits for an operation, in Go's notation ("5m"). */
export interface CustomTimeouts {
  create?: string;
  update?: string;
  delete?: string;
  read?: string;
}

/** A resource's options, each only where it is set: by the program, a transform, or inherited from the parent. */
export interface ResourceOptions {
  protect?: boolean;
  /** URNs that the resource had before. */
  aliases?: string[];
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  deleteBeforeReplace?: boolean;
  retainOnDelete?: boolean;
  /** URN of the resource whose deletion deletes this one too. */
  deletedWith?: string;
  customTimeouts?: CustomTimeouts;
  additionalSecretOutputs?: string[];
}

export interface Resource {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; the stack itself and default providers have none. */
  parent: string | null;
  /** True for what a provider manages, false for a component. */
  custom: boolean;
  /** URN of the provider; components and providers have none. */
  provider: string | null;
  inputs: Properties;
  /** URNs, sorted. */
  dependencies: string[];
  /** URNs, sorted, by the input that they come through. */
  propertyDependencies: Record<string, string[]>;
  options: ResourceOptions;
  /** True for a resource that the program reads and does not manage. Absent otherwise. */
  read?: true;
}

export interface Diagnostic {
  /** `error` means that the stack failed. What the program prints is `info` (stdout) or `warning` (stderr). */
  severity: "info" | "warning" | "error";
  message: string;
  /** The resource that it is about. */
  urn?: string;
}

export interface StackGraph {
  stack: string;
  /** Parents first, then by URN. */
  resources: Resource[];
  outputs: Properties;
  diagnostics: Diagnostic[];
}

/** The output of `gatehouse preview --json`. */
export interface Graph {
  version: 1;
  stacks: StackGraph[];
}

export function isUnknown(value: Value | undefined): value is Unknown {
  return isObject(value) && Array.isArray(value.$unknown);
}

export function isSecret(value: Value | undefined): value is Secret {
  return isObject(value) && "$secret" in value;
}

/** True for an object that is neither unknown nor secret. */
export function isPlainObject(value: Value | undefined): value is { [key: string]: Value } {
  return isObject(value) && !isUnknown(value) && !isSecret(value);
}

/** True if the program failed in this stack. */
export function hasFailed(stack: StackGraph): boolean {
  return stack.diagnostics.some((diagnostic) => diagnostic.severity === "error");
}

/** True for what the stack creates: no component, nothing that is only read, no default provider. */
export function isManaged({ custom, read, type, parent }: Resource): boolean {
  return custom && read !== true && !(type.startsWith(providerTypePrefix) && parent === null);
}

/** True for a component that its provider's own process makes: the resources in it are not known offline. */
export function isRemote({ custom, provider }: Resource): boolean {
  return !custom && provider !== null;
}

/** The resources in the graph's order: parents first, then by URN. */
export function sortResources(resources: Iterable<Resource>): Resource[] {
  const all = [...resources];
  const byUrn = new Map(all.map((resource) => [resource.urn, resource]));
  const depths = new Map<Resource, number>();
  const depth = (resource: Resource): number => {
    let known = depths.get(resource);
    if (known === undefined) {
      const parent = resource.parent === null ? undefined : byUrn.get(resource.parent);
      known = parent === undefined ? 0 : depth(parent) + 1;
      depths.set(resource, known);
    }
    return known;
  };
  return all.sort((a, b) => depth(a) - depth(b) || compareText(a.urn, b.urn));
}

/** Order by code units: the same on every machine, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Reads a graph from JSON text.
 *
 * @throws Error if the text is not a graph of a version that this release reads.
 */
export function readGraph(text: string): Graph {
  const graph: unknown = JSON.parse(text);
  if (typeof graph !== "object" || graph === null || !("version" in graph) || !("stacks" in graph)) {
    throw new Error('this is not a resource graph: it has no "version" and "stacks"');
  }
  if (graph.version !== 1) {
    throw new Error(`resource graph of version ${JSON.stringify(graph.version)}; this release reads version 1`);
  }
  return graph as Graph;
}

/** The graph as `--json` prints it. */
export function writeGraph(graph: Graph): string {
  return `${JSON.stringify(graph, null, 2)}\n`;
}

function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
