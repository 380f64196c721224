import { execFile, execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheDirectory } from "./cacheDirectory.ts";
import { withLock } from "./lock.ts";

/** Whether there is a Python to install with: Debian's has this part in the package python3-venv. */
export function hasPython(): boolean {
  try {
    execFileSync("python3", ["-c", "import ensurepip"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** What each environment holds; checkov pins versions that the AWS command line does not take. */
const environments = {
  python: "the AWS command line and moto",
  checkov: "checkov",
};

export type PythonTool = keyof typeof environments;

export const pythonTools = Object.keys(environments) as PythonTool[];

/**
 * The folder with an environment's programs, installed by the first who asks for them.
 * @param say Is told what takes long.
 */
export async function pythonTool(name: PythonTool, say: (line: string) => void = () => undefined): Promise<string> {
  const requirements = join(import.meta.dirname, name, "requirements.txt");
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  const target = join(cacheDirectory(), `${name}-${hash.slice(0, 12)}`);
  // The environment knows its own path and cannot be moved into place, so a file in it says that it is whole.
  const whole = join(target, "whole");
  const programs = join(target, "bin");
  if (existsSync(whole)) return programs;

  mkdirSync(cacheDirectory(), { recursive: true });
  return withLock(`${target}.lock`, async () => {
    if (existsSync(whole)) return programs;
    say(`installing ${environments[name]}`);
    rmSync(target, { recursive: true, force: true });
    const run = promisify(execFile);
    await run("python3", ["-m", "venv", target]);
    await run(join(programs, "pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
    writeFileSync(whole, "");
    return programs;
  });
}
