import { isPlainObject } from "../../src/graph/graph.ts";
import type { Value } from "../../src/graph/graph.ts";
import type { PropertyChange, Step } from "../../src/diff/values.ts";

/** The value after the changes. `applyChanges(a, diffValues(a, b))` is `b`. */
export function applyChanges(value: Value, changes: PropertyChange[]): Value {
  const here = changes.find(({ path }) => path.length === 0);
  if (here !== undefined && here.kind !== "order") return here.after ?? null;
  if (changes.length === 0) return value;
  if (Array.isArray(value)) return applyToList(value, changes);
  if (!isPlainObject(value)) throw new Error("a change leads into a value that has no parts");
  const result = new Map(Object.entries(value));
  for (const [step, inner] of byStep(changes)) {
    const key = typeof step === "object" ? step.key : String(step);
    const end = inner.find(({ path }) => path.length === 1 && path[0] === key);
    if (end?.kind === "removed") result.delete(key);
    else if (end?.kind === "added") result.set(key, end.after ?? null);
    else result.set(key, applyChanges(result.get(key) ?? null, inner.map(within)));
  }
  return Object.fromEntries(result);
}

function applyToList(list: Value[], changes: PropertyChange[]): Value {
  const removed = new Set<number>();
  const added: PropertyChange[] = [];
  const inner = new Map<number, PropertyChange[]>();
  for (const change of changes) {
    const [step] = change.path;
    if (step === undefined) continue;
    if (change.path.length === 1 && change.kind === "added") added.push(change);
    else if (change.path.length === 1 && change.kind === "removed") removed.add(change.index ?? -1);
    else {
      const index = indexOf(list, step);
      inner.set(index, [...(inner.get(index) ?? []), within(change)]);
    }
  }
  let kept = list
    .map((item, index) => ({ index, before: item, after: applyChanges(item, inner.get(index) ?? []) }))
    .filter(({ index }) => !removed.has(index));
  const order = changes.find(({ path, kind }) => path.length === 0 && kind === "order");
  if (order !== undefined && Array.isArray(order.before) && Array.isArray(order.after)) {
    const old = order.before;
    kept = order.after.map((is) => kept[old.indexOf(is)]).filter((item) => item !== undefined);
  }
  const result = kept.map(({ after }) => after);
  for (const { index, after } of added.sort((a, b) => (a.index ?? 0) - (b.index ?? 0))) {
    result.splice(index ?? 0, 0, after ?? null);
  }
  return result;
}

function indexOf(list: Value[], step: Step): number {
  if (typeof step === "number") return step;
  if (typeof step === "string") return -1;
  return list.findIndex((item) => isPlainObject(item) && item[step.key] === step.is);
}

function byStep(changes: PropertyChange[]): Map<Step | undefined, PropertyChange[]> {
  return Map.groupBy(changes, ({ path }) => path[0]);
}

function within(change: PropertyChange): PropertyChange {
  return { ...change, path: change.path.slice(1) };
}
