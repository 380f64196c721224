import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { type Manifest, packagesInOrder, readManifest, root, tarballName } from "../../scripts/packages.ts";
import { run } from "./run.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Folder with a copy of each example, in which the packed packages are installed. */
    consumers: string;
  }
}

/** Installs the tarballs into a copy of each example, as its user would. */
export default async function setup(project: TestProject): Promise<() => void> {
  const consumers = mkdtempSync(join(tmpdir(), "gatehouse-consumers-"));
  const remove = (): void => {
    rmSync(consumers, { recursive: true, force: true });
  };
  try {
    cpSync(join(root, "examples"), consumers, { recursive: true, filter: (file) => !file.endsWith("node_modules") });
    let installed: string | undefined;
    for (const example of readdirSync(consumers)) {
      // npm only tops up what the example before has in common with this one, which spares most of the time.
      if (installed) await run(consumers, "cp", "-r", `${installed}/node_modules`, `${example}/node_modules`);
      await install(join(consumers, example));
      installed = example;
    }
  } catch (error) {
    remove();
    throw error;
  }
  project.provide("consumers", consumers);
  return remove;
}

async function install(folder: string): Promise<void> {
  const options = ["--ignore-scripts", "--no-audit", "--no-fund"];
  const { status, output } = await run(folder, "npm", "install", ...options, ...tarballs(readManifest(folder)));
  if (status === 0) return;
  throw new Error(
    `npm install failed in ${folder}: ${String(status)}\n` +
      `  fix:      check that npm reaches its registry: npm ping, and npm config list for the registry, proxy and cafile\n${output}`,
  );
}

/** The packages that a program asks for and those that they ask for, so that npm looks for none in the registry. */
function tarballs(program: Manifest): string[] {
  const needed = new Set(Object.keys({ ...program.dependencies, ...program.devDependencies }));
  // From the last to the first, as each comes after those that it depends on.
  return packagesInOrder()
    .reverse()
    .filter(({ manifest: { name, dependencies = {} } }) => {
      if (needed.has(name)) for (const dependency of Object.keys(dependencies)) needed.add(dependency);
      return needed.has(name);
    })
    .map(({ manifest }) => join(root, "dist", tarballName(manifest)));
}
