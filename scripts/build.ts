/** Compiles every package from `src` to `dist`: ES modules, declarations and source maps. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { packagesInOrder, root } from "./packages.ts";

for (const { folder, manifest } of packagesInOrder()) {
  const start = performance.now();
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  compile(folder);
  for (const file of declarations(join(folder, "dist")))
    writeFileSync(file, withCompiledNames(readFileSync(file, "utf8")));
  console.log(`built ${manifest.name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

function compile(folder: string): void {
  try {
    execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", join(folder, "tsconfig.build.json")], {
      stdio: "inherit",
    });
  } catch {
    // The compiler has said what is wrong.
    process.exit(1);
  }
}

function declarations(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => join(folder, file));
}

/** The compiler names the compiled file in what is imported from JavaScript, but the source in a declaration. */
function withCompiledNames(declaration: string): string {
  let text = declaration;
  for (const { fileName, pos } of ts.preProcessFile(declaration).importedFiles.reverse()) {
    if (!/^\.{1,2}\/.*\.ts$/.test(fileName)) continue;
    const literal = JSON.stringify(fileName);
    text = text.slice(0, pos) + literal.replace(/ts"$/, 'js"') + text.slice(pos + literal.length);
  }
  return text;
}
