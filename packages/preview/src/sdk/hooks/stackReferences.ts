import type { OutputLike, OutputModule, ResourceLike, SdkModules } from "../modules/modules.ts";

/** One unknown output of another stack must not hide the others. */
export function readPartlyKnownStacks(
  module: SdkModules["stackReference"],
  { all, output, Output, isUnknown, unknown }: OutputModule,
): void {
  interface Reference {
    name: unknown;
    outputs: OutputLike;
    secretOutputNames: OutputLike;
  }
  const pick = (isRequired: boolean) =>
    function (this: Reference, name: unknown): OutputLike {
      const value = all([this.name, name, this.outputs]).apply(([stack, key, outputs]) => {
        if (isUnknown(outputs) || isUnknown(key)) return unknown;
        const known = outputs as Record<string, unknown>;
        if (isRequired && !Object.hasOwn(known, String(key))) {
          throw new Error(`Required output '${String(key)}' does not exist on stack '${String(stack)}'.`);
        }
        return known[String(key)];
      }, true);
      const isSecret = Promise.all([
        this.secretOutputNames.promise(),
        output(name)
          .apply((key) => key, true)
          .promise(),
      ]).then(([names, key]) => Array.isArray(names) && names.includes(key));
      const lifted = value as OutputLike & {
        resources(): ResourceLike[];
        isKnown: Promise<boolean>;
        allResources(): Promise<ResourceLike[]>;
      };
      return new Output(lifted.resources(), value.promise(true), lifted.isKnown, isSecret, lifted.allResources());
    };
  module.StackReference.prototype.getOutput = pick(false);
  module.StackReference.prototype.requireOutput = pick(true);
}
