import { describe, expect, test } from "vitest";
import { stackConfig } from "../../src/project/config.ts";
import { preview, previewAll, UsageError } from "../../src/index.ts";
import { findProject, readStackConfig, splitArguments, stackNames } from "../../src/project/project.ts";
import { errors, plainProject, resource, temporaryProject } from "../support.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const thing = (name: string): string =>
  `new (class extends pulumi.CustomResource {})("test:index:Thing", "thing", { name: ${name}, pwd: process.cwd() });\n`;

describe("finding a project", () => {
  test("upwards from a folder, with main, stackConfigDir and runtime options", () => {
    const folder = temporaryProject({
      "Pulumi.yaml":
        "name: shop\nmain: src/app.ts\nstackConfigDir: stacks\n" +
        "runtime:\n  name: nodejs\n  options:\n    typescript: false\n    nodeargs: --conditions=a --title='my app'\n    tsconfig: tsconfig.app.json\n",
      "src/app.ts": "",
      "src/deep/file.txt": "",
      "stacks/Pulumi.prod.yaml": "",
      "stacks/Pulumi.dev.yml": "",
      "stacks/other.yaml": "",
    });
    const project = findProject(`${folder}/src/deep`);
    expect(project).toEqual({
      name: "shop",
      root: folder,
      directory: `${folder}/src`,
      entry: "app.ts",
      configDirectory: `${folder}/stacks`,
      typescript: false,
      tsconfig: "tsconfig.app.json",
      nodeArguments: ["--conditions=a", "--title=my app"],
      config: {},
    });
    expect(stackNames(project)).toEqual(["dev", "prod"]);
  });

  test.each([
    ["runtime: nodejs", 'it has no "name"'],
    ["name: a\nruntime: python", 'the runtime is "python"; this preview runs programs of "nodejs"'],
    ["name: a\nruntime: nodejs\nmain: absent.ts", '"main" is absent.ts, and there is no '],
    ["name: [", "Pulumi.yaml: "],
    ["- a", "Pulumi.yaml: expected an object of keys and values"],
  ])("%j is refused", (text, message) => {
    const folder = temporaryProject({ "Pulumi.yaml": text });
    expect(() => findProject(folder)).toThrow(UsageError);
    expect(() => findProject(folder)).toThrow(message);
  });

  test("nodeargs are split as a shell does", () => {
    expect(splitArguments(`--a  --b="x y" '--c d' e"f"g`)).toEqual(["--a", "--b=x y", "--c d", "efg"]);
  });
});

