import { z } from "zod";
import { isSecretSchema } from "./secret.ts";

/** A JSON Schema of draft 7, the one that editors know best. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** A secret as an editor sees it: a string that Pulumi has encrypted. */
const encrypted: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
  writeOnly: true,
};

/** The JSON Schema of a product's config, by its bare keys. */
export function configSchema(schema: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    target: "draft-07",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      if (isSecretSchema(zodSchema)) Object.assign(jsonSchema, encrypted);
    },
  });
}

/** The JSON Schema of a whole `Pulumi.<stack>.yaml`, made from that of its product's config. */
export function stackFileSchema(product: string, config: JsonSchema): JsonSchema {
  const { $schema, properties = {}, required = [] } = config;
  const definitions = config.definitions as Record<string, JsonSchema> | undefined;
  const keys = Object.entries(properties).map(([key, schema]) => [`${product}:${key}`, topLevel(asWritten(schema))]);
  return {
    $schema,
    title: `Config of a stack of ${product}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys) as Record<string, JsonSchema>,
        required: required.map((key) => `${product}:${key}`),
        // Other namespaces are the providers' own.
        patternProperties: { [`^(?!${product}:)`]: true },
        additionalProperties: false,
      },
    },
    required: required.length > 0 ? ["config"] : [],
    ...(definitions && { definitions: mapValues(definitions, asWritten) }),
  };
}

/** Whether a schema is a secret or contains one. */
export function holdsSecret(schema: JsonSchema | boolean | undefined): boolean {
  if (typeof schema !== "object") return false;
  return schema.writeOnly === true || subschemas(schema).some(holdsSecret);
}

/** The schema of what is at a path below a schema; undefined if that cannot be told from the path alone. */
export function schemaAt(
  schema: JsonSchema | boolean | undefined,
  path: readonly (string | number)[],
): JsonSchema | undefined {
  if (typeof schema !== "object") return undefined;
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  if (typeof step === "number") {
    const { items } = schema;
    return schemaAt(Array.isArray(items) ? items[step] : items, rest);
  }
  const own = schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined;
  const candidates = [own ?? schema.additionalProperties, ...alternatives(schema).map((one) => schemaAt(one, [step]))];
  return schemaAt(
    candidates.find((candidate) => typeof candidate === "object"),
    rest,
  );
}

/** The members that a value must have, each down to what is not itself an object with required members. */
export function requiredLeaves(schema: JsonSchema, path: readonly (string | number)[] = []): (string | number)[][] {
  const members = schema.writeOnly === true ? [] : (schema.required ?? []);
  if (members.length === 0) return [[...path]];
  return members.flatMap((member) => requiredLeaves(schemaAt(schema, [member]) ?? {}, [...path, member]));
}

export function alternatives(schema: JsonSchema): JsonSchema[] {
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter((one) => typeof one === "object");
}

/** The forms of a value in the file, where the CLI writes numbers and booleans as strings. */
function asWritten(schema: JsonSchema | boolean): JsonSchema | boolean {
  if (typeof schema !== "object" || schema.writeOnly === true) return schema;
  const { items, additionalProperties } = schema;
  const inner: JsonSchema = {
    ...schema,
    ...(schema.properties && { properties: mapValues(schema.properties, asWritten) }),
    ...(schema.properties && additionalProperties === undefined && { additionalProperties: false }),
    ...(additionalProperties !== undefined && { additionalProperties: asWritten(additionalProperties) }),
    ...(items !== undefined && { items: Array.isArray(items) ? items.map(asWritten) : asWritten(items) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(asWritten) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(asWritten) }),
    ...(schema.allOf && { allOf: schema.allOf.map(asWritten) }),
  } as JsonSchema;
  switch (schema.type) {
    case "boolean":
      return orString(inner, "^(true|false)$");
    case "integer":
    case "number":
      return orString(inner, "^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$");
    default:
      return inner;
  }
}

/** `pulumi config set` without `--path` stores an object or a list as the JSON that it was given. */
function topLevel(schema: JsonSchema | boolean): JsonSchema | boolean {
  if (typeof schema !== "object" || schema.writeOnly === true) return schema;
  const forms = alternatives(schema);
  const isObject = schema.type === "object" || (forms.length > 0 && forms.every(({ type }) => type === "object"));
  if (isObject) return orString(schema, "^\\s*\\{");
  return schema.type === "array" ? orString(schema, "^\\s*\\[") : schema;
}

function orString(schema: JsonSchema, pattern: string): JsonSchema {
  const { description, default: preset, ...rest } = schema;
  return {
    ...(description !== undefined && { description }),
    ...(preset !== undefined && { default: preset }),
    anyOf: [rest, { type: "string", pattern }],
  };
}

function subschemas(schema: JsonSchema): (JsonSchema | boolean | undefined)[] {
  const { items, additionalProperties, allOf = [] } = schema;
  return [
    ...Object.values(schema.properties ?? {}),
    ...(Array.isArray(items) ? items : [items]),
    additionalProperties,
    ...alternatives(schema),
    ...allOf,
  ] as (JsonSchema | boolean | undefined)[];
}

function mapValues<T, U>(record: Record<string, T>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
