/**
 * Everything inside Pulumi's Node.js SDK that the recorder leans on. It is the program's own copy of the SDK,
 * whatever its version; nothing else of this package looks into it.
 *
 * The SDK's own runner runs the program; only its connections to the engine are replaced, by a monitor in the
 * same process, and with them what makes the runner slow and is of no use here: the tracking of every promise
 * (what hangs is found among the pending registrations), source positions, and the inspector.
 */
import { createRequire } from "node:module";
import type { Session } from "node:inspector";
import { join } from "node:path";
import { Refusal } from "../record/recorder.ts";
import type { Alias, Recorder, Registration } from "../record/recorder.ts";
import {
  canonicalText,
  containsUnknown,
  isWireObject,
  Origins,
  secretOf,
  signatureKey,
  signatures,
  unknownSentinel,
} from "../record/wire.ts";
import type { Hint, WireObject, WireValue } from "../record/wire.ts";

export interface SdkOptions {
  project: string;
  stack: string;
  organization: string;
  recorder: Recorder;
  /** The program's text for the user. `urn` comes from a resource that it is about, once that has one. */
  log(severity: "info" | "warning" | "error", message: string, urn?: Promise<string>): void;
  /** A secret that the program makes, before it goes anywhere. */
  seeSecret(value: unknown): void;
  onRegistered(): void;
}

/** What a program that has come to its end still waits for. */
export interface Pending {
  /** A resource's type and name, or what else it is. */
  subject: string;
  waitsFor: string;
}

export interface Sdk {
  /** Runs the program named in `process.argv`, as Pulumi's language host would. */
  run(): void;
  pending(): Pending[];
}

/** The program has no SDK, or one that this release does not know. */
export class SdkError extends Error {}

