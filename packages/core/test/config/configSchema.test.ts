import { checkDuration } from "@gatehouse/core";
import { checkedString, secret, stackConfig } from "@gatehouse/core/config";
import Ajv from "ajv";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const config = stackConfig("shield", {
  image: z.string().describe("The service's image."),
  replicas: z.int().min(1).max(50).default(3).describe("Pods at least."),
  debug: z.boolean().default(false),
  edge: z.enum(["nginx", "alb"]).default("nginx"),
  timeout: checkedString(checkDuration).default("30s"),
  token: secret().describe("The upstream's token."),
  keys: z
    .strictObject({
      current: z.strictObject({ kid: z.string(), privateKey: secret() }),
      previous: z.array(z.strictObject({ kid: z.string(), age: z.int() })).default([]),
    })
    .optional(),
  smtp: z.object({ port: z.int().default(587) }).prefault({}),
  labels: z.record(z.string(), z.string()).optional(),
  database: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("external") }),
      z.strictObject({ kind: z.literal("rds"), storage: z.int() }),
    ])
    .optional(),
});
const schema = config.jsonSchema();

const token = { secure: "v1:abc:def" };
const good = { "shield:image": "r.io/shield:1", "shield:token": token };

/** Where a stack's file breaks the schema; empty if it does not. */
function faults(file: unknown): string[] {
  const ajv = new Ajv({ unknownFormats: "ignore", allErrors: true });
  return ajv.validate(schema, file) === true
    ? []
    : (ajv.errors ?? []).map(({ dataPath, message }) => `${dataPath} ${message ?? ""}`);
}
const faultsOf = (more: object): string[] => faults({ config: { ...good, ...more } });

test("what it says of each key", () => {
  const keys = schema.properties?.["config"] as { properties: Record<string, unknown>; required: string[] };
  expect(keys.required).toEqual(["shield:image", "shield:token"]);
  expect(keys.properties["shield:image"]).toEqual({ type: "string", description: "The service's image." });
  expect(keys.properties["shield:edge"]).toEqual({ type: "string", enum: ["nginx", "alb"], default: "nginx" });
  expect(keys.properties["shield:timeout"]).toEqual({ type: "string", default: "30s" });
  expect(keys.properties["shield:replicas"]).toEqual({
    description: "Pods at least.",
    default: 3,
    anyOf: [
      { type: "integer", minimum: 1, maximum: 50 },
      { type: "string", pattern: "^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$" },
    ],
  });
  expect(keys.properties["shield:token"]).toEqual({
    description: "The upstream's token.",
    type: "object",
    properties: { secure: { type: "string" } },
    required: ["secure"],
    additionalProperties: false,
    writeOnly: true,
  });
});

describe("accepts", () => {
  test.each<[name: string, more: object]>([
    ["the required keys", {}],
    ["numbers and booleans, plain and as the CLI writes them", { "shield:replicas": 3, "shield:debug": "true" }],
    ["the other way round", { "shield:replicas": "3", "shield:debug": true }],
    [
      "a structured value with an encrypted part",
      { "shield:keys": { current: { kid: "a", privateKey: token }, previous: [{ kid: "b", age: "3" }] } },
    ],
    ["a structured value as JSON", { "shield:keys": '{"current":{}}', "shield:database": '{"kind":"external"}' }],
    ["either form of a union", { "shield:database": { kind: "rds", storage: 20 } }],
    ["a map", { "shield:labels": { team: "gate" } }],
    ["an object's defaults", { "shield:smtp": {} }],
    ["other namespaces", { "aws:region": "us-east-1", "gatehouse:x": { y: 1 } }],
  ])("%s", (_, more) => {
    expect(faultsOf(more)).toEqual([]);
  });

  test("what else is in such a file", () => {
    expect(
      faults({ secretsprovider: "passphrase", encryptionsalt: "v1:abc", environment: ["dev"], config: good }),
    ).toEqual([]);
  });
});

describe("refuses", () => {
  test.each<[name: string, more: object, fault: string]>([
    ["an unknown key", { "shield:imgae": "x" }, ".config should NOT have additional properties"],
    ["a secret in clear text", { "shield:token": "x" }, ".config['shield:token'] should be object"],
    ["a number out of range", { "shield:replicas": 51 }, ".config['shield:replicas'] should be <= 50"],
    ["text for a number", { "shield:replicas": "x" }, ".config['shield:replicas'] should be integer"],
    ["another choice", { "shield:edge": "x" }, ".config['shield:edge'] should be equal to one of the allowed values"],
    [
      "an unknown member",
      { "shield:keys": { current: { kid: "a", privateKey: token, x: 1 } } },
      ".config['shield:keys'].current should NOT have additional properties",
    ],
    [
      "an unknown member of an object that is not strict",
      { "shield:smtp": { x: 1 } },
      ".config['shield:smtp'] should NOT have additional properties",
    ],
    [
      "a nested secret in clear text",
      { "shield:keys": { current: { kid: "a", privateKey: "x" } } },
      ".config['shield:keys'].current.privateKey should be object",
    ],
    ["an encrypted value that is not a secret", { "shield:image": token }, ".config['shield:image'] should be string"],
  ])("%s", (_, more, fault) => {
    expect(faultsOf(more)).toContain(fault);
  });

  test("a file without a required key", () => {
    expect(faults({ config: { "shield:image": "x" } })).toEqual([
      ".config should have required property 'shield:token'",
    ]);
    expect(faults({})).toEqual([" should have required property 'config'"]);
  });
});
