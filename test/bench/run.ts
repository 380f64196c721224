/**
 * `npm run bench`: what the offline preview costs. Each time is of a whole process and stands beside one that was
 * measured in the same run, of a floor or of the real engine; the ratios decide, never the times themselves.
 */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { findGo, goTool, howToGetGo } from "../engine/tools/goTools.ts";
import { compare, node, time } from "./measure.ts";
import type { Times } from "./measure.ts";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const command = path("../../packages/preview/src/cli/bin.ts");
const program = path("program");
const workspace = path("../..");

const sizes = [100, 1_000, 4_000];
const rounds: Record<number, number> = { 100: 7, 1_000: 5, 4_000: 3 };
/** The offline preview as a whole process, at most this many times the same program under the SDK's own mocks. */
const ratioGoal = 1.3;
/** From one size to the next, the time may grow at most this many times as much as that of the floor does. */
const growthGoal = 1.3;

/** A stack's offline preview, at most this many times what the real engine takes for it. */
const engineGoal = 0.6;

const failures: string[] = [];
const check = (isMet: boolean, text: string): void => {
  console.log(`  ${isMet ? "ok  " : "FAIL"} ${text}`);
  if (!isMet) failures.push(text);
};

console.log(`Node ${process.versions.node}, ${String(availableParallelism())} cores; seconds as min / median / max\n`);
console.log("resources  preview                floor (setMocks)       ratio");
const results: { size: number; ratio: number }[] = [];
for (const size of sizes) {
  const environment = { BENCH_RESOURCES: String(size) };
  const { first, second, ratio } = await compare(
    node({ args: [command, "preview", "bench", "--json"], cwd: program, environment }),
    node({ args: [path("floor.ts")], cwd: program, environment }),
    rounds[size] ?? 3,
  );
  results.push({ size, ratio });
  console.log(`${String(size).padStart(9)}  ${show(first)}  ${show(second)}  ${ratio.toFixed(2)}`);
}
console.log();
for (const { size, ratio } of results) {
  check(
    ratio <= ratioGoal,
    `${String(size)} resources: ${ratio.toFixed(2)} times the floor, at most ${String(ratioGoal)}`,
  );
}

// The floor grows with the number of resources and with whatever else the machine does, so growth is held against it.
const [, middle, end] = results;
if (middle !== undefined && end !== undefined) {
  const growth = end.ratio / middle.ratio;
  const goal = `at most ${String(growthGoal)}`;
  check(
    growth <= growthGoal,
    `growth from ${String(middle.size)} to ${String(end.size)} resources: ${growth.toFixed(2)} times that of the floor, ${goal}`,
  );
}

const defects: Record<string, string> = {
  pending: 'kubernetes:core/v1:ConfigMap "pending" waits for its input "data"',
  leak: "a leaked error",
};
for (const size of sizes) {
  for (const [defect, message] of Object.entries(defects)) {
    const environment = { BENCH_RESOURCES: String(size), BENCH_DEFECT: defect };
    const { text } = await time(node({ args: [command, "preview", "bench"], cwd: program, environment }), 2);
    check(
      text.includes(message),
      `${String(size)} resources: a ${defect === "leak" ? "leaked error" : "pending promise"} is found`,
    );
  }
}

if (existsSync(path("../../stacks/index.ts"))) {
  const args = ["--conditions=@gatehouse/source", command, "preview", "--json"];
  const all = node({ args, cwd: workspace });
  await time(all);
  const { first, second, ratio } = await compare(all, node({ args: [...args, "--parallel", "1"], cwd: workspace }), 3);
  console.log(`\nall stacks side by side ${show(first)}, one after the other ${show(second)}: ${ratio.toFixed(2)}`);
  // Side by side must be no slower than one by one, whatever the number of cores.
  check(ratio <= 1.1, `all stacks at once: ${ratio.toFixed(2)} times one after the other, at most 1.1`);

  console.log("\nstack          preview                pulumi preview         ratio");
  if (findGo() === undefined) console.log(`not measured: the engine is not on this machine. ${howToGetGo}`);
  else await compareWithEngine();
}

console.log(failures.length === 0 ? "\nall goals met" : `\n${String(failures.length)} not met`);
process.exitCode = failures.length === 0 ? 0 : 1;

function show({ min, median, max }: Times): string {
  return [min, median, max].map((seconds) => seconds.toFixed(2).padStart(5)).join(" / ");
}

/**
 * Both sides are whole processes that preview the same program and config of a stack that has never been deployed, and
 * print JSON. The engine's is the real one, whose language host and provider plugins are the stand-ins of its tests:
 * each a process of Node, which has no cloud or cluster to ask. The real plugins are other programs, and ask.
 */
async function compareWithEngine(): Promise<void> {
  await goTool("pulumi", (line) => {
    console.log(line);
  });
  const { PulumiProject } = await import("../engine/pulumi/project.ts");
  const project = await PulumiProject.create({ environment: { KUBECONFIG: "" } });
  try {
    const ratios: [string, number][] = [];
    for (const stack of ["shield-prod", "atb-prod", "identity-prod"]) {
      await project.init(stack);
      const args = ["--conditions=@gatehouse/source", command, "preview", stack, "--json"];
      const offline = node({ args, cwd: project.directory });
      const engine = () => project.start(["preview", "--json", "--stack", stack]);
      const { first, second, ratio } = await compare(offline, engine, 5);
      console.log(`${stack.padEnd(14)}  ${show(first)}  ${show(second)}  ${ratio.toFixed(2)}`);
      ratios.push([stack, ratio]);
    }
    console.log();
    for (const [stack, ratio] of ratios)
      check(ratio <= engineGoal, `${stack}: ${ratio.toFixed(2)} times the engine, at most ${String(engineGoal)}`);
  } finally {
    await project.remove();
  }
}
