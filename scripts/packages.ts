import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the scripts read of a package.json. */
export interface Manifest {
  name: string;
  version: string;
  exports: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
}

/** A package of the workspace. */
export interface Package {
  folder: string;
  manifest: Manifest;
}

export const root = join(import.meta.dirname, "..");

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

/** All packages, each after those that it depends on. */
export function packagesInOrder(): Package[] {
  const folder = join(root, "packages");
  const all = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .map((folder) => ({ folder, manifest: readManifest(folder) }));
  const ordered = new Set<Package>();
  const add = (one: Package): void => {
    for (const name of Object.keys(one.manifest.dependencies ?? {})) {
      const dependency = all.find(({ manifest }) => manifest.name === name);
      if (dependency) add(dependency);
    }
    ordered.add(one);
  };
  all.forEach(add);
  return [...ordered];
}

/** Name that npm gives to the tarball of a package. */
export function tarballName({ name, version }: Manifest): string {
  return `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
}
