import { readdirSync, readFileSync, statSync } from "node:fs";
import { isBuiltin } from "node:module";
import { extname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import ts from "typescript";
import type { Manifest } from "./packages.ts";

/** What keeps a folder from being published as it stands. */
export async function packagingProblems(folder: string, manifest: Manifest): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => statSync(join(folder, file)).isFile())
    .sort();
  return [
    ...missingFiles(files),
    ...files.filter((file) => !belongs(file)).map((file) => `${file}: sources, tests and the like are not published`),
    ...files.flatMap((file) => wrongImports(file, readFileSync(join(folder, file), "utf8"), manifest)),
    ...(await wrongFields(folder)),
  ];
}

const expectedFiles = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"];

function missingFiles(files: string[]): string[] {
  return expectedFiles.filter((file) => !files.includes(file)).map((file) => `${file}: missing`);
}

function belongs(file: string): boolean {
  return expectedFiles.includes(file) || (/^dist\/.*\.(js|js\.map|d\.ts)$/.test(file) && !/\.test\./.test(file));
}

/** Imports that would not resolve where the package is installed alone, or that name a source. */
function wrongImports(file: string, text: string, manifest: Manifest): string[] {
  if (!/\.(js|d\.ts)$/.test(file)) return [];
  const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .flatMap((name) => {
      if (name.startsWith(".")) return extname(name) === ".js" ? [] : [`${file}: imports ${name}, not a compiled file`];
      if (isBuiltin(name) || declared.includes(packageName(name))) return [];
      return [`${file}: imports ${name}, which is not among the dependencies`];
    });
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Fields of package.json that name no file, or one of the wrong kind. */
async function wrongFields(folder: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: folder, level: "warning", pack: "npm", strict: true });
  return messages.map((message) => `package.json: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
}
