/**
 * `npm run mutate -- [--count 40] [--seed 1] [package ...]`: changes the pure logic of each package in small ways, one at
 * a time, runs the tests that import the changed file, and prints the share of changes that made a test fail.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createVitest, type Vitest } from "vitest/node";
import { workspaceCopy } from "./copy.ts";
import { mutantsOf, mutated, sample, type Mutant } from "./mutants.ts";

/** Milliseconds that the tests of one change may take. */
const timeLimit = 300_000;

const root = join(import.meta.dirname, "../..");
const { values, positionals } = parseArgs({
  options: { count: { type: "string", default: "40" }, seed: { type: "string", default: "1" } },
  allowPositionals: true,
});
const packages = positionals.length > 0 ? positionals : ["core", "kubernetes", "gcp", "aws", "monitoring", "preview"];

const copy = workspaceCopy(root);
process.chdir(copy);
const start = (): Promise<Vitest> => createVitest({ root: copy, watch: false, reporters: [{}], bail: 1 });
let vitest: Vitest;
const survivors: Mutant[] = [];
let count = 0;
for (const name of packages) {
  // What failed in one package must not end the first run of the next.
  vitest = await start();
  if (await fails(`packages/${name}/`)) {
    console.error(`the tests of ${name} fail without a change`);
    process.exit(1);
  }
  const mutants = sample(pureFiles(name).flatMap(candidates), Number(values.count), Number(values.seed));
  let killed = 0;
  for (const mutant of mutants) {
    // Most fall to the tests of their own package, which take a fraction of the time. What a test runs in a process of
    // its own, such as the recorder, it does not import: all tests of the package come last.
    const own = `packages/${name}/`;
    if ((await kills(mutant, own)) || (await kills(mutant, "packages/")) || (await kills(mutant, own, "all"))) killed++;
    else {
      survivors.push(mutant);
      console.log(`survived: ${mutant.file}:${mutant.line}: ${mutant.before} -> ${mutant.after}`);
    }
  }
  await vitest.close();
  count += mutants.length;
  console.log(`${name}: ${killed} of ${mutants.length} killed`);
}
console.log(`${count - survivors.length} of ${count} killed, ${share(count - survivors.length, count)}`);
process.exit();

/** Files that make no resource: their results can be asserted without a program. */
function pureFiles(name: string): string[] {
  const files = globSync(`packages/${name}/src/**/*.ts`, { cwd: copy });
  return files
    .filter((file) => !/argsSchema\.ts$|index\.ts$|\/(?:sdk|cli|run)\//.test(file))
    .filter((file) => !readFileSync(join(copy, file), "utf8").includes("extends pulumi.ComponentResource"))
    .sort();
}

function candidates(file: string): Mutant[] {
  return mutantsOf(file, readFileSync(join(copy, file), "utf8"));
}

async function kills(mutant: Mutant, tests: string, which: "importing" | "all" = "importing"): Promise<boolean> {
  const path = join(copy, mutant.file);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, mutated(text, mutant));
  vitest.invalidateFile(path);
  vitest.config.related = which === "all" ? undefined : [path];
  try {
    return await fails(tests);
  } finally {
    writeFileSync(path, text);
    vitest.invalidateFile(path);
  }
}

/** Whether one of the tests below a folder fails, or they do not come to an end. */
async function fails(folder: string): Promise<boolean> {
  const specifications = await vitest.getRelevantTestSpecifications([folder]);
  if (specifications.length === 0) return false;
  // A loop without an end holds its process, and no time limit of the tests ends it.
  const limit = setTimeout(() => {
    spawnSync("pkill", ["-KILL", "-P", String(process.pid)]);
  }, timeLimit);
  try {
    const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
    return unhandledErrors.length > 0 || testModules.some((module) => !module.ok());
  } finally {
    clearTimeout(limit);
  }
}

function share(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(1)} %`;
}
