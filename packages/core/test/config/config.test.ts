import * as pulumi from "@pulumi/pulumi";
import { checkDuration, checkPinned, InputError } from "@gatehouse/core";
import { checkedString, secret, stackConfig } from "@gatehouse/core/config";
import type { StackName } from "@gatehouse/core/config";
import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

const shield = stackConfig("shield", {
  image: checkedString(checkPinned).describe("The service's image."),
  replicas: z.int().min(1).max(50).default(3),
  ratio: z.number().positive().optional(),
  debug: z.boolean().default(false),
  edge: z.enum(["nginx", "gateway", "alb"]).default("nginx"),
  host: z.hostname().default("shield.example.com"),
  timeout: checkedString(checkDuration).default("30s"),
  bucket: z
    .string()
    .regex(/^[a-z-]+$/, "a bucket's name has only small letters")
    .optional(),
  code: z.string().min(2).max(4).optional(),
  step: z.int().multipleOf(5).optional(),
  zones: z.array(z.string()).min(2).max(3).optional(),
  limits: z.strictObject({ cpu: z.string(), memory: z.string().default("512Mi") }).optional(),
  smtp: z.object({ host: z.string().default("smtp"), port: z.int().default(587) }).prefault({}),
  labels: z.record(z.string().regex(/^[a-z]+$/), z.string()).optional(),
  surge: z.union([z.int(), z.string().regex(/^\d+%$/)]).optional(),
  database: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("external"), host: z.string() }),
      z.strictObject({ kind: z.literal("rds"), storage: z.int().min(20) }),
    ])
    .optional(),
  tags: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]).optional(),
});

const good = { "shield:image": "gcr.io/materi/shield:2.1.0" };

function parse(values: Record<string, string>, secretKeys: string[] = []): ReturnType<typeof shield.parse> {
  return shield.parse({ ...good, ...values }, { stack: "shield-prod", secretKeys, project: "gatehouse" });
}

/** The report's problems, without its heading. */
function report(values: Record<string, string>): string {
  try {
    parse(values);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const [heading, ...rest] = (error as InputError).message.split("\n\n");
    expect(heading).toMatch(/^\d+ problems? in the config of shield-prod$/);
    expect(heading?.split(" ")[0]).toBe(String(rest.length));
    return rest.join("\n\n");
  }
  return expect.fail("the config is accepted");
}

const lines = (...all: string[]): string => all.join("\n");

describe("values", () => {
  test("defaults fill what is not set, also within an object that is not set", () => {
    expect(parse({})).toEqual({
      image: "gcr.io/materi/shield:2.1.0",
      replicas: 3,
      debug: false,
      edge: "nginx",
      host: "shield.example.com",
      timeout: "30s",
      smtp: { host: "smtp", port: 587 },
    });
  });

  test("each is read as its schema's type", () => {
    const config = parse({
      "shield:replicas": "5",
      "shield:ratio": "1.5e-1",
      "shield:debug": "true",
      "shield:code": "007",
      "shield:zones": '["a", "b"]',
      "shield:limits": '{ "cpu": "500m" }',
      "shield:smtp": '{ "port": "25" }',
      "shield:labels": '{ "team": "gate" }',
      "shield:database": '{ "kind": "rds", "storage": 20 }',
    });
    expect(config).toMatchObject({
      replicas: 5,
      ratio: 0.15,
      debug: true,
      code: "007",
      zones: ["a", "b"],
      limits: { cpu: "500m", memory: "512Mi" },
      smtp: { host: "smtp", port: 25 },
      labels: { team: "gate" },
      database: { kind: "rds", storage: 20 },
    });
    expectTypeOf(config.replicas).toEqualTypeOf<number>();
    expectTypeOf(config.edge).toEqualTypeOf<"nginx" | "gateway" | "alb">();
    expectTypeOf(config.bucket).toEqualTypeOf<string | undefined>();
  });

  test("what the CLI stored as an integer or a boolean is a string where the schema wants one", () => {
    expect(parse({ "shield:limits": '{ "cpu": 2, "memory": true }' }).limits).toEqual({ cpu: "2", memory: "true" });
  });

  test("a union takes the form that fits", () => {
    expect(parse({ "shield:surge": "2" }).surge).toBe(2);
    expect(parse({ "shield:surge": "25%" }).surge).toBe("25%");
    expect(parse({ "shield:tags": '{ "b": "x" }' }).tags).toEqual({ b: "x" });
  });

  test("other namespaces are not looked at", () => {
    expect(() => parse({ "aws:region": "us-east-1", "aws:image": "x", "gatehouse:other": "x" })).not.toThrow();
  });

  test("parsing is repeatable and leaves its input alone", () => {
    const values = Object.freeze({ ...good, "shield:zones": '["a","b"]' });
    const context = { stack: "shield-dev" };
    expect(shield.parse(values, context)).toEqual(shield.parse(values, context));
  });
});

