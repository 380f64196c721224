import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { consumer, typeCheck, variant } from "./consumer.ts";
import { run } from "./run.ts";

const root = join(import.meta.dirname, "../..");
const packages = readdirSync(join(root, "packages")).map((name) => `@gatehouse/${name}`);
const entries = [...packages, "@gatehouse/core/config"];

/** What a program prints, as JSON. */
async function printed(folder: string, file: string, program: string): Promise<unknown> {
  writeFileSync(join(folder, file), program);
  const { status, stdout, output } = await run(folder, "node", file);
  if (status !== 0) throw new Error(output);
  return JSON.parse(stdout);
}

describe("a CommonJS program in JavaScript", () => {
  // In the workspace, as compiled there: not every package's dependencies are installed for the examples.
  test.each(entries)("requires %s, and gets what an import gets", async (name) => {
    const program = `
      const required = require("${name}");
      import("${name}").then((imported) => {
        const names = Object.keys(imported).filter((one) => one !== "module.exports");
        console.log(JSON.stringify(names.length > 3 && names.every((one) => required[one] === imported[one])));
      });`;
    expect(await printed(join(root, "dist"), "requires.cjs", program)).toBe(true);
  });

  test("can make a component of what it requires", async () => {
    const program = `
      const { ComponentResource } = require("@pulumi/pulumi");
      const { AuthService } = require("@gatehouse/kubernetes");
      console.log(JSON.stringify(AuthService.prototype instanceof ComponentResource));`;
    expect(await printed(consumer("typescript-template"), "component.cjs", program)).toBe(true);
  });
});

describe("a path inside a package", () => {
  const inside = "@gatehouse/kubernetes/dist/workload.js";

  test.each([
    [
      "requires it",
      "inside.cjs",
      `try { require("${inside}") } catch (error) { console.log(JSON.stringify(error.code)) }`,
    ],
    ["imports it", "inside.mjs", `import("${inside}").catch((error) => console.log(JSON.stringify(error.code)))`],
  ])("is refused to a program that %s", async (_, file, program) => {
    expect(await printed(consumer("typescript-template"), file, program)).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  test("is refused by the type check", async () => {
    const folder = variant("auth-service", "inside", {
      "index.ts": [[`from "@gatehouse/kubernetes"`, `from "${inside}"`]],
    });
    const { status, output } = await typeCheck(folder);
    expect(status).not.toBe(0);
    expect(output).toContain(`Cannot find module '${inside}'`);
  });
});
