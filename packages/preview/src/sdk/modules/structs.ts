import { createRequire } from "node:module";
import type { WireObject } from "../../record/wire.ts";
import type { ResourceProto, Struct, StructClass } from "./modules.ts";

/**
 * The SDK packs properties into a protobuf Struct and the monitor unpacks them at once. Requests keep the plain object
 * instead, and become a real Struct only for whoever looks inside.
 */
export function shareStructs(require: NodeJS.Require, proto: ResourceProto): StructClass {
  const sdk = createRequire(require.resolve("@pulumi/pulumi"));
  const { Struct: Packed } = sdk("google-protobuf/google/protobuf/struct_pb") as { Struct: StructClass };
  const pack = Packed.fromJavaScript.bind(Packed);
  class SharedStruct extends Packed {
    declare shared: WireObject;
    declare packed: Struct | undefined;
    override toJavaScript(): ReturnType<Struct["toJavaScript"]> {
      return this.shared as ReturnType<Struct["toJavaScript"]>;
    }
    override toArray(): ReturnType<Struct["toArray"]> {
      return (this.packed ??= pack(this.shared)).toArray();
    }
    override getFieldsMap(): ReturnType<Struct["getFieldsMap"]> {
      return (this.packed ??= pack(this.shared)).getFieldsMap();
    }
  }
  Packed.fromJavaScript = (value) => {
    const struct = new SharedStruct();
    struct.shared = value;
    return struct;
  };
  keepByReference(proto.RegisterResourceRequest, "Object");
  keepByReference(proto.RegisterResourceOutputsRequest, "Outputs");
  return Packed;
}

/** Replaces the accessors of a message's field, which would turn the whole field into protobuf's arrays. */
export function keepByReference(message: new () => object, field: string): void {
  const kept = new WeakMap<object, unknown>();
  Object.assign(message.prototype as object, {
    [`set${field}`](this: object, value: unknown) {
      kept.set(this, value);
      return this;
    },
    [`get${field}`](this: object) {
      return kept.get(this);
    },
    [`has${field}`](this: object) {
      return kept.has(this);
    },
  });
}
