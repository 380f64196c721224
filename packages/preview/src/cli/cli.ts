import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import type { ConfigOverride } from "../project/config.ts";
import { UsageError } from "../errors.ts";
import { readFixtures } from "../project/fixturesFile.ts";
import { hasFailed, writeGraph } from "../graph/graph.ts";
import { checkManifestDirectory, writeManifests } from "../render/manifests.ts";
import { previewAll } from "../run/preview.ts";
import { ProgressDisplay } from "./progress.ts";
import { readYaml } from "../project/project.ts";
import { printConfigSchema } from "../project/configSchema.ts";
import { renderErrors, renderGraph } from "../render/tree.ts";

/** Exit statuses of the command. */
export const exitStatus = { ok: 0, checkFailed: 1, wrong: 2 } as const;

interface PreviewCommandOptions {
  cwd: string;
  json?: true;
  yaml?: string;
  config: Record<string, ConfigOverride>;
  configFile?: string;
  fixtures?: string;
  timeout: number;
  parallel?: number;
  organization?: string;
}

/** Runs the command, and gives its exit status. */
export async function main(argv: string[]): Promise<number> {
  let status: number = exitStatus.ok;
  const program = new Command("gatehouse")
    .description("Shows what a Pulumi program would create: offline, without an engine, credentials or a cloud.")
    .version(ownVersion())
    .exitOverride()
    .configureHelp({ showGlobalOptions: true });

  program
    .command("preview")
    .description("record stacks and show their resources")
    .argument("[stack...]", "stacks to preview; all that have a Pulumi.<stack>.yaml, if none is named")
    .option("-C, --cwd <dir>", "folder of the project", ".")
    .option("--json", "print the resource graph as JSON")
    .option("--yaml <dir>", "write the Kubernetes objects to <dir>/<stack>/, ready for kubectl apply -f")
    .option("-c, --config <key=value>", "set a config value over the stack's file; repeatable", collectConfig, {})
    .option("--config-file <file>", "set config values from a YAML or JSON file of keys and values")
    .option("--fixtures <file>", "answers of the cloud: invokes, reads, outputs of other stacks (YAML or JSON)")
    .option("--timeout <seconds>", "how long a program may take", positive, 60)
    .option("--parallel <n>", "how many programs run at a time; as many as there are cores by default", positive)
    .option("--organization <name>", "the organization that programs ask for")
    .action(async (stacks: string[], options: PreviewCommandOptions) => {
      status = await runPreview(stacks, options);
    });

  const config = program.command("config").description("a product's configuration");
  config
    .command("schema")
    .description("print the JSON Schema of a product's config")
    .argument("<product>")
    .option("-C, --cwd <dir>", "folder of the project", ".")
    .action(async (product: string, options: { cwd: string }) => {
      await printConfigSchema(options.cwd, product);
    });

  try {
    await program.parseAsync(argv, { from: "user" });
    return status;
  } catch (error) {
    // Commander has printed its own message, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.wrong;
    if (error instanceof UsageError) {
      process.stderr.write(`error: ${error.message}\n`);
      return exitStatus.wrong;
    }
    throw error;
  }
}

async function runPreview(stacks: string[], options: PreviewCommandOptions): Promise<number> {
  const start = performance.now();
  if (options.yaml !== undefined) checkManifestDirectory(options.yaml);
  const progress = new ProgressDisplay(process.stderr);
  const graph = await previewAll({
    project: options.cwd,
    stacks,
    config: { ...(options.configFile === undefined ? {} : readConfigFile(options.configFile)), ...options.config },
    ...(options.fixtures === undefined ? {} : { fixtures: readFixtures(options.fixtures) }),
    timeout: options.timeout * 1000,
    ...(options.parallel === undefined ? {} : { parallel: options.parallel }),
    ...(options.organization === undefined ? {} : { organization: options.organization }),
    onProgress: (event) => {
      progress.update(event);
    },
  }).finally(() => {
    progress.clear();
  });
  if (options.yaml !== undefined) {
    const warnings = writeManifests(graph, options.yaml);
    for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  }
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(
    options.json === true ? writeGraph(graph) : renderGraph(graph, { stream: process.stdout, seconds }),
  );
  process.stderr.write(renderErrors(graph, process.stderr));
  return graph.stacks.some(hasFailed) ? exitStatus.wrong : exitStatus.ok;
}

function collectConfig(text: string, previous: Record<string, ConfigOverride>): Record<string, ConfigOverride> {
  const separator = text.indexOf("=");
  if (separator <= 0) throw new InvalidArgumentError('expected key=value, like "shield:replicas=3".');
  return { ...previous, [text.slice(0, separator)]: text.slice(separator + 1) };
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

/** Keys and values, as they are or under `config` as in a stack's file. */
function readConfigFile(file: string): Record<string, ConfigOverride> {
  const content = readYaml(file);
  const { config } = content;
  return (typeof config === "object" && config !== null ? config : content) as Record<string, ConfigOverride>;
}

function ownVersion(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
