import type { Properties, Unknown, Value } from "../graph/graph.ts";

/**
 * Values as they cross from a program to the engine: JSON, in which an object with the signature key
 * stands for a secret, an asset, an output or a reference to a resource, and a sentinel string for an unknown.
 */
export type WireValue = null | undefined | boolean | number | string | WireValue[] | WireObject;
export interface WireObject {
  [key: string]: WireValue;
}

/** These constants are part of the protocol between Pulumi's SDKs and its engine, the same in all languages. */
export const unknownSentinel = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
} as const;

/** Where each unknown in a wire value comes from, in the shape of that value. */
export type Hint = Origins | Hint[] | { [key: string]: Hint } | undefined;

/** The URNs that an unknown comes from. They may come in after the unknown has been recorded. */
export class Origins {
  readonly urns: string[] = [];
  /** The keys of an object that is unknown as a whole because something in it is. */
  keys: string[] = [];
}

export function secretOf(value: WireValue): WireObject {
  return { [signatureKey]: signatures.secret, value: value ?? null };
}

/** A value that is meant to be a text: a URN, an id, a kind. */
export function textOf(value: WireValue): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}

export function isWireObject(value: WireValue): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** JSON with its keys in alphabetical order: equal for equal values. */
export function canonicalText(value: WireValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (!isWireObject(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalText(value[key])}`).join(",")}}`;
}

/** True if there is an unknown anywhere in the value. */
export function containsUnknown(value: WireValue): boolean {
  if (typeof value === "string") return value.includes(unknownSentinel);
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (value[signatureKey] === signatures.output && value.value === undefined) return true;
  for (const key in value) if (containsUnknown(value[key])) return true;
  return false;
}

/** Turns wire values into the graph's values. */
export class Reader {
  readonly #digest: (secret: WireValue) => string | null;
  readonly #unknowns: Unknown[] = [];

  /** @param digest Returns the placeholder of a secret; it is called for each secret. */
  constructor(digest: (secret: WireValue) => string | null) {
    this.#digest = digest;
  }

  properties(wire: WireObject, hints: Record<string, Hint>, origins: (key: string) => string[]): Properties {
    const properties: Properties = {};
    for (const key of Object.keys(wire).sort()) {
      const value = wire[key];
      if (value !== undefined) properties[key] = this.value(value, hints[key], () => origins(key));
    }
    return properties;
  }

  /** @param origins says what an unknown comes from that `hint` does not know. */
  value(wire: WireValue, hint: Hint, origins: () => string[]): Value {
    if (typeof wire === "string") return wire.includes(unknownSentinel) ? this.#unknown(hint, origins) : wire;
    if (typeof wire !== "object" || wire === null) return wire ?? null;
    if (Array.isArray(wire)) {
      return wire.map((item, index) => this.value(item, Array.isArray(hint) ? hint[index] : hint, origins));
    }
    if (signatureKey in wire) return this.#special(wire, hint, origins);
    const object: Record<string, Value> = {};
    for (const key of Object.keys(wire).sort()) {
      const value = wire[key];
      if (value !== undefined) object[key] = this.value(value, child(hint, key), origins);
    }
    return object;
  }

  /** Makes the record of a value secret as a whole. */
  secret(wire: WireValue): Value {
    return { $secret: this.#digest(wire) };
  }

  /** Puts in order what came in late. */
  finish(): void {
    for (const unknown of this.#unknowns) {
      const urns = [...new Set(unknown.$unknown)].sort();
      unknown.$unknown.splice(0, unknown.$unknown.length, ...urns);
    }
  }

  #special(wire: WireObject, hint: Hint, origins: () => string[]): Value {
    switch (wire[signatureKey]) {
      case signatures.secret:
        return this.secret(wire.value);
      case signatures.output: {
        if (wire.secret === true) return this.secret(wire.value === undefined ? unknownSentinel : wire.value);
        const urns = Array.isArray(wire.dependencies) ? wire.dependencies.filter((urn) => typeof urn === "string") : [];
        return wire.value === undefined
          ? this.#unknown(undefined, () => (urns.length > 0 ? urns : origins()))
          : this.value(wire.value, hint, () => (urns.length > 0 ? urns : origins()));
      }
      case signatures.resource: {
        const urn = textOf(wire.urn);
        if (wire.id === undefined) return urn;
        return wire.id === unknownSentinel || wire.id === "" ? this.#unknown(undefined, () => [urn]) : textOf(wire.id);
      }
      default: {
        // An asset or archive: what it is made of, without the marks that the SDK knows it by.
        const marks = [signatureKey, "__pulumiAsset", "__pulumiArchive"];
        const content = Object.fromEntries(Object.entries(wire).filter(([key]) => !marks.includes(key)));
        return this.value(content, hint, origins);
      }
    }
  }

  #unknown(hint: Hint, origins: () => string[]): Unknown {
    const unknown = { $unknown: hint instanceof Origins ? hint.urns : [...origins()] };
    this.#unknowns.push(unknown);
    return unknown;
  }
}

/** A hint for a whole value holds for all of its parts. */
function child(hint: Hint, key: string): Hint {
  if (hint === undefined || hint instanceof Origins) return hint;
  return Array.isArray(hint) ? undefined : hint[key];
}