// The parts of the SDK's modules that are used, as they are declared there or seen in its sources.
interface Message {
  serializeBinary(): Uint8Array;
}
interface StructMessage extends Message {
  toJavaScript(): WireObject;
  toArray(): unknown[];
  getFieldsMap(): unknown;
}
interface StructClass {
  new (): StructMessage;
  fromJavaScript: (value: WireObject) => StructMessage;
}
interface Struct {
  toJavaScript(): WireObject;
}
interface StringMap {
  entries(): Iterator<[string, string]> & Iterable<[string, string]>;
  set(key: string, value: string): void;
}
interface AliasMessage {
  hasUrn(): boolean;
  getUrn(): string;
  getSpec(): AliasSpecMessage | undefined;
}
interface AliasSpecMessage {
  getName(): string;
  getType(): string;
  getStack(): string;
  getProject(): string;
  getParenturn(): string;
  getNoparent(): boolean;
}
interface TimeoutsMessage {
  getCreate(): string;
  getUpdate(): string;
  getDelete(): string;
  getRead?(): string;
}
interface CallbackMessage {
  getToken(): string;
}
interface RegisterResourceRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getRemote(): boolean;
  getObject(): Struct | undefined;
  hasProtect?(): boolean;
  getProtect(): boolean | undefined;
  getDependenciesList(): string[];
  getProvider(): string;
  getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
  getDeletebeforereplace(): boolean;
  getDeletebeforereplacedefined(): boolean;
  getVersion(): string;
  getIgnorechangesList(): string[];
  getAdditionalsecretoutputsList(): string[];
  getAliasesList?(): AliasMessage[];
  getAliasurnsList(): string[];
  getCustomtimeouts(): TimeoutsMessage | undefined;
  getReplaceonchangesList(): string[];
  getPlugindownloadurl(): string;
  hasRetainondelete?(): boolean;
  getRetainondelete(): boolean | undefined;
  getDeletedwith?(): string;
  getTransformsList?(): CallbackMessage[];
  getPackageref?(): string;
  getImportid(): string;
  getProvidersMap(): StringMap;
  getEnvvarmappingsMap?(): StringMap;
  getHooks?(): unknown;
  getReplaceWithList?(): string[];
  getHidediffsList?(): string[];
  getReplacementTrigger?(): unknown;
}
interface ReadResourceRequest {
  getId(): string;
  getType(): string;
  getName(): string;
  getParent(): string;
  getProperties(): Struct | undefined;
  getDependenciesList(): string[];
  getProvider(): string;
  getVersion(): string;
  getPlugindownloadurl(): string;
  getPackageref?(): string;
  getAdditionalsecretoutputsList(): string[];
}
interface InvokeRequest {
  getTok(): string;
  getArgs(): Struct | undefined;
  getProvider(): string;
  getVersion(): string;
  getPlugindownloadurl(): string;
  getPackageref?(): string;
  getDependsonList?(): string[];
}
interface RegisterPackageRequest {
  getName(): string;
  getVersion(): string;
  getDownloadUrl(): string;
  getParameterization(): { getName(): string; getVersion(): string } | undefined;
}
interface TransformOptionsMessage {
  setDependsOnList(urns: string[]): void;
  getDependsOnList(): string[];
  setProtect(value: boolean): void;
  hasProtect(): boolean;
  getProtect(): boolean | undefined;
  setIgnoreChangesList(list: string[]): void;
  getIgnoreChangesList(): string[];
  setReplaceOnChangesList(list: string[]): void;
  getReplaceOnChangesList(): string[];
  setVersion(version: string): void;
  getVersion(): string;
  setAliasesList(list: AliasMessage[]): void;
  getAliasesList(): AliasMessage[];
  setProvider(provider: string): void;
  getProvider(): string;
  setCustomTimeouts(timeouts: TimeoutsMessage | undefined): void;
  getCustomTimeouts(): TimeoutsMessage | undefined;
  setPluginDownloadUrl(url: string): void;
  getPluginDownloadUrl(): string;
  setRetainOnDelete(value: boolean): void;
  hasRetainOnDelete(): boolean;
  getRetainOnDelete(): boolean | undefined;
  setDeletedWith(urn: string): void;
  getDeletedWith(): string;
  setDeleteBeforeReplace(value: boolean): void;
  hasDeleteBeforeReplace(): boolean;
  getDeleteBeforeReplace(): boolean | undefined;
  setAdditionalSecretOutputsList(list: string[]): void;
  getAdditionalSecretOutputsList(): string[];
  setImport?(id: string): void;
  setHooks?(hooks: unknown): void;
  setReplaceWithList?(urns: string[]): void;
  setHideDiffList?(paths: string[]): void;
  setReplacementTrigger?(trigger: unknown): void;
  getProvidersMap(): StringMap;
}
interface TransformRequestMessage extends Message {
  setType(type: string): void;
  setName(name: string): void;
  setCustom(custom: boolean): void;
  setParent(parent: string): void;
  setProperties(properties: StructMessage): void;
  setOptions(options: TransformOptionsMessage): void;
}
interface TransformResponse {
  getProperties(): Struct | undefined;
  getOptions(): TransformOptionsMessage | undefined;
}
interface InvokeTransformRequestMessage extends Message {
  setToken(token: string): void;
  setArgs(args: StructMessage): void;
  setOptions(options: InvokeTransformOptions): void;
}
interface InvokeTransformOptions {
  setProvider(provider: string): void;
  getProvider(): string;
  setVersion(version: string): void;
  getVersion(): string;
  setPluginDownloadUrl(url: string): void;
  getPluginDownloadUrl(): string;
}
interface InvokeTransformResponse {
  getArgs(): Struct | undefined;
  getOptions(): InvokeTransformOptions | undefined;
}
interface ResourceProto {
  RegisterResourceRequest: { prototype: RegisterResourceRequest };
  RegisterResourceOutputsRequest: { prototype: { getOutputs(): Struct | undefined; getUrn(): string } };
  TransformRequest: new () => TransformRequestMessage;
  TransformResourceOptions: new () => TransformOptionsMessage;
  TransformInvokeRequest: new () => InvokeTransformRequestMessage;
  TransformInvokeOptions: new () => InvokeTransformOptions;
  ResourceMonitorFeature?: Record<string, number>;
}
interface OutputLike {
  promise(withUnknowns?: boolean): Promise<unknown>;
}
interface ResourceLike {
  urn: OutputLike;
  id?: OutputLike;
  __name?: string;
  __pulumiType?: string;
}
type Apply<Value> = (run: (value: Value) => unknown, runWithUnknowns: boolean) => OutputLike;
interface OutputClass {
  new (
    resources: ResourceLike[],
    promise: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    allResources: Promise<ResourceLike[]>,
  ): OutputLike;
  isInstance(value: unknown): value is OutputLike;
}
interface OutputModule {
  Output: OutputClass;
  secret: (value: unknown) => OutputLike;
  output: (value: unknown) => { apply: Apply<unknown> };
  all: (values: unknown[]) => { apply: Apply<unknown[]> };
  isUnknown: (value: unknown) => boolean;
  getAllResources: (output: OutputLike) => Promise<Iterable<ResourceLike>>;
  unknown: unknown;
}
type Serialize = (label: string, properties: Record<string, unknown>, options?: unknown) => Promise<unknown>;
interface RpcModule {
  serializeResourceProperties: Serialize;
  serializeProperties: Serialize;
}
interface PendingRegistration {
  label: string;
  type?: string;
  name?: string;
  phase?: string;
  inputProperty?: string;
}
interface Store {
  callbacks: CallbackServer | undefined;
  pendingResourceRegistrations?: Map<unknown, PendingRegistration>;
  logErrorCount: number;
}
interface CallbackServer {
  _callbacks: Map<string, (request: Uint8Array) => Promise<unknown>>;
}
interface SettingsModule {
  setMockOptions: (monitor: object, project: string, stack: string, preview: boolean, organization: string) => void;
  rpcKeepAlive: () => () => void;
}
interface LogModule {
  debug: (message: string) => Promise<void>;
  info: (message: string, resource?: ResourceLike) => Promise<void>;
  warn: (message: string, resource?: ResourceLike) => Promise<void>;
  error: (message: string, resource?: ResourceLike) => Promise<void>;
}
interface ConfigPrototype {
  fullKey: (key: string) => string;
  getImpl: (key: string, options?: unknown) => string | undefined;
  [getter: string]: (key: string, ...rest: unknown[]) => unknown;
}
interface InvokeModule {
  invoke: (token: string, ...rest: unknown[]) => Promise<Record<string, unknown> | undefined>;
  call?: (token: string, properties: unknown, resource?: ResourceLike, ...rest: unknown[]) => OutputLike;
  callSingle?: InvokeModule["call"];
}
interface DebuggableModule {
  debuggablePromise: <T>(promise: Promise<T>) => Promise<T>;
}
interface ResourceModule {
  Resource: { stackTrace?: () => unknown[]; sourcePosition?: () => undefined };
}
interface RuntimeResourceModule {
  registerResourceOutputs: (resource: ResourceLike, outputs: unknown) => void;
}
interface SdkModules {
  config: { Config: { prototype: ConfigPrototype } };
  errors: { RunError: new (message: string) => Error };
  log: LogModule;
  output: OutputModule;
  resource: ResourceModule;
  stackReference: { StackReference: { prototype: Record<string, unknown> } };
  "proto/resource_pb": ResourceProto;
  "runtime/callbacks": { CallbackServer: { prototype: object } };
  "runtime/debuggable": DebuggableModule;
  "runtime/invoke": InvokeModule;
  "runtime/resource": RuntimeResourceModule;
  "runtime/rpc": RpcModule;
  "runtime/settings": SettingsModule;
  "runtime/state": { getStore: () => Store };
}
type Reply = (error: { code: number; message: string; details: string } | null, response?: unknown) => void;

