import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readGraph } from "../../src/index.ts";
import type { Graph } from "../../src/index.ts";
import { gatehouse, plainProject, program, resource, temporaryFolder, temporaryProject } from "../support.ts";

const everything = program("everything");

describe("--json", () => {
  test("has the keys of the format and no others, and is the same byte for byte each time", async () => {
    const args = ["preview", "-C", everything, "--json", "--fixtures", join(everything, "fixtures.yaml")];
    const [first, second] = await Promise.all([gatehouse(args), gatehouse([...args, "--parallel", "1"])]);
    expect(first.status).toBe(0);
    expect(second.stdout).toBe(first.stdout);
    const graph: Graph = readGraph(first.stdout);
    expect(Object.keys(graph)).toEqual(["version", "stacks"]);
    for (const stack of graph.stacks) {
      expect(Object.keys(stack)).toEqual(["stack", "resources", "outputs", "diagnostics"]);
      for (const { read: _, ...resource } of stack.resources) {
        expect(Object.keys(resource)).toEqual(
          "urn type name parent custom provider inputs dependencies propertyDependencies options".split(" "),
        );
      }
    }
  });

  test("is not mixed with progress or errors", async () => {
    const { stdout, stderr } = await gatehouse(["preview", "throw", "-C", program("errors"), "--json"]);
    expect(() => readGraph(stdout)).not.toThrow();
    expect(stderr).toContain("throw: failed, 1 resource\n");
  });
});

test("characters that some readers take for the end of a line cross as they are", async () => {
  const text = "a\u2028b\u2029c\u0085d\te\rf";
  const folder = temporaryProject({
    "Pulumi.yaml": plainProject,
    "package.json": '{"type":"module"}',
    "index.ts": `
      import * as pulumi from "@pulumi/pulumi";
      console.log(${JSON.stringify(text)});
      export const secret = pulumi.secret(${JSON.stringify(text)} + "secret");
      export const value = ${JSON.stringify(text)};
    `,
  });
  const { status, stdout, stderr } = await gatehouse(["preview", "dev", "-C", folder, "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "dev: done, 0 resources\n" });
  expect(readGraph(stdout).stacks[0]).toMatchObject({
    outputs: { secret: { $secret: null }, value: text },
    diagnostics: [{ severity: "info", message: text }],
  });
});

test("the tree shows components with their children, and a summary of kinds", async () => {
  const { status, stdout } = await gatehouse(["preview", "dev", "-C", program("basic")]);
  expect(status).toBe(0);
  expect(stdout.replace(/in \d+\.\d s/, "in T s")).toBe(
    [
      "dev  3 resources",
      "├─ app     Deployment  web/app  x2  nginx:1",
      "├─ ns      Namespace  web",
      "└─ secret  Secret  web/(named as it is created)",
      "outputs",
      "  appId: web/app",
      "  uid: (known after deployment)",
      "",
      "              dev",
      "  Deployment    1",
      "  Namespace     1",
      "  Secret        1",
      "  total         3",
      "1 stack, 3 resources in T s",
      "",
    ].join("\n"),
  );
});

describe("stacks", () => {
  test("an unknown one: the nearest that there is", async () => {
    const { status, stdout, stderr } = await gatehouse(["preview", "fulll", "-C", everything]);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: "",
      stderr: 'error: unknown stack "fulll" (did you mean "full"?)\n  stacks of project "everything": base, full\n',
    });
  });

  test("named with project and organization", async () => {
    const { stdout } = await gatehouse(["preview", "organization/everything/base", "-C", everything, "--json"]);
    expect(readGraph(stdout).stacks.map(({ stack }) => stack)).toEqual(["base"]);
  });

  test("none named and none there", async () => {
    const { status, stderr } = await gatehouse(["preview", "-C", program("errors")]);
    expect(status).toBe(2);
    expect(stderr).toContain('error: project "errors" has no stacks: no Pulumi.<stack>.yaml in ');
  });
});

