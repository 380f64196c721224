import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { isScalar, LineCounter, parse, parseDocument, visit } from "yaml";
import { stackConfig } from "./config.ts";
import type { ConfigOverride, StackConfig } from "./config.ts";
import { didYouMean, UsageError } from "../errors.ts";
import { compareText } from "../graph/graph.ts";

/** A Pulumi project, as its Pulumi.yaml describes it. */
export interface Project {
  name: string;
  /** Folder of Pulumi.yaml. */
  root: string;
  /** Folder that the program runs in. */
  directory: string;
  /** The program's file seen from `directory`, or "." for what package.json or Node's rules say. */
  entry: string;
  /** Folder of the stacks' files. */
  configDirectory: string;
  /** True if the SDK is to compile TypeScript by ts-node. */
  typescript: boolean;
  tsconfig?: string;
  /** Arguments for Node. */
  nodeArguments: string[];
  /** Config of all stacks, as declared. */
  config: Record<string, unknown>;
}

/**
 * Finds and reads the project of a folder: the nearest Pulumi.yaml upwards.
 *
 * @throws UsageError if there is no project, or it is not a Node.js project.
 */
export function findProject(from: string): Project {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml"]) {
      const file = join(folder, name);
      if (existsSync(file)) return readProject(file);
    }
    if (dirname(folder) === folder) {
      throw new UsageError(
        `no Pulumi.yaml in ${resolve(from)} or a folder above it; name the project's folder with -C`,
      );
    }
  }
}

function readProject(file: string): Project {
  const root = dirname(file);
  const content = readYaml(file);
  const { name, main, stackConfigDir, runtime } = content;
  if (typeof name !== "string" || name === "") throw new UsageError(`${file}: it has no "name"`);
  const runtimeName = isObject(runtime) ? runtime.name : runtime;
  if (runtimeName !== "nodejs") {
    throw new UsageError(
      `${file}: the runtime is ${JSON.stringify(runtimeName ?? null)}; this preview runs programs of "nodejs"`,
    );
  }
  const options = isObject(runtime) && isObject(runtime.options) ? runtime.options : {};
  const project: Project = {
    name,
    root,
    ...findMain(file, root, typeof main === "string" ? main : ""),
    configDirectory: typeof stackConfigDir === "string" ? join(root, stackConfigDir) : root,
    typescript: options.typescript !== false,
    nodeArguments: typeof options.nodeargs === "string" ? splitArguments(options.nodeargs) : [],
    config: isObject(content.config) ? content.config : {},
  };
  if (typeof options.tsconfig === "string") project.tsconfig = options.tsconfig;
  return project;
}

function findMain(file: string, root: string, main: string): Pick<Project, "directory" | "entry"> {
  if (main === "") return { directory: root, entry: "." };
  const path = isAbsolute(main) ? main : join(root, main);
  if (!existsSync(path)) throw new UsageError(`${file}: "main" is ${main}, and there is no ${path}`);
  return statSync(path).isDirectory()
    ? { directory: path, entry: "." }
    : { directory: dirname(path), entry: basename(path) };
}

/** The names of the stacks that have a file, sorted. */
export function stackNames(project: Project): string[] {
  if (!existsSync(project.configDirectory)) return [];
  return readdirSync(project.configDirectory)
    .map((file) => /^Pulumi\.(.+)\.ya?ml$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .sort(compareText);
}

/**
 * The stacks asked for, or all that there are.
 *
 * @throws UsageError for a stack that there is no file of.
 */
export function chooseStacks(project: Project, asked: string[]): string[] {
  const known = stackNames(project);
  if (asked.length === 0) {
    if (known.length === 0) {
      throw new UsageError(
        `project "${project.name}" has no stacks: no Pulumi.<stack>.yaml in ${project.configDirectory}`,
      );
    }
    return known;
  }
  // A project without stack files can still be previewed under any name.
  for (const stack of known.length === 0 ? [] : asked) {
    if (!known.includes(shortName(stack))) {
      throw new UsageError(
        `unknown stack "${stack}"${didYouMean(stack, known)}\n  stacks of project "${project.name}": ${known.join(", ")}`,
      );
    }
  }
  return [...new Set(asked.map(shortName))];
}

/** "prod" of "acme/shop/prod". */
function shortName(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}

/** A stack's configuration, from its file and what is set on top. */
export function readStackConfig(
  project: Project,
  stack: string,
  overrides: Record<string, ConfigOverride>,
): StackConfig {
  const file = ["yaml", "yml"]
    .map((extension) => join(project.configDirectory, `Pulumi.${stack}.${extension}`))
    .find((path) => existsSync(path));
  const content = file === undefined ? {} : readYaml(file);
  if (file !== undefined) refuseTimestamps(file);
  const own = isObject(content.config) ? content.config : {};
  return stackConfig(project.name, stack, project.config, own, overrides);
}

/** @throws UsageError if the file cannot be read as an object. */
export function readYaml(file: string): Record<string, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(file, "utf8"), { logLevel: "error" });
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (content === null || content === undefined) return {};
  if (!isObject(content)) throw new UsageError(`${file}: expected an object of keys and values`);
  return content;
}

// https://yaml.org/type/timestamp.html
const timestamp =
  /^\d{4}-\d{2}-\d{2}$|^\d{4}-\d{1,2}-\d{1,2}([Tt]|[ \t]+)\d{1,2}:\d{2}:\d{2}(\.\d*)?([ \t]*(Z|[-+]\d{1,2}(:\d{2})?))?$/;

/**
 * The Pulumi command reads a date without quotes as a point in time, and passes it on in another notation, which no
 * program expects.
 *
 * @throws UsageError that names the line.
 */
function refuseTimestamps(file: string): void {
  const lines = new LineCounter();
  visit(parseDocument(readFileSync(file, "utf8"), { lineCounter: lines }), {
    Scalar(_, node) {
      if (!isScalar(node) || node.type !== "PLAIN" || typeof node.value !== "string") return;
      if (!timestamp.test(node.value)) return;
      const { line } = lines.linePos(node.range?.[0] ?? 0);
      throw new UsageError(
        `${file}:${line}: the Pulumi command rewrites a date without quotes: ${node.value}; write "${node.value}"`,
      );
    },
  });
}

/** Splits as a shell would, quotes understood. */
export function splitArguments(text: string): string[] {
  const words = text.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return words.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => double ?? single ?? ""),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
