/** Gets what the tests need, says what is missing where it cannot be had, and runs them. */
import { spawn } from "node:child_process";
import { delimiter, join } from "node:path";
import { customResourceDefinitions } from "./cluster/customKinds.ts";
import { install, missingPackages, obstacle } from "./tools/debianPackages.ts";
import { findGo, goTool, goTools, howToGetGo } from "./tools/goTools.ts";
import { hasPython, pythonTool, pythonTools } from "./tools/pythonTools.ts";

const start = performance.now();

function say(line: string): void {
  const seconds = ((performance.now() - start) / 1000).toFixed(0).padStart(4);
  process.stderr.write(`${seconds} s  ${line}\n`);
}

/** What cannot be had on this machine, and how to get it. */
async function prepare(): Promise<string[]> {
  const missing: string[] = [];
  const packages = [...missingPackages(), ...(hasPython() ? [] : ["python3-venv"])];
  const reason = packages.length === 0 ? undefined : (obstacle() ?? install(packages, say));
  if (reason !== undefined)
    missing.push(`${packages.join(", ")}: ${reason}; on Debian: apt-get install ${packages.join(" ")}`);
  if (findGo() === undefined) return [...missing, `go: ${howToGetGo}`];
  if (missing.length > 0) return missing;
  for (const tool of goTools) await goTool(tool, say);
  for (const tool of pythonTools) await pythonTool(tool, say);
  await customResourceDefinitions();
  return missing;
}

const missing = await prepare();
if (missing.length > 0) {
  process.stderr.write(
    `The engine tests did not run. Missing on this machine:\n${missing.map((line) => `  ${line}\n`).join("")}`,
  );
  process.exitCode = process.env.CI === "true" ? 1 : 0;
} else {
  say("everything is there");
  const vitest = join(import.meta.dirname, "../../node_modules/vitest/vitest.mjs");
  const config = join(import.meta.dirname, "vitest.config.ts");
  const args = process.argv.slice(2);
  // Reporters that are asked for take the place of the config's; the list of proofs is wanted with any.
  if (args.some((arg) => arg.startsWith("--reporter")))
    args.push(`--reporter=${join(import.meta.dirname, "report.ts")}`);
  const tests = spawn(process.execPath, [vitest, "run", "--config", config, ...args], {
    stdio: "inherit",
    env: { ...process.env, PATH: [await pythonTool("python", say), process.env.PATH].join(delimiter) },
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => tests.kill(signal));
  tests.on("exit", (status) => {
    say("done");
    process.exitCode = status ?? 1;
  });
}
