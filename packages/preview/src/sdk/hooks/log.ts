import type { SdkOptions } from "../modules/options.ts";
import type { LogModule, OutputModule, ResourceLike, SdkModules } from "../modules/modules.ts";

export function redirectLog(log: LogModule, state: SdkModules["runtime/state"], options: SdkOptions): void {
  const say = (severity: "info" | "warning" | "error", message: string, resource?: ResourceLike): Promise<void> => {
    options.log(severity, message, resource && (resource.urn.promise() as Promise<string>));
    return Promise.resolve();
  };
  log.debug = () => Promise.resolve();
  log.info = (message, resource) => say("info", message, resource);
  log.warn = (message, resource) => say("warning", message, resource);
  log.error = (message, resource) => {
    state.getStore().logErrorCount++;
    return say("error", message, resource);
  };
}

export function watchSecrets(output: OutputModule, options: SdkOptions): void {
  const { secret } = output;
  output.secret = (value) => {
    if (value instanceof Promise) {
      value.then(
        (settled) => {
          options.seeSecret(settled);
        },
        () => undefined,
      );
    } else options.seeSecret(value);
    return secret(value);
  };
}