describe("config on the command line", () => {
  const inputs = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await gatehouse(["preview", "full", "-C", everything, "--json", ...args]);
    const [stack] = readGraph(stdout).stacks;
    return stack && resource(stack, "config").inputs;
  };

  test("--config sets values, with and without a namespace", async () => {
    expect(await inputs("--config", "region=east", "-c", "everything:size=5")).toMatchObject({
      region: "east",
      size: 5,
    });
  });

  test("--config-file sets structures and secrets, and --config wins over it", async () => {
    const file = join(temporaryFolder(), "config.yaml");
    writeFileSync(file, "config:\n  tags: { team: other }\n  region: west\n  password: { secret: known-password }\n");
    expect(await inputs("--config-file", file, "--config", "region=east")).toMatchObject({
      tags: { team: "other" },
      region: "east",
      password: { $secret: null },
    });
  });
});

describe("a wrong command line ends with status 2 and one message", () => {
  test.each([
    [["preview", "--config", "novalue", "-C", everything], "expected key=value"],
    [["preview", "--timeout", "soon", "-C", everything], "expected a number above 0"],
    [["preview", "--jsno", "-C", everything], "unknown option '--jsno'"],
    [["previw"], "unknown command 'previw'"],
    [["preview", "-C", "/"], "no Pulumi.yaml in / or a folder above it"],
    [["preview", "--fixtures", "/absent.yaml", "-C", everything], "/absent.yaml"],
  ])("%j", async (args, message) => {
    const { status, stdout, stderr } = await gatehouse(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test("a fixtures file with an unknown key", async () => {
    const file = join(temporaryFolder(), "fixtures.json");
    writeFileSync(file, '{"invoke":{}}');
    const { stderr } = await gatehouse(["preview", "-C", everything, "--fixtures", file]);
    expect(stderr).toBe(
      `error: ${file}: unknown key "invoke" (did you mean "invokes"?)\n  expected: invokes, resources, reads, stacks\n`,
    );
  });
});

describe("config schema", () => {
  const folder = temporaryProject({
    "Pulumi.yaml": plainProject,
    "package.json": '{"type":"module"}',
    "index.ts": "export {};",
    "shop/config.ts": 'export const config = { jsonSchema: (): object => ({ type: "object" }) };',
    "empty/config.ts": "export const other = 1;",
  });

  test("prints what the product's config says", async () => {
    const { status, stdout } = await gatehouse(["config", "schema", "shop", "-C", folder]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '{\n  "type": "object"\n}\n' });
  });

  test("an unknown product: the nearest", async () => {
    const { status, stderr } = await gatehouse(["config", "schema", "shpo", "-C", folder]);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: unknown product "shpo" (did you mean "shop"?)\n  products of project "small": empty, shop\n',
    });
  });

  test("a config file without a config", async () => {
    const { status, stderr } = await gatehouse(["config", "schema", "empty", "-C", folder]);
    expect(status).toBe(2);
    expect(stderr).toContain('exports no "config" with jsonSchema()');
  });
});

