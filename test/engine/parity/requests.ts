import { makeUrn } from "../../../packages/preview/src/graph/urn.ts";
import { unknown } from "../standIns/plugin.ts";
import type { Subjects } from "./differences.ts";

/** A request of a program to the engine, in plain values that can be compared. */
export interface PlainRequest {
  method: string;
  [field: string]: unknown;
}

/** Fields that say where in a program, or in which process, a request was made. */
const incidental = [
  "sourceposition",
  "stacktrace",
  "parentstacktracehandle",
  "registerstacktracehandle",
  "callback",
  "token",
  "target",
];
/** Fields that hold tokens of callbacks, of which only the number says something. */
const tokens = ["transforms", "statemigrations"];

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
    const value = plainValue((message as Record<string, () => unknown>)[getter]?.());
    if (isSet(message as WithGetters, getter, value))
      fields[field] = tokens.includes(field) ? (value as unknown[]).length : value;
  }
  return fields;
}

/** An option that is false is another one than an option that is not there, where the message tells them apart. */
function isSet(message: WithGetters, getter: string, value: unknown): boolean {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return false;
  const has = message[getter.replace("get", "has")];
  if (typeof has === "function" && has.call(message) === true) return true;
  return value !== "" && value !== false;
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

/** Requests by what they are about: a resource's URN, or a function. */
export function bySubject(requests: PlainRequest[]): Subjects {
  return requests.map((request) => [subjectOf(request), request]);
}

function subjectOf({ method, parent, type, name, urn, tok }: PlainRequest): string {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  switch (method) {
    case "RegisterResource":
    case "ReadResource": {
      const [, stack = "", project = ""] = /^urn:pulumi:(.+?)::(.+?)::/.exec(text(parent)) ?? [];
      const own = parent === undefined ? `${text(type)}::${text(name)}` : undefined;
      return `${method} ${own ?? makeUrn(stack, project, text(parent), text(type), text(name))}`;
    }
    default:
      return [method, text(urn), text(tok), text(name)].filter((word) => word !== "").join(" ");
  }
}
