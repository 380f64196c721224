import { alternatives, schemaAt } from "./jsonSchema.ts";
import type { JsonSchema } from "./jsonSchema.ts";

const formats: Record<string, string> = {
  uri: "a URL",
  email: "an e-mail address",
  uuid: "a UUID",
  hostname: "a host name",
  ipv4: "an IPv4 address",
  ipv6: "an IPv6 address",
  cidrv4: "an IPv4 range such as 10.0.0.0/16",
  cidrv6: "an IPv6 range such as fd00::/64",
  date: "a date such as 2026-01-31",
  "date-time": "a time such as 2026-01-31T12:00:00Z",
  time: "a time of day such as 12:00:00",
  duration: "an ISO 8601 duration such as PT5M",
};

/** The values that a schema accepts, in words: "a whole number from 1 to 65535". */
export function words(schema: JsonSchema | undefined): string {
  if (schema === undefined) return "a value";
  if (schema.writeOnly === true) return "a secret";
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return oneOf(schema.enum);
  const branches = alternatives(schema);
  if (branches.length > 0) {
    const constants = branches.map((branch) => branch.const);
    return constants.every((value) => value !== undefined) ? oneOf(constants) : branches.map(words).join(", or ");
  }
  switch (schema.type) {
    case "string":
      return ofString(schema);
    case "integer":
      return range("a whole number", schema);
    case "number":
      return range("a number", schema);
    case "boolean":
      return "true or false";
    case "null":
      return "null";
    case "array":
      return ofArray(schema);
    case "object":
      return ofObject(schema);
    default:
      return "a value";
  }
}

/** A value as it is written in a sentence. */
export function literal(value: unknown): string {
  return typeof value === "string" && /^[^\s,"]+$/.test(value) ? value : JSON.stringify(value);
}

function oneOf(values: readonly unknown[]): string {
  const texts = values.map(literal);
  return texts.length === 1 ? texts.join() : `one of ${texts.join(", ")}`;
}

function ofString(schema: JsonSchema): string {
  const format = schema.format === undefined ? undefined : formats[schema.format];
  const patterns = [schema.pattern, ...(schema.allOf ?? []).map(({ pattern }) => pattern)].filter(
    (pattern) => pattern !== undefined,
  );
  return [
    format ?? "a string",
    ...bounds(schema.minLength, schema.maxLength, "character"),
    ...(format === undefined ? patterns.map((pattern) => `that matches /${pattern}/`) : []),
  ].join(" ");
}

function ofArray(schema: JsonSchema): string {
  const { items } = schema;
  return [
    "a list",
    ...bounds(schema.minItems, schema.maxItems, "entry", "entries"),
    ...(typeof items === "object" && !Array.isArray(items) ? [`whose every entry is ${words(items)}`] : []),
  ].join(" ");
}

function ofObject(schema: JsonSchema): string {
  const names = Object.keys(schema.properties ?? {});
  if (names.length === 0) {
    const { additionalProperties } = schema;
    return typeof additionalProperties === "object"
      ? `a map whose every value is ${words(additionalProperties)}`
      : "a map";
  }
  const required = names.filter((name) => schema.required?.includes(name));
  const optional = names.filter((name) => !schema.required?.includes(name));
  const parts = [
    ...(required.length > 0 ? [listed(required, schema)] : []),
    ...(optional.length > 0
      ? [`${required.length > 0 ? "and, if wanted," : "any of"} ${listed(optional, schema)}`]
      : []),
  ];
  return `a map with ${parts.join(" ")}`;
}

/** A member with one possible value tells the forms of a union apart. */
function listed(names: string[], schema: JsonSchema): string {
  return names
    .map((name) => {
      const constant = schemaAt(schema, [name])?.const;
      return constant === undefined ? name : `${name}: ${literal(constant)}`;
    })
    .join(", ");
}

function range(noun: string, schema: JsonSchema): string {
  // An integer without limits carries those of a JavaScript number.
  const least = schema.minimum === Number.MIN_SAFE_INTEGER ? undefined : schema.minimum;
  const most = schema.maximum === Number.MAX_SAFE_INTEGER ? undefined : schema.maximum;
  const above = schema.exclusiveMinimum;
  const below = schema.exclusiveMaximum;
  const between = least !== undefined && most !== undefined;
  const limits = [
    between && `from ${least} to ${most}`,
    !between && least !== undefined && `of at least ${least}`,
    !between && most !== undefined && `of at most ${most}`,
    typeof above === "number" && `above ${above}`,
    typeof below === "number" && `below ${below}`,
  ].filter((limit) => limit !== false);
  const step = schema.multipleOf === undefined ? [] : [`in steps of ${schema.multipleOf}`];
  return [noun, limits.join(" and "), ...step].filter((part) => part !== "").join(" ");
}

function bounds(least: number | undefined, most: number | undefined, one: string, many = `${one}s`): string[] {
  const count = (value: number): string => `${value} ${value === 1 ? one : many}`;
  if (least !== undefined && least === most) return [`of ${count(least)}`];
  if (least !== undefined && most !== undefined) return [`of ${least} to ${count(most)}`];
  if (least !== undefined) return [`of at least ${count(least)}`];
  return most === undefined ? [] : [`of at most ${count(most)}`];
}
