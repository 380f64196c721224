import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findGo, MissingToolError } from "./goTools.ts";

const folders = new Map<string, Promise<string>>();

/** The folder of a Go module's files, got from the module proxy if need be. */
export function goModule(path: string, version: string): Promise<string> {
  const module = `${path}@${version}`;
  const folder = folders.get(module) ?? download(module);
  folders.set(module, folder);
  return folder;
}

async function download(module: string): Promise<string> {
  const go = findGo();
  if (go === undefined) throw new MissingToolError(`${module} can only be had by Go: https://go.dev/doc/install`);
  const { stdout } = await promisify(execFile)(go, ["mod", "download", "-json", module], { cwd: "/" });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}
