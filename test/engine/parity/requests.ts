import { unknown } from "../standIns/plugin.ts";

/** A request of a program to the engine, in plain values that can be compared. */
export interface PlainRequest {
  method: string;
  [field: string]: unknown;
}

/** Fields that say where in a program, or in which process, a request was made. */
const incidental = ["sourceposition", "stacktrace", "parentstacktracehandle", "registerstacktracehandle"];
/** Fields that hold tokens of callbacks, of which only the number says something. */
const tokens = ["transforms"];

interface WithGetters {
  constructor: { prototype: object };
  [getter: string]: unknown;
}

/** Reads all fields of a generated message by its getters. */
export function plainRequest(method: string, message: object): PlainRequest {
  return { method, ...(plainMessage(message) as object) };
}

function plainMessage(message: object): unknown {
  if ("toJavaScript" in message && typeof message.toJavaScript === "function")
    return JSON.parse(JSON.stringify((message.toJavaScript as () => unknown)()), unmarked) as unknown;
  const fields: Record<string, unknown> = {};
  const getters = Object.getOwnPropertyNames((message as WithGetters).constructor.prototype)
    .filter((name) => /^get[A-Z]/.test(name) && !/_as(U8|B64)$/.test(name))
    .sort();
  for (const getter of getters) {
    const field = getter
      .slice(3)
      .replace(/(List|Map)$/, "")
      .toLowerCase();
    if (incidental.includes(field)) continue;
    const read = (message as WithGetters)[getter] as () => unknown;
    const value = plainValue(read.call(message));
    const isUnset =
      value === undefined || value === "" || value === false || (Array.isArray(value) && value.length === 0);
    if (!isUnset) fields[field] = tokens.includes(field) ? (value as unknown[]).length : value;
  }
  return fields;
}

/** The recorder's own sign for a uid that only a server gives is an unknown like any other. */
function unmarked(_: string, value: unknown): unknown {
  return value === `uid:${unknown}` ? unknown : value;
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (typeof value !== "object" || value === null) return value;
  if ("getEntryList" in value) {
    const entries = [...(value as unknown as { entries(): Iterable<[string, unknown]> }).entries()];
    if (entries.length === 0) return undefined;
    return Object.fromEntries(
      entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, plainValue(inner)]),
    );
  }
  return plainMessage(value);
}

/** What a request is about: a resource's parent, type and name, a component's URN, or a function. */
export function subjectOf({ method, ...request }: PlainRequest): string {
  switch (method) {
    case "RegisterResource":
    case "ReadResource":
      return `${method} ${String(request.type)} ${String(request.name)} in ${JSON.stringify(request.parent)}`;
    case "RegisterResourceOutputs":
      return `${method} ${String(request.urn)}`;
    default:
      return `${method} ${String(request.tok)}(${JSON.stringify(request.args)})`;
  }
}
