import { containsUnknown, isWireObject, Origins, signatureKey } from "../../record/wire.ts";
import type { Hint, WireObject, WireValue } from "../../record/wire.ts";
import type { OutputModule, RpcModule } from "../modules/modules.ts";

/** By serialized properties, where the unknowns in them come from. */
export type HintsOf = WeakMap<WireObject, Record<string, Hint>>;

/**
 * A request carries an unknown as a bare sentinel. While the SDK serializes, the Outputs that unknowns come from are
 * still at hand, so what they depend on is looked up then, for those properties alone that hold an unknown.
 */
export function trackOrigins(rpc: RpcModule, output: OutputModule): HintsOf {
  const hints: HintsOf = new WeakMap();
  const track = async (wire: WireObject, properties: Record<string, unknown>): Promise<void> => {
    let found: Record<string, Hint> | undefined;
    for (const key of Object.keys(wire)) {
      const value = wire[key];
      if (containsUnknown(value)) (found ??= {})[key] = await originsOf(properties[key], value, output);
    }
    if (found !== undefined) hints.set(wire, found);
  };
  const { serializeResourceProperties, serializeProperties } = rpc;
  rpc.serializeResourceProperties = async (label, properties, ...rest) => {
    const result = (await serializeResourceProperties(label, properties, ...rest)) as [WireObject];
    await track(result[0], properties);
    return result;
  };
  rpc.serializeProperties = async (label, properties, ...rest) => {
    const wire = (await serializeProperties(label, properties, ...rest)) as WireObject;
    if (label === "monitor.registerResourceOutputs(...)" && isWireObject(wire.outputs)) {
      await track(wire.outputs, (properties.outputs ?? {}) as Record<string, unknown>);
    }
    return wire;
  };
  return hints;
}

export async function originsOf(property: unknown, wire: WireValue, output: OutputModule): Promise<Hint> {
  if (property instanceof Promise) return originsOf(await property, wire, output);
  if (output.Output.isInstance(property)) {
    const origins = new Origins();
    for (const resource of await output.getAllResources(property)) {
      // Not awaited: it may be a resource whose registration waits for this one.
      resource.urn.promise().then(
        (urn) => origins.urns.push(String(urn)),
        () => undefined,
      );
    }
    const value = await property.promise(true);
    if (!isComposite(wire)) {
      if (typeof value === "object" && value !== null && !output.isUnknown(value)) origins.keys = Object.keys(value);
      return origins;
    }
    const inner = await originsOf(value, wire, output);
    return inner ?? origins;
  }
  if (Array.isArray(wire) && Array.isArray(property)) {
    return Promise.all(
      wire.map(async (item, index) => (containsUnknown(item) ? originsOf(property[index], item, output) : undefined)),
    );
  }
  if (!isComposite(wire) || !isWireObject(wire) || typeof property !== "object" || property === null) return undefined;
  const hints: Record<string, Hint> = {};
  for (const key of Object.keys(wire)) {
    if (!containsUnknown(wire[key])) continue;
    hints[key] = await originsOf((property as Record<string, unknown>)[key], wire[key], output);
  }
  return hints;
}

export function isComposite(wire: WireValue): boolean {
  return Array.isArray(wire) || (isWireObject(wire) && !(signatureKey in wire));
}
