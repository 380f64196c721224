import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readGraph } from "../src/index.ts";
import { program, temporaryFolder } from "./support.ts";

const workspace = fileURLToPath(new URL("../../..", import.meta.url));
const own = fileURLToPath(new URL("..", import.meta.url));

/** Node strips no types in node_modules, so what is packed has to find its compiled files. */
test("the compiled package runs from node_modules", () => {
  const modules = join(temporaryFolder(), "node_modules");
  const folder = join(modules, "@gatehouse/preview");
  mkdirSync(folder, { recursive: true });
  for (const name of ["commander", "yaml", "fastest-levenshtein", "@pulumi"]) {
    symlinkSync(join(workspace, "node_modules", name), join(modules, name));
  }
  copyFileSync(join(own, "package.json"), join(folder, "package.json"));
  const tsc = join(workspace, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", join(own, "tsconfig.build.json"), "--outDir", join(folder, "dist")]);
  expect(readdirSync(join(folder, "dist")).filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);

  const args = [join(folder, "dist/cli/bin.js"), "preview", "dev", "-C", program("basic"), "--json"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "dev: done, 3 resources\n" });
  expect(readGraph(stdout).stacks[0]?.resources).toHaveLength(5);
});
