import { execFileSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";

/** Directories with Debian's PostgreSQL, the newest version first, which are not on the path. */
const postgresDirectories = globSync("/usr/lib/postgresql/*/bin").sort((a, b) => versionOf(b) - versionOf(a));

function versionOf(directory: string): number {
  return Number(dirname(directory).split("/").at(-1));
}

/** The path on which programs are looked for. */
export const programPath = [...postgresDirectories, process.env.PATH ?? ""].join(delimiter);

function isInstalled(program: string): boolean {
  return programPath.split(delimiter).some((directory) => {
    const file = statSync(join(directory, program), { throwIfNoEntry: false });
    return file !== undefined && file.isFile() && (file.mode & 0o111) !== 0;
  });
}

/**
 * Fails where a program is missing, as a test that skips itself would prove nothing.
 * @param install The command that installs it.
 */
export function requirePrograms(programs: string[], install: string): void {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length > 0)
    throw new Error(`These tests run ${missing.join(", ")}, not found on this machine: ${install}`);
}

/** As whom a server runs that refuses to be root: the user of its package, if the tests are root's. */
export function unprivileged(user: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (kind: string): number => Number(execFileSync("id", [kind, user], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
