import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import type { Diagnostic, StackGraph } from "../graph/graph.ts";
import { Mask } from "../record/mask.ts";
import { jobDescriptor, messageDescriptor, saidStatus } from "./messages.ts";
import type { Job, Message } from "./messages.ts";
import type { Project } from "../project/project.ts";
import type { WireObject } from "../record/wire.ts";

/** The result of a run of one stack's program. */
export interface StackRun {
  graph: StackGraph;
  /** The stack's outputs, for other stacks that refer to it. Holds secrets as they are. */
  outputs: WireObject;
  /** Names of the stacks that it refers to. */
  references: string[];
}

const ownFolder = fileURLToPath(new URL("..", import.meta.url));
/** Sources run as they stand; a packed copy has compiled files only, as Node strips no types in node_modules. */
const childFile = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url),
);
/** How much longer than its own timeout a child may take that is too busy to notice it. */
const grace = 2_000;
const maxRawOutput = 1_000_000;

/** Runs a stack's program in its own process. Never rejects: a failure is a diagnostic of the stack. */
export async function runStack(
  project: Project,
  job: Job,
  cacheDirectory: string,
  onProgress: (resources: number) => void,
): Promise<StackRun> {
  const mask = new Mask();
  for (const key of job.secretKeys) mask.add(job.config[key] ?? "");
  if (job.secretKey !== undefined) mask.add(job.secretKey);

  const child = start(project, cacheDirectory);
  const raw = { stdout: collect(child.stdout), stderr: collect(child.stderr) };
  let record: Extract<Message, { kind: "record" }> | undefined;
  let heapLimit = 0;
  let isOverdue = false;
  const told: Diagnostic[] = [];
  const overdue = setTimeout(() => {
    isOverdue = true;
    child.kill("SIGKILL");
  }, job.timeout + grace);

  const listen = (line: string): void => {
    const message = JSON.parse(line) as Message;
    switch (message.kind) {
      case "started":
        heapLimit = message.heapLimit;
        break;
      case "secret":
        mask.add(message.text);
        break;
      case "diagnostic":
        told.push(message.diagnostic);
        break;
      case "progress":
        onProgress(message.resources);
        break;
      case "record":
        record = message;
    }
  };
  const messages = readMessages(child.stdio[messageDescriptor] as Readable, listen);
  const input = child.stdio[jobDescriptor] as Writable;
  // A child that dies before it has read its job is reported below.
  input.on("error", () => undefined);
  input.end(JSON.stringify(job));

  const end = await ended(child);
  clearTimeout(overdue);
  await messages;

  const diagnostics = record?.record.diagnostics ?? told;
  const stderr = raw.stderr();
  const failure = explain({
    ...end,
    isOverdue,
    hasRecord: record !== undefined,
    heapLimit,
    timeout: job.timeout,
    stderr,
  });
  const isFailed = diagnostics.some(({ severity }) => severity === "error");
  if (raw.stdout().trim() !== "") diagnostics.push({ severity: "info", message: raw.stdout().trimEnd() });
  if (failure === undefined && stderr.trim() !== "")
    diagnostics.push({ severity: "warning", message: stderr.trimEnd() });
  if (failure !== undefined && !isFailed)
    diagnostics.push({ severity: "error", message: failure.message ?? lastWords(diagnostics, end) });

  explainUnknown(diagnostics, record?.unanswered ?? []);

  return {
    graph: {
      stack: job.stack,
      resources: record?.record.resources ?? [],
      outputs: record?.record.outputs ?? {},
      diagnostics: diagnostics.map((diagnostic) => tidy(diagnostic, mask)),
    },
    outputs: record?.outputs ?? {},
    references: record?.references ?? [],
  };
}

function start(project: Project, cacheDirectory: string): ChildProcess & { stdout: Readable; stderr: Readable } {
  const { GATEHOUSE_SECRET_KEY: _, ...environment } = process.env;
  environment.NODE_COMPILE_CACHE ??= cacheDirectory;
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...project.nodeArguments, childFile], {
    cwd: project.directory,
    env: environment,
    stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
  }) as ChildProcess & { stdout: Readable; stderr: Readable };
}

interface End {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Why the process could not be started. */
  error?: Error;
}

