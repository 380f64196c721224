import type { Path } from "./configKey.ts";
import { isRecord, parsed } from "./decode.ts";

/** Part of a config: objects may lack members, and a list is given as a whole. */
export type PartialConfig<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: PartialConfig<T[K]> }
    : T;

/**
 * Values that several stacks share, such as those of an environment or a region. A layer is plain text in the program, so
 * it holds no secrets.
 */
export interface ConfigLayer<Input> {
  /** Name, as `gatehouse config explain` prints it: `production`. */
  name: string;
  /** The values, by bare key. */
  values: PartialConfig<Input>;
}

/**
 * Lays one value over another. Objects are merged member by member; anything else replaces what is below it, also a list,
 * because entries of two lists cannot be told to be the same.
 */
export function overlay(below: unknown, above: unknown): unknown {
  if (above === undefined) return below;
  if (!isRecord(below) || !isRecord(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...keys].map((key) => [key, overlay(own(below, key), own(above, key))]));
}

/** A text of the stack's file as what it stands for: an object or list that was written as JSON. */
export function fromText(text: string | undefined): unknown {
  // A text "null" stays: only its schema knows whether it is one.
  return parsed(text) ?? text;
}

/** Whether a value says what is at a path: as a member of its own, or as a value that replaces all of it. */
export function sets(value: unknown, [, ...steps]: Path): boolean {
  let part = value;
  for (const step of steps) {
    if (!isRecord(part)) break;
    part = own(part, String(step));
  }
  return part !== undefined;
}

function own(members: unknown, key: string): unknown {
  return isRecord(members) && Object.hasOwn(members, key) ? members[key] : undefined;
}
