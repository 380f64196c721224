import * as pulumi from "@pulumi/pulumi";
import { checkPinned, InputError } from "@gatehouse/core";
import { checkedString, secret, stackConfig } from "@gatehouse/core/config";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

const config = stackConfig("shield", {
  image: checkedString(checkPinned).default("r.io/shield:1"),
  replicas: z.int().max(10).default(1),
  edge: z.enum(["nginx", "alb"]).default("nginx"),
  token: secret().optional().describe("The upstream's token."),
  keys: z
    .strictObject({
      current: z.strictObject({
        kid: z.string().min(4),
        image: checkedString(checkPinned).optional(),
        privateKey: secret(),
      }),
      previous: z.array(z.strictObject({ kid: z.string(), publicKey: secret() })).default([]),
    })
    .optional(),
  passwords: z.record(z.string(), secret()).optional(),
  provider: z
    .union([z.strictObject({ url: z.url() }), z.strictObject({ clientId: z.string(), clientSecret: secret() })])
    .optional(),
});
type Config = ReturnType<typeof config.parse>;

const unknownValue = pulumi.runtime.unknownValue;
const password = "correct-horse-battery-staple";

function parse(values: Record<string, string>, secretKeys = Object.keys(values)): Config {
  return config.parse(values, { stack: "shield-prod", secretKeys });
}

function report(values: Record<string, string>, secretKeys?: string[]): string {
  try {
    parse(values, secretKeys);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).message.split("\n\n").slice(1).join("\n\n");
  }
  return expect.fail("the config is accepted");
}

interface Seen {
  value: string | undefined;
  isKnown: boolean;
  isSecret: boolean;
}

/** What an Output holds; the SDK's types leave these members out. */
async function seen(output: pulumi.Output<string> | undefined): Promise<Seen> {
  const inside = output as unknown as {
    promise(): Promise<string>;
    isKnown: Promise<boolean>;
    isSecret: Promise<boolean>;
  };
  return { value: await inside.promise(), isKnown: await inside.isKnown, isSecret: await inside.isSecret };
}
const isSecret = (value: string): Seen => ({ value, isKnown: true, isSecret: true });
const isUnknownSecret = { value: undefined, isKnown: false, isSecret: true };

const lines = (...all: string[]): string => all.join("\n");

describe("a secret", () => {
  test("is a secret Output", async () => {
    const { token } = parse({ "shield:token": password });
    expectTypeOf(token).toEqualTypeOf<pulumi.Output<string> | undefined>();
    expect(await seen(token)).toEqual(isSecret(password));
  });

  test("in an object is one too, beside plain members, in lists, maps and unions", async () => {
    const { keys, passwords, provider } = parse({
      "shield:keys": JSON.stringify({
        current: { kid: "2026-02", privateKey: "private" },
        previous: [{ kid: "2026-01", publicKey: "public" }],
      }),
      "shield:passwords": '{ "redis": "r", "smtp": 123 }',
      "shield:provider": '{ "clientId": "id", "clientSecret": "s" }',
    });
    expect(keys?.current.kid).toBe("2026-02");
    expect(await seen(keys?.current.privateKey)).toEqual(isSecret("private"));
    expect(keys?.previous[0]?.kid).toBe("2026-01");
    expect(await seen(keys?.previous[0]?.publicKey)).toEqual(isSecret("public"));
    expect(await seen(passwords?.["redis"])).toEqual(isSecret("r"));
    expect(await seen(passwords?.["smtp"])).toEqual(isSecret("123"));
    expect(provider && "clientSecret" in provider && (await seen(provider.clientSecret))).toEqual(isSecret("s"));
  });

  test("that cannot be decrypted is an unknown secret", async () => {
    const { token, keys } = parse({
      "shield:token": unknownValue,
      "shield:keys": JSON.stringify({ current: { kid: "2026-02", privateKey: unknownValue } }),
    });
    expect(await seen(token)).toEqual(isUnknownSecret);
    expect(keys?.current.kid).toBe("2026-02");
    expect(await seen(keys?.current.privateKey)).toEqual(isUnknownSecret);
  });

  test("in clear text is an error that says how to encrypt it", () => {
    expect(report({ "shield:token": password }, [])).toBe(
      lines(
        "shield:token: a secret is set in clear text",
        "  expected: an encrypted value; a secret that others could read is better replaced",
        "  fix:      pulumi config set --secret shield:token --stack shield-prod",
      ),
    );
    const keys = { current: { kid: "2026-02", privateKey: password }, previous: [{ kid: "a", publicKey: password }] };
    expect(report({ "shield:keys": JSON.stringify(keys) }, [])).toBe(
      lines(
        "shield:keys.current.privateKey: a secret is set in clear text",
        "  expected: an encrypted value; a secret that others could read is better replaced",
        "  fix:      pulumi config set --path --secret shield:keys.current.privateKey --stack shield-prod",
        "",
        "shield:keys.previous[0].publicKey: a secret is set in clear text",
        "  expected: an encrypted value; a secret that others could read is better replaced",
        "  fix:      pulumi config set --path --secret 'shield:keys.previous[0].publicKey' --stack shield-prod",
      ),
    );
  });

  test("that is empty or not a string is an error", () => {
    const expected = lines("shield:token: a secret is a string that is not empty", "  expected: a secret");
    expect(report({ "shield:token": "" })).toBe(expected);
    expect(report({ "shield:passwords": '{ "redis": ["x"] }' })).toBe(
      expected.replace("shield:token", "shield:passwords.redis"),
    );
  });
});