function ended(child: ChildProcess): Promise<End> {
  return new Promise((resolve) => {
    child.on("error", (error) => {
      resolve({ code: null, signal: null, error });
    });
    child.on("close", (code, signal) => {
      resolve({ code, signal });
    });
    // A process that the program has left behind may hold the pipes open for ever.
    child.on("exit", () => {
      setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy();
      }, grace).unref();
    });
  });
}

/**
 * Hands on each line. Only "\n" ends one: JSON texts hold U+2028 and U+2029 as they are, and Node's `readline` would
 * split there too.
 */
function readMessages(stream: Readable, listen: (line: string) => void): Promise<void> {
  return new Promise((resolve) => {
    let pieces: string[] = [];
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      const [end = "", ...others] = chunk.split("\n");
      pieces.push(end);
      for (const start of others) {
        listen(pieces.join(""));
        pieces = [start];
      }
    });
    stream.on("close", resolve);
  });
}

/** Text on the child's stdout and stderr that it did not capture in process. */
function collect(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    if (text.length < maxRawOutput) text += chunk;
  });
  return () => text;
}

interface Ending extends End {
  isOverdue: boolean;
  hasRecord: boolean;
  heapLimit: number;
  timeout: number;
  stderr: string;
}

/** Why a child ended other than well. Without a message, its last words say it. */
function explain(ending: Ending): { message?: string } | undefined {
  if (ending.error !== undefined) return { message: `the program could not be started: ${ending.error.message}` };
  if (ending.isOverdue) {
    return {
      message:
        `the program still ran after ${String(ending.timeout / 1000)} s, busy in synchronous code\n` +
        "  fix:      end the loop that it is in, or allow more time with --timeout SECONDS",
    };
  }
  if (/heap out of memory|Reached heap limit|Allocation failed/.test(ending.stderr)) {
    const limit = Math.round(ending.heapLimit / 2 ** 20);
    return {
      message:
        `out of memory: the program needs more than the ${String(limit)} MB that Node allows it\n` +
        `  fix:      runtime.options.nodeargs in Pulumi.yaml: --max-old-space-size=${String(limit * 2)}`,
    };
  }
  if (ending.signal !== null) {
    const hint = ending.signal === "SIGKILL" ? "; the system does that when it runs out of memory" : "";
    return { message: `the program's process was killed by ${ending.signal}${hint}` };
  }
  if (ending.code !== 0 || !ending.hasRecord) return ending.hasRecord ? {} : { message: fatal(ending) };
  return undefined;
}

/** An error may come of an answer that was unknown: the error itself does not say so. */
function explainUnknown(diagnostics: Diagnostic[], tokens: string[]): void {
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (error === undefined || tokens.length === 0) return;
  const them = tokens.length === 1 ? "its result" : "their results";
  error.message +=
    `\n  unknown:  ${tokens.join(", ")}, which only ${tokens.length === 1 ? "its provider" : "their providers"} can answer` +
    `\n  fix:      give ${them} under \`invokes\` in a file of --fixtures, if the error comes of it`;
}

function fatal({ stderr, code }: Ending): string {
  return `the program's process ended with status ${String(code)}${stderr.trim() === "" ? "" : `:\n${stderr.trim()}`}`;
}

function lastWords(diagnostics: Diagnostic[], { code }: End): string {
  const printed = diagnostics.filter(({ severity }) => severity === "warning");
  if (code !== saidStatus || printed.length === 0) return `the program ended with status ${String(code)}`;
  for (const diagnostic of printed) diagnostics.splice(diagnostics.indexOf(diagnostic), 1);
  return printed.map(({ message }) => message).join("\n");
}

/** Takes out of a message what is secret, colour, or a frame of the machinery that runs programs. */
function tidy(diagnostic: Diagnostic, mask: Mask): Diagnostic {
  const message = stripVTControlCharacters(diagnostic.message)
    .replace(/^Running program '.*' failed with an unhandled exception:\n/, "")
    .split("\n")
    .filter((line) => !isMachinery(line))
    .join("\n");
  return { ...diagnostic, message: mask.apply(message) };
}

function isMachinery(line: string): boolean {
  return (
    /^\s+at /.test(line) &&
    (/\(?node:/.test(line) || line.includes("/node_modules/@pulumi/") || line.includes(ownFolder))
  );
}