describe("one problem each", () => {
  test.each<[name: string, values: Record<string, string>, expected: string]>([
    [
      "a number that is none",
      { "shield:ratio": "much" },
      lines("shield:ratio: the value is not a number", "  value:    much", "  expected: a number above 0"),
    ],
    [
      "an empty number",
      { "shield:replicas": "" },
      lines("shield:replicas: the value is not a number", '  value:    ""', "  expected: a whole number from 1 to 50"),
    ],
    [
      "a fraction",
      { "shield:replicas": "1.5" },
      lines(
        "shield:replicas: the value is not a whole number",
        "  value:    1.5",
        "  expected: a whole number from 1 to 50",
      ),
    ],
    [
      "a number out of range",
      { "shield:replicas": "51" },
      lines("shield:replicas: the value is too large", "  value:    51", "  expected: a whole number from 1 to 50"),
    ],
    [
      "the other end of the range",
      { "shield:ratio": "0" },
      lines("shield:ratio: the value is too small", "  value:    0", "  expected: a number above 0"),
    ],
    [
      "a step",
      { "shield:step": "7" },
      lines(
        "shield:step: the value is not a multiple of 5",
        "  value:    7",
        "  expected: a whole number in steps of 5",
      ),
    ],
    [
      "a boolean",
      { "shield:debug": "yes" },
      lines("shield:debug: the value is not true or false", "  value:    yes", "  expected: true or false"),
    ],
    [
      "a choice, misspelt",
      { "shield:edge": "ngnix" },
      lines(
        "shield:edge: the value is not one of the choices",
        "  value:    ngnix",
        "  expected: one of nginx, gateway, alb",
        "  fix:      pulumi config set shield:edge nginx --stack shield-prod",
      ),
    ],
    [
      "a choice that is like none",
      { "shield:edge": "traefik" },
      lines(
        "shield:edge: the value is not one of the choices",
        "  value:    traefik",
        "  expected: one of nginx, gateway, alb",
      ),
    ],
    [
      "a format",
      { "shield:host": "not a host" },
      lines(
        "shield:host: the value does not have the expected form",
        "  value:    not a host",
        "  expected: a host name",
      ),
    ],
    [
      "a pattern with a message of its own",
      { "shield:bucket": "Logs" },
      lines(
        "shield:bucket: a bucket's name has only small letters",
        "  value:    Logs",
        "  expected: a string that matches /^[a-z-]+$/",
      ),
    ],
    [
      "a short string",
      { "shield:code": "a" },
      lines("shield:code: the value is too short", "  value:    a", "  expected: a string of 2 to 4 characters"),
    ],
    [
      "a long string",
      { "shield:code": "abcde" },
      lines("shield:code: the value is too long", "  value:    abcde", "  expected: a string of 2 to 4 characters"),
    ],
    [
      "a list with too few entries",
      { "shield:zones": '["a"]' },
      lines(
        "shield:zones: there are too few entries",
        '  value:    ["a"]',
        "  expected: a list of 2 to 3 entries whose every entry is a string",
      ),
    ],
    [
      "a list that is none",
      { "shield:zones": "a, b" },
      lines(
        "shield:zones: the value is not a list",
        "  value:    a, b",
        "  expected: a list of 2 to 3 entries whose every entry is a string",
      ),
    ],
    [
      "an entry of a list",
      { "shield:zones": '["a", 1.5]' },
      lines(
        "shield:zones[1]: the value is not a string",
        "  value:    1.5",
        "  expected: a string",
        "  fix:      put it in quotes, so that no digit is lost",
      ),
    ],
    [
      "an object that is none",
      { "shield:limits": '{ "cpu": ' },
      lines(
        "shield:limits: the value is not a map",
        '  value:    { "cpu":',
        "  expected: a map with cpu and, if wanted, memory",
      ).replace('{ "cpu":', '"{ \\"cpu\\": "'),
    ],
    [
      "a missing member",
      { "shield:limits": "{}" },
      lines(
        "shield:limits.cpu: required, but not set",
        "  expected: a string",
        "  fix:      pulumi config set --path shield:limits.cpu VALUE --stack shield-prod",
      ),
    ],
    [
      "a misspelt member",
      { "shield:limits": '{ "cpu": "1", "memroy": "1Gi" }' },
      lines(
        "shield:limits.memroy: there is no such key",
        "  expected: shield:limits.memory, which is the nearest known key",
        "  fix:      rename it to shield:limits.memory",
      ),
    ],
    [
      "an unknown member of an object that is not strict",
      { "shield:smtp": '{ "password": "hunter2" }' },
      lines(
        "shield:smtp.password: there is no such key",
        "  expected: one of shield:smtp.host, shield:smtp.port",
        "  fix:      pulumi config rm --path shield:smtp.password --stack shield-prod",
      ),
    ],
    [
      "the key of a map",
      { "shield:labels": '{ "Team": "gate" }' },
      lines(
        "shield:labels.Team: the key does not have the expected form",
        "  expected: a string that matches /^[a-z]+$/",
      ),
    ],
    [
      "a key that a path must quote",
      { "shield:labels": '{ "team.a": "gate" }' },
      lines(
        'shield:labels["team.a"]: the key does not have the expected form',
        "  expected: a string that matches /^[a-z]+$/",
      ),
    ],
    [
      "a union",
      { "shield:tags": '["x"]' },
      lines(
        "shield:tags: the value has none of the accepted forms",
        '  value:    ["x"]',
        "  expected: a map with a, or a map with b",
      ),
    ],
    [
      "the form of a union that was meant",
      { "shield:surge": "25 %" },
      lines(
        "shield:surge: the value does not have the expected form",
        "  value:    25 %",
        "  expected: a whole number, or a string that matches /^\\d+%$/",
      ),
    ],
    [
      "the kind of an object",
      { "shield:database": '{ "kind": "rdz" }' },
      lines(
        "shield:database.kind: the value is not one of the choices",
        "  value:    rdz",
        "  expected: one of external, rds",
        "  fix:      pulumi config set --path shield:database.kind rds --stack shield-prod",
      ),
    ],
    [
      "a member of one kind of object",
      { "shield:database": '{ "kind": "rds", "storage": "5" }' },
      lines(
        "shield:database.storage: the value is too small",
        "  value:    5",
        "  expected: a whole number of at least 20",
      ),
    ],
    [
      "a member of another kind of object",
      { "shield:database": '{ "kind": "rds", "storage": "20", "host": "db" }' },
      lines(
        "shield:database.host: there is no such key",
        "  expected: one of shield:database.kind, shield:database.storage",
        "  fix:      pulumi config rm --path shield:database.host --stack shield-prod",
      ),
    ],
    [
      "a grammar of its own",
      { "shield:timeout": "90" },
      lines(
        "shield:timeout: the duration has no unit",
        "  value:    90",
        "  expected: whole numbers with the units y w d h m s ms in this order, such as 90s, 5m, 1h30m or 30d",
        "  fix:      for example 90s",
      ),
    ],
    [
      "an image",
      { "shield:image": "gcr.io/materi/shield:latest" },
      lines(
        "shield:image: the image is not pinned",
        "  value:    gcr.io/materi/shield:latest",
        '  expected: a tag other than "latest", or a digest',
        "  fix:      pulumi config set shield:image gcr.io/materi/shield:VERSION --stack shield-prod",
      ),
    ],
    [
      "a misspelt key, whose value may be a secret",
      { "shield:imgae": "hunter2" },
      lines(
        "shield:imgae: there is no such key",
        "  expected: shield:image, which is the nearest known key",
        "  fix:      rename it to shield:image",
      ),
    ],
    [
      "a key that was set without its namespace",
      { "gatehouse:edge": "alb" },
      lines(
        "gatehouse:edge: the key is not in the namespace of shield",
        "  expected: shield:edge",
        "  fix:      rename it to shield:edge",
      ),
    ],
    [
      "a misspelt namespace",
      { "sheild:edge": "alb" },
      lines(
        "sheild:edge: the key is not in the namespace of shield",
        "  expected: shield:edge",
        "  fix:      rename it to shield:edge",
      ),
    ],
  ])("%s", (_, values, expected) => {
    expect(report(values)).toBe(expected);
  });

  test("a key like no other, with all that there are", () => {
    const text = report({ "shield:qqqqqqqqqq": "1" });
    expect(text).toContain(
      "shield:qqqqqqqqqq: there is no such key\n  expected: one of shield:image, shield:replicas,",
    );
    expect(text).toContain("fix:      pulumi config rm shield:qqqqqqqqqq --stack shield-prod");
  });

  test("a long value is cut", () => {
    expect(report({ "shield:edge": "x".repeat(1000) })).toContain(`value:    ${"x".repeat(197)}...\n`);
  });
});