/** gRPC status codes. */
const unknownStatus = 2;
/** On this one the SDK takes it that the engine has told the user, and stops without a word of its own. */
const unavailableStatus = 14;

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
  const monitor = new Monitor(options, proto, structs, hints, callbacks, outputs);
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

function hasModule(require: NodeJS.Require, path: string): boolean {
  try {
    require.resolve(path);
    return true;
  } catch {
    return false;
  }
}

/** Gives the file that the stub stands for, or `undefined` where this release of the SDK has no such module. */
function stubModule(require: NodeJS.Require, path: string, exports: object): string | undefined {
  if (!hasModule(require, path)) return undefined;
  const file = require.resolve(path);
  require.cache[file] = { exports, id: file, filename: file, loaded: true, children: [], paths: [] } as never;
  return file;
}

/**
 * Mapping every stack trace back to its sources costs more than the rest of a run. What is returned lets it begin
 * with the first error that nobody catches.
 */
function stubSourceMaps(require: NodeJS.Require): () => void {
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
function lazyInspector(): object {
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

function lightenPromises(debuggable: DebuggableModule, resource: ResourceModule): void {
  debuggable.debuggablePromise = (promise) => promise;
  resource.Resource.stackTrace = () => [];
  resource.Resource.sourcePosition = () => undefined;
}

/** Counts the SDK's calls to the engine that are under way, those included whose arguments it waits for. */
function countCalls(settings: SettingsModule, calls: { outstanding: number }): void {
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

function redirectLog(log: LogModule, state: SdkModules["runtime/state"], options: SdkOptions): void {
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

function watchSecrets(output: OutputModule, options: SdkOptions): void {
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

/**
 * Config that cannot be decrypted holds the sentinel of an unknown. The getters of secrets give an unknown secret
 * for it; the others would give away the sentinel as if it were the value, so they refuse.
 */
function hideUndecryptable(config: SdkModules["config"], output: OutputModule, errors: SdkModules["errors"]): void {
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

function unknownSecret({ Output, unknown }: OutputModule): OutputLike {
  const settle = Promise.resolve.bind(Promise);
  return new Output([], settle(unknown), settle(false), settle(true), settle([]));
}

/** One unknown output of another stack must not hide the others. */
function readPartlyKnownStacks(
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

/** By serialized properties, where the unknowns in them come from. */
type HintsOf = WeakMap<WireObject, Record<string, Hint>>;

/**
 * A request carries an unknown as a bare sentinel. While the SDK serializes, the Outputs that unknowns come from are
 * still at hand, so what they depend on is looked up then, for those properties alone that hold an unknown.
 */
function trackOrigins(rpc: RpcModule, output: OutputModule): HintsOf {
  const hints: HintsOf = new WeakMap();
  const track = async (wire: WireObject, properties: Record<string, unknown>): Promise<void> => {
    let found: Record<string, Hint> | undefined;
    for (const key of Object.keys(wire)) {
      const value = wire[key];
      if (containsUnknown(value)) (found ??= {})[key] = await originsOf(properties[key], value, output);
    }
    if (found !== undefined) hints.set(wire, found);
  };
  const { serializeResourceProperties, serializeProperties } = rpc;
  rpc.serializeResourceProperties = async (label, properties, ...rest) => {
    const result = (await serializeResourceProperties(label, properties, ...rest)) as [WireObject];
    await track(result[0], properties);
    return result;
  };
  rpc.serializeProperties = async (label, properties, ...rest) => {
    const wire = (await serializeProperties(label, properties, ...rest)) as WireObject;
    if (label === "monitor.registerResourceOutputs(...)" && isWireObject(wire.outputs)) {
      await track(wire.outputs, (properties.outputs ?? {}) as Record<string, unknown>);
    }
    return wire;
  };
  return hints;
}

async function originsOf(property: unknown, wire: WireValue, output: OutputModule): Promise<Hint> {
  if (property instanceof Promise) return originsOf(await property, wire, output);
  if (output.Output.isInstance(property)) {
    const origins = new Origins();
    for (const resource of await output.getAllResources(property)) {
      // Not awaited: it may be a resource whose registration waits for this one.
      resource.urn.promise().then(
        (urn) => origins.urns.push(String(urn)),
        () => undefined,
      );
    }
    const value = await property.promise(true);
    if (!isComposite(wire)) {
      if (typeof value === "object" && value !== null && !output.isUnknown(value)) origins.keys = Object.keys(value);
      return origins;
    }
    const inner = await originsOf(value, wire, output);
    return inner ?? origins;
  }
  if (Array.isArray(wire) && Array.isArray(property)) {
    return Promise.all(
      wire.map(async (item, index) => (containsUnknown(item) ? originsOf(property[index], item, output) : undefined)),
    );
  }
  if (!isComposite(wire) || !isWireObject(wire) || typeof property !== "object" || property === null) return undefined;
  const hints: Record<string, Hint> = {};
  for (const key of Object.keys(wire)) {
    if (!containsUnknown(wire[key])) continue;
    hints[key] = await originsOf((property as Record<string, unknown>)[key], wire[key], output);
  }
  return hints;
}

function isComposite(wire: WireValue): boolean {
  return Array.isArray(wire) || (isWireObject(wire) && !(signatureKey in wire));
}

/**
 * The SDK packs properties into a protobuf Struct and the monitor unpacks them at once. Requests keep the plain object
 * instead, and become a real Struct only for whoever looks inside.
 */
function shareStructs(require: NodeJS.Require, proto: ResourceProto): StructClass {
  const sdk = createRequire(require.resolve("@pulumi/pulumi"));
  const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb") as { Struct: StructClass };
  const pack = Struct.fromJavaScript.bind(Struct);
  class SharedStruct extends Struct {
    declare shared: WireObject;
    declare packed: StructMessage | undefined;
    override toJavaScript(): WireObject {
      return this.shared;
    }
    override toArray(): unknown[] {
      return (this.packed ??= pack(this.shared)).toArray();
    }
    override getFieldsMap(): unknown {
      return (this.packed ??= pack(this.shared)).getFieldsMap();
    }
  }
  Struct.fromJavaScript = (value) => {
    const struct = new SharedStruct();
    struct.shared = value;
    return struct;
  };
  keepByReference(proto.RegisterResourceRequest.prototype, "Object");
  keepByReference(proto.RegisterResourceOutputsRequest.prototype, "Outputs");
  return Struct;
}

/** Replaces a field's accessors, which would turn the whole field into protobuf's arrays. */
function keepByReference(prototype: object, field: string): void {
  const kept = new WeakMap<object, unknown>();
  Object.assign(prototype, {
    [`set${field}`](this: object, value: unknown) {
      kept.set(this, value);
      return this;
    },
    [`get${field}`](this: object) {
      return kept.get(this);
    },
  });
}

/** The components that have yet to report outputs which they have announced. */
class Outstanding {
  readonly #components = new Set<ResourceLike>();
  readonly #byUrn = new Map<unknown, ResourceLike>();

  announce(component: ResourceLike): void {
    this.#components.add(component);
    component.urn.promise().then(
      (urn) => this.#byUrn.set(urn, component),
      () => this.#components.delete(component),
    );
  }

  report(urn: string): void {
    const component = this.#byUrn.get(urn);
    if (component !== undefined) this.#components.delete(component);
  }

  all(): ResourceLike[] {
    return [...this.#components];
  }
}

function watchOutputs(resource: RuntimeResourceModule, outstanding: Outstanding): void {
  const { registerResourceOutputs } = resource;
  resource.registerResourceOutputs = (component, outputs) => {
    outstanding.announce(component);
    registerResourceOutputs(component, outputs);
  };
}

/**
 * A program that awaits an unknown result gets an empty object from the SDK, and "undefined" into its texts.
 * It gets an object of unknowns instead.
 */
function answerPlainInvokes(module: InvokeModule, { Output, unknown }: OutputModule): void {
  const { invoke } = module;
  const unknowns = new Proxy(
    {},
    {
      get: (target, key) => (typeof key === "symbol" || key === "then" || key in target ? undefined : unknownSentinel),
    },
  );
  module.invoke = async (...call) => {
    const result = await invoke(...call);
    return result !== undefined && Object.keys(result).length === 0 ? unknowns : result;
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

/** The SDK serves callbacks over gRPC; in one process they can be called. */
function inProcessCallbacks({ CallbackServer }: SdkModules["runtime/callbacks"]): CallbackServer {
  return Object.assign(Object.create(CallbackServer.prototype) as CallbackServer, {
    _callbacks: new Map<string, (request: Uint8Array) => Promise<unknown>>(),
    _pendingRegistrations: 0,
    _awaitQueue: [],
    _target: Promise.resolve("in-process"),
    shutdown: () => undefined,
  });
}

function pendingWork(store: Store, outputs: ResourceLike[], calls: number, recorder: Recorder): Pending[] {
  const registrations = [...(store.pendingResourceRegistrations?.values() ?? [])];
  const pending = registrations.map(({ label, type, name, phase, inputProperty }) => ({
    subject: type !== undefined && name !== undefined ? `${type} "${name}"` : label,
    waitsFor:
      phase === "inputs" && inputProperty !== undefined
        ? `its input "${inputProperty}"`
        : phase === "parent"
          ? "its parent"
          : phase === "provider"
            ? "its provider"
            : phase === "inputs"
              ? "its inputs"
              : "what it depends on",
  }));
  for (const { __pulumiType: type, __name: name } of outputs) {
    if (type === "pulumi:pulumi:Stack") pending.push({ subject: "the stack", waitsFor: "an output" });
    else pending.push({ subject: `${type ?? "component"} "${name ?? ""}"`, waitsFor: "its outputs" });
  }
  const others = calls - pending.length;
  if (others > 0) {
    pending.push({
      subject: others === 1 ? "one call" : `${String(others)} calls`,
      waitsFor: "arguments or an answer",
    });
  }
  if (pending.length === 0 && !recorder.isComplete) {
    pending.push({ subject: "the program", waitsFor: "an await at its top level, or a value that it exports" });
  }
  return pending;
}

/** Takes the SDK's requests, as the engine's ResourceMonitor service would. */
class Monitor {
  readonly #options: SdkOptions;
  readonly #recorder: Recorder;
  readonly #proto: ResourceProto;
  readonly #structs: StructClass;
  readonly #hints: HintsOf;
  /** Releases of the SDK before transforms have no callbacks. */
  readonly #callbacks: CallbackServer | undefined;
  readonly #outputs: Outstanding;
  readonly #stackTransforms: string[] = [];
  readonly #invokeTransforms: string[] = [];
  readonly #transforms = new Map<string, { own: string[]; parent: string }>();

  constructor(
    options: SdkOptions,
    proto: ResourceProto,
    structs: StructClass,
    hints: HintsOf,
    callbacks: CallbackServer | undefined,
    outputs: Outstanding,
  ) {
    this.#options = options;
    this.#recorder = options.recorder;
    this.#proto = proto;
    this.#structs = structs;
    this.#hints = hints;
    this.#callbacks = callbacks;
    this.#outputs = outputs;
  }

  getDeploymentInfo(_: unknown, reply: Reply): void {
    reply(null, { getSupportedfeaturesList: () => Object.values(this.#proto.ResourceMonitorFeature ?? {}) });
  }

  supportsFeature(_: unknown, reply: Reply): void {
    reply(null, { getHassupport: () => true });
  }

  registerResource(request: RegisterResourceRequest, reply: Reply): void {
    this.#register(request).then(
      (response) => {
        reply(null, response);
      },
      (error: unknown) => {
        this.#fail(error, reply);
      },
    );
  }

  readResource(request: ReadResourceRequest, reply: Reply): void {
    this.#answer(reply, () => {
      const inputs = request.getProperties()?.toJavaScript() ?? {};
      const { urn, outputs } = this.#recorder.read({
        id: request.getId(),
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
        inputs,
        hints: this.#hints.get(inputs) ?? {},
        provider: request.getProvider(),
        dependencies: request.getDependenciesList(),
        version: request.getVersion(),
        pluginDownloadUrl: request.getPlugindownloadurl(),
        packageRef: request.getPackageref?.() ?? "",
        additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      });
      this.#options.onRegistered();
      return { getUrn: () => urn, getProperties: () => ({ toJavaScript: () => outputs }), getUnknown: () => false };
    });
  }

  registerResourceOutputs(request: { getUrn(): string; getOutputs(): Struct | undefined }, reply: Reply): void {
    this.#answer(reply, () => {
      const outputs = request.getOutputs()?.toJavaScript() ?? {};
      const urn = request.getUrn();
      this.#recorder.registerOutputs(urn, outputs, this.#hints.get(outputs) ?? {});
      this.#outputs.report(urn);
      return {};
    });
  }

  invoke(request: InvokeRequest, reply: Reply): void {
    this.#invoke(request).then(
      (response) => {
        reply(null, response);
      },
      (error: unknown) => {
        this.#fail(error, reply);
      },
    );
  }

  /** A method's result is unknown, whatever it is. */
  call(_: unknown, reply: Reply): void {
    const result = { toJavaScript: () => ({ result: unknownSentinel }) };
    reply(null, {
      getFailuresList: () => [],
      getReturn: () => result,
      getReturndependenciesMap: () => undefined,
    });
  }

  existsResource(_: unknown, reply: Reply): void {
    reply(null, { getExists: () => false, getUnknown: () => true });
  }

  registerPackage(request: RegisterPackageRequest, reply: Reply): void {
    this.#answer(reply, () => {
      const source = request.getParameterization() ?? request;
      const reference = this.#recorder.registerPackage(source.getName(), source.getVersion(), request.getDownloadUrl());
      return { getRef: () => reference };
    });
  }

  registerStackTransform(callback: CallbackMessage, reply: Reply): void {
    this.#stackTransforms.push(callback.getToken());
    reply(null, {});
  }

  registerStackInvokeTransform(callback: CallbackMessage, reply: Reply): void {
    this.#invokeTransforms.push(callback.getToken());
    reply(null, {});
  }

  /** Hooks run around operations of a provider, of which there are none. */
  registerResourceHook(_: unknown, reply: Reply): void {
    reply(null, {});
  }

  registerErrorHook(_: unknown, reply: Reply): void {
    reply(null, {});
  }

  signalAndWaitForShutdown(_: unknown, reply: Reply): void {
    reply(null, {});
  }

  close(): void {
    // There is no connection.
  }

  async #register(request: RegisterResourceRequest): Promise<object> {
    const wire = request.getObject()?.toJavaScript() ?? {};
    const own = request.getTransformsList?.().map((callback) => callback.getToken()) ?? [];
    let registration: Registration = {
      type: request.getType(),
      name: request.getName(),
      parent: request.getParent(),
      custom: request.getCustom(),
      remote: request.getRemote(),
      inputs: wire,
      hints: this.#hints.get(wire) ?? {},
      provider: request.getProvider(),
      dependencies: request.getDependenciesList(),
      propertyDependencies: Array.from(request.getPropertydependenciesMap().entries(), ([key, value]) => [
        key,
        value.getUrnsList(),
      ]),
      deletedWith: request.getDeletedwith?.() ?? "",
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
      aliases: [...request.getAliasurnsList(), ...(request.getAliasesList?.() ?? []).map(readAlias)],
      customTimeouts: readTimeouts(request.getCustomtimeouts()),
      version: request.getVersion(),
      pluginDownloadUrl: request.getPlugindownloadurl(),
      packageRef: request.getPackageref?.() ?? "",
      envVarMappings: Object.fromEntries(request.getEnvvarmappingsMap?.().entries() ?? []),
    };
    if (request.hasProtect?.() ?? request.getProtect()) registration.protect = request.getProtect() ?? false;
    if (request.hasRetainondelete?.() ?? request.getRetainondelete()) {
      registration.retainOnDelete = request.getRetainondelete() ?? false;
    }
    if (request.getDeletebeforereplacedefined()) registration.deleteBeforeReplace = request.getDeletebeforereplace();
    registration = this.#recorder.inherit(registration);
    const tokens = this.#transformsFor(own, registration.parent);
    if (tokens.length > 0) registration = await this.#transform(registration, tokens, request);

    const { urn, id, outputs } = this.#recorder.register(registration);
    if (own.length > 0 || this.#transforms.size > 0) this.#transforms.set(urn, { own, parent: registration.parent });
    this.#options.onRegistered();
    return {
      getUrn: () => urn,
      getId: () => id,
      getObject: () => ({ toJavaScript: () => outputs }),
      getPropertydependenciesMap: () => undefined,
      getResult: () => 0,
      getUnknown: () => false,
    };
  }

  /** A resource's own transforms come first, then those of its parents outwards, then the stack's. */
  #transformsFor(own: string[], parent: string): string[] {
    const tokens = [...own];
    for (let above = this.#transforms.get(parent); above !== undefined; above = this.#transforms.get(above.parent)) {
      tokens.push(...above.own);
    }
    return [...tokens, ...this.#stackTransforms];
  }

  async #transform(
    registration: Registration,
    tokens: string[],
    request: RegisterResourceRequest,
  ): Promise<Registration> {
    const byKey = new Map(registration.propertyDependencies);
    const sent: WireObject = Object.fromEntries(
      Object.entries(registration.inputs).map(([key, value]) => [key, withDependencies(value, byKey.get(key) ?? [])]),
    );
    let properties = sent;
    let options = this.#transformOptions(registration, request);
    for (const token of tokens) {
      const message = new this.#proto.TransformRequest();
      message.setType(registration.type);
      message.setName(registration.name);
      message.setCustom(registration.custom);
      message.setParent(registration.parent);
      message.setProperties(this.#structs.fromJavaScript(properties));
      message.setOptions(options);
      const response = (await this.#callback(token, message)) as TransformResponse;
      properties = response.getProperties()?.toJavaScript() ?? properties;
      options = response.getOptions() ?? options;
    }
    const inputs: WireObject = {};
    const hints: Record<string, Hint> = {};
    const propertyDependencies: [string, string[]][] = [];
    for (const [key, value] of Object.entries(properties)) {
      // What no transform has touched keeps what is known of its parts.
      const isSame = canonicalText(value) === canonicalText(sent[key]);
      inputs[key] = isSame ? registration.inputs[key] : withoutOutputs(value);
      hints[key] = (isSame ? undefined : originsInWire(value)) ?? registration.hints[key];
      propertyDependencies.push([key, [...new Set([...(byKey.get(key) ?? []), ...dependenciesIn(value)])]]);
    }
    const deleteBeforeReplace = options.hasDeleteBeforeReplace() ? options.getDeleteBeforeReplace() : undefined;
    const protect = options.hasProtect() ? options.getProtect() : undefined;
    const retainOnDelete = options.hasRetainOnDelete() ? options.getRetainOnDelete() : undefined;
    return {
      ...registration,
      inputs,
      hints,
      provider: options.getProvider(),
      dependencies: [...new Set([...options.getDependsOnList(), ...propertyDependencies.flatMap(([, urns]) => urns)])],
      propertyDependencies,
      protect,
      retainOnDelete,
      deleteBeforeReplace,
      deletedWith: options.getDeletedWith(),
      ignoreChanges: options.getIgnoreChangesList(),
      replaceOnChanges: options.getReplaceOnChangesList(),
      additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
      aliases: options.getAliasesList().map(readAlias),
      customTimeouts: readTimeouts(options.getCustomTimeouts()),
      version: options.getVersion(),
      pluginDownloadUrl: options.getPluginDownloadUrl(),
    };
  }

  #transformOptions(registration: Registration, request: RegisterResourceRequest): TransformOptionsMessage {
    const options = new this.#proto.TransformResourceOptions();
    options.setDependsOnList(registration.dependencies);
    if (registration.protect !== undefined) options.setProtect(registration.protect);
    if (registration.retainOnDelete !== undefined) options.setRetainOnDelete(registration.retainOnDelete);
    if (registration.deleteBeforeReplace !== undefined)
      options.setDeleteBeforeReplace(registration.deleteBeforeReplace);
    options.setIgnoreChangesList(registration.ignoreChanges);
    options.setReplaceOnChangesList(registration.replaceOnChanges);
    options.setVersion(registration.version);
    options.setAliasesList(request.getAliasesList?.() ?? []);
    options.setProvider(registration.provider);
    options.setCustomTimeouts(request.getCustomtimeouts());
    options.setPluginDownloadUrl(registration.pluginDownloadUrl);
    options.setDeletedWith(registration.deletedWith);
    options.setAdditionalSecretOutputsList(registration.additionalSecretOutputs);
    options.setImport?.(request.getImportid());
    options.setHooks?.(request.getHooks?.());
    options.setReplaceWithList?.(request.getReplaceWithList?.() ?? []);
    options.setHideDiffList?.(request.getHidediffsList?.() ?? []);
    options.setReplacementTrigger?.(request.getReplacementTrigger?.());
    for (const [key, reference] of request.getProvidersMap().entries()) options.getProvidersMap().set(key, reference);
    return options;
  }

  async #invoke(request: InvokeRequest): Promise<object> {
    const token = request.getTok();
    let args = request.getArgs()?.toJavaScript() ?? {};
    const source = {
      provider: request.getProvider(),
      version: request.getVersion(),
      pluginDownloadUrl: request.getPlugindownloadurl(),
      packageRef: request.getPackageref?.() ?? "",
    };
    for (const transform of this.#invokeTransforms) {
      const message = new this.#proto.TransformInvokeRequest();
      message.setToken(token);
      message.setArgs(this.#structs.fromJavaScript(args));
      const options = new this.#proto.TransformInvokeOptions();
      options.setProvider(source.provider);
      options.setVersion(source.version);
      options.setPluginDownloadUrl(source.pluginDownloadUrl);
      message.setOptions(options);
      const response = (await this.#callback(transform, message)) as InvokeTransformResponse;
      args = response.getArgs()?.toJavaScript() ?? args;
      const changed = response.getOptions();
      if (changed !== undefined) {
        source.provider = changed.getProvider();
        source.version = changed.getVersion();
        source.pluginDownloadUrl = changed.getPluginDownloadUrl();
      }
    }
    const result = this.#recorder.invoke(token, args, source, request.getDependsonList?.() ?? []);
    if (token === "pulumi:pulumi:getResource")
      return { getFailuresList: () => [], getReturn: () => this.#pack(result) };
    return {
      getFailuresList: () => [],
      getUnknown: () => result === undefined,
      getReturn: () => (result === undefined ? undefined : { toJavaScript: () => result }),
    };
  }

  #pack(value: WireObject | undefined): StructMessage {
    return this.#structs.fromJavaScript(value ?? {});
  }

  async #callback(token: string, message: Message): Promise<unknown> {
    const callback = this.#callbacks?._callbacks.get(token);
    if (callback === undefined) throw new Error(`callback not found: ${token}`);
    return callback(message.serializeBinary());
  }

  #answer(reply: Reply, answer: () => object): void {
    try {
      reply(null, answer());
    } catch (error) {
      this.#fail(error, reply);
    }
  }

  #fail(error: unknown, reply: Reply): void {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Refusal) {
      this.#options.log("error", message, Promise.resolve(error.urn));
      reply({ code: unavailableStatus, message, details: message });
    } else {
      reply({ code: unknownStatus, message, details: message });
    }
  }
}

