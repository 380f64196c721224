import { execFile } from "node:child_process";
import { join } from "node:path";
import { environmentOutside } from "../support/environment.ts";

export interface Run {
  status: number | string;
  stdout: string;
  /** Both streams. */
  output: string;
}

const minute = 60_000;

/**
 * Runs a command in a program's folder, as npx does there: with the packages that the program has installed, and without
 * the workspace whose npm script this is. A command that takes longer than five minutes is stopped.
 */
export function run(cwd: string, command: string, ...args: string[]): Promise<Run> {
  const env = environmentOutside(process.env);
  env.PATH = `${join(cwd, "node_modules/.bin")}:${env.PATH ?? ""}`;
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 64 * 2 ** 20, timeout: 5 * minute }, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.killed === true ? "stopped after 5 minutes" : (error.code ?? "killed");
      resolve({ status, stdout, output: stdout + stderr });
    });
  });
}
