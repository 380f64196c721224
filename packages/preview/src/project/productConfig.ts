import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { StackConfig } from "./config.ts";
import { didYouMean, UsageError } from "../errors.ts";
import { compareText } from "../graph/graph.ts";
import type { Project } from "./project.ts";

const child = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./configChild.ts" : "./configChild.js", import.meta.url),
);
const configFiles = ["config.ts", "config.js"];

/** One value of a stack's config, as the product's config explains it. */
export interface ExplainedValue {
  /** The key with its path: `shield:scaling.minReplicas`. */
  key: string;
  value?: unknown;
  secret: boolean;
  origin: string;
  layer?: string;
}

/**
 * The JSON Schema of a product's config as text, as `<main folder>/<product>/config.ts` exports it: a `config` that has
 * `jsonSchema()`.
 *
 * @throws UsageError if there is no such product.
 */
export async function configSchemaText(project: Project, product: string): Promise<string> {
  const file = configFile(project.directory, product);
  if (file === undefined) throw unknownProduct(project, product);
  return callConfig(project, file, "jsonSchema", []);
}

/**
 * Each value of a stack's config and where it comes from, by `explain()` of its product's `config`.
 *
 * @throws UsageError if no product has a stack of this name, or its config is wrong.
 */
export async function explainedConfig(
  project: Project,
  stack: string,
  { values, secretKeys }: StackConfig,
): Promise<ExplainedValue[]> {
  const product = productOf(project, stack);
  const file = configFile(project.directory, product);
  if (file === undefined) throw unknownProduct(project, product);
  const args = [values, { stack, secretKeys, project: project.name }];
  // A check may read what belongs to a provider, such as gcp:project, in the way that the program does.
  const answer = await callConfig(project, file, "explain", args, {
    PULUMI_CONFIG: JSON.stringify(values),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys),
  });
  return JSON.parse(answer) as ExplainedValue[];
}

/** The product whose name a stack's begins with, the longest of several; else what comes before the first hyphen. */
function productOf(project: Project, stack: string): string {
  const fitting = products(project).filter((product) => stack.startsWith(`${product}-`));
  const [longest] = fitting.sort((a, b) => b.length - a.length);
  return longest ?? stack.split("-")[0] ?? stack;
}

function products({ directory }: Project): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && configFile(directory, entry.name) !== undefined)
    .map((entry) => entry.name)
    .sort(compareText);
}

function unknownProduct(project: Project, product: string): UsageError {
  const known = products(project);
  return new UsageError(
    `unknown product "${product}"${didYouMean(product, known)}\n` +
      (known.length === 0
        ? `  no folder of ${project.directory} has a config.ts`
        : `  products of project "${project.name}": ${known.join(", ")}`),
  );
}

/** Arguments go by stdin: what stands on a command line is read by every user of the machine. */
async function callConfig(
  project: Project,
  file: string,
  method: string,
  args: unknown[],
  environment: Record<string, string> = {},
): Promise<string> {
  const flags = ["--disable-warning=ExperimentalWarning", ...project.nodeArguments];
  const running = spawn(process.execPath, [...flags, child, file, method], {
    cwd: project.directory,
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    running.on("error", reject);
    running.on("close", resolve);
  });
  // A child that ends before it reads has said why on stderr.
  running.stdin.on("error", () => undefined);
  running.stdin.end(JSON.stringify(args));
  const [answer, status] = await Promise.all([text(running.stdout), ended]);
  if (status !== 0) throw new UsageError(`${file}: ${method}() of its config failed`);
  return answer;
}

function configFile(directory: string, product: string): string | undefined {
  return configFiles.map((name) => join(directory, product, name)).find((file) => existsSync(file));
}