describe("config", () => {
  test.each(["2025-01-14T09:00:00Z", "2025-01-14", "2025-1-4 9:00:00 +1"])("%s without quotes is refused", (date) => {
    const folder = temporaryProject({
      "Pulumi.yaml": "name: shop\nruntime: nodejs\nmain: app.ts\n",
      "app.ts": "",
      "Pulumi.dev.yaml": `config:\n  shop:quoted: "${date}"\n  shop:version: 2025.1\n  shop:keys:\n    since: ${date}\n`,
    });
    const read = (): unknown => readStackConfig(findProject(folder), "dev", {});
    expect(read).toThrow(UsageError);
    expect(read).toThrow(
      `${folder}/Pulumi.dev.yaml:5: the Pulumi command rewrites a date without quotes: ${date}; write "${date}"`,
    );
  });

  test("defaults, namespaces, structures, secrets in parts and overrides", () => {
    const declared = {
      a: "shorthand",
      b: { type: "integer", default: 3, description: "a number" },
      "aws:region": { value: "eu-west-1" },
      object: { value: { value: "x" } },
    };
    const own = {
      b: 4,
      "shop:flag": true,
      list: [1, { secure: "v1:a:b" }],
      token: { secure: "v1:c:d" },
      number: 1.5,
      nothing: null,
    };
    const overrides = { a: "set", "aws:region": "eu-west-2", secret: { secret: "text" }, tree: { x: [1] } };
    expect(stackConfig("shop", "dev", declared, own, overrides)).toEqual({
      values: {
        "aws:region": "eu-west-2",
        "shop:a": "set",
        "shop:b": "4",
        "shop:flag": "true",
        "shop:list": `[1,"${unknown}"]`,
        "shop:nothing": "",
        "shop:number": "1.5",
        "shop:object": '{"value":"x"}',
        "shop:secret": "text",
        "shop:token": unknown,
        "shop:tree": '{"x":[1]}',
      },
      secretKeys: ["shop:list", "shop:secret", "shop:token"],
    });
  });

  test("a declared value that is missing or of another type", () => {
    const declared = { size: { type: "integer" } };
    expect(() => stackConfig("shop", "dev", declared, {}, {})).toThrow(
      'stack "dev" is missing configuration value "shop:size", which Pulumi.yaml declares',
    );
    expect(() => stackConfig("shop", "dev", declared, { size: "big" }, {})).toThrow(
      'stack "dev" with configuration key "shop:size" must be of type "integer"',
    );
  });

  test("a stack with wrong config fails alone", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": `${plainProject}config: { size: { type: integer } }\n`,
      "package.json": '{"type":"module"}',
      "Pulumi.a.yaml": "config: { size: big }\n",
      "Pulumi.b.yaml": "config: [\n",
      "Pulumi.c.yaml": "config: { size: 1 }\n",
      "index.ts": "export const ran = true;\n",
    });
    const { stacks } = await previewAll({ project: folder });
    expect(stacks.map(errors)).toEqual([
      ['stack "a" with configuration key "small:size" must be of type "integer"'],
      [expect.stringContaining("Pulumi.b.yaml: ")],
      [],
    ]);
    expect(stacks[2]?.outputs).toEqual({ ran: true });
  });

  test("a plain getter refuses an encrypted value, and no getter gives its text", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": plainProject,
      "package.json": '{"type":"module"}',
      "Pulumi.dev.yaml": "config:\n  token: { secure: v1:cipher:text }\n",
      "Pulumi.all.yaml": "config:\n  token: { secure: v1:cipher:text }\n  deep: { part: { secure: v1:cipher:text } }\n",
      "index.ts":
        'import * as pulumi from "@pulumi/pulumi";\nconst config = new pulumi.Config();\n' +
        'if (pulumi.getStack() === "dev") config.require("token");\n' +
        "export const all = pulumi.runtime.allConfig();\n" +
        'export const values = [config.requireSecret("token"), config.getSecretNumber("token"), config.requireSecretBoolean("token"), config.getSecretObject("token"), config.requireSecretObject("deep")];\n' +
        'export const absent = config.getSecret("absent") === undefined;\n',
    });
    const { stacks } = await previewAll({ project: folder });
    const [all, dev] = stacks;
    expect(dev && errors(dev)).toEqual([
      "small:token: the value is encrypted, and an offline preview does not decrypt\n" +
        "  fix:      read it as a secret (requireSecret, getSecret), or give a value with --config-file",
    ]);
    const secret = { $secret: null };
    expect(all?.outputs).toEqual({
      absent: true,
      all: { "small:deep": { $unknown: [] }, "small:token": { $unknown: [] } },
      values: [secret, secret, secret, secret, secret],
    });
    expect(JSON.stringify(stacks)).not.toContain("cipher");
  });
});