describe("required keys", () => {
  const config = stackConfig("atb", {
    image: z
      .string()
      .describe("The broker's image.")
      .meta({ examples: ["r.io/atb:1.2.0"] }),
    mode: z.enum(["a", "b"]),
    keys: z.strictObject({
      current: z.strictObject({ kid: z.string(), privateKey: secret() }),
      note: z.string().optional(),
    }),
    token: secret().describe("The upstream's token."),
    target: z.union([z.int(), z.string()]),
  });

  test("all that are missing are named at once, each with the command that sets it", () => {
    expect(() => config.parse({}, { stack: "atb-prod" })).toThrow(
      lines(
        "5 problems in the config of atb-prod",
        "",
        "atb:image: required, but not set",
        "  expected: a string: The broker's image.",
        "  fix:      pulumi config set atb:image r.io/atb:1.2.0 --stack atb-prod",
        "",
        "atb:mode: required, but not set",
        "  expected: one of a, b",
        "  fix:      pulumi config set atb:mode VALUE --stack atb-prod",
        "",
        "atb:keys: required, but not set",
        "  expected: a map with current and, if wanted, note",
        "  fix:      pulumi config set --path atb:keys.current.kid VALUE --stack atb-prod",
        "            pulumi config set --path --secret atb:keys.current.privateKey --stack atb-prod",
        "",
        "atb:token: required, but not set",
        "  expected: a secret: The upstream's token.",
        "  fix:      pulumi config set --secret atb:token --stack atb-prod",
        "",
        "atb:target: required, but not set",
        "  expected: a whole number, or a string",
        "  fix:      pulumi config set atb:target VALUE --stack atb-prod",
      ),
    );
  });

  test("a path that the shell would read is quoted", () => {
    const lists = stackConfig("atb", { previous: z.array(z.strictObject({ kid: z.string() })) });
    expect(() => lists.parse({ "atb:previous": "[{}]" }, { stack: "atb-prod" })).toThrow(
      "pulumi config set --path 'atb:previous[0].kid' VALUE --stack atb-prod",
    );
  });
});