describe("config explain", () => {
  // The answer of a product's config is the core's concern; this one gives back what it was asked with.
  const folder = temporaryProject({
    "Pulumi.yaml": plainProject,
    "package.json": '{"type":"module"}',
    "index.ts": "export {};",
    "Pulumi.shop-prod.yaml": "config: { shop:size: 3, shop:key: { secure: v1:abc } }",
    "Pulumi.shop-front-dev.yaml": "config: {}",
    "shop/config.ts": `export const config = { explain: (values: object, context: object): object[] => [
      { key: "shop:values", value: values, secret: false, origin: "stack" },
      { key: "shop:context", value: context, secret: false, origin: "layer", layer: "base" },
      { key: "shop:list[0].token", secret: true, origin: "stack" },
      { key: "shop:text", value: "", secret: false, origin: "default" },
      { key: "shop:long", value: "x".repeat(80), secret: false, origin: "default" },
      { key: "shop:note", secret: false, origin: "unset" },
    ] };`,
    "shop-front/config.ts": 'export const config = { explain: (): never => { throw new Error("no such size"); } };',
    "Pulumi.market-prod.yaml": "config: { cloud:project: blue }",
    "market/config.ts": `export const config = { explain: (): object[] => [
      { key: "market:cloud", value: JSON.parse(process.env.PULUMI_CONFIG ?? "{}"), secret: false, origin: "stack" },
    ] };`,
    "shopping/config.ts": "export const config = {};",
  });
  const explain = (...args: string[]) => gatehouse(["config", "explain", ...args, "-C", folder]);

  test("a line for each value: secrets masked, what is long cut", async () => {
    const { status, stdout, stderr } = await explain("acme/small/shop-prod");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["shop:values", expect.stringMatching(/^\{"shop:key":".+","shop:size":"3"\}$/), "stack file"],
      ["shop:context", '{"stack":"shop-prod","secretKeys":["shop:key"],"project":"small"}', "layer base"],
      ["shop:list[0].token", "[secret]", "stack file"],
      ["shop:text", '""', "default"],
      ["shop:long", `${"x".repeat(69)}...`, "default"],
      ["shop:note", "-", "not set"],
      [""],
    ]);
  });

  test.each([["shop:list"], ["list"], ["list[0]"], ["list[0].token"]])("what is at the key %s", async (key) => {
    const { stdout } = await explain("shop-prod", key);
    expect(stdout).toBe("shop:list[0].token  [secret]  stack file\n");
  });

  test("checks read the config of providers too", async () => {
    const { stdout } = await explain("market-prod");
    expect(stdout).toBe('market:cloud  {"cloud:project":"blue"}  stack file\n');
  });

  test("as JSON", async () => {
    const { stdout } = await explain("shop-prod", "long", "--json");
    expect(JSON.parse(stdout)).toEqual([{ key: "shop:long", value: "x".repeat(80), secret: false, origin: "default" }]);
  });

  test("an unknown key and an unknown stack: the nearest", async () => {
    expect((await explain("shop-prod", "lst")).stderr).toBe(
      'error: the config has no key "lst" (did you mean "list"?)\n',
    );
    expect((await explain("shop-prd")).stderr).toBe(
      'error: unknown stack "shop-prd" (did you mean "shop-prod"?)\n  stacks of project "small": market-prod, shop-front-dev, shop-prod\n',
    );
  });

  test("the product with the longest name is asked, and what it says is wrong is printed", async () => {
    const { status, stdout, stderr } = await explain("shop-front-dev");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toBe(
      `error: no such size\nerror: ${join(folder, "shop-front/config.ts")}: explain() of its config failed\n`,
    );
  });
});

test("nothing is written into the project", async () => {
  const folder = temporaryProject({
    "Pulumi.yaml": plainProject,
    "package.json": '{"type":"module"}',
    "index.ts": "export {};",
  });
  const list = (): string =>
    execFileSync("find", [folder, "-path", "*/node_modules", "-prune", "-o", "-print"]).toString();
  const before = list();
  const cache = temporaryFolder();
  const { status } = await gatehouse(["preview", "dev", "-C", folder], { environment: { XDG_CACHE_HOME: cache } });
  expect(status).toBe(0);
  expect(list()).toBe(before);
  expect(existsSync(join(cache, "gatehouse/compile-cache"))).toBe(true);
});

test("the command's file says so when Node is too old for it", () => {
  const bin = fileURLToPath(new URL("../../src/cli/bin.ts", import.meta.url));
  const pretend = 'Object.defineProperty(process.versions, "node", { value: "20.19.0" });';
  const preload = `data:text/javascript,${encodeURIComponent(pretend)}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", preload, bin, "preview"], {
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(/^gatehouse needs Node 22\.18 or later; this is 20\.19\.0 \(.+\)\n$/);
});
