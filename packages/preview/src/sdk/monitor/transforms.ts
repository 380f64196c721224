import type { Registration } from "../../record/registration.ts";
import { canonicalText } from "../../record/wire.ts";
import type { Hint, WireObject } from "../../record/wire.ts";
import type {
  Callback,
  CallbackServer,
  InvokeRequest,
  RegisterResourceRequest,
  ResourceProto,
  StructClass,
  TransformInvokeResponse,
  TransformResourceOptions,
  TransformResponse,
} from "../modules/modules.ts";
import { readAlias, readTimeouts } from "./readers.ts";
import { dependenciesIn, originsInWire, withDependencies, withoutOutputs } from "./transformWire.ts";

/** Where a provider's function comes from. */
type InvokeSource = Pick<Registration, "provider" | "version" | "pluginDownloadUrl" | "packageRef">;

/** The transforms of a program, and what they make of its requests. */
export class Transforms {
  readonly #proto: ResourceProto;
  readonly #structs: StructClass;
  /** Releases of the SDK before transforms have no callbacks. */
  readonly #callbacks: CallbackServer | undefined;
  readonly #ofStack: string[] = [];
  readonly #ofInvokes: string[] = [];
  readonly #ofResources = new Map<string, { own: string[]; parent: string }>();

  constructor(proto: ResourceProto, structs: StructClass, callbacks: CallbackServer | undefined) {
    this.#proto = proto;
    this.#structs = structs;
    this.#callbacks = callbacks;
  }

  addToStack(callback: Callback): void {
    this.#ofStack.push(callback.getToken());
  }

  addToInvokes(callback: Callback): void {
    this.#ofInvokes.push(callback.getToken());
  }

  /** The transforms that a request brings along. */
  own(request: RegisterResourceRequest): string[] {
    return request.getTransformsList?.().map((callback) => callback.getToken()) ?? [];
  }

