import { readFileSync } from "node:fs";
import { Command } from "commander";
import { diffGraphs } from "../diff/stacks.ts";
import { UsageError } from "../errors.ts";
import { readGraph } from "../graph/graph.ts";
import type { Graph } from "../graph/graph.ts";

/** `gatehouse diff`: the differences of two records, as JSON. */
export function diffCommand(): Command {
  return new Command("diff")
    .description("show as JSON what differs between two records of preview --json")
    .argument("<before>", "file with the record before")
    .argument("<after>", "file with the record after")
    .action((before: string, after: string) => {
      const changes = diffGraphs(readRecord(before), readRecord(after));
      process.stdout.write(`${JSON.stringify({ version: 1, changes }, null, 2)}\n`);
    });
}

function readRecord(file: string): Graph {
  try {
    return readGraph(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${file}: ${error instanceof Error ? error.message : String(error)}\n  expected: the whole output of gatehouse preview --json`,
    );
  }
}
