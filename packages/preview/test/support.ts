import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";
import type { Resource, StackGraph } from "../src/index.ts";

const workspace = fileURLToPath(new URL("../../..", import.meta.url));
const bin = fileURLToPath(new URL("../src/cli/bin.ts", import.meta.url));

/** The folder of one of the programs beside the tests. */
export function program(name: string): string {
  return fileURLToPath(new URL(`programs/${name}`, import.meta.url));
}

export interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs the command as a user would, and gives what it prints. */
export function gatehouse(
  args: string[],
  options: { cwd?: string; environment?: Record<string, string> } = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const environment = { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, ...options.environment };
    const settings = { cwd: options.cwd ?? tmpdir(), env: environment, maxBuffer: 2 ** 28 };
    execFile(process.execPath, [bin, ...args], settings, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

const temporary: string[] = [];
afterAll(() => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is removed after the tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-preview-"));
  temporary.push(folder);
  return folder;
}

/** A project of the given files, with the workspace's packages installed. */
export function temporaryProject(files: Record<string, string>): string {
  const folder = temporaryFolder();
  symlinkSync(join(workspace, "node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Pulumi.yaml of a project whose TypeScript Node runs as it stands. */
export const plainProject = "name: small\nruntime: { name: nodejs, options: { typescript: false } }\nmain: index.ts\n";

export function resource(stack: StackGraph, name: string): Resource {
  const found = stack.resources.filter((candidate) => candidate.name === name);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${String(found.length)} resources are named ${name}`);
  return only;
}

export function errors(stack: StackGraph): string[] {
  return stack.diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
}
