import type { Value } from "../graph/graph.ts";
import { isWireObject, Origins, type Reader, secretOf, signatureKey, signatures, unknownSentinel } from "./wire.ts";
import type { Hint, WireObject, WireValue } from "./wire.ts";

/** Outputs that a resource says are secret are so even while they are unknown. */
export function withSecrets(outputs: WireObject, keys: string[]): WireObject {
  if (keys.length === 0) return outputs;
  const result = { ...outputs };
  for (const key of keys) {
    const value = result[key] ?? unknownSentinel;
    result[key] = isSecretWire(value) ? value : secretOf(value);
  }
  return result;
}

function isSecretWire(value: WireValue): value is WireObject {
  return isWireObject(value) && value[signatureKey] === signatures.secret;
}

/** Whether a value or a part of it is secret. */
export function isSecretOutput(value: WireValue): boolean {
  if (Array.isArray(value)) return value.some((item) => isSecretOutput(item));
  if (!isWireObject(value)) return false;
  return isSecretWire(value) || Object.keys(value).some((key) => isSecretOutput(value[key]));
}

/** In previews the SDK marks a resource that is put out as a whole. */
export function withoutMarks(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isWireObject(value)) return value;
  const { "@isPulumiResource": _, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, withoutMarks(inner)]));
}

/** The values of a Kubernetes Secret are secret; its keys are not, and the record keeps them. */
export function secretData(reader: Reader, wire: WireValue, hint: Hint, recorded: Value | undefined): Value {
  const plain = revealed(wire);
  if (isWireObject(plain) && !(signatureKey in plain)) {
    const entries = Object.keys(plain)
      .sort()
      .map((key): [string, Value] => [key, reader.secret(revealed(plain[key]))]);
    return Object.fromEntries(entries);
  }
  if (hint instanceof Origins && hint.keys.length > 0) {
    return Object.fromEntries([...hint.keys].sort().map((key): [string, Value] => [key, { $secret: null }]));
  }
  return recorded ?? null;
}

function revealed(value: WireValue): WireValue {
  return isSecretWire(value) ? value.value : value;
}
