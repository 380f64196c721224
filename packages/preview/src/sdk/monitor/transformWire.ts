import { isWireObject, Origins, secretOf, signatureKey, signatures, unknownSentinel } from "../../record/wire.ts";
import type { Hint, WireValue } from "../../record/wire.ts";

/** To a transform the engine shows a property with dependencies as an Output that carries them. */
export function withDependencies(value: WireValue, dependencies: string[]): WireValue {
  if (dependencies.length === 0) return value;
  const isSecret = isWireObject(value) && value[signatureKey] === signatures.secret;
  const plain = isSecret ? value.value : value;
  return {
    [signatureKey]: signatures.output,
    ...(plain === unknownSentinel ? {} : { value: plain ?? null }),
    ...(isSecret ? { secret: true } : {}),
    dependencies,
  };
}

export function dependenciesIn(value: WireValue): string[] {
  if (Array.isArray(value)) return value.flatMap(dependenciesIn);
  if (!isWireObject(value)) return [];
  const own = value[signatureKey] === signatures.output && Array.isArray(value.dependencies) ? value.dependencies : [];
  return [...own.map(String), ...Object.values(value).flatMap(dependenciesIn)];
}

/** The value with its Outputs unwrapped, as in a program's request. */
export function withoutOutputs(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (!isWireObject(value)) return value;
  if (value[signatureKey] === signatures.output) {
    const inner = value.value === undefined ? unknownSentinel : withoutOutputs(value.value);
    return value.secret === true ? secretOf(inner) : inner;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutOutputs(inner)]));
}

/** Where unknowns come from that cross as Outputs, which name what they depend on. */
export function originsInWire(value: WireValue): Hint {
  if (Array.isArray(value)) return value.map(originsInWire);
  if (!isWireObject(value)) return undefined;
  if (value[signatureKey] === signatures.output) {
    const origins = new Origins();
    origins.urns.push(...dependenciesIn(value));
    return origins;
  }
  const hints = Object.entries(value).map(([key, inner]): [string, Hint] => [key, originsInWire(inner)]);
  return hints.some(([, hint]) => hint !== undefined) ? Object.fromEntries(hints) : undefined;
}
