import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Analyzer, type AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";

/** Names of the components that a package exports. */
export function componentNames(exported: object): string[] {
  return Object.entries<unknown>({ ...exported })
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
    .map(([name]) => name);
}

/** What Pulumi's multi-language analyzer makes of a package's components. */
export function analyze(packageName: string, components: string[]): AnalyzeResult {
  const root = resolve(import.meta.dirname, "../..");
  const source = join(root, "packages", packageName, "src/index.ts");
  // The analyzer reads a folder's tsconfig.json, and types as a program in another language would get them.
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-analyzer-"));
  try {
    const extended = join(root, "tsconfig.base.json");
    const config = { extends: extended, compilerOptions: { noEmit: true, types: [] }, files: [source] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    return new Analyzer(folder, "gatehouse", { exports: source }, new Set(components)).analyze();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
