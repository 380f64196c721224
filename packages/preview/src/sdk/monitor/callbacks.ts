import type { CallbackServer, SdkModules } from "../modules/modules.ts";

/** The SDK serves callbacks over gRPC; in one process they can be called. */
export function inProcessCallbacks({ CallbackServer }: SdkModules["runtime/callbacks"]): CallbackServer {
  return Object.assign(Object.create(CallbackServer.prototype) as CallbackServer, {
    _callbacks: new Map<string, (request: Uint8Array) => Promise<unknown>>(),
    _pendingRegistrations: 0,
    _awaitQueue: [],
    _target: Promise.resolve("in-process"),
    shutdown: () => undefined,
  });
}
