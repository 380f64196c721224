import { z } from "zod";
import { nearest } from "../errors/nearest.ts";
import { InputError, throwIfAny, type Problem } from "../errors/problem.ts";
import { forStack, printPath } from "./configKey.ts";
import { currentStack } from "./currentStack.ts";
import { decode } from "./decode.ts";
import { type ConfigEntry, ConfigOrigin, type ConfigSource, explainConfig } from "./explain.ts";
import { findingProblems, issueProblems, ownMessage, unknownKey } from "./issues.ts";
import { configSchema, stackFileSchema } from "./jsonSchema.ts";
import type { JsonSchema } from "./jsonSchema.ts";
import { type ConfigLayer, fromText, overlay } from "./layers.ts";

/** A stack's name and its parts. */
export interface StackName {
  /** The whole: `voidkey-prod-west`. */
  name: string;
  /** The product: `voidkey`. */
  product: string;
  /** The rest of the name: `prod-west`. */
  environment: string;
}

/** The stack and project that a set of config values belongs to. */
export interface ConfigContext {
  /** The stack's name. */
  stack: string;
  /**
   * The full keys whose values are encrypted, as a whole or in a part.
   *
   * @default none
   */
  secretKeys?: readonly string[];
  /**
   * The project's name. A key of the product that was set without its namespace is in the project's, and is reported.
   *
   * @default such keys are not looked for
   */
  project?: string;
}

/** Options beyond the shape. */
export interface StackConfigOptions<Config, Input = Config> {
  /**
   * Values that lie between the defaults and the stack's file, the weakest first. Objects are merged; a list replaces
   * the one below it.
   *
   * @param given The stack's file by bare key, as far as it can be read: `given.region`.
   * @default no layers
   */
  layers?: (stack: StackName, given: Readonly<Record<string, unknown>>) => ConfigLayer<Input>[];
  /**
   * Checks across keys, or that depend on the stack. Its problems appear in the report beside those of the shape.
   *
   * @param valid The keys that are set (or have a default) and fit the shape.
   * @default no further checks
   */
  check?: (valid: Partial<Config>, stack: StackName) => Problem[];
}

/** The config of a product's stacks. */
export interface StackConfig<Config> {
  /**
   * The config of the stack that the program runs for, with defaults filled in.
   *
   * @throws InputError with everything that is wrong with it.
   */
  load(): Config;
  /**
   * The config in a set of values, as {@link StackConfig.load} reads them: by full key, each a string, objects as JSON. A value that
   * was not decrypted is `pulumi.runtime.unknownValue`. Other namespaces are ignored.
   *
   * @throws InputError with everything that is wrong with it.
   */
  parse(values: Readonly<Record<string, string>>, context: ConfigContext): Config;
  /**
   * Each value of the config in a set of values, and where it comes from. Secrets are left out.
   *
   * @throws InputError with everything that is wrong with it.
   */
  explain(values: Readonly<Record<string, string>>, context: ConfigContext): ConfigEntry[];
  /** The JSON Schema (draft 7) of the product's `Pulumi.<stack>.yaml`, for editors. */
  jsonSchema(): JsonSchema;
}

/**
 * Describes the config of a product's stacks, which is in the product's namespace: `shield:image`.
 *
 * Each value is read as its schema's type: numbers, booleans, objects and lists are parsed, strings stay. Unknown keys
 * are errors, also in nested objects. A field made by `secret()` must be encrypted and becomes a secret Output; any other
 * must not be.
 *
 * ```ts
 * const config = stackConfig("shield", {
 *   image: checkedString(checkPinned).describe("The service's image."),
 *   replicas: z.int().min(1).default(3).describe("Pods at least."),
 *   djangoSecretKey: secret().describe("Signs the sessions."),
 * });
 * const { image, replicas, djangoSecretKey } = config.load();
 * ```
 *
 * @param shape Fields, or a `z.strictObject` of them. Nested objects whose members all have defaults take `.prefault({})`.
 */
export function stackConfig<Shape extends z.core.$ZodShape>(
  product: string,
  shape: Shape | z.ZodObject<Shape>,
  options: StackConfigOptions<z.output<z.ZodObject<Shape>>, z.input<z.ZodObject<Shape>>> = {},
): StackConfig<z.output<z.ZodObject<Shape>>> {
  type Config = z.output<z.ZodObject<Shape>>;
  const schema = shape instanceof z.ZodObject ? shape : z.strictObject(shape);
  const fields = Object.entries<z.core.$ZodType>(schema.shape);
  const json = configSchema(schema);

  const given = (values: Readonly<Record<string, string>>): Record<string, unknown> =>
    Object.fromEntries(fields.map(([key]) => [key, fromText(values[printPath(product, [key])])]));
  const layersOf = (values: Readonly<Record<string, string>>, stack: StackName): ConfigSource[] => {
    const layers = options.layers?.(stack, given(values)) ?? [];
    return layers.map(({ name, values }) => ({ origin: ConfigOrigin.Layer, layer: name, values }));
  };

  const parse = (values: Readonly<Record<string, string>>, context: ConfigContext): Config => {
    const stack = parseStackName(product, context.stack);
    const layers = layersOf(values, stack);
    const read = fields.map(([key, field]) => {
      const raw = layered(layers, key, values[printPath(product, [key])]);
      return readField(product, key, field, json.properties?.[key], raw, context);
    });
    const fitting = read.filter(({ problems }) => problems.length === 0);
    const problems = [
      ...read.flatMap((field) => field.problems),
      ...strayKeys(product, Object.keys(values), Object.keys(schema.shape), context),
      ...layers.flatMap(({ layer, values }) => strayMembers(product, layer, values, Object.keys(schema.shape))),
      ...(options.check?.(members(fitting, "value") as Partial<Config>, stack) ?? []),
    ];
    throwIfAny(
      problems.map((problem) => forStack(problem, stack.name)),
      `the config of ${stack.name}`,
    );
    return wholeConfig(schema, members(read, "decoded"), product, stack);
  };

  return {
    parse,
    load: () => {
      const { values, ...context } = currentStack();
      return parse(values, context);
    },
    explain: (values, context) => {
      const stack = parseStackName(product, context.stack);
      const names = fields.map(([key]) => key);
      return explainConfig(product, names, parse(values, context), [
        ...layersOf(values, stack),
        { origin: ConfigOrigin.Stack, values: given(values) },
      ]);
    },
    jsonSchema: () => stackFileSchema(product, json),
  };
}

