import { unknownSentinel } from "../../record/wire.ts";
import type { InvokeModule, OutputModule } from "../modules/modules.ts";

/**
 * A program that awaits an unknown result gets an empty object from the SDK, and "undefined" into its texts.
 * It gets an object of unknowns instead.
 */
export function answerPlainInvokes(module: InvokeModule, { Output, unknown }: OutputModule): void {
  const { invoke } = module;
  const unknowns = new Proxy(
    {},
    {
      get: (target, key) => (typeof key === "symbol" || key === "then" || key in target ? undefined : unknownSentinel),
    },
  );
  module.invoke = async (...call) => {
    const result = await invoke(...call);
    // Older releases give nothing at all.
    return result === undefined || Object.keys(result).length === 0 ? unknowns : result;
  };
  // A method of a remote component: only its provider knows the result, all the more what is in it.
  const settle = Promise.resolve.bind(Promise);
  const { call } = module;
  if (call === undefined) return;
  module.call = module.callSingle = (token, properties, resource, ...rest) => {
    const answered = call(token, properties, resource, ...rest).promise(true);
    const resources = resource === undefined ? [] : [resource];
    const value = answered.then(() => unknown);
    return new Output(resources, value, settle(false), settle(false), settle(resources));
  };
}
