import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph, StackGraph } from "@gatehouse/preview";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packagesInOrder, readManifest, root, tarballName } from "../../scripts/packages.ts";
import { run } from "./run.ts";

const preview = packagesInOrder().find(({ manifest }) => manifest.name === "@gatehouse/preview");
const tarball = preview ? join(root, "dist", tarballName(preview.manifest)) : "";
const oldest = preview?.manifest.peerDependencies?.["@pulumi/pulumi"]?.replace(">=", "") ?? "";
const { version: locked } = readManifest(join(root, "node_modules/@pulumi/pulumi"));

const parent = mkdtempSync(join(tmpdir(), "gatehouse-sdk-"));
afterAll(() => {
  rmSync(parent, { recursive: true, force: true });
});

const nodes = ["22", "24"];

/** A program's folder with a release of the SDK, both releases of Node.js and the packed preview. */
async function install(name: string, sdk: string): Promise<string> {
  const folder = join(parent, name);
  mkdirSync(folder);
  cpSync(join(import.meta.dirname, "sdkProgram"), folder, { recursive: true });
  const manifest = {
    name: "sdk",
    private: true,
    type: "module",
    main: "index.js",
    dependencies: {
      "@gatehouse/preview": `file:${tarball}`,
      "@pulumi/pulumi": sdk,
      ...Object.fromEntries(nodes.map((node) => [`node-${node}`, `npm:node@${node}`])),
    },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  const { status, output } = await run(folder, "npm", "install", "--no-audit", "--no-fund");
  if (status !== 0) throw new Error(`npm install failed in ${folder}\n${output}`);
  return folder;
}

function installed(folder: string, name: string): string {
  return (JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8")) as { version: string })
    .version;
}

async function record(folder: string, node: string): Promise<StackGraph> {
  const modules = join(folder, "node_modules");
  const program = join(modules, `node-${node}/bin/node`);
  const bin = join(modules, "@gatehouse/preview/dist/cli/bin.js");
  const { status, stdout, output } = await run(folder, program, bin, "preview", "dev", "--json");
  if (status !== 0) throw new Error(`gatehouse preview ended with ${String(status)}\n${output}`);
  const [stack] = (JSON.parse(stdout) as Graph).stacks;
  if (!stack) throw new Error("no stack in the preview");
  return stack;
}

/** What must be the same in all releases: how they name places in their own or the program's files may differ. */
function comparable({ resources, outputs, diagnostics }: StackGraph): object {
  return { resources: resources.map((resource) => ({ ...resource, source: undefined })), outputs, diagnostics };
}

let lockedFolder: string;
let reference: object;
beforeAll(async () => {
  lockedFolder = await install("locked", locked);
  reference = comparable(await record(lockedFolder, "24"));
});

test("with the locked release, each kind of request is in the record", () => {
  expect(reference).toMatchObject({ diagnostics: [] });
  const { resources } = reference as Pick<StackGraph, "resources">;
  expect(resources.map(({ name, type, read }) => [type, name, read ?? false])).toEqual([
    ["pulumi:providers:test", "default", false],
    ["pulumi:pulumi:Stack", "sdk-dev", false],
    ["pulumi:pulumi:StackReference", "organization/other/dev", true],
    ["test:index:Group", "group", false],
    ["test:index:Thing", "found", true],
    ["test:index:Thing", "last", false],
    ["test:index:Thing", "group-thing", false],
  ]);
  const of = (name: string) => resources.find((resource) => resource.name === name);
  expect(of("group-thing")).toMatchObject({ inputs: { size: 1, touched: true }, options: { protect: true } });
  expect(of("last")?.inputs).toEqual({
    region: "north",
    made: { $unknown: [of("group-thing")?.urn] },
    password: { $secret: null },
    found: { $unknown: [of("found")?.urn] },
    address: { $unknown: [of("organization/other/dev")?.urn] },
    answer: { $unknown: expect.anything() as unknown },
  });
  expect(of("last")?.options).toEqual({
    aliases: ["urn:pulumi:dev::sdk::test:index:Thing::first"],
    ignoreChanges: ["size"],
    customTimeouts: { create: "5m" },
    deleteBeforeReplace: true,
  });
});

test("the locked release records the same graph on Node.js 22", async () => {
  expect(comparable(await record(lockedFolder, "22"))).toEqual(reference);
});

describe.each([
  ["oldest supported", oldest],
  ["newest", "latest"],
])("the %s release of the SDK", (age, sdk) => {
  let folder: string;
  beforeAll(async () => {
    folder = await install(age.replace(" ", "-"), sdk);
    if (sdk !== "latest") expect(installed(folder, "@pulumi/pulumi")).toBe(sdk);
  });

  test.each(nodes)("records the same graph on Node.js %s", async (node) => {
    expect(installed(folder, `node-${node}`).split(".")[0]).toBe(node);
    expect(comparable(await record(folder, node))).toEqual(reference);
  });
});
