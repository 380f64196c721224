import * as pulumi from "@pulumi/pulumi";
import { checkedInput } from "../errors/checkedInput.ts";
import { nearest } from "../errors/nearest.ts";
import { throwIfAny, type Problem } from "../errors/problem.ts";
import type { ArgsSchema, ArgsShape } from "./argsSchema.ts";

/**
 * Checks the shape of a component's arguments, which nothing else does at run time: Node strips types without checking
 * them. Reports every missing, unknown and mistyped argument at once, in the whole tree.
 *
 * @param schema Shapes of the package's interfaces.
 * @param shape Name of the interface.
 * @param subject How messages name the component: `login (Workload)`.
 * @param args The arguments as given.
 * @returns The arguments. Each Output and promise in them is replaced by one that is checked as it resolves.
 * @throws InputError if a plain value has the wrong shape.
 */
export function checkedArgs<T extends object>(schema: ArgsSchema, shape: string, subject: string, args: T): T {
  const problems: Problem[] = [];
  const checked = new Reader(schema, problems).read(subject, { $ref: shape }, args);
  throwIfAny(problems);
  return checked as T;
}

/** Reads values by their shapes, and collects what is wrong with them. */
class Reader {
  private readonly schema: ArgsSchema;
  private readonly problems: Problem[];

  constructor(schema: ArgsSchema, problems: Problem[]) {
    this.schema = schema;
    this.problems = problems;
  }

  /** The value with its Outputs checked; the value itself where it has problems. */
  read(path: string, shape: ArgsShape, value: unknown): unknown {
    const { input, ...plain } = this.resolve(shape);
    if (pulumi.Output.isInstance(value) || value instanceof Promise) {
      if (isAnything(plain)) return value;
      if (input) return checkedInput<unknown>(value, (resolved) => this.problemsOf(path, plain, resolved));
      return this.refuse(path, value, "the argument must be known before anything is deployed", plain);
    }
    if (isAnything(plain)) {
      if (value === undefined || value === null) this.refuse(path, value, "the argument is missing", plain);
      return value;
    }
    if (plain.enum) return this.readEnum(path, plain, value);
    if (plain.type === "array") return this.readList(path, plain, value);
    if (plain.type === "object") return this.readObject(path, plain, value);
    if (typeof value !== plain.type || Number.isNaN(value)) this.refuseType(path, plain, value);
    return value;
  }

  /** Problems of the value that an Output resolved to. */
  private problemsOf(path: string, shape: ArgsShape, value: unknown): Problem[] {
    // A mocked resource has no computed properties, so every Output of one resolves to nothing.
    if (isAbsent(value) && isMocked()) return [];
    const problems: Problem[] = [];
    new Reader(this.schema, problems).read(path, shape, value);
    return problems;
  }

  private resolve(shape: ArgsShape): ArgsShape {
    if (shape.$ref === undefined) return shape;
    const { $ref, ...own } = shape;
    const named = this.schema[$ref];
    if (named === undefined) throw new Error(`The schema has no shape ${$ref}.`);
    return { ...this.resolve(named), ...own };
  }

  private readEnum(path: string, { enum: words = [] }: ArgsShape, value: unknown): unknown {
    if (typeof value === "string" && words.includes(value)) return value;
    const near = typeof value === "string" ? nearest(value, words) : undefined;
    this.problems.push({
      subject: path,
      message: "the value is not one of those allowed",
      value: typeof value === "string" ? value : kindOf(value),
      expected: listed(words, "or"),
      fix: near && `did you mean "${near}"?`,
    });
    return value;
  }

  private readList(path: string, shape: ArgsShape, value: unknown): unknown {
    if (!Array.isArray(value)) return this.refuseType(path, shape, value);
    return Array.from(value as unknown[], (element, index) => {
      if (element !== undefined && element !== null) return this.read(`${path}[${index}]`, shape.items ?? {}, element);
      this.problems.push({
        subject: `${path}[${index}]`,
        message: "the list has a hole",
        value: kindOf(element),
        expected: this.expected(shape.items ?? {}),
        fix: "leave the element out: list.filter((element) => element !== undefined)",
      });
      return element;
    });
  }

  private readObject(path: string, shape: ArgsShape, value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return this.refuseType(path, shape, value);
    const { properties, required = [], additionalProperties } = shape;
    if (!properties) return this.readMap(path, additionalProperties ?? {}, value);
    const missing = required.filter((name) => isAbsent((value as Record<string, unknown>)[name]));
    for (const name of missing)
      this.problems.push({
        subject: `${path}.${name}`,
        message: "the argument is missing",
        expected: this.expected(properties[name] ?? {}),
      });
    const given = Object.entries(value).filter(([name]) => !missing.includes(name));
    return Object.fromEntries(
      given.map(([name, member]) => {
        const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
        if (!known) this.refuseName(path, name, Object.keys(properties));
        return [name, known && member !== undefined ? this.read(`${path}.${name}`, known, member) : member];
      }),
    );
  }

  private readMap(path: string, shape: ArgsShape, value: object): unknown {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.read(`${path}.${key}`, shape, member)]),
    );
  }

  private refuseName(path: string, name: string, known: string[]): void {
    const near = nearest(name, known);
    this.problems.push({
      subject: `${path}.${name}`,
      message: "there is no such argument",
      expected: near ? `${near}, which is the nearest known argument` : listed(known, "or"),
      fix: near ? `rename it to ${near}` : "remove it",
    });
  }

  private refuseType(path: string, shape: ArgsShape, value: unknown): unknown {
    const absent = isAbsent(value);
    return this.refuse(path, value, absent ? "the argument is missing" : "the argument has the wrong type", shape);
  }

  private refuse(path: string, value: unknown, message: string, shape: ArgsShape): unknown {
    this.problems.push({
      subject: path,
      message,
      value: value === undefined ? undefined : kindOf(value),
      expected: this.expected(shape),
    });
    return value;
  }

  /** The values that a shape allows, in words. */
  private expected(shape: ArgsShape): string {
    const { type, enum: words, required = [], properties, items } = this.resolve(shape);
    if (words) return listed(words, "or");
    if (type === "array") return `a list, of which each element is ${this.expected(items ?? {})}`;
    if (type !== "object") return type === undefined ? "a value" : `a ${type}`;
    if (!properties) return "an object with free keys";
    return required.length > 0 ? `an object with ${listed(required, "and")}` : "an object";
  }
}

/** Whether the program runs in a unit test with `pulumi.runtime.setMocks`. */
function isMocked(): boolean {
  const monitor: object | undefined = pulumi.runtime.getMonitor();
  return monitor !== undefined && "mocks" in monitor;
}

function isAnything({ type, enum: words }: ArgsShape): boolean {
  return type === undefined && words === undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** How a message names a value. A text could be a secret that stands in the wrong place, so it is not shown. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null || typeof value === "boolean" || typeof value === "number")
    return String(value);
  if (pulumi.Output.isInstance(value)) return "an Output";
  if (value instanceof Promise) return "a promise";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function listed(words: string[], last: "and" | "or"): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1) ?? ""}`;
}
