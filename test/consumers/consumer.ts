import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph, Resource, StackGraph } from "@gatehouse/preview";
import { inject } from "vitest";
import { run, type Run } from "./run.ts";

/** Folder of an example with the packed packages installed. */
export function consumer(example: string): string {
  return join(inject("consumers"), example);
}

/** A copy of an example in which parts of files are replaced. */
export function variant(example: string, name: string, edits: Record<string, [from: string, to: string][]>): string {
  const original = consumer(example);
  const copy = join(inject("consumers"), `${example}-${name}`);
  cpSync(original, copy, { recursive: true, filter: (file) => !file.endsWith("node_modules") });
  symlinkSync(join(original, "node_modules"), join(copy, "node_modules"));
  for (const [file, replacements] of Object.entries(edits))
    for (const [from, to] of replacements) replace(join(copy, file), from, to);
  return copy;
}

function replace(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(file, text.replace(from, to));
}

/** The program's own type check, with the TypeScript that it installed. */
export function typeCheck(folder: string, ...options: string[]): Promise<Run> {
  return run(folder, "tsc", "--noEmit", "--pretty", "false", ...options);
}

export function gatehouse(folder: string, ...args: string[]): Promise<Run> {
  return run(folder, "gatehouse", ...args);
}

/** What `gatehouse preview` records of the stack `dev`. */
export async function preview(folder: string): Promise<StackGraph> {
  const { status, stdout, output } = await gatehouse(folder, "preview", "dev", "--json");
  if (status !== 0) throw new Error(`gatehouse preview ended with ${String(status)}\n${output}`);
  const [stack] = (JSON.parse(stdout) as Graph).stacks;
  if (!stack) throw new Error(`no stack in the preview of ${folder}`);
  return stack;
}

interface KubernetesObject {
  kind: string;
  metadata: { namespace?: string; name: string };
}

function kubernetesObject({ inputs }: Resource): KubernetesObject {
  return inputs as unknown as KubernetesObject;
}

/** The Kubernetes objects of a stack, each as `Kind namespace/name`, sorted. */
export function objectNames({ resources }: StackGraph): string[] {
  return resources
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))
    .map(kubernetesObject)
    .map(
      ({ kind, metadata: { namespace, name } }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`,
    )
    .sort();
}

/** The inputs of the one object of that kind and name. */
export function object({ resources }: StackGraph, kind: string, name: string): unknown {
  const found = resources.filter((resource) => {
    const { kind: itsKind, metadata } = kubernetesObject(resource);
    return resource.custom && itsKind === kind && metadata.name === name;
  });
  if (found.length !== 1) throw new Error(`${found.length} objects ${kind} ${name}`);
  return found[0]?.inputs;
}
