import { isPlainObject } from "../graph/graph.ts";
import type { Value } from "../graph/graph.ts";

/** Fields that name an item of a list, the best first. */
const candidates = ["name", "mountPath", "containerPort", "port", "id", "ruleId", "Sid", "sid", "key", "topologyKey"];

type Items = Map<string | number, Value>;

/** The field by which the items of two lists can be told apart, with the items of each list by it. */
export function keyOfLists(before: Value[], after: Value[]): { key: string; old: Items; now: Items } | undefined {
  if (before.length + after.length === 0) return undefined;
  for (const key of candidates) {
    const old = byKey(before, key);
    const now = old === undefined ? undefined : byKey(after, key);
    if (old !== undefined && now !== undefined) return { key, old, now };
  }
  return undefined;
}

function byKey(list: Value[], key: string): Items | undefined {
  const items: Items = new Map();
  for (const item of list) {
    if (!isPlainObject(item) || !Object.hasOwn(item, key)) return undefined;
    const is = item[key];
    if ((typeof is !== "string" && typeof is !== "number") || items.has(is)) return undefined;
    items.set(is, item);
  }
  return items;
}
