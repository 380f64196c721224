/**
 * The process that one stack's program runs in. It is handed a job, lets the SDK's own runner run the program
 * against the recorder, and writes the record as it exits.
 */
import { createHmac } from "node:crypto";
import { closeSync, readFileSync, writeSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import { compareText, isRemote } from "../graph/graph.ts";
import type { Diagnostic, StackGraph } from "../graph/graph.ts";
import { jobDescriptor, messageDescriptor, saidStatus } from "./messages.ts";
import type { Job, Message } from "./messages.ts";
import { missingTools } from "../record/pureInvokes.ts";
import { Recorder } from "../record/recorder.ts";
import { attachSdk, SdkError } from "../sdk/attach.ts";
import type { Pending, Sdk } from "../sdk/modules/options.ts";
import {
  canonicalText,
  containsUnknown,
  isWireObject,
  signatureKey,
  signatures,
  unknownSentinel,
} from "../record/wire.ts";
import type { WireValue } from "../record/wire.ts";

const job = JSON.parse(readFileSync(jobDescriptor, "utf8")) as Job;
closeSync(jobDescriptor);

const diagnostics: Diagnostic[] = [];
const secretTexts = new Set<string>();
/** Why the process ends, if not because nothing is left to do. */
let ending: { kind: "exit"; code: string; at: string } | { kind: "timeout" } | undefined;

tell({ kind: "started", heapLimit: getHeapStatistics().heap_size_limit });
const recorder = new Recorder({
  project: job.project,
  stack: job.stack,
  fixtures: job.fixtures,
  references: job.references,
  config: job.config,
  secretKeys: job.secretKeys,
  digest,
});
for (const key of job.secretKeys) seeSecret(job.config[key]);
seeSecretsIn(Object.values(job.references));
capture(process.stdout, "info");
capture(process.stderr, "warning");
watchExit();
start();

function start(): void {
  const environment: Record<string, string | undefined> = {
    PULUMI_CONFIG: JSON.stringify(job.config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(job.secretKeys),
    PULUMI_NODEJS_ORGANIZATION: job.organization,
    PULUMI_NODEJS_PROJECT: job.project,
    PULUMI_NODEJS_ROOT_DIRECTORY: job.root,
    PULUMI_NODEJS_STACK: job.stack,
    PULUMI_NODEJS_DRY_RUN: "true",
    PULUMI_NODEJS_TYPESCRIPT: job.typescript ? "true" : undefined,
    PULUMI_NODEJS_TSCONFIG_PATH: job.tsconfig ?? process.env.PULUMI_NODEJS_TSCONFIG_PATH,
    PULUMI_NODEJS_ENGINE: undefined,
    PULUMI_NODEJS_SYNC: undefined,
    TRACEPARENT: undefined,
  };
  for (const [key, value] of Object.entries(environment)) {
    if (value === undefined) Reflect.deleteProperty(process.env, key);
    else process.env[key] = value;
  }
  process.argv.splice(
    2,
    Infinity,
    "--monitor=mock",
    `--organization=${job.organization}`,
    `--project=${job.project}`,
    `--root-directory=${job.root}`,
    `--stack=${job.stack}`,
    `--pwd=${job.directory}`,
    "--dry-run",
    job.entry,
  );
  let sdk: Sdk;
  try {
    sdk = attachSdk(job.directory, {
      project: job.project,
      stack: job.stack,
      organization: job.organization,
      recorder,
      log: addLog,
      seeSecret,
      onRegistered: reportProgress,
    });
  } catch (error) {
    if (!(error instanceof SdkError)) throw error;
    addDiagnostic({ severity: "error", message: error.message });
    finish([]);
    return;
  }
  // The first exit handler, so that the SDK's own find nothing left to say about what hangs.
  process.on("exit", () => {
    finish(sdk.pending());
  });
  setTimeout(() => {
    ending = { kind: "timeout" };
    process.exit(1);
  }, job.timeout).unref();
  sdk.run();
}

/** Writes the record. Nothing of the program runs after this. */
function finish(pending: Pending[]): void {
  if (!diagnostics.some(({ severity }) => severity === "error")) {
    const problem = unfinished(pending);
    if (problem !== undefined) {
      addDiagnostic({ severity: "error", message: problem });
      process.exitCode = 1;
    }
  }
  for (const token of recorder.unanswered) {
    const message = missingTools[token];
    if (message !== undefined) addDiagnostic({ severity: "warning", message: `${token}: ${message}` });
  }
  const remote = recorder.resources.filter(isRemote);
  if (remote.length > 0) {
    const list = remote.map(({ name, type }) => `${name} (${type})`).join(", ");
    addDiagnostic({
      severity: "warning",
      message: `resources in remote components are not known offline and not counted, because only a provider makes them: ${list}`,
    });
  }
  const record: StackGraph = {
    stack: job.stack,
    resources: recorder.resources,
    outputs: recorder.outputs,
    diagnostics,
  };
  tell({
    kind: "record",
    record,
    outputs: recorder.wireOutputs,
    references: recorder.references,
    unanswered: recorder.unanswered,
  });
}

function unfinished(pending: Pending[]): string | undefined {
  const list = listPending(pending);
  if (ending?.kind === "timeout") {
    const open = [...new Set(process.getActiveResourcesInfo())]
      .filter((resource) => resource !== "PipeWrap" && resource !== "TTYWrap")
      .sort()
      .join(", ");
    return (
      `the program still ran after ${String(job.timeout / 1000)} s` +
      (list === "" ? "" : `; never finished:\n${list}`) +
      (open === "" ? "" : `\n  kept alive by: ${open}`) +
      `\n  fix:      close what keeps the process alive, or allow more time with --timeout SECONDS`
    );
  }
  if (list === "" || process.exitCode === saidStatus) return undefined;
  if (ending?.kind === "exit") {
    return `the program called process.exit(${ending.code}) ${ending.at}before it had finished:\n${list}`;
  }
  return `the program came to its end while it still waited for a value that never came:\n${list}`;
}

function listPending(pending: Pending[]): string {
  const shown = 20;
  const lines = pending.map(({ subject, waitsFor }) => `  ${subject} waits for ${waitsFor}`).sort(compareText);
  const more = lines.length > shown ? [`  and ${String(lines.length - shown)} more`] : [];
  return [...lines.slice(0, shown), ...more].join("\n");
}

function watchExit(): void {
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    ending ??= { kind: "exit", code: code === undefined ? "" : String(code), at: callSite() };
    return exit(code);
  };
}

/** Where in the program the caller's caller is. */
function callSite(): string {
  const frame = new Error().stack
    ?.split("\n")
    .slice(3)
    .find((line) => !line.includes("node:") && !line.includes("/@pulumi/pulumi/"));
  const place = frame
    ?.trim()
    .replace(/^at (.*\()?(file:\/\/)?/, "")
    .replace(/\)$/, "");
  return place === undefined ? "" : `at ${place} `;
}

function addLog(severity: Diagnostic["severity"], message: string, urn?: Promise<string>): void {
  const diagnostic: Diagnostic = { severity, message };
  addDiagnostic(diagnostic);
  urn?.then(
    (known) => (diagnostic.urn = known),
    () => undefined,
  );
}

function addDiagnostic(diagnostic: Diagnostic): void {
  diagnostics.push(diagnostic);
  tell({ kind: "diagnostic", diagnostic });
}

/** Makes diagnostics of what is printed, line by line. */
function capture(stream: NodeJS.WriteStream, severity: "info" | "warning"): void {
  let text = "";
  const flush = (): void => {
    if (text !== "") addDiagnostic({ severity, message: text });
    text = "";
  };
  process.on("exit", flush);
  stream.write = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
    if (text.endsWith("\n")) {
      text = text.slice(0, -1);
      flush();
    }
    const done = typeof encoding === "function" ? encoding : callback;
    if (typeof done === "function") process.nextTick(done);
    return true;
  };
}

