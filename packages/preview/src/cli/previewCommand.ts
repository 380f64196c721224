import { Command } from "commander";
import { hasFailed, writeGraph } from "../graph/graph.ts";
import type { ConfigOverride } from "../project/config.ts";
import { readFixtures } from "../project/fixturesFile.ts";
import { readYaml } from "../project/project.ts";
import { checkManifestDirectory, writeManifests } from "../render/manifests.ts";
import { renderErrors, renderGraph } from "../render/tree.ts";
import { previewAll } from "../run/preview.ts";
import { collectConfig, positive } from "./argumentParsers.ts";
import { exitStatus } from "./exitStatus.ts";
import { ProgressDisplay } from "./progress.ts";

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

/** `gatehouse preview`: records stacks and shows their resources. */
export function previewCommand(finish: (status: number) => void): Command {
  return new Command("preview")
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
      finish(await runPreview(stacks, options));
    });
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

/** Keys and values, at the top level or under `config` as in a stack's file. */
function readConfigFile(file: string): Record<string, ConfigOverride> {
  const content = readYaml(file);
  const { config } = content;
  return (typeof config === "object" && config !== null ? config : content) as Record<string, ConfigOverride>;
}
