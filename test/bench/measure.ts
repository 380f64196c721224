import { type ChildProcess, spawn } from "node:child_process";

/** The times of one command, in seconds. */
export interface Times {
  min: number;
  median: number;
  max: number;
}

/** A program of Node. */
export interface Command {
  args: string[];
  cwd: string;
  environment?: Record<string, string>;
}

/** Starts a whole process. */
export type Start = () => ChildProcess;

export function node({ args, cwd, environment }: Command): Start {
  return () =>
    spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
}

/**
 * Runs a whole process, and gives its time in seconds and what it printed.
 *
 * @throws Error if it does not end with the exit status.
 */
export async function time(run: Start, status = 0): Promise<{ seconds: number; text: string }> {
  const start = performance.now();
  let text = "";
  const child = run();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== status) {
    const end = text.trimEnd().split("\n").slice(-15).join("\n");
    const command = child.spawnargs.join(" ");
    throw new Error(`${command}: status ${String(code)}, expected ${String(status)}; it ended with:\n${end}`);
  }
  return { seconds: (performance.now() - start) / 1000, text };
}

/**
 * Times two processes in turn, so that what else the machine does falls on both, after one round that warms caches.
 * The ratio is the median of the ratios of the pairs.
 */
export async function compare(
  first: Start,
  second: Start,
  rounds: number,
): Promise<{ first: Times; second: Times; ratio: number }> {
  await time(first);
  await time(second);
  const pairs: [number, number][] = [];
  for (let round = 0; round < rounds; round++) {
    const a = await time(first);
    const b = await time(second);
    pairs.push([a.seconds, b.seconds]);
  }
  return {
    first: summarize(pairs.map(([a]) => a)),
    second: summarize(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  };
}

export function summarize(seconds: number[]): Times {
  return { min: Math.min(...seconds), median: median(seconds), max: Math.max(...seconds) };
}

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