function digest(secret: WireValue): string | null {
  seeSecret(secret);
  if (job.secretKey === undefined || containsUnknown(secret)) return null;
  return createHmac("sha256", job.secretKey).update(canonicalText(secret)).digest("hex");
}

/** Tells every text in a secret to the parent, which masks it wherever it is printed. */
function seeSecret(value: unknown): void {
  if (Array.isArray(value)) value.forEach(seeSecret);
  else if (isPlain(value)) Object.values(value).forEach(seeSecret);
  else if (typeof value === "string" || typeof value === "number") {
    const text = String(value);
    if (text === unknownSentinel || secretTexts.has(text)) return;
    secretTexts.add(text);
    tell({ kind: "secret", text });
  }
}

/** Outputs, resources and other instances are not looked into: they may be anything, and in cycles. */
function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function seeSecretsIn(value: WireValue): void {
  if (Array.isArray(value)) value.forEach(seeSecretsIn);
  else if (isWireObject(value)) {
    if (value[signatureKey] === signatures.secret) seeSecret(value.value);
    else Object.values(value).forEach(seeSecretsIn);
  }
}

function reportProgress(): void {
  if (recorder.size % 50 === 0) tell({ kind: "progress", resources: recorder.size });
}

/** Writes at once: what is sent asynchronously is lost when the process exits or dies. */
function tell(message: Message): void {
  const bytes = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let offset = 0; offset < bytes.length;) {
    offset += writeSync(messageDescriptor, bytes, offset);
  }
}
