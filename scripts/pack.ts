/** Makes the tarballs that are published, in `dist` or a folder that is named, from what `build` has compiled. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { packagingProblems } from "./packedFiles.ts";
import { type Manifest, type Package, packagesInOrder, readManifest, root, tarballName } from "./packages.ts";

const target = resolve(process.argv[2] ?? join(root, "dist"));
const stage = mkdtempSync(join(tmpdir(), "gatehouse-pack-"));
try {
  const packages = packagesInOrder();
  // What an earlier run has left must not pass for this one's.
  for (const { manifest } of packages) rmSync(join(target, tarballName(manifest)), { force: true });
  const folders = packages.map(stagePackage);
  const problems = (await Promise.all(folders.map(problemsOf))).flat();
  if (problems.length > 0) {
    console.error(problems.join("\n"));
    process.exitCode = 1;
  } else {
    mkdirSync(target, { recursive: true });
    execFileSync("npm", ["pack", "--silent", "--pack-destination", target, ...folders], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    for (const { manifest } of packages) console.log(join(target, tarballName(manifest)));
  }
} finally {
  rmSync(stage, { recursive: true });
}

/** What is published of a package, in a folder of its own. */
function stagePackage({ folder, manifest }: Package): string {
  const copy = join(stage, basename(folder));
  mkdirSync(copy);
  for (const [from, name] of [
    [root, "LICENSE"],
    [folder, "README.md"],
    [folder, "dist"],
  ] as const) {
    const file = join(from, name);
    if (existsSync(file)) cpSync(file, join(copy, name), { recursive: true });
  }
  writeFileSync(join(copy, "package.json"), `${JSON.stringify(publishedManifest(manifest), undefined, 2)}\n`);
  return copy;
}

/** The manifest without what only the workspace uses. */
function publishedManifest({ devDependencies: _, ...manifest }: Manifest): Manifest {
  const exports: Manifest["exports"] = {};
  for (const [path, target] of Object.entries(manifest.exports)) {
    exports[path] = typeof target === "string" ? target : publishedConditions(target);
  }
  return { ...manifest, exports };
}

function publishedConditions({
  "@gatehouse/source": _,
  ...conditions
}: Record<string, string>): Record<string, string> {
  return conditions;
}

async function problemsOf(folder: string): Promise<string[]> {
  const problems = await packagingProblems(folder, readManifest(folder));
  return problems.map((problem) => `${basename(folder)}: ${problem}`);
}