  /** Keeps a resource's transforms for its children. */
  remember(urn: string, own: string[], parent: string): void {
    if (own.length > 0 || this.#ofResources.size > 0) this.#ofResources.set(urn, { own, parent });
  }

  /** A registration as its own transforms, then those of its parents outwards, then the stack's make it. */
  async apply(registration: Registration, own: string[], request: RegisterResourceRequest): Promise<Registration> {
    const tokens = [...own, ...this.#inherited(registration.parent), ...this.#ofStack];
    if (tokens.length === 0) return registration;
    const byKey = new Map(registration.propertyDependencies);
    const sent: WireObject = Object.fromEntries(
      Object.entries(registration.inputs).map(([key, value]) => [key, withDependencies(value, byKey.get(key) ?? [])]),
    );
    const { properties, options } = await this.#run(tokens, registration, sent, this.#options(registration, request));
    const inputs = readInputs(registration, sent, properties);
    const dependencies = [...options.getDependsOnList(), ...inputs.propertyDependencies.flatMap(([, urns]) => urns)];
    return { ...registration, ...inputs, ...readOptions(options), dependencies: [...new Set(dependencies)] };
  }

  #inherited(parent: string): string[] {
    const above = this.#ofResources.get(parent);
    return above === undefined ? [] : [...above.own, ...this.#inherited(above.parent)];
  }

  async #run(
    tokens: string[],
    registration: Registration,
    properties: WireObject,
    options: TransformResourceOptions,
  ): Promise<{ properties: WireObject; options: TransformResourceOptions }> {
    for (const token of tokens) {
      const message = new this.#proto.TransformRequest();
      message.setType(registration.type);
      message.setName(registration.name);
      message.setCustom(registration.custom);
      message.setParent(registration.parent);
      message.setProperties(this.#structs.fromJavaScript(properties));
      message.setOptions(options as InstanceType<ResourceProto["TransformResourceOptions"]>);
      const response = (await this.#call(token, message)) as TransformResponse;
      properties = (response.getProperties()?.toJavaScript() as WireObject | undefined) ?? properties;
      options = response.getOptions() ?? options;
    }
    return { properties, options };
  }

  #options(registration: Registration, request: RegisterResourceRequest): TransformResourceOptions {
    const options: TransformResourceOptions = new this.#proto.TransformResourceOptions();
    options.setDependsOnList(registration.dependencies);
    if (registration.protect !== undefined) options.setProtect(registration.protect);
    if (registration.retainOnDelete !== undefined) options.setRetainOnDelete(registration.retainOnDelete);
    if (registration.deleteBeforeReplace !== undefined)
      options.setDeleteBeforeReplace(registration.deleteBeforeReplace);
    options.setIgnoreChangesList(registration.ignoreChanges);
    options.setReplaceOnChangesList(registration.replaceOnChanges);
    options.setVersion(registration.version);
    options.setAliasesList(request.getAliasesList());
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

  /** The arguments of a provider's function, and where it comes from, as the transforms make them. */
  async applyToInvoke(request: InvokeRequest): Promise<{ args: WireObject; source: InvokeSource }> {
    let args: WireObject = request.getArgs()?.toJavaScript() ?? {};
    const source = {
      provider: request.getProvider(),
      version: request.getVersion(),
      pluginDownloadUrl: request.getPlugindownloadurl(),
      packageRef: request.getPackageref?.() ?? "",
    };
    for (const token of this.#ofInvokes) {
      const message = new this.#proto.TransformInvokeRequest();
      message.setToken(request.getTok());
      message.setArgs(this.#structs.fromJavaScript(args));
      const options = new this.#proto.TransformInvokeOptions();
      options.setProvider(source.provider);
      options.setVersion(source.version);
      options.setPluginDownloadUrl(source.pluginDownloadUrl);
      message.setOptions(options);
      const response = (await this.#call(token, message)) as TransformInvokeResponse;
      args = (response.getArgs()?.toJavaScript() as WireObject | undefined) ?? args;
      const changed = response.getOptions();
      if (changed === undefined) continue;
      source.provider = changed.getProvider();
      source.version = changed.getVersion();
      source.pluginDownloadUrl = changed.getPluginDownloadUrl();
    }
    return { args, source };
  }

  async #call(token: string, message: { serializeBinary(): Uint8Array }): Promise<unknown> {
    const callback = this.#callbacks?._callbacks.get(token);
    if (callback === undefined) throw new Error(`callback not found: ${token}`);
    return callback(message.serializeBinary());
  }
}

function readInputs(
  registration: Registration,
  sent: WireObject,
  properties: WireObject,
): Pick<Registration, "inputs" | "hints" | "propertyDependencies"> {
  const byKey = new Map(registration.propertyDependencies);
  const inputs: WireObject = {};
  const hints: Record<string, Hint> = {};
  const propertyDependencies: [string, string[]][] = [];
  for (const [key, value] of Object.entries(properties)) {
    // A value that no transform changed keeps the hints about its parts.
    const isSame = canonicalText(value) === canonicalText(sent[key]);
    inputs[key] = isSame ? registration.inputs[key] : withoutOutputs(value);
    hints[key] = (isSame ? undefined : originsInWire(value)) ?? registration.hints[key];
    propertyDependencies.push([key, [...new Set([...(byKey.get(key) ?? []), ...dependenciesIn(value)])]]);
  }
  return { inputs, hints, propertyDependencies };
}

function readOptions(options: TransformResourceOptions): Partial<Registration> {
  return {
    provider: options.getProvider(),
    // Releases in which these cannot be absent say false.
    protect: (options.hasProtect?.() ?? options.getProtect()) ? options.getProtect() : undefined,
    retainOnDelete:
      (options.hasRetainOnDelete?.() ?? options.getRetainOnDelete()) ? options.getRetainOnDelete() : undefined,
    deleteBeforeReplace:
      (options.hasDeleteBeforeReplace?.() ?? options.getDeleteBeforeReplace())
        ? options.getDeleteBeforeReplace()
        : undefined,
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
