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
};

interface Settings {
  setMockOptions: (monitor: Record<string, unknown>, ...rest: unknown[]) => void;
}

if (file !== undefined) {
  const require = createRequire(join(process.cwd(), "program.js"));
  const settings = require("@pulumi/pulumi/runtime/settings") as Settings;
  const { setMockOptions } = settings;
  settings.setMockOptions = (monitor, ...rest) => {
    setMockOptions(tapped(monitor, file), ...rest);
  };
}

function tapped(monitor: Record<string, unknown>, file: string): Record<string, unknown> {
  return new Proxy(monitor, {
    get(target, name) {
      const value = target[name as string];
      if (typeof value !== "function") return value;
      const method = methods[name as string];
      return (...args: unknown[]): unknown => {
        if (method !== undefined) appendFileSync(file, `${JSON.stringify(plainRequest(method, args[0] as object))}\n`);
        return (value as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
}