describe("checks across keys", () => {
  const seen: unknown[] = [];
  const config = stackConfig(
    "voidkey",
    {
      image: z.string(),
      replicas: z.int().default(2),
      zone: z.string().optional(),
      pool: z.int(),
      smtp: z.strictObject({ host: z.string().optional() }).optional(),
    },
    {
      check: (valid, stack) => {
        seen.push([valid, stack]);
        return valid.image !== undefined && stack.environment === "prod-west"
          ? checkPinned(valid.image, "voidkey:image")
          : [];
      },
    },
  );
  afterEach(() => seen.splice(0));
  const west: StackName = { name: "voidkey-prod-west", product: "voidkey", environment: "prod-west" };

  test("see the keys that fit, and report beside the others", () => {
    const values = {
      "voidkey:image": "a:latest",
      "voidkey:pool": "many",
      "voidkey:smtp": '{"hots":"x"}',
      "voidkey:zoen": "x",
    };
    let message = "";
    try {
      config.parse(values, { stack: "voidkey-prod-west" });
    } catch (error) {
      message = (error as InputError).message;
    }
    expect(seen).toEqual([[{ image: "a:latest", replicas: 2 }, west]]);
    expect(message.split("\n").filter((line) => /^\S/.test(line))).toEqual([
      "4 problems in the config of voidkey-prod-west",
      "voidkey:pool: the value is not a number",
      "voidkey:smtp.hots: there is no such key",
      "voidkey:zoen: there is no such key",
      "voidkey:image: the image is not pinned",
    ]);
    expect(message).toContain("pulumi config set voidkey:image a:VERSION --stack voidkey-prod-west");
  });

  test("without a problem the config is returned", () => {
    const values = { "voidkey:image": "a:1", "voidkey:pool": "5" };
    expect(config.parse(values, { stack: "voidkey-prod-west" })).toEqual({ image: "a:1", replicas: 2, pool: 5 });
    expect(seen).toEqual([[{ image: "a:1", replicas: 2, pool: 5 }, west]]);
  });

  test("a command that already names a stack keeps it", () => {
    const fix = "pulumi config set --stack atb-prod atb:a 1\npulumi config rm voidkey:b";
    const other = stackConfig("voidkey", {}, { check: () => [{ subject: "a", message: "b", fix }] });
    expect(() => other.parse({}, { stack: "voidkey-dev" })).toThrow(
      "fix:      pulumi config set --stack atb-prod atb:a 1\n            pulumi config rm voidkey:b --stack voidkey-dev",
    );
  });

  test("a shape may check its members together", () => {
    const range = stackConfig(
      "voidkey",
      z
        .strictObject({ min: z.int(), max: z.int() })
        .refine(({ min, max }) => min <= max, { error: "the minimum is above the maximum", path: ["min"] }),
    );
    expect(range.parse({ "voidkey:min": "1", "voidkey:max": "1" }, { stack: "voidkey-dev" })).toEqual({
      min: 1,
      max: 1,
    });
    expect(() => range.parse({ "voidkey:min": "2", "voidkey:max": "1" }, { stack: "voidkey-dev" })).toThrow(
      "1 problem in the config of voidkey-dev\n\nvoidkey:min: the minimum is above the maximum",
    );
  });
});

describe("the stack", () => {
  test.each(["atb-prod", "shield", "shield-", "shieldprod", "prod"])("%s is not one of shield", (stack) => {
    expect(() => shield.parse(good, { stack })).toThrow(
      lines(
        "stack: the stack is not one of shield",
        `  value:    ${stack}`,
        "  expected: a name of the form shield-<environment>, such as shield-dev",
        "  fix:      pulumi stack select shield-dev",
      ),
    );
  });

  test("load() reads what the running program was given", async () => {
    class NoMocks implements pulumi.runtime.Mocks {
      newResource(): { id: string; state: object } {
        return { id: "", state: {} };
      }
      call(): object {
        return {};
      }
    }
    await pulumi.runtime.setMocks(new NoMocks(), "gatehouse", "shield-dev", false);
    pulumi.runtime.setAllConfig({ ...good, "shield:replicas": "7", "shield:edge": "alb" });
    expect(shield.load()).toMatchObject({ replicas: 7, edge: "alb" });
    pulumi.runtime.setAllConfig({ ...good, "shield:edge": "alb", "gatehouse:debug": "true" }, ["shield:edge"]);
    expect(() => shield.load()).toThrow("2 problems in the config of shield-dev");
  });
});
