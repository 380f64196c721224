import type { z } from "zod";
import { nearest } from "../errors/nearest.ts";
import { redact } from "../errors/secrets.ts";
import type { Problem } from "../errors/problem.ts";
import type { CheckParams } from "./checkedString.ts";
import { printPath, removeCommand, setCommand } from "./configKey.ts";
import type { Path } from "./configKey.ts";
import type { Findings } from "./decode.ts";
import { holdsSecret, requiredLeaves, schemaAt } from "./jsonSchema.ts";
import type { JsonSchema } from "./jsonSchema.ts";
import { literal, words } from "./words.ts";

/** Placeholder message of an issue whose schema has no message. */
export const ownMessage = "";

/** One key of the config, with all that a report about its value needs. */
export interface Field {
  product: string;
  key: string;
  schema: JsonSchema;
  /** The value as decoded, undefined if the key is not set. */
  value: unknown;
  /** Whether the value is encrypted, as a whole or in a part. */
  isEncrypted: boolean;
}

/** Findings of the decoder that a schema cannot make. */
export function findingProblems(field: Field, findings: Findings): Problem[] {
  const { product, isEncrypted, schema } = field;
  const isMisplaced = isEncrypted && findings.secrets === 0 && findings.encrypted.length === 0;
  const encrypted: Path[] = isMisplaced ? [[field.key]] : findings.encrypted;
  return [
    ...findings.clearText.map((path) => ({
      subject: printPath(product, path),
      message: "a secret is set in clear text",
      expected: "an encrypted value; a secret that others could read is better replaced",
      fix: setCommand(product, path, undefined, "secret"),
    })),
    ...encrypted.map((path) =>
      holdsSecret(schemaAt(schema, below(path)))
        ? {
            subject: printPath(product, path),
            message: "the value is encrypted as a whole, so that its plain parts cannot be told from its secrets",
            expected: "a map of which only the secrets are encrypted",
            fix: setRequired(field, path),
          }
        : {
            subject: printPath(product, path),
            message: "the value is encrypted, but it is not a secret: it will be readable in what is deployed",
            expected: `${words(schemaAt(schema, below(path)))} in clear text`,
            fix: setCommand(product, path, "VALUE", "plain"),
          },
    ),
    ...findings.unknown.map(({ path, known }) => unknownKey(product, path, known)),
  ];
}

/** A key that the config does not have. Its value is not shown: it may be a secret under a misspelt name. */
export function unknownKey(product: string, path: Path, known: string[]): Problem {
  const [, ...rest] = path;
  const sibling = (name: string): Path => (rest.length === 0 ? [name] : [path[0], ...rest.slice(0, -1), name]);
  const meant = nearest(String(path.at(-1)), known);
  return {
    subject: printPath(product, path),
    message: "there is no such key",
    expected:
      meant !== undefined
        ? `${printPath(product, sibling(meant))}, which is the nearest known key`
        : known.length > 0
          ? `one of ${known.map((name) => printPath(product, sibling(name))).join(", ")}`
          : "no key at all",
    fix: meant !== undefined ? `rename it to ${printPath(product, sibling(meant))}` : removeCommand(product, path),
  };
}

/** A schema's issues with a key's value, as problems. */
export function issueProblems(field: Field, issue: z.core.$ZodIssue, prefix: Path): Problem[] {
  const path: Path = [...prefix, ...issue.path.map((step) => (typeof step === "number" ? step : String(step)))];
  const subject = printPath(field.product, path);
  const schema = schemaAt(field.schema, below(path));
  const found = valueAt(field.value, below(path));
  const value = isReadable(field, schema) ? shown(found) : undefined;
  const expected = words(schema);
  const own = issue.message === ownMessage ? undefined : issue.message;

  switch (issue.code) {
    case "invalid_type":
      if (found === undefined) return [missing(field, path, schema)];
      return [
        {
          subject,
          message: own ?? `the value is not ${noun(issue.expected)}`,
          value,
          expected,
          // 1.10 and 1.1 are one number in YAML.
          fix:
            issue.expected === "string" && isNumber(found) ? "put it in quotes, so that no digit is lost" : undefined,
        },
      ];
    case "too_big":
    case "too_small":
      return [{ subject, message: own ?? sizeMessage(issue), value, expected }];
    case "not_multiple_of":
      return [{ subject, message: own ?? `the value is not a multiple of ${issue.divisor}`, value, expected }];
    case "invalid_format":
      return [{ subject, message: own ?? "the value does not have the expected form", value, expected }];
    case "invalid_value": {
      if (found === undefined) return [missing(field, path, schema)];
      const meant = value === undefined ? undefined : nearest(value, issue.values.map(String));
      const fix = meant === undefined ? undefined : setCommand(field.product, path, meant);
      return [{ subject, message: own ?? "the value is not one of the choices", value, expected, fix }];
    }
    case "invalid_union":
      return unionProblems(field, issue, path);
    case "invalid_key":
      return [{ subject, message: own ?? "the key does not have the expected form", expected: keyWords(field, path) }];
    case "custom": {
      const params = issue.params as Partial<CheckParams> | undefined;
      if (params?.problems) {
        const problems = params.problems(subject);
        return isReadable(field, schema) ? problems : problems.map((problem) => redact(problem, found));
      }
      if (found === undefined && own === undefined) return [missing(field, path, schema)];
      const generic =
        schema?.writeOnly === true ? "a secret is a string that is not empty" : "the value is not accepted";
      return [{ subject, message: own ?? generic, value, expected }];
    }
    default:
      return [{ subject, message: own ?? "the value is not accepted", value, expected }];
  }
}