function readAlias(alias: AliasMessage): Alias {
  const spec = alias.getSpec();
  if (spec === undefined || alias.hasUrn()) return alias.getUrn();
  return {
    name: spec.getName(),
    type: spec.getType(),
    stack: spec.getStack(),
    project: spec.getProject(),
    parent: spec.getParenturn(),
    noParent: spec.getNoparent(),
  };
}

function readTimeouts(timeouts: TimeoutsMessage | undefined): Registration["customTimeouts"] {
  const all = {
    create: timeouts?.getCreate(),
    update: timeouts?.getUpdate(),
    delete: timeouts?.getDelete(),
    read: timeouts?.getRead?.(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}

/** To a transform the engine shows a property with dependencies as an Output that carries them. */
function withDependencies(value: WireValue, dependencies: string[]): WireValue {
  if (dependencies.length === 0) return value;
  const isSecret = isWireObject(value) && value[signatureKey] === signatures.secret;
  const plain = isSecret ? value.value : value;
  return {
    [signatureKey]: signatures.output,
    ...(plain === unknownSentinel ? {} : { value: plain ?? null }),
    ...(isSecret ? { secret: true } : {}),
    dependencies,
  };
}

function dependenciesIn(value: WireValue): string[] {
  if (Array.isArray(value)) return value.flatMap(dependenciesIn);
  if (!isWireObject(value)) return [];
  const own = value[signatureKey] === signatures.output && Array.isArray(value.dependencies) ? value.dependencies : [];
  return [...own.map(String), ...Object.values(value).flatMap(dependenciesIn)];
}

/** The value with its Outputs unwrapped, as a program's own request has it. */
function withoutOutputs(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (!isWireObject(value)) return value;
  if (value[signatureKey] === signatures.output) {
    const inner = value.value === undefined ? unknownSentinel : withoutOutputs(value.value);
    return value.secret === true ? secretOf(inner) : inner;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutOutputs(inner)]));
}

/** Where unknowns come from that cross as Outputs, which name what they depend on. */
function originsInWire(value: WireValue): Hint {
  if (Array.isArray(value)) return value.map(originsInWire);
  if (!isWireObject(value)) return undefined;
  if (value[signatureKey] === signatures.output) {
    const origins = new Origins();
    origins.urns.push(...dependenciesIn(value));
    return origins;
  }
  const hints = Object.entries(value).map(([key, inner]): [string, Hint] => [key, originsInWire(inner)]);
  return hints.some(([, hint]) => hint !== undefined) ? Object.fromEntries(hints) : undefined;
}
