import { fileURLToPath } from "node:url";
import {
  type ConfigOverride,
  type Fixtures,
  preview,
  type Resource,
  type StackGraph,
  type Value,
} from "@gatehouse/preview";
import { expect } from "vitest";

const project = fileURLToPath(new URL("../../../", import.meta.url));

export type Config = Record<string, ConfigOverride>;

const recordings = new Map<string, Promise<StackGraph>>();

/**
 * Records a stack of the project, which must not fail. Each stack is recorded once for each config.
 *
 * @param fixtures What its clouds answer.
 */
export async function recordStack(stack: string, config: Config = {}, fixtures: Fixtures = {}): Promise<StackRecord> {
  const key = JSON.stringify([stack, config, fixtures]);
  const recording = recordings.get(key) ?? preview({ project, stack, config, fixtures });
  recordings.set(key, recording);
  // Tests may change what they get.
  const graph = structuredClone(await recording);
  expect(graph.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return new StackRecord(graph);
}

/** Records a stack that must fail with one error, and gives its text. */
export async function recordFailure(stack: string, config: Config): Promise<string> {
  const { diagnostics } = await preview({ project, stack, config });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  expect(errors).toHaveLength(1);
  return errors[0]?.message ?? "";
}

/** A stack's resources, found as an operator knows them: by kind and name. */
export class StackRecord {
  readonly graph: StackGraph;

  constructor(graph: StackGraph) {
    this.graph = graph;
  }

  /** The one Kubernetes object of a kind and name. */
  object(kind: string, name: string): Resource {
    const found = this.graph.resources.filter(
      ({ inputs }) => inputs.kind === kind && at(inputs, "metadata.name") === name,
    );
    expect(found, `${kind} ${name}`).toHaveLength(1);
    return found[0] as Resource;
  }

  /** A value of the one Kubernetes object of a kind and name, by its path: `spec.template.spec.containers.0.image`. */
  value(kind: string, name: string, path: string): Value | undefined {
    return at(this.object(kind, name).inputs, path);
  }

  /** Every Kubernetes object, as "Kind namespace/name", sorted. */
  objects(): string[] {
    return this.graph.resources
      .flatMap(({ inputs }) => (typeof inputs.kind === "string" ? [`${inputs.kind} ${place(inputs)}`] : []))
      .sort();
  }
}

function place(inputs: Value): string {
  const [namespace, name] = [at(inputs, "metadata.namespace"), at(inputs, "metadata.name")];
  return [namespace, name].filter((part) => typeof part === "string").join("/");
}

/** A value that must be text. */
export function text(value: Value | undefined): string {
  expect(value).toBeTypeOf("string");
  return value as string;
}

/** The value at a path within another. */
export function at(value: Value, path: string): Value | undefined {
  return path
    .split(".")
    .reduce<Value | undefined>((parent, key) => (parent as Record<string, Value> | null | undefined)?.[key], value);
}
