/**
 * Everything inside Pulumi's Node.js SDK that the recorder leans on. It is the program's own copy of the SDK,
 * whatever its version; nothing else of this package looks into it.
 *
 * The SDK's own runner runs the program; only its connections to the engine are replaced, by a monitor in the
 * same process, and with them what makes the runner slow and is of no use here: the tracking of every promise
 * (what hangs is found among the pending registrations), source positions, and the inspector.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { Answers } from "./monitor/answers.ts";
import { inProcessCallbacks } from "./monitor/callbacks.ts";
import { answerPlainInvokes } from "./hooks/invokes.ts";
import { redirectLog, watchSecrets } from "./hooks/log.ts";
import type { SdkModules } from "./modules/modules.ts";
import { Monitor } from "./monitor/monitor.ts";
import type { Sdk, SdkOptions } from "./modules/options.ts";
import { trackOrigins } from "./hooks/origins.ts";
import { Outstanding, pendingWork, watchOutputs } from "./hooks/outstanding.ts";
import { readPartlyKnownStacks } from "./hooks/stackReferences.ts";
import { countCalls, hasModule, lazyInspector, lightenPromises, stubModule, stubSourceMaps } from "./hooks/startup.ts";
import { shareStructs } from "./modules/structs.ts";
import { Transforms } from "./monitor/transforms.ts";
import { hideUndecryptable } from "./hooks/undecryptable.ts";

/** The program has no SDK, or one that this release does not know. */
export class SdkError extends Error {}

/** Takes the place of the engine for the SDK that the program uses. Must be called before the program is loaded. */
export function attachSdk(directory: string, options: SdkOptions): Sdk {
  const require = createRequire(join(directory, "program.js"));
  const version = sdkVersion(require, directory);
  try {
    return attach(require, options);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n", 1)[0] ?? "") : String(error);
    throw new SdkError(
      `the program in ${directory} uses @pulumi/pulumi ${version}, which this release cannot preview: ${reason}\n` +
        "  fix:      use a newer @pulumi/pulumi",
      { cause: error },
    );
  }
}

function attach(require: NodeJS.Require, options: SdkOptions): Sdk {
  const load = <Path extends keyof SdkModules>(path: Path): SdkModules[Path] =>
    require(`@pulumi/pulumi/${path}`) as SdkModules[Path];

  stubModule(require, "@pulumi/pulumi/runtime/closure/v8Hooks", lazyInspector());
  const mapStackTraces = stubSourceMaps(createRequire(require.resolve("@pulumi/pulumi/cmd/run")));

  const settings = load("runtime/settings");
  const state = load("runtime/state");
  const output = load("output");
  const calls = { outstanding: 0 };
  const outputs = new Outstanding();

  lightenPromises(load("runtime/debuggable"), load("resource"));
  countCalls(settings, calls);
  redirectLog(load("log"), state, options);
  watchSecrets(output, options);
  hideUndecryptable(load("config"), output, load("errors"));
  readPartlyKnownStacks(load("stackReference"), output);
  const hints = trackOrigins(load("runtime/rpc"), output);
  const proto = load("proto/resource_pb");
  const structs = shareStructs(require, proto);
  watchOutputs(load("runtime/resource"), outputs);
  answerPlainInvokes(load("runtime/invoke"), output);

  const callbacks = hasModule(require, "@pulumi/pulumi/runtime/callbacks")
    ? inProcessCallbacks(load("runtime/callbacks"))
    : undefined;
  const monitor = new Monitor(
    options,
    hints,
    outputs,
    new Transforms(proto, structs, callbacks),
    new Answers(load("proto/resource_grpc_pb").ResourceMonitorService, proto, structs),
  );
  settings.setMockOptions(monitor, options.project, options.stack, true, options.organization);
  state.getStore().callbacks = callbacks;
  if (callbacks !== undefined) Object.assign(callbacks, { _monitor: monitor });

  return {
    run: () => {
      mapStackTraces();
      require("@pulumi/pulumi/cmd/run");
    },
    pending: () => pendingWork(state.getStore(), outputs.all(), calls.outstanding, options.recorder),
  };
}

function sdkVersion(require: NodeJS.Require, directory: string): string {
  let version: string;
  try {
    version = (require("@pulumi/pulumi/package.json") as { version: string }).version;
  } catch (error) {
    throw new SdkError(`the program in ${directory} has no @pulumi/pulumi: run "npm install" in its project first`, {
      cause: error,
    });
  }
  if (Number(version.split(".")[0]) < 3) {
    throw new SdkError(`the program in ${directory} uses @pulumi/pulumi ${version}; expected 3.0.0 or later`);
  }
  return version;
}
