import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { structureProblems } from "../scripts/structure.ts";

const root = join(import.meta.dirname, "..");

/** Runs the linter of imports over files, and returns each rule that is broken with the file that breaks it. */
async function violations(files: Record<string, string>): Promise<string[]> {
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
  const { summary } = JSON.parse(stdout) as {
    summary: { violations: { rule: { name: string }; from: string }[] };
  };
  return [...new Set(summary.violations.map(({ rule, from }) => `${rule.name} ${from}`))].sort();
}

const value = (name: string): string => `export const ${name} = 1;\nexport interface ${name.toUpperCase()} { a: 1 }\n`;
const uses = (name: string, path: string, others = ""): string =>
  `import { ${name} } from "${path}";\n${others}export const of_${name} = ${name};\n`;
const usesType = (name: string, path: string, others = ""): string =>
  `import type { ${name} } from "${path}";\n${others}export type Of${name} = ${name};\n`;

test("imports of sound sources break no rule", async () => {
  const broken = await violations({
    "packages/core/src/index.ts": `export { core } from "./core.ts";\n`,
    "packages/core/src/core.ts": value("core"),
    "packages/shop/src/index.ts": `export { till } from "./till/till.ts";\n`,
    "packages/shop/src/till/till.ts": `${uses("core", "../../../core/src/index.ts")}${value("till")}`,
    "packages/shop/src/till/coins/coin.ts": value("coin"),
    "packages/shop/src/shelf/shelf.ts": uses("till", "../till/till.ts"),
    "stacks/index.ts": uses("till", "../packages/shop/src/index.ts"),
    "stacks/shop/stack.ts": uses("dns", "../common/dns.ts"),
    "stacks/common/dns.ts": value("dns"),
  });
  expect(broken).toEqual([]);
});

test("each import that breaks a rule is told", async () => {
  const broken = await violations({
    "packages/core/src/index.ts": uses("aws", "../../aws/src/index.ts", value("core")),
    "packages/aws/src/index.ts": value("aws"),
    // Values, then types alone.
    "packages/circle/src/a.ts": uses("b", "./b.ts", value("a")),
    "packages/circle/src/b.ts": uses("a", "./a.ts", value("b")),
    "packages/circle/src/c.ts": usesType("D", "./d.ts", value("c")),
    "packages/circle/src/d.ts": usesType("C", "./c.ts", value("d")),
    "packages/folders/src/till/a.ts": usesType("B", "../shelf/b.ts"),
    "packages/folders/src/till/c.ts": value("c"),
    "packages/folders/src/shelf/b.ts": value("b"),
    "packages/folders/src/shelf/d.ts": usesType("C", "../till/c.ts"),
    "packages/above/src/till/till.ts": value("till"),
    "packages/above/src/till/coins/coin.ts": uses("till", "../till.ts"),
    "packages/shop/src/index.ts": uses("aws", "../../aws/src/index.ts"),
    "packages/preview/src/index.ts": uses("core", "../../core/src/index.ts"),
    "packages/upside/src/index.ts": uses("dns", "../../../stacks/common/dns.ts"),
    "stacks/common/dns.ts": value("dns"),
    "stacks/index.ts": uses("a", "../packages/circle/src/a.ts"),
    "stacks/shop/stack.ts": uses("bank", "../bank/stack.ts"),
    "stacks/bank/stack.ts": uses("gone", "./gone.ts", value("bank")),
  });
  expect(broken).toEqual([
    "no-circle packages/circle/src/a.ts",
    "no-circle packages/circle/src/c.ts",
    "no-folder-circle packages/folders/src/shelf",
    "no-folder-circle packages/folders/src/till",
    "no-import-from-above packages/above/src/till/coins/coin.ts",
    "no-product-knows-another stacks/shop/stack.ts",
    "no-unresolvable stacks/bank/stack.ts",
    "only-what-is-public stacks/index.ts",
    "packages-know-no-stack packages/upside/src/index.ts",
    "packages-use-core-alone packages/core/src/index.ts",
    "packages-use-core-alone packages/shop/src/index.ts",
    "preview-stands-alone packages/preview/src/index.ts",
  ]);
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