describe("an encrypted value that is not a secret", () => {
  const message = "the value is encrypted, but it is not a secret: it will be readable in what is deployed";

  test.each([["3"], [unknownValue]])("is an error, decrypted or not", (value) => {
    expect(report({ "shield:replicas": value })).toBe(
      lines(
        `shield:replicas: ${message}`,
        "  expected: a whole number of at most 10 in clear text",
        "  fix:      pulumi config set --plaintext shield:replicas VALUE --stack shield-prod",
      ),
    );
  });

  test("is found in an object, where it could not be decrypted", () => {
    const keys = { current: { kid: unknownValue, privateKey: unknownValue } };
    expect(report({ "shield:keys": JSON.stringify(keys) })).toBe(
      lines(
        `shield:keys.current.kid: ${message}`,
        "  expected: a string of at least 4 characters in clear text",
        "  fix:      pulumi config set --path --plaintext shield:keys.current.kid VALUE --stack shield-prod",
      ),
    );
  });

  test("is found in an object whose secrets are all absent", () => {
    expect(report({ "shield:provider": '{ "url": "https://idp.example.com" }' })).toContain(
      "so that its plain parts cannot be told from its secrets",
    );
  });

  test("an object that is encrypted as a whole cannot be used where it cannot be decrypted", () => {
    expect(report({ "shield:keys": unknownValue })).toBe(
      lines(
        "shield:keys: the value is encrypted as a whole, so that its plain parts cannot be told from its secrets",
        "  expected: a map of which only the secrets are encrypted",
        "  fix:      pulumi config set --path shield:keys.current.kid VALUE --stack shield-prod",
        "            pulumi config set --path --secret shield:keys.current.privateKey --stack shield-prod",
      ),
    );
  });
});

describe("no report shows a secret", () => {
  const keys = (current: object, more: object = {}): string => JSON.stringify({ current, ...more });

  test.each<[name: string, values: Record<string, string>, secretKeys: string[]]>([
    ["in clear text", { "shield:token": password }, []],
    ["in clear text, nested", { "shield:keys": keys({ kid: "2026", privateKey: password }) }, []],
    ["under a misspelt key", { "shield:tokne": password }, []],
    ["under a misspelt key, encrypted", { "shield:tokne": password }, ["shield:tokne"]],
    ["under a misspelt member", { "shield:keys": keys({ kid: "2026", privteKey: password }) }, []],
    ["of the wrong type", { "shield:passwords": JSON.stringify({ a: [password] }) }, ["shield:passwords"]],
    ["of the wrong type, in clear text", { "shield:passwords": JSON.stringify({ a: [password] }) }, []],
    ["in broken JSON", { "shield:keys": `{ "current": { "privateKey": "${password}"` }, []],
    ["in broken JSON, encrypted", { "shield:keys": `{ "privateKey": "${password}"` }, ["shield:keys"]],
    ["in place of an object", { "shield:keys": JSON.stringify({ current: password }) }, []],
    ["where none belongs", { "shield:edge": password }, ["shield:edge"]],
    [
      "where none belongs, beside one",
      { "shield:keys": keys({ kid: password.slice(0, 3), privateKey: "p" }) },
      ["shield:keys"],
    ],
    ["where a grammar is", { "shield:keys": keys({ kid: "2026", image: password, privateKey: "p" }) }, ["shield:keys"]],
    ["in a list", { "shield:keys": keys({ kid: "2026", privateKey: "p" }, { previous: password }) }, ["shield:keys"]],
    ["in a union that fits nothing", { "shield:provider": JSON.stringify({ clientSecret: password, x: 1 }) }, []],
    ["in a union of the wrong type", { "shield:provider": JSON.stringify([password]) }, []],
  ])("%s", (_, values, secretKeys) => {
    const text = report(values, secretKeys);
    expect(text).not.toContain(password);
    expect(text).not.toContain(password.slice(0, 3));
  });

  test("but that of a value beside it is shown, as long as nothing there is encrypted", () => {
    expect(report({ "shield:keys": keys({ kid: "abc" }) }, [])).toBe(
      lines(
        "shield:keys.current.kid: the value is too short",
        "  value:    abc",
        "  expected: a string of at least 4 characters",
        "",
        "shield:keys.current.privateKey: required, but not set",
        "  expected: a secret",
        "  fix:      pulumi config set --path --secret shield:keys.current.privateKey --stack shield-prod",
      ),
    );
  });
});
