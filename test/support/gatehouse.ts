import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

export interface CommandResult {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs the `gatehouse` command as a user does, from the project's root. */
export function gatehouse(...args: string[]): Promise<CommandResult> {
  const command = ["--conditions=@gatehouse/source", `${root}packages/preview/src/cli/bin.ts`, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root }, (error, stdout, stderr) => {
      resolve({ status: typeof error?.code === "number" ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}
