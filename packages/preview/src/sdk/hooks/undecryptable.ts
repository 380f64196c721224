import { unknownSentinel } from "../../record/wire.ts";
import type { ConfigPrototype, OutputLike, OutputModule, SdkModules } from "../modules/modules.ts";

/**
 * Config that cannot be decrypted holds the sentinel of an unknown. The getters of secrets give an unknown secret
 * for it; the others would give away the sentinel as if it were the value, so they refuse.
 */
export function hideUndecryptable(
  config: SdkModules["config"],
  output: OutputModule,
  errors: SdkModules["errors"],
): void {
  const prototype = config.Config.prototype;
  const read = prototype.getImpl;
  prototype.getImpl = function (this: ConfigPrototype, key: string, ...rest: unknown[]) {
    const value = read.call(this, key);
    if (value === unknownSentinel) {
      throw new errors.RunError(
        `${this.fullKey(key)}: the value is encrypted, and an offline preview does not decrypt\n` +
          `  fix:      read it as a secret (requireSecret, getSecret), or give a value with --config-file`,
      );
    }
    return read.call(this, key, ...rest);
  };
  for (const type of ["", "Boolean", "Number", "Object"]) {
    for (const getter of [`getSecret${type}`, `requireSecret${type}`]) {
      const original = prototype[getter];
      prototype[getter] = function (this: ConfigPrototype, key, ...rest) {
        const value = read.call(this, key);
        const isHidden = value === unknownSentinel || (type === "Object" && value?.includes(unknownSentinel));
        return isHidden ? unknownSecret(output) : original?.call(this, key, ...rest);
      };
    }
  }
}

export function unknownSecret({ Output, unknown }: OutputModule): OutputLike {
  const settle = Promise.resolve.bind(Promise);
  return new Output([], settle(unknown), settle(false), settle(true), settle([]));
}
