import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { packagingProblems } from "../../scripts/packedFiles.ts";
import { type Manifest, readManifest } from "../../scripts/packages.ts";
import { consumer } from "./consumer.ts";

describe("an installed package", () => {
  const folder = (): string => join(consumer("auth-service"), "node_modules/@gatehouse/kubernetes");

  test("has its licence, its README and what is compiled, and no more", () => {
    expect(readdirSync(folder()).sort()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
  });

  test("has no way to sources, and resolves for each kind of import", () => {
    const { exports, devDependencies } = readManifest(folder());
    expect(exports["."]).toEqual({ types: "./dist/index.d.ts", default: "./dist/index.js" });
    expect(devDependencies).toBeUndefined();
  });

  test("hides from programs the packages that it does not depend on", () => {
    expect(existsSync(join(folder(), "../monitoring"))).toBe(false);
  });
});

describe("what keeps a package from being packed", () => {
  let folder: string;
  const manifest: Manifest = {
    name: "probe",
    version: "1.0.0",
    exports: { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } },
    dependencies: { known: "^1.0.0", "@scope/known": "^1.0.0" },
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gatehouse-packed-"));
    write("LICENSE", "Apache");
    write("README.md", "# probe");
    write("dist/index.js", `import "known"; import "@scope/known/part.js"; import "node:fs"; import "./other.js";\n`);
    write("dist/index.d.ts", "export {};\n");
    write("dist/other.js", "export {};\n");
    write("package.json", JSON.stringify({ ...manifest, type: "module", license: "Apache-2.0", files: ["dist"] }));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function write(file: string, text: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }

  test("nothing, where all is in order", async () => {
    expect(await packagingProblems(folder, manifest)).toEqual([]);
  });

  test.each([
    ["an import that is not among the dependencies", "dist/other.js", `import "unknown/part.js";`, "unknown/part.js"],
    [
      "a type from what is not among the dependencies",
      "dist/other.d.ts",
      `import type { A } from "unknown";`,
      "unknown",
    ],
    ["a dynamic import of it", "dist/other.js", `await import("@scope/unknown");`, "@scope/unknown"],
  ])("%s", async (_, file, text, name) => {
    write(file, text);
    expect(await packagingProblems(folder, manifest)).toEqual([
      `${file}: imports ${name}, which is not among the dependencies`,
    ]);
  });

  test("a declaration that names a source", async () => {
    write("dist/other.d.ts", `export * from "./index.ts";`);
    expect(await packagingProblems(folder, manifest)).toEqual([
      "dist/other.d.ts: imports ./index.ts, not a compiled file",
    ]);
  });

  test.each(["dist/other.ts", "src/index.ts", "dist/other.test.js"])("%s", async (file) => {
    write(file, "");
    expect(await packagingProblems(folder, manifest)).toEqual([
      `${file}: sources, tests and the like are not published`,
    ]);
  });

  test("a file that is missing, and fields that name it", async () => {
    rmSync(join(folder, "LICENSE"));
    rmSync(join(folder, "dist/index.d.ts"));
    expect(await packagingProblems(folder, manifest)).toEqual([
      "LICENSE: missing",
      "dist/index.d.ts: missing",
      expect.stringContaining("./dist/index.d.ts but the file does not exist"),
    ]);
  });
});
