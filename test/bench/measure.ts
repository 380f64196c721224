import { spawn } from "node:child_process";

/** The times of one command, in seconds. */
export interface Times {
  min: number;
  median: number;
  max: number;
}

export interface Command {
  args: string[];
  cwd: string;
  environment?: Record<string, string>;
  /** The exit status that it must end with.
   * @default 0 */
  status?: number;
}

/** Runs a command as a whole process, and gives its time in seconds and what it printed. */
export async function time({
  args,
  cwd,
  environment,
  status = 0,
}: Command): Promise<{ seconds: number; text: string }> {
  const start = performance.now();
  let text = "";
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    }
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== status) {
    const end = text.trimEnd().split("\n").slice(-15).join("\n");
    throw new Error(`${args.join(" ")}: status ${String(code)}, expected ${String(status)}; it ended with:\n${end}`);
  }
  return { seconds: (performance.now() - start) / 1000, text };
}

/**
 * Times two commands in turn, so that what else the machine does falls on both, after one round that warms caches.
 * The ratio is the median of the ratios of the pairs.
 */
export async function compare(
  first: Command,
  second: Command,
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
