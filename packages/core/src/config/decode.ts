import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Path } from "./configKey.ts";
import { isSecretSchema } from "./secret.ts";

/**
 * Placeholder for an encrypted value that could not be decrypted, in a config value as in every other message to the
 * program: the SDK's own mark of what is not known.
 */
export const unknownValue = pulumi.runtime.unknownValue;

/** Findings about a value that its schema cannot see. */
export interface Findings {
  /** Members that the schema does not have. They are left out of the value. */
  unknown: { path: Path; known: string[] }[];
  /** Secrets that were not encrypted. */
  clearText: Path[];
  /** Encrypted values that are no secrets, as far as it can be told which. */
  encrypted: Path[];
  /** How many secrets were there. */
  secrets: number;
}

/** A value as its schema wants it, and what was seen on the way. */
export interface Decoded {
  value: unknown;
  findings: Findings;
}

/**
 * Turns a config value, which arrives as a string, into what its schema is about: numbers, booleans, objects and lists
 * (from JSON), secret Outputs. A value that does not fit is left as it is, for the schema to refuse.
 *
 * @param isEncrypted Whether the key's value is encrypted, as a whole or a part of it.
 */
export function decode(schema: z.core.$ZodType, raw: unknown, path: Path, isEncrypted: boolean): Decoded {
  const findings: Findings = { unknown: [], clearText: [], encrypted: [], secrets: 0 };
  const value = visit(schema, raw, path);
  return { value, findings };

  function visit(schema: z.core.$ZodType, raw: unknown, path: Path): unknown {
    if (raw === undefined) return undefined;
    if (isSecretSchema(schema)) return visitSecret(raw, path);
    const { def } = (schema as z.core.$ZodTypes)._zod;
    switch (def.type) {
      case "optional":
      case "nullable":
      case "default":
      case "prefault":
      case "nonoptional":
      case "readonly":
      case "catch":
      case "success":
        return visit(def.innerType, raw, path);
      case "pipe":
        return visit(def.in, raw, path);
      case "lazy":
        return visit(def.getter(), raw, path);
      case "union":
        return visitUnion(def.options, raw, path);
    }
    if (raw === unknownValue) {
      findings.encrypted.push(path);
      return raw;
    }
    switch (def.type) {
      case "object":
        return visitObject(def, parsed(raw), path);
      case "record":
        return mapMembers(parsed(raw), (member, key) => visit(def.valueType, member, [...path, key]));
      case "array":
        return mapEntries(parsed(raw), (entry, index) => visit(def.element, entry, [...path, index]));
      case "tuple":
        return mapEntries(parsed(raw), (entry, index) => {
          const element = def.items[index] ?? def.rest;
          return element ? visit(element, entry, [...path, index]) : entry;
        });
      case "number":
        return typeof raw === "string" && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(raw) ? Number(raw) : raw;
      case "boolean":
        return raw === "true" ? true : raw === "false" ? false : raw;
      case "literal":
        return def.values.find((known) => String(known) === scalarText(raw)) ?? raw;
      case "enum":
        return Object.values(def.entries).find((known) => String(known) === scalarText(raw)) ?? raw;
      case "string":
      case "template_literal":
        return scalarText(raw) ?? raw;
      case "any":
      case "unknown":
        return parsed(raw);
      default:
        return raw;
    }
  }

  function visitSecret(raw: unknown, path: Path): unknown {
    findings.secrets += 1;
    if (!isEncrypted) findings.clearText.push(path);
    if (raw === unknownValue) return pulumi.secret(pulumi.unknown);
    const text = scalarText(raw);
    return text === undefined || text === "" ? raw : pulumi.secret(text);
  }

  function visitObject(def: z.core.$ZodObjectDef, raw: unknown, path: Path): unknown {
    if (!isRecord(raw)) return raw;
    const rest = def.catchall;
    const isOpen = rest !== undefined && (rest as z.core.$ZodTypes)._zod.def.type !== "never";
    const known = Object.keys(def.shape);
    return mapMembers(raw, (member, key) => {
      const field = Object.hasOwn(def.shape, key) ? def.shape[key] : isOpen ? rest : undefined;
      if (field) return visit(field, member, [...path, key]);
      findings.unknown.push({ path: [...path, key], known });
      return undefined;
    });
  }

  function visitUnion(options: readonly z.core.$ZodType[], raw: unknown, path: Path): unknown {
    const tries = options.map((option) => {
      const decoded = decode(option, raw, path, isEncrypted);
      const issues = z.safeParse(option, decoded.value).error?.issues.length ?? 0;
      return { decoded, faults: issues * 1000 + decoded.findings.unknown.length };
    });
    const [best] = tries.sort((a, b) => a.faults - b.faults);
    if (best === undefined) return raw;
    findings.unknown.push(...best.decoded.findings.unknown);
    findings.clearText.push(...best.decoded.findings.clearText);
    findings.encrypted.push(...best.decoded.findings.encrypted);
    findings.secrets += best.decoded.findings.secrets;
    return best.decoded.value;
  }
}

/** Objects and lists arrive as JSON. */
export function parsed(raw: unknown): unknown {
  if (typeof raw !== "string") return raw;
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === "object" ? value : raw;
  } catch {
    return raw;
  }
}

/**
 * A scalar as it was written. `pulumi config set --path` stores what looks like an integer or a boolean as one; a number
 * with a fraction stays one, as 1.10 could not be told from 1.1.
 */
function scalarText(raw: unknown): string | undefined {
  if (typeof raw === "string") return raw;
  return typeof raw === "boolean" || Number.isSafeInteger(raw) ? String(raw) : undefined;
}

function mapMembers(raw: unknown, map: (member: unknown, key: string) => unknown): unknown {
  if (!isRecord(raw)) return raw;
  return Object.fromEntries(
    Object.entries(raw).flatMap(([key, member]) => {
      const mapped = map(member, key);
      return mapped === undefined ? [] : [[key, mapped]];
    }),
  );
}

function mapEntries(raw: unknown, map: (entry: unknown, index: number) => unknown): unknown {
  return Array.isArray(raw) ? raw.map(map) : raw;
}

/** Whether a value is an object of members, and not a list, an Output or another instance of a class. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