function unionProblems(field: Field, issue: z.core.$ZodIssueInvalidUnion, path: Path): Problem[] {
  const schema = schemaAt(field.schema, below(path));
  const subject = printPath(field.product, path);
  const found = valueAt(field.value, below(path));
  if (issue.discriminator !== undefined) {
    if (found === undefined) return [missing(field, path, schema)];
    const choices = "options" in issue ? (issue.options ?? []) : [];
    const meant = typeof found === "string" ? nearest(found, choices.map(String)) : undefined;
    return [
      {
        subject,
        message: "the value is not one of the choices",
        value: isReadable(field, undefined) ? shown(found) : undefined,
        expected: `one of ${choices.map(literal).join(", ")}`,
        fix: meant === undefined ? undefined : setCommand(field.product, path, meant),
      },
    ];
  }
  if (found === undefined) return [missing(field, path, schema)];
  // Where one form is of the value's kind, it is the one that was meant.
  const near = issue.errors.filter(
    (issues) => !issues.some((one) => one.code === "invalid_type" && one.path.length === 0),
  );
  if (near.length === 1) return (near[0] ?? []).flatMap((one) => issueProblems(field, one, path));
  return [
    {
      subject,
      message: "the value has none of the accepted forms",
      value: isReadable(field, schema) ? shown(found) : undefined,
      expected: words(schema),
    },
  ];
}

function missing(field: Field, path: Path, schema: JsonSchema | undefined): Problem {
  const description = schema?.description;
  return {
    subject: printPath(field.product, path),
    message: "required, but not set",
    expected: words(schema) + (description === undefined ? "" : `: ${description}`),
    fix: setRequired(field, path),
  };
}

/** The remedies that set a value, or each required member of one that is a map. */
function setRequired(field: Field, path: Path): string {
  const schema = schemaAt(field.schema, below(path)) ?? {};
  return requiredLeaves(schema)
    .map((leaf) => {
      const leafSchema = schemaAt(schema, leaf) ?? {};
      const leafPath: Path = [...path, ...leaf];
      return leafSchema.writeOnly === true
        ? setCommand(field.product, leafPath, undefined, "secret")
        : setCommand(field.product, leafPath, example(leafSchema));
    })
    .join("\n");
}

function example(schema: JsonSchema): string {
  const [given] = schema.examples ?? [];
  if (given !== undefined) return typeof given === "string" ? given : JSON.stringify(given);
  return schema.const === undefined ? "VALUE" : String(schema.const);
}

/** A value is shown only where neither it nor a part of it can be a secret. */
function isReadable(field: Field, schema: JsonSchema | undefined): boolean {
  return !field.isEncrypted && !holdsSecret(schema ?? field.schema);
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const text = typeof value === "string" && value.trim() === value && value !== "" ? value : JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 197)}...`;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (part, step) =>
      typeof part === "object" && part !== null && Object.hasOwn(part, step)
        ? (part as Record<string | number, unknown>)[step]
        : undefined,
    value,
  );
}

function keyWords(field: Field, path: Path): string {
  const map = schemaAt(field.schema, below(path).slice(0, -1));
  return typeof map?.propertyNames === "object" ? words(map.propertyNames) : "another key";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number";
}

function noun(expected: string): string {
  const nouns: Record<string, string> = {
    string: "a string",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    object: "a map",
    record: "a map",
    array: "a list",
    tuple: "a list",
  };
  return nouns[expected] ?? expected;
}

function sizeMessage(issue: z.core.$ZodIssueTooBig | z.core.$ZodIssueTooSmall): string {
  const big = issue.code === "too_big";
  switch (issue.origin) {
    case "string":
      return big ? "the value is too long" : "the value is too short";
    case "array":
    case "set":
      return big ? "there are too many entries" : "there are too few entries";
    default:
      return big ? "the value is too large" : "the value is too small";
  }
}

function below([, ...rest]: Path): readonly (string | number)[] {
  return rest;
}
