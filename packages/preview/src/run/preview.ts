import { availableParallelism } from "node:os";
import { compileCacheDirectory } from "./compileCache.ts";
import type { ConfigOverride } from "../project/config.ts";
import type { Fixtures } from "../record/fixtures.ts";
import { hasFailed, isManaged } from "../graph/graph.ts";
import type { Diagnostic, Graph, StackGraph } from "../graph/graph.ts";
import type { Job } from "./messages.ts";
import { UsageError } from "../errors.ts";
import { chooseStacks, findProject, readStackConfig } from "../project/project.ts";
import type { Project } from "../project/project.ts";
import { runStack } from "./stackRun.ts";
import type { StackRun } from "./stackRun.ts";
import type { WireObject } from "../record/wire.ts";

export interface PreviewOptions {
  /** A folder of the project; Pulumi.yaml is searched from there upwards.
   * @default the current folder */
  project?: string;
  /** The stacks to preview.
   * @default all that have a Pulumi.<stack>.yaml */
  stacks?: string[];
  /** Config values over those of the stacks' files, by key; `{ secret: "..." }` for a secret. */
  config?: Record<string, ConfigOverride>;
  /** Answers that a cloud would give. */
  fixtures?: Fixtures;
  /** The organization that programs ask for.
   * @default "organization", as of a backend without organizations */
  organization?: string;
  /** Milliseconds that a program may take.
   * @default 60000 */
  timeout?: number;
  /** Key for the digests of secrets.
   * @default the environment's GATEHOUSE_SECRET_KEY */
  secretKey?: string;
  /** How many programs run at the same time.
   * @default as many as there are cores */
  parallel?: number;
  onProgress?: (progress: Progress) => void;
}

/** How far the work on one stack is. */
export interface Progress {
  stack: string;
  state: "running" | "done" | "failed";
  resources: number;
}

const defaultTimeout = 60_000;

/**
 * Records the stacks of a project, offline. What is wrong with a program or its config is a diagnostic of its stack.
 *
 * @throws UsageError if the project or a stack's name is wrong.
 */
export async function previewAll(options: PreviewOptions = {}): Promise<Graph> {
  const project = findProject(options.project ?? ".");
  const stacks = chooseStacks(project, options.stacks ?? []);
  const runs = new Map<string, StackRun>();
  const jobs: Job[] = [];
  for (const stack of stacks) {
    try {
      jobs.push(makeJob(project, stack, options));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      runs.set(stack, failedRun(stack, error.message));
      options.onProgress?.({ stack, state: "failed", resources: 0 });
    }
  }

  const run = async (job: Job): Promise<void> => {
    const report = (state: Progress["state"], resources: number): void => {
      options.onProgress?.({ stack: job.stack, state, resources });
    };
    report("running", 0);
    const result = await runStack(project, job, compileCacheDirectory, (resources) => {
      report("running", resources);
    });
    runs.set(job.stack, result);
    report(hasFailed(result.graph) ? "failed" : "done", result.graph.resources.filter(isManaged).length);
  };

  let due = jobs;
  // Each round settles at least one stack of a chain of references; a ring of them is settled by no round.
  for (let round = 0; due.length > 0 && round <= jobs.length; round++) {
    await inParallel(due, options.parallel ?? availableParallelism(), run);
    due = staleJobs(jobs, runs);
  }
  return { version: 1, stacks: stacks.map((stack) => runs.get(stack)?.graph).filter((graph) => graph !== undefined) };
}

/**
 * Records one stack, offline.
 *
 * @throws UsageError if the project or the stack's name is wrong.
 */
export async function preview(
  options: Omit<PreviewOptions, "stacks"> & {
    /** The stack to preview. */
    stack: string;
  },
): Promise<StackGraph> {
  const { stack, ...others } = options;
  const graph = await previewAll({ ...others, stacks: [stack] });
  const [only] = graph.stacks;
  if (only === undefined) throw new Error(`no record of stack ${stack}`);
  return only;
}

/** The run of a stack whose configuration is wrong before its program can start. */
function failedRun(stack: string, message: string): StackRun {
  const diagnostics: Diagnostic[] = [{ severity: "error", message }];
  return { graph: { stack, resources: [], outputs: {}, diagnostics }, outputs: {}, references: [] };
}

function makeJob(project: Project, stack: string, options: PreviewOptions): Job {
  const { values, secretKeys } = readStackConfig(project, stack, options.config ?? {});
  const secretKey = options.secretKey ?? process.env.GATEHOUSE_SECRET_KEY;
  return {
    organization: options.organization ?? "organization",
    project: project.name,
    stack,
    root: project.root,
    directory: project.directory,
    entry: project.entry,
    config: values,
    secretKeys,
    typescript: project.typescript,
    ...(project.tsconfig === undefined ? {} : { tsconfig: project.tsconfig }),
    fixtures: options.fixtures ?? {},
    references: {},
    ...(secretKey === undefined || secretKey === "" ? {} : { secretKey }),
    timeout: options.timeout ?? defaultTimeout,
  };
}

/** The stacks that refer to others of this run whose outputs they have not been given, or not as they are now. */
function staleJobs(jobs: Job[], runs: Map<string, StackRun>): Job[] {
  return jobs.filter((job) => {
    const wanted: Record<string, WireObject> = {};
    for (const reference of runs.get(job.stack)?.references ?? []) {
      const stack = nameInProject(reference, job.project);
      const other = stack === undefined ? undefined : runs.get(stack);
      if (stack !== undefined && other !== undefined) wanted[stack] = other.outputs;
    }
    const isStale = JSON.stringify(wanted) !== JSON.stringify(job.references);
    job.references = wanted;
    return isStale;
  });
}

/** The stack that a reference names, unless it names another project. */
function nameInProject(reference: string, project: string): string | undefined {
  const parts = reference.split("/");
  return parts.length < 3 || parts[1] === project ? parts.at(-1) : undefined;
}

async function inParallel<Item>(items: Item[], workers: number, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, workers) }, worker));
}
