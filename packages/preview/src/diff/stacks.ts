import { compareText } from "../graph/graph.ts";
import type { Graph, Resource, Value } from "../graph/graph.ts";
import { diffValues } from "./values.ts";
import type { PropertyChange } from "./values.ts";

/** What happens to one resource between two records. */
export interface ResourceChange {
  stack: string;
  urn: string;
  /** `rename`: the same resource under another URN, by an alias. */
  action: "create" | "delete" | "update" | "rename";
  /** The URN before a rename. */
  oldUrn?: string;
  changes: PropertyChange[];
}

/** The differences of two records, by stack and URN. */
export function diffGraphs(before: Graph, after: Graph): ResourceChange[] {
  const names = [...before.stacks, ...after.stacks].map(({ stack }) => stack);
  return [...new Set(names)].sort(compareText).flatMap((stack) => {
    const of = (graph: Graph): Resource[] => graph.stacks.find((one) => one.stack === stack)?.resources ?? [];
    return diffResources(stack, of(before), of(after));
  });
}

function diffResources(stack: string, before: Resource[], after: Resource[]): ResourceChange[] {
  const old = new Map(before.map((resource) => [resource.urn, resource]));
  const now = new Set(after.map(({ urn }) => urn));
  const result: ResourceChange[] = [];
  for (const resource of after) {
    const { urn } = resource;
    const alias = old.has(urn)
      ? undefined
      : resource.options.aliases?.find((other) => old.has(other) && !now.has(other));
    const previous = old.get(alias ?? urn);
    old.delete(alias ?? urn);
    if (previous === undefined) {
      result.push({ stack, urn, action: "create", changes: [] });
      continue;
    }
    const changes = diffValues(comparable(previous), comparable(resource));
    if (alias !== undefined) result.push({ stack, urn, action: "rename", oldUrn: alias, changes });
    else if (changes.length > 0) result.push({ stack, urn, action: "update", changes });
  }
  for (const urn of old.keys()) result.push({ stack, urn, action: "delete", changes: [] });
  return result.sort((a, b) => compareText(a.urn, b.urn));
}

function comparable({ inputs, options: { aliases: _, ...options }, provider, parent }: Resource): Value {
  return { inputs, options: { ...options } as Record<string, Value>, provider, parent };
}
