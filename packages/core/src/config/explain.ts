import * as pulumi from "@pulumi/pulumi";
import { printPath, type Path } from "./configKey.ts";
import { isRecord, unknownValue } from "./decode.ts";
import { sets } from "./layers.ts";

/** Places that a value of the config comes from. */
export const ConfigOrigin = {
  /** The product's own default. */
  Default: "default",
  /** A layer, which several stacks share. */
  Layer: "layer",
  /** The stack's file. */
  Stack: "stack",
  /** No value: the key is optional. */
  Unset: "unset",
} as const;
export type ConfigOrigin = (typeof ConfigOrigin)[keyof typeof ConfigOrigin];

/** One value of a stack's config, and where it comes from. */
export interface ConfigEntry {
  /** The key with its path: `shield:scaling.minReplicas`. */
  key: string;
  /** The value; undefined for a secret and for what is not set. */
  value?: unknown;
  /** Whether the value is a secret, and so is not shown. */
  secret: boolean;
  origin: ConfigOrigin;
  /** Name of the layer, where it is one. */
  layer?: string;
}

/** Values that one place gives, from the weakest to the strongest. */
export interface ConfigSource {
  origin: ConfigOrigin;
  layer?: string;
  /** The values by bare key, as they were given. */
  values: Readonly<Record<string, unknown>>;
}

/** Takes a config apart into its leaves, each with the strongest source that says something of it. */
export function explainConfig(
  product: string,
  keys: string[],
  config: Readonly<Record<string, unknown>>,
  sources: ConfigSource[],
): ConfigEntry[] {
  return keys
    .flatMap((key) => leaves([key], config[key]))
    .map(({ path, value }) => entry(product, path, value, sources));
}

interface Leaf {
  path: Path;
  value: unknown;
}

/** Members one by one. A list is one leaf, as one source gives all of it, unless a part of it is a secret. */
function leaves(path: Path, value: unknown): Leaf[] {
  const members: [string | number, unknown][] = isRecord(value)
    ? Object.entries(value).filter(([, member]) => member !== undefined)
    : Array.isArray(value) && holdsOutput(value)
      ? [...(value as unknown[]).entries()]
      : [];
  if (members.length === 0) return [{ path, value }];
  return members.flatMap(([step, member]) => leaves([...path, step], member));
}

function entry(product: string, path: Path, value: unknown, sources: ConfigSource[]): ConfigEntry {
  const key = printPath(product, path);
  if (value === undefined) return { key, secret: false, origin: ConfigOrigin.Unset };
  const source = sources.findLast(({ values }) => sets(values[path[0]], path));
  // What was encrypted and no schema knows as a secret is not shown either.
  const secret = pulumi.Output.isInstance(value) || value === unknownValue;
  return {
    key,
    ...(!secret && { value }),
    secret,
    origin: source?.origin ?? ConfigOrigin.Default,
    ...(source?.layer !== undefined && { layer: source.layer }),
  };
}

function holdsOutput(value: unknown): boolean {
  if (pulumi.Output.isInstance(value)) return true;
  if (Array.isArray(value)) return value.some(holdsOutput);
  return isRecord(value) && Object.values(value).some(holdsOutput);
}