/**
 * Takes a stack's name apart: `<product>-<environment>`.
 *
 * @throws InputError if the stack is not one of the product's.
 */
export function parseStackName(product: string, name: string): StackName {
  const environment = name.slice(product.length + 1);
  if (!name.startsWith(`${product}-`) || environment === "") {
    throw new InputError({
      subject: "stack",
      message: `the stack is not one of ${product}`,
      value: name,
      expected: `a name of the form ${product}-<environment>, such as ${product}-dev`,
      fix: `pulumi stack select ${product}-dev`,
    });
  }
  return { name, product, environment };
}

/** The value of a key in the stack's file over those of the layers. Without layers it stays the text that it is. */
function layered(layers: ConfigSource[], key: string, text: string | undefined): unknown {
  const below = layers.reduce<unknown>((value, { values }) => overlay(value, values[key]), undefined);
  return below === undefined ? text : overlay(below, fromText(text));
}

/** Keys of a layer that the config does not have; the compiler finds them too, unless a layer is made up as it runs. */
function strayMembers(
  product: string,
  layer: string | undefined,
  values: Readonly<Record<string, unknown>>,
  known: string[],
): Problem[] {
  const stray = Object.keys(values).filter((key) => !known.includes(key));
  return stray.map((key) => ({ ...unknownKey(product, [key], known), fix: `remove it from the layer ${layer ?? ""}` }));
}

/** A key's value before and after its schema has seen it, and what is wrong with it. */
interface ReadField {
  key: string;
  decoded: unknown;
  value: unknown;
  problems: Problem[];
}

function readField(
  product: string,
  key: string,
  schema: z.core.$ZodType,
  json: JsonSchema | boolean | undefined,
  raw: unknown,
  context: ConfigContext,
): ReadField {
  const fullKey = printPath(product, [key]);
  const isEncrypted = context.secretKeys?.includes(fullKey) ?? false;
  const { value: decoded, findings } = decode(schema, raw, [key], isEncrypted);
  const field = { product, key, schema: typeof json === "object" ? json : {}, value: decoded, isEncrypted };
  const result = z.safeParse(schema, decoded, { error: () => ownMessage });
  const found = findingProblems(field, findings);
  // Where something was found, the schema's own complaint would only be a consequence of it.
  const issues = withoutConsequences(result.error?.issues ?? [])
    .flatMap((issue) => issueProblems(field, issue, [key]))
    .filter(({ subject }) => !found.some((problem) => problem.subject === subject));
  return { key, decoded, value: result.data, problems: [...found, ...issues] };
}

/** Of a value of the wrong type, a length or a range says nothing, though zod looks at it where there is one. */
function withoutConsequences(issues: z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const place = ({ path }: z.core.$ZodIssue): string => JSON.stringify(path);
  const mistyped = new Set(issues.filter(({ code }) => code === "invalid_type").map(place));
  return issues.filter((issue) => issue.code === "invalid_type" || !mistyped.has(place(issue)));
}

function members(fields: ReadField[], which: "decoded" | "value"): Record<string, unknown> {
  const set = fields.filter((field) => field[which] !== undefined);
  return Object.fromEntries(set.map((field) => [field.key, field[which]]));
}

/** Keys that no field of the product reads: unknown ones, and known ones in a namespace that was not meant. */
function strayKeys(product: string, given: string[], known: string[], context: ConfigContext): Problem[] {
  return given.flatMap((full) => {
    const colon = full.indexOf(":");
    const namespace = full.slice(0, colon);
    const key = full.slice(colon + 1);
    if (namespace === product) return known.includes(key) ? [] : [unknownKey(product, [key], known)];
    const isMeant = known.includes(key) && (namespace === context.project || nearest(namespace, [product]) === product);
    if (!isMeant) return [];
    return [
      {
        subject: full,
        message: `the key is not in the namespace of ${product}`,
        expected: printPath(product, [key]),
        fix: `rename it to ${printPath(product, [key])}`,
      },
    ];
  });
}

/** Every field fits; what is left is what the shape says about them together. */
function wholeConfig<Config>(
  schema: z.core.$ZodType<Config>,
  values: Record<string, unknown>,
  product: string,
  stack: StackName,
): Config {
  const result = z.safeParse(schema, values);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => ({
    subject: [product, path.join(".")].filter((part) => part !== "").join(":"),
    message,
  }));
  throw new InputError(problems, `the config of ${stack.name}`);
}