describe("programs of other kinds", () => {
  test("the default template: TypeScript compiled by the SDK, CommonJS, main from package.json", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": "name: template\nruntime:\n  name: nodejs\n  options:\n    packagemanager: npm\n",
      "package.json": '{"name":"template","main":"index.ts"}',
      "tsconfig.json":
        '{"compilerOptions":{"strict":true,"outDir":"bin","target":"es2020","module":"nodenext","moduleResolution":"nodenext","sourceMap":true},"files":["index.ts"]}',
      "index.ts": `import * as pulumi from "@pulumi/pulumi";\nconst name: string = "typed";\n${thing("name")}export const dir = __dirname;\n`,
    });
    const stack = await preview({ project: folder, stack: "dev" });
    expect(errors(stack)).toEqual([]);
    expect(resource(stack, "thing").inputs).toEqual({ name: "typed", pwd: folder });
    expect(stack.outputs).toEqual({ dir: folder });
  });

  test("CommonJS JavaScript that exports a function", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": "name: script\nruntime: { name: nodejs, options: { typescript: false } }\n",
      "package.json": "{}",
      "index.js": `const pulumi = require("@pulumi/pulumi");\nmodule.exports = async () => { ${thing('"script"')} return { done: pulumi.getOrganization() }; };\n`,
    });
    const stack = await preview({ project: folder, stack: "dev", organization: "acme" });
    expect(errors(stack)).toEqual([]);
    expect(resource(stack, "thing").inputs.name).toBe("script");
    expect(stack.outputs).toEqual({ done: "acme" });
  });

  test("errors of compiled code name the places in its sources", async () => {
    const map = { version: 3, file: "index.js", sources: ["source.ts"], names: [], mappings: "AAAA;AAIA" };
    const folder = temporaryProject({
      "Pulumi.yaml": "name: script\nruntime: { name: nodejs, options: { typescript: false } }\n",
      "package.json": "{}",
      "index.js": '"use strict";\nthrow new Error("compiled");\n//# sourceMappingURL=index.js.map\n',
      "index.js.map": JSON.stringify(map),
    });
    const [error] = errors(await preview({ project: folder, stack: "dev" }));
    expect(error).toContain("Error: compiled\n");
    expect(error).toContain("source.ts:5:1");
  });

  test("a program without an SDK", async () => {
    const folder = temporaryProject({ "Pulumi.yaml": plainProject, "index.ts": "" });
    const { rmSync } = await import("node:fs");
    rmSync(`${folder}/node_modules`);
    const stack = await preview({ project: folder, stack: "dev" });
    expect(errors(stack)).toEqual([
      `the program in ${folder} has no @pulumi/pulumi: run "npm install" in its project first`,
    ]);
  });

  test("a process that the program leaves behind does not hold the preview up", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": plainProject,
      "package.json": '{"type":"module"}',
      "index.ts":
        'import { spawn } from "node:child_process";\n' +
        'spawn("sleep", ["90"], { detached: true, stdio: "inherit" }).unref();\nexport const done = 1;\n',
    });
    const stack = await preview({ project: folder, stack: "dev" });
    expect(stack.outputs).toEqual({ done: 1 });
  });

  test("a dynamic provider, whose functions are turned into text", async () => {
    const folder = temporaryProject({
      "Pulumi.yaml": plainProject,
      "package.json": '{"type":"commonjs"}',
      "index.ts":
        'const pulumi = require("@pulumi/pulumi");\nconst secretLength = 3;\n' +
        "const provider = { create: async () => ({ id: String(secretLength), outs: {} }) };\n" +
        'new (class extends pulumi.dynamic.Resource {})(provider, "dynamic", { size: 1 });\n',
    });
    const stack = await preview({ project: folder, stack: "dev" });
    expect(errors(stack)).toEqual([]);
    const { type, inputs } = resource(stack, "dynamic");
    expect(type).toBe("pulumi-nodejs:dynamic:Resource");
    expect(inputs.size).toBe(1);
    expect(JSON.stringify(inputs.__provider)).toContain("secretLength");
  });
});

describe("stacks that refer to each other", () => {
  const files = {
    "Pulumi.yaml": plainProject,
    "package.json": '{"type":"module"}',
    "Pulumi.a.yaml": "",
    "Pulumi.b.yaml": "",
    "Pulumi.c.yaml": "",
  };

  test("a chain gets its values through, whatever the order", async () => {
    const folder = temporaryProject({
      ...files,
      "index.ts":
        'import * as pulumi from "@pulumi/pulumi";\nconst next: Record<string, string> = { a: "b", b: "c" };\n' +
        "const stack = pulumi.getStack();\nconst other = next[stack];\n" +
        'export const value = other === undefined ? stack : new pulumi.StackReference(`organization/small/${other}`).requireOutput("value").apply((text) => `${stack}-${String(text)}`);\n',
    });
    const { stacks } = await previewAll({ project: folder });
    expect(stacks.map(({ outputs }) => outputs.value)).toEqual(["a-b-c", "b-c", "c"]);
  });

  test("a ring stays unknown and comes to an end", async () => {
    const folder = temporaryProject({
      ...files,
      "index.ts":
        'import * as pulumi from "@pulumi/pulumi";\nconst next: Record<string, string> = { a: "b", b: "c", c: "a" };\n' +
        'export const value = new pulumi.StackReference(`organization/small/${next[pulumi.getStack()] ?? ""}`).getOutput("value");\n',
    });
    const { stacks } = await previewAll({ project: folder });
    expect(stacks.flatMap(errors)).toEqual([]);
    expect(stacks.map(({ outputs }) => Object.keys(outputs.value as object))).toEqual([
      ["$unknown"],
      ["$unknown"],
      ["$unknown"],
    ]);
  });
});
