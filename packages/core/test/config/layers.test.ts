import * as pulumi from "@pulumi/pulumi";
import { InputError } from "@gatehouse/core";
import { type ConfigLayer, secret, stackConfig } from "@gatehouse/core/config";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

const shape = z.strictObject({
  region: z.enum(["us-east-1", "us-west-2"]),
  logLevel: z.string().default("info"),
  note: z.string().optional(),
  idp: z.strictObject({
    name: z.string(),
    issuer: z.url(),
    timeouts: z.strictObject({ connect: z.int().default(5), read: z.int().default(30) }).prefault({}),
    clientSecret: secret().optional(),
  }),
  providers: z.array(z.strictObject({ name: z.string(), token: secret().optional() })).default([]),
});
type Layer = ConfigLayer<z.input<typeof shape>>;

const base: Layer = {
  name: "base",
  values: {
    idp: { name: "main", issuer: "https://auth.example.com", timeouts: { connect: 2 } },
    providers: [{ name: "a" }, { name: "b" }],
  },
};
const production: Layer = {
  name: "production",
  values: { logLevel: "warn", idp: { timeouts: { connect: 3, read: 9 } } },
};
const west: Layer = { name: "us-west-2", values: { providers: [{ name: "west" }] } };

const config = stackConfig("shop", shape, {
  layers: ({ environment }, { region }) => [
    base,
    ...(environment.startsWith("prod") ? [production] : []),
    ...(region === "us-west-2" ? [west] : []),
  ],
});

const context = { stack: "shop-prod", secretKeys: ["shop:idp"] };
const given = { "shop:region": "us-west-2", "shop:idp": '{"timeouts":{"read":"7"},"clientSecret":"hush"}' };

describe("layers", () => {
  test("a layer lies over the defaults, the stack's file over the layers, and a list replaces a list", () => {
    const { idp, ...rest } = config.parse(given, context);
    expect(rest).toEqual({ region: "us-west-2", logLevel: "warn", providers: [{ name: "west" }] });
    const { clientSecret, ...plain } = idp;
    expect(plain).toEqual({ name: "main", issuer: "https://auth.example.com", timeouts: { connect: 3, read: 7 } });
    expect(pulumi.Output.isInstance(clientSecret)).toBe(true);
  });

  test("another environment and region have other layers", () => {
    expect(config.parse({ "shop:region": "us-east-1" }, { stack: "shop-dev" })).toEqual({
      region: "us-east-1",
      logLevel: "info",
      idp: { name: "main", issuer: "https://auth.example.com", timeouts: { connect: 2, read: 30 } },
      providers: [{ name: "a" }, { name: "b" }],
    });
  });

  test("a plain value of the file replaces an object of a layer, and is refused as it would be without one", () => {
    const wrong = { ...given, "shop:idp": "main" };
    expect(() => config.parse(wrong, { stack: "shop-prod" })).toThrow("shop:idp: the value is not a map");
  });

  test("the values of a layer are checked as those of the file", () => {
    const wrong = stackConfig("shop", shape, { layers: () => [{ name: "base", values: { idp: { issuer: "auth" } } }] });
    const problems = caught(() => wrong.parse({ "shop:region": "us-east-1" }, { stack: "shop-dev" }));
    expect(problems.map(({ subject, message, value }) => ({ subject, message, value }))).toEqual([
      { subject: "shop:idp.name", message: "required, but not set", value: undefined },
      { subject: "shop:idp.issuer", message: "the value does not have the expected form", value: "auth" },
    ]);
  });

  test("a key that the config does not have", () => {
    const values = { logLevl: "warn" } as Layer["values"];
    const wrong = stackConfig("shop", shape, { layers: () => [base, { name: "production", values }] });
    expect(caught(() => wrong.parse({ "shop:region": "us-east-1" }, { stack: "shop-dev" }))).toEqual([
      {
        subject: "shop:logLevl",
        message: "there is no such key",
        expected: "shop:logLevel, which is the nearest known key",
        fix: "remove it from the layer production",
      },
    ]);
  });

  test("a layer has the types of the config's input", () => {
    expectTypeOf<{ region: "us-east-1" }>().toExtend<Layer["values"]>();
    expectTypeOf<{ region: "eu-west-1" }>().not.toExtend<Layer["values"]>();
    expectTypeOf<{ idp: { issuer: number } }>().not.toExtend<Layer["values"]>();
  });
});

describe("explain", () => {
  test("each value has the strongest source that says something of it, and a secret is not shown", () => {
    expect(config.explain(given, context)).toEqual([
      { key: "shop:region", value: "us-west-2", secret: false, origin: "stack" },
      { key: "shop:logLevel", value: "warn", secret: false, origin: "layer", layer: "production" },
      { key: "shop:note", secret: false, origin: "unset" },
      { key: "shop:idp.name", value: "main", secret: false, origin: "layer", layer: "base" },
      { key: "shop:idp.issuer", value: "https://auth.example.com", secret: false, origin: "layer", layer: "base" },
      { key: "shop:idp.timeouts.connect", value: 3, secret: false, origin: "layer", layer: "production" },
      { key: "shop:idp.timeouts.read", value: 7, secret: false, origin: "stack" },
      { key: "shop:idp.clientSecret", secret: true, origin: "stack" },
      { key: "shop:providers", value: [{ name: "west" }], secret: false, origin: "layer", layer: "us-west-2" },
    ]);
  });

  test("a default within an object that a source gives is a default", () => {
    const entries = config.explain({ "shop:region": "us-east-1" }, { stack: "shop-dev" });
    expect(entries.filter(({ origin }) => origin === "default")).toEqual([
      { key: "shop:logLevel", value: "info", secret: false, origin: "default" },
      { key: "shop:idp.timeouts.read", value: 30, secret: false, origin: "default" },
    ]);
  });

  test("a secret within a list is not shown, decrypted or not", () => {
    for (const token of ["hush", pulumi.runtime.unknownValue]) {
      const values = { "shop:region": "us-east-1", "shop:providers": JSON.stringify([{ name: "a", token }]) };
      const entries = config.explain(values, { stack: "shop-dev", secretKeys: ["shop:providers"] });
      expect(entries.filter(({ key }) => key.startsWith("shop:providers"))).toEqual([
        { key: "shop:providers[0].name", value: "a", secret: false, origin: "stack" },
        { key: "shop:providers[0].token", secret: true, origin: "stack" },
      ]);
      expect(JSON.stringify(entries)).not.toContain("hush");
    }
  });
});

function caught(run: () => unknown): readonly InputError["problems"][number][] {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems;
  }
  return expect.fail("the config is accepted");
}
