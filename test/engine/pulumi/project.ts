import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { Scope } from "../scope.ts";
import { Cloud } from "../standIns/cloud.ts";
import { makeStandIns } from "../standIns/path.ts";
import { ended, type Outcome } from "../support/outcome.ts";
import { cacheDirectory } from "../tools/cacheDirectory.ts";
import { goTool } from "../tools/goTools.ts";

const repository = join(import.meta.dirname, "../../..");

/** What a step of an update did: a line of the engine's own journal of events. */
export interface Step {
  op: string;
  type: string;
  name: string;
  /** The object's name in the cluster, where it has one. */
  object?: string;
}

export interface UpOutcome extends Outcome {
  /** The steps that changed something, in the order in which they began. */
  steps: Step[];
}

/** A resource of a stack's state. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  outputs?: Record<string, unknown>;
}

export interface ProjectOptions {
  /** The folder with Pulumi.yaml, and what of it is copied. */
  source?: string;
  files?: string[];
  environment?: Record<string, string>;
}

/**
 * A copy of the project with a Pulumi of its own: backend, home and plugins are in a temporary directory, and the
 * packages are the work tree's.
 */
export class PulumiProject {
  readonly scope: Scope;
  readonly directory: string;
  /** What is there of clouds that have no plugin. */
  readonly cloud: Cloud;
  readonly #program: string;
  readonly #environment: Record<string, string | undefined>;

  private constructor(scope: Scope, directory: string, program: string, environment: Record<string, string>) {
    this.scope = scope;
    this.directory = directory;
    this.#program = program;
    const plugins = makeStandIns(join(scope.directory, "plugins"));
    const cloudDirectory = join(scope.directory, "cloud");
    this.cloud = new Cloud(cloudDirectory);
    const backend = join(scope.directory, "backend");
    mkdirSync(backend, { recursive: true });
    this.#environment = {
      ...process.env,
      NODE_OPTIONS: undefined,
      PATH: [dirname(program), plugins, dirname(process.execPath), process.env.PATH].join(delimiter),
      PULUMI_HOME: join(scope.directory, "home"),
      PULUMI_BACKEND_URL: `file://${backend}`,
      // The one that the examples of encrypted config are under.
      PULUMI_CONFIG_PASSPHRASE: "example",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // Lets a command write its events to a file.
      PULUMI_DEBUG_COMMANDS: "true",
      GATEHOUSE_CLOUD: cloudDirectory,
      NODE_COMPILE_CACHE: join(cacheDirectory(), "compiled"),
      NO_COLOR: "1",
      ...environment,
    };
  }

  static async create({
    source = repository,
    files = ["Pulumi.yaml", "package.json", "stacks"],
    environment = {},
  }: ProjectOptions = {}): Promise<PulumiProject> {
    const program = join(await goTool("pulumi"), "pulumi");
    const scope = new Scope("pulumi");
    const directory = join(scope.directory, "project");
    mkdirSync(directory);
    for (const file of files) cpSync(join(source, file), join(directory, file), { recursive: true });
    for (const folder of ["node_modules", "packages"]) symlinkSync(join(repository, folder), join(directory, folder));
    return new PulumiProject(scope, directory, program, environment);
  }

  /** Makes a stack. */
  async init(stack: string): Promise<void> {
    const { status, output } = await this.run(["stack", "init", stack]);
    if (status !== 0) throw new Error(`${stack}: ${output}`);
  }

  /** Runs the pulumi command in the project. */
  async run(args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    return ended(this.start(args, environment));
  }

  /** Starts the pulumi command, for a test that does something meanwhile. */
  start(args: string[], environment: Record<string, string> = {}): ChildProcess {
    return spawn(this.#program, [...args, "--non-interactive"], {
      cwd: this.directory,
      env: { ...this.#environment, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
  }

  /** Sets config: each value after its path, as `shield:scaling.minReplicas=4`. */
  async configure(stack: string, config: string[]): Promise<void> {
    const values = config.flatMap((value) => ["--plaintext", value]);
    const { status, output } = await this.run(["config", "set-all", "--path", ...values, "--stack", stack]);
    if (status !== 0) throw new Error(`${stack}: ${output}`);
  }

  /** Runs an operation of a stack, and reads its steps from the engine's event log. */
  async operate(operation: string[], stack: string, environment: Record<string, string> = {}): Promise<UpOutcome> {
    const log = join(this.scope.directory, `events-${process.hrtime.bigint()}.json`);
    const outcome = await this.run([...operation, "--stack", stack, "--event-log", log], environment);
    return { ...outcome, steps: readSteps(log) };
  }

  /** A stack's config with its secrets in clear text, in the form that an offline preview takes. */
  async secretConfig(stack: string): Promise<Record<string, { secret: string }>> {
    const { status, output } = await this.run(["config", "--json", "--show-secrets", "--stack", stack]);
    if (status !== 0) throw new Error(output);
    const values = JSON.parse(output) as Record<string, { value: string; secret: boolean }>;
    const secrets = Object.entries(values).filter(([, { secret }]) => secret);
    return Object.fromEntries(secrets.map(([key, { value }]) => [key, { secret: value }]));
  }

  up(stack: string, ...options: string[]): Promise<UpOutcome> {
    return this.operate(["up", "--yes", "--skip-preview", ...options], stack);
  }

  preview(stack: string, ...options: string[]): Promise<UpOutcome> {
    return this.operate(["preview", ...options], stack);
  }

  refresh(stack: string, ...options: string[]): Promise<UpOutcome> {
    return this.operate(["refresh", "--yes", "--skip-preview", ...options], stack);
  }

  /** Shows how the cluster differs from the state; an error if it does. */
  drift(stack: string): Promise<UpOutcome> {
    return this.operate(["refresh", "--preview-only", "--diff", "--expect-no-changes"], stack);
  }

  destroy(stack: string, ...options: string[]): Promise<UpOutcome> {
    return this.operate(["destroy", "--yes", ...options], stack);
  }

  /** The resources of a stack's state. */
  async resources(stack: string): Promise<StateResource[]> {
    const { status, output } = await this.run(["stack", "export", "--stack", stack]);
    if (status !== 0) throw new Error(`${stack}: ${output}`);
    const { deployment } = JSON.parse(output) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  /** Changes the project's files, as somebody does who edits the program. */
  edit(file: string, change: (text: string) => string): void {
    const path = join(this.directory, file);
    writeFileSync(path, change(readFileSync(path, "utf8")));
  }

  async remove(): Promise<void> {
    await this.scope.stop();
  }
}

interface EngineEvent {
  resourcePreEvent?: { metadata: StepMetadata };
}

interface StepMetadata {
  op: string;
  type: string;
  urn: string;
  new?: { inputs?: ObjectInputs };
  old?: { inputs?: ObjectInputs };
}

interface ObjectInputs {
  metadata?: { name?: string };
}

function readSteps(log: string): Step[] {
  const lines = readFileSync(log, { encoding: "utf8", flag: "a+" }).split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as EngineEvent).resourcePreEvent?.metadata)
    .filter((metadata) => metadata !== undefined)
    .filter(({ op }) => !["same", "read", "refresh"].includes(op))
    .map(({ op, type, urn, new: after, old: before }) => {
      const object = (after ?? before)?.inputs?.metadata?.name;
      return { op, type, name: urn.split("::").at(-1) ?? "", ...(object === undefined ? {} : { object }) };
    });
}
