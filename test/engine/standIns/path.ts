import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../tools/debianPackages.ts";

/** The plugins that the engine looks for on its path, and the files that stand in for them. */
const standIns: Record<string, string[]> = {
  "pulumi-language-nodejs": ["languageHost.ts"],
  "pulumi-resource-kubernetes": ["kubernetesProvider.ts"],
  ...Object.fromEntries(
    ["random", "gcp", "aws", "test"].map((name) => [`pulumi-resource-${name}`, ["recordingProvider.ts", name]]),
  ),
};

/** Makes a folder of stand-ins for the plugins that are not installed, for the path. */
export function makeStandIns(directory: string): string {
  mkdirSync(directory, { recursive: true });
  for (const [program, [file = "", ...args]] of Object.entries(standIns)) {
    if (findProgram(program) !== undefined) continue;
    const command = [process.execPath, "--disable-warning=DEP0040", join(import.meta.dirname, file), ...args];
    const script = `#!/bin/sh\nexec ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`;
    writeFileSync(join(directory, program), script, { mode: 0o755 });
  }
  return directory;
}
