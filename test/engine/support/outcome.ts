import type { ChildProcess } from "node:child_process";

/** How a command ended, and what it printed. */
export interface Outcome {
  status: number | null;
  /** Standard output and error. */
  output: string;
}

/** Waits for the end of a command. */
export async function ended(child: ChildProcess): Promise<Outcome> {
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (output += text));
  const status = await new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject));
  return { status, output };
}
