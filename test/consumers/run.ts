import { execFile } from "node:child_process";
import { join } from "node:path";

export interface Run {
  status: number | string;
  stdout: string;
  /** Both streams. */
  output: string;
}

/**
 * Runs a command in a program's folder, as npx there would: with what the program has installed, and with nothing of the
 * workspace whose npm script this is.
 */
export function run(cwd: string, command: string, ...args: string[]): Promise<Run> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD|VITEST|NODE_)/.test(name));
  const env = Object.fromEntries(inherited);
  env.PATH = `${join(cwd, "node_modules/.bin")}:${env.PATH ?? ""}`;
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env, maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      resolve({ status: error ? (error.code ?? "killed") : 0, stdout, output: stdout + stderr });
    });
  });
}
