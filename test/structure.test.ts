import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { structureProblems } from "../scripts/structure.ts";

const root = join(import.meta.dirname, "..");

/** Runs the linter of imports over files, and returns the rules that they break. */
async function brokenRules(files: Record<string, string>): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-structure-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  for (const file of ["tsconfig.json", "tsconfig.base.json", "node_modules"])
    symlinkSync(join(root, file), join(folder, file));
  const command = join(root, "node_modules/.bin/depcruise");
  const rules = join(root, ".dependency-cruiser.js");
  const args = [command, "--config", rules, "--output-type", "json", "packages", "stacks"];
  // The report comes on standard output whatever the exit status is.
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch(
    (error: unknown) => error as { stdout: string },
  );
  const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string } }[] } };
  return [...new Set(summary.violations.map(({ rule }) => rule.name))].sort();
}

const shop = "packages/shop/src";
const sound = {
  "packages/core/src/index.ts": `export { core } from "./core.ts";\n`,
  "packages/core/src/core.ts": "export const core = 1;\n",
  [`${shop}/index.ts`]: `export { till } from "./till/till.ts";\n`,
  [`${shop}/till/till.ts`]: `import { core } from "../../../core/src/index.ts";\nexport const till = core;\n`,
  [`${shop}/shelf/shelf.ts`]: `import { till } from "../till/till.ts";\nexport const shelf = till;\n`,
  "stacks/index.ts": `import { till } from "../packages/shop/src/index.ts";\nexport const stack = till;\n`,
};

const value = (name: string): string => `export const ${name} = 1;\nexport interface ${name.toUpperCase()} { a: 1 }\n`;

describe.concurrent("imports", () => {
  test("sound sources break no rule", async () => {
    expect(await brokenRules(sound)).toEqual([]);
  });

  test.each<[string, Record<string, string>, string[]]>([
    [
      "a circle of two files",
      {
        [`${shop}/till/a.ts`]: `import { b } from "./b.ts";\n${value("a")}export const c = b;\n`,
        [`${shop}/till/b.ts`]: `import { a } from "./a.ts";\n${value("b")}export const d = a;\n`,
      },
      ["no-circle"],
    ],
    [
      "a circle of types",
      {
        [`${shop}/till/a.ts`]: `import type { B } from "./b.ts";\n${value("a")}export type C = B;\n`,
        [`${shop}/till/b.ts`]: `import type { A } from "./a.ts";\n${value("b")}export type D = A;\n`,
      },
      ["no-circle"],
    ],
    [
      "a circle of folders",
      {
        [`${shop}/till/a.ts`]: `import type { B } from "../shelf/b.ts";\nexport type C = B;\n`,
        [`${shop}/shelf/b.ts`]: value("b"),
      },
      ["no-folder-circle"],
    ],
    [
      "a file of the folder above",
      {
        [`${shop}/till/coins/coin.ts`]: `import { till } from "../till.ts";\nexport const coin = till;\n`,
      },
      ["no-import-from-above"],
    ],
    [
      "a package that uses another than core",
      {
        "packages/aws/src/index.ts": `import { till } from "../../shop/src/index.ts";\nexport const aws = till;\n`,
      },
      ["packages-use-core-alone"],
    ],
    [
      "core that uses a package",
      {
        "packages/core/src/up.ts": `import { aws } from "../../aws/src/index.ts";\nexport const up = aws;\n`,
        "packages/aws/src/index.ts": value("aws"),
      },
      ["packages-use-core-alone"],
    ],
    [
      "preview that uses core",
      {
        "packages/preview/src/index.ts": `import { core } from "../../core/src/index.ts";\nexport const preview = core;\n`,
      },
      ["preview-stands-alone"],
    ],
    [
      "a package that uses a stack",
      {
        [`${shop}/till/a.ts`]: `import { other } from "../../../../stacks/other.ts";\nexport const a = other;\n`,
        "stacks/other.ts": value("other"),
      },
      ["no-folder-circle", "packages-know-no-stack"],
    ],
    [
      "a stack that goes round a package's index",
      { "stacks/other.ts": `import { till } from "../packages/shop/src/till/till.ts";\nexport const other = till;\n` },
      ["only-what-is-public"],
    ],
    [
      "a product that uses another",
      {
        "stacks/shop/a.ts": `import { b } from "../bank/b.ts";\nexport const a = b;\n`,
        "stacks/bank/b.ts": value("b"),
      },
      ["no-product-knows-another"],
    ],
    [
      "an import that leads nowhere",
      { "stacks/other.ts": `import { gone } from "./gone.ts";\nexport const other = gone;\n` },
      ["no-unresolvable"],
    ],
  ])("%s", async (_, files, rules) => {
    expect(await brokenRules({ ...sound, ...files })).toEqual(rules);
  });
});

describe("folders and files", () => {
  const files = (count: number, text = ""): { path: string; text: string }[] =>
    Array.from({ length: count }, (_, index) => ({ path: `shop/f${index}.ts`, text }));

  test("a dozen files of 400 lines pass", () => {
    expect(structureProblems(files(12, "\n".repeat(400)))).toEqual([]);
  });

  test("files of a sub-folder are not those of the folder", () => {
    expect(structureProblems([...files(12), { path: "shop/till/a.ts", text: "" }])).toEqual([]);
  });

  test("a thirteenth file is too many", () => {
    expect(structureProblems(files(13))).toEqual(["shop: 13 files; at most 12: group them by subject in sub-folders"]);
  });

  test("a file of 401 lines must say why", () => {
    const text = "\n".repeat(401);
    expect(structureProblems([{ path: "shop/a.ts", text }])).toEqual([
      'shop/a.ts: 401 lines; at most 400: split it by subject, or begin it with "// One file because ..."',
    ]);
    expect(structureProblems([{ path: "shop/a.ts", text: `// One file because it is a table.${text}` }])).toEqual([]);
    expect(structureProblems([{ path: "shop/a.ts", text: `// Generated from interfaces.${text}` }])).toEqual([]);
  });
});
