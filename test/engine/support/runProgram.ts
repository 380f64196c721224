import { execFile, type ExecFileOptions } from "node:child_process";
import { findProgram } from "../tools/debianPackages.ts";
import type { Outcome } from "./outcome.ts";

/** Runs a program of this machine to its end. */
export function runProgram(name: string, args: string[], options: ExecFileOptions = {}): Promise<Outcome> {
  const program = name.includes("/") ? name : findProgram(name);
  if (program === undefined) throw new Error(`${name} is not on this machine; npm run test:engine installs it`);
  return new Promise((resolve) => {
    execFile(program, args, { ...options, encoding: "utf8" }, (error, stdout, stderr) => {
      const status = typeof error?.code === "number" ? error.code : null;
      resolve({ status: error ? status : 0, output: stdout + stderr });
    });
  });
}
