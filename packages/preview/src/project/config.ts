import { UsageError } from "../errors.ts";
import { unknownSentinel } from "../record/wire.ts";

/** A stack's configuration as the program gets it: texts by "namespace:name". */
export interface StackConfig {
  values: Record<string, string>;
  /** Keys whose values are secret. */
  secretKeys: string[];
}

/** A value to set over what the stack's file says. */
export type ConfigOverride = string | number | boolean | object | { secret: string };

/** A declaration in the `config` of Pulumi.yaml. */
interface Declaration {
  type?: string;
  default?: unknown;
  value?: unknown;
  secret?: boolean;
}

interface Entry {
  text: string;
  isSecret: boolean;
}

/**
 * Puts a stack's configuration together: the project's defaults, the stack's own file, what is set on top.
 * A value that is encrypted becomes, or holds, the sentinel of an unknown, and its key is secret.
 *
 * @throws UsageError for a declared key that is missing or has a value of another type.
 */
export function stackConfig(
  project: string,
  stack: string,
  declared: Record<string, unknown>,
  own: Record<string, unknown>,
  overrides: Record<string, ConfigOverride>,
): StackConfig {
  const entries = new Map<string, Entry>();
  const declarations = new Map<string, Declaration>();
  for (const [name, value] of Object.entries(declared)) {
    const key = fullKey(project, name);
    const declaration = readDeclaration(value);
    declarations.set(key, declaration);
    const fallback = declaration.value ?? declaration.default;
    if (fallback !== undefined) entries.set(key, { ...readValue(fallback), isSecret: declaration.secret === true });
  }
  for (const [name, value] of Object.entries(own)) {
    const key = fullKey(project, name);
    const entry = readValue(value);
    entries.set(key, { ...entry, isSecret: entry.isSecret || declarations.get(key)?.secret === true });
  }
  for (const [name, value] of Object.entries(overrides)) entries.set(fullKey(project, name), readOverride(value));
  checkDeclarations(stack, declarations, entries);

  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    values: Object.fromEntries(sorted.map(([key, { text }]) => [key, text])),
    secretKeys: sorted.filter(([, { isSecret }]) => isSecret).map(([key]) => key),
  };
}

/** A key without a namespace belongs to the project. */
function fullKey(project: string, name: string): string {
  return name.includes(":") ? name : `${project}:${name}`;
}

function readDeclaration(value: unknown): Declaration {
  const keys = ["type", "default", "value", "secret", "description", "items"];
  const isDeclaration = isObject(value) && Object.keys(value).every((key) => keys.includes(key));
  return isDeclaration ? value : { value };
}

function readValue(value: unknown): Entry {
  let isSecret = false;
  const reveal = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(reveal);
    if (!isObject(part)) return part;
    const [key, ...others] = Object.keys(part);
    if (key === "secure" && others.length === 0 && typeof part.secure === "string") {
      isSecret = true;
      return unknownSentinel;
    }
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [name, reveal(inner)]));
  };
  return { text: toText(reveal(value)), isSecret };
}

function readOverride(value: ConfigOverride): Entry {
  if (isObject(value) && Object.keys(value).length === 1 && typeof value.secret === "string") {
    return { text: value.secret, isSecret: true };
  }
  return readValue(value);
}

function toText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === null || value === undefined ? "" : JSON.stringify(value);
}

function checkDeclarations(stack: string, declarations: Map<string, Declaration>, entries: Map<string, Entry>): void {
  for (const [key, { type }] of declarations) {
    if (type === undefined) continue;
    const text = entries.get(key)?.text;
    if (text === undefined) {
      throw new UsageError(`stack "${stack}" is missing configuration value "${key}", which Pulumi.yaml declares`);
    }
    if (!isOfType(text, type)) {
      throw new UsageError(`stack "${stack}" with configuration key "${key}" must be of type "${type}"`);
    }
  }
}

function isOfType(text: string, type: string): boolean {
  if (text === unknownSentinel) return true;
  switch (type) {
    case "boolean":
      return text === "true" || text === "false";
    case "integer":
      return /^-?\d+$/.test(text);
    case "number":
      return text !== "" && Number.isFinite(Number(text));
    case "array":
      return Array.isArray(tryParse(text));
    case "object":
      return isObject(tryParse(text));
    default:
      return true;
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
