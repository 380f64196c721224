import type { Diagnostic, StackGraph } from "../graph/graph.ts";
import type { Fixtures } from "../record/fixtures.ts";
import type { WireObject } from "../record/wire.ts";

/** The job of the child process, which it reads from its file descriptor 3 as JSON. */
export interface Job {
  organization: string;
  project: string;
  stack: string;
  /** Folder of Pulumi.yaml. */
  root: string;
  /** Folder that the program runs in. */
  directory: string;
  /** The program's file or folder, seen from `directory`. */
  entry: string;
  config: Record<string, string>;
  secretKeys: string[];
  typescript: boolean;
  tsconfig?: string;
  fixtures: Fixtures;
  /** Outputs of other stacks of the same run, by stack. */
  references: Record<string, WireObject>;
  /** Key for the digests of secrets. */
  secretKey?: string;
  /** Milliseconds after which a program that still runs is an error. */
  timeout: number;
}

/**
 * Messages that the child writes to its file descriptor 4, one JSON text a line and each at once, so that
 * what was told is not lost with a process that dies.
 */
export type Message =
  | { kind: "started"; heapLimit: number }
  /** A secret's text, to be masked wherever it is printed. */
  | { kind: "secret"; text: string }
  | { kind: "diagnostic"; diagnostic: Diagnostic }
  /** How many resources there are by now. */
  | { kind: "progress"; resources: number }
  /** The last one, at exit; its diagnostics stand for all the ones before. */
  | { kind: "record"; record: StackGraph; outputs: WireObject; references: string[]; unanswered: string[] };

export const jobDescriptor = 3;
export const messageDescriptor = 4;

/** With this status the SDK's runner ends a process when it has printed what is wrong. */
export const saidStatus = 32;
