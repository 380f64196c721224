import type { Session } from "node:inspector";
import type { DebuggableModule, ResourceModule, SettingsModule } from "../modules/modules.ts";

export function hasModule(require: NodeJS.Require, path: string): boolean {
  try {
    require.resolve(path);
    return true;
  } catch {
    return false;
  }
}

/** Gives the file that the stub stands for, or `undefined` where this release of the SDK has no such module. */
export function stubModule(require: NodeJS.Require, path: string, exports: object): string | undefined {
  if (!hasModule(require, path)) return undefined;
  const file = require.resolve(path);
  require.cache[file] = { exports, id: file, filename: file, loaded: true, children: [], paths: [] } as never;
  return file;
}

/**
 * Mapping every stack trace back to its sources costs more than the rest of a run. What is returned lets it begin
 * with the first uncaught error.
 */
export function stubSourceMaps(require: NodeJS.Require): () => void {
  const path = "source-map-support/register";
  const file = stubModule(require, path, {});
  const start = (): void => {
    process.off("uncaughtException", start);
    process.off("unhandledRejection", start);
    if (file === undefined) return;
    Reflect.deleteProperty(require.cache, file);
    require(path);
  };
  return () => {
    process.on("uncaughtException", start);
    process.on("unhandledRejection", start);
  };
}

/** The inspector that turns functions into text (dynamic providers), started when it is first asked for. */
export function lazyInspector(): object {
  const urls = new Map<string, string>();
  let session: Promise<Session> | undefined;
  const start = async (): Promise<Session> => {
    const inspector = await import("node:inspector");
    const opened = new inspector.Session();
    opened.connect();
    opened.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
    await new Promise<void>((resolve, reject) => {
      opened.post("Debugger.enable", (error) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
    return opened;
  };
  return {
    __esModule: true,
    isInitializedAsync: () => Promise.resolve(),
    getSessionAsync: () => (session ??= start()),
    getScriptUrl: (id: string) => urls.get(id),
  };
}

export function lightenPromises(debuggable: DebuggableModule, resource: ResourceModule): void {
  debuggable.debuggablePromise = (promise) => promise;
  resource.Resource.stackTrace = () => [];
  resource.Resource.sourcePosition = () => undefined;
}

/** Counts the SDK's calls to the engine that are under way, those included whose arguments it waits for. */
export function countCalls(settings: SettingsModule, calls: { outstanding: number }): void {
  const keepAlive = settings.rpcKeepAlive;
  settings.rpcKeepAlive = () => {
    const done = keepAlive();
    calls.outstanding++;
    return () => {
      calls.outstanding--;
      done();
    };
  };
}
