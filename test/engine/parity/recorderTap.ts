/** Loaded into the recorder's process before anything else: writes what the program asks the recorder for. */
import { appendFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { plainRequest } from "./requests.ts";

const file = process.env.GATEHOUSE_RECORDER_TAP;
const methods: Record<string, string> = {
  registerResource: "RegisterResource",
  registerResourceOutputs: "RegisterResourceOutputs",
  readResource: "ReadResource",
  invoke: "Invoke",
  call: "Call",
  registerResourceHook: "RegisterResourceHook",
  registerErrorHook: "RegisterErrorHook",
  registerStackTransform: "RegisterStackTransform",
  registerStackInvokeTransform: "RegisterStackInvokeTransform",
};

interface Settings {
  setMockOptions: (monitor: Record<string, unknown>, ...rest: unknown[]) => void;
}

if (file !== undefined) {
  const require = createRequire(join(process.cwd(), "program.js"));
  const settings = require("@pulumi/pulumi/runtime/settings") as Settings;
  const { setMockOptions } = settings;
  settings.setMockOptions = (monitor, ...rest) => {
    tap(monitor, file);
    setMockOptions(monitor, ...rest);
  };
}

/** In place, as the SDK's server of callbacks has the same monitor. */
function tap(monitor: Record<string, unknown>, file: string): void {
  for (const [name, method] of Object.entries(methods)) {
    const answer = monitor[name] as (...args: unknown[]) => unknown;
    monitor[name] = (...args: unknown[]): unknown => {
      appendFileSync(file, `${JSON.stringify(plainRequest(method, args[0] as object))}\n`);
      return answer.apply(monitor, args);
    };
  }
}
