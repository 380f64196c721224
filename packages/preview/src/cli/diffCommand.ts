import { readFileSync } from "node:fs";
import { Command } from "commander";
import { diffGraphs } from "../diff/stacks.ts";
import { UsageError } from "../errors.ts";
import { hasFailed, readGraph } from "../graph/graph.ts";
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

/** @throws UsageError if it is no record, or one of a program that failed: what it lacks would look deleted. */
function readRecord(file: string): Graph {
  const graph = readGraphFile(file);
  const failed = graph.stacks.filter(hasFailed).map(({ stack }) => stack);
  if (failed.length > 0) {
    throw new UsageError(
      `${file}: the record is not whole, because the program failed in ${failed.join(", ")}\n` +
        "  fix: run gatehouse preview again, and see what it reports",
    );
  }
  return graph;
}

function readGraphFile(file: string): Graph {
  try {
    return readGraph(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(
      `${file}: ${error instanceof Error ? error.message : String(error)}\n  expected: the whole output of gatehouse preview --json`,
    );
  }
}
