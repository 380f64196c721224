import { invokeFixture } from "./fixtures.ts";
import type { Fixtures } from "./fixtures.ts";
import { sortResources } from "../graph/graph.ts";
import type { CustomTimeouts, Properties, Resource, ResourceOptions, Value } from "../graph/graph.ts";
import { isKubernetesObject, isSecretData, kubernetesId, kubernetesOutputs } from "./kubernetesOutputs.ts";
import { makeUrn, packageOf, providerTypePrefix, qualifiedType, rootStackType } from "../graph/urn.ts";
import { pureInvoke } from "./pureInvokes.ts";
import { isWireObject, Origins, Reader, secretOf, signatureKey, signatures, textOf, unknownSentinel } from "./wire.ts";
import type { Hint, WireObject, WireValue } from "./wire.ts";

/** What a program asks to be registered. */
export interface Registration {
  type: string;
  name: string;
  /** URN, or "" for a resource without a parent. */
  parent: string;
  custom: boolean;
  remote: boolean;
  inputs: WireObject;
  hints: Record<string, Hint>;
  /** "URN::id", or "" for the default provider. */
  provider: string;
  dependencies: string[];
  propertyDependencies: [key: string, urns: string[]][];
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith: string;
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  customTimeouts: CustomTimeouts;
  /** Of a provider: names of its environment variables by the variables that their values come from. */
  envVarMappings?: Record<string, string>;
  version: string;
  pluginDownloadUrl: string;
  packageRef: string;
}

/** Another URN of a resource: given, or by what differs from the resource's own. */
export type Alias =
  string | { name: string; type: string; stack: string; project: string; parent: string; noParent: boolean };

/** A read of something that exists. */
export interface Read extends Pick<
  Registration,
  | "type"
  | "name"
  | "parent"
  | "inputs"
  | "hints"
  | "provider"
  | "dependencies"
  | "additionalSecretOutputs"
  | "version"
  | "pluginDownloadUrl"
  | "packageRef"
> {
  id: string;
}

export interface Answer {
  urn: string;
  /** "" while unknown. */
  id: string;
  outputs: WireObject;
}

/** The program asked for what the engine refuses. */
export class Refusal extends Error {
  readonly urn: string;

  constructor(urn: string, message: string) {
    super(message);
    this.urn = urn;
  }
}

export interface RecorderOptions {
  project: string;
  stack: string;
  fixtures: Fixtures;
  /** Outputs of other stacks, by stack. */
  references: Record<string, WireObject>;
  config: Record<string, string>;
  secretKeys: string[];
  digest(secret: WireValue): string | null;
}

interface Package {
  name: string;
  version: string;
  pluginDownloadUrl: string;
}

/** Does what the engine would do with a new stack, up to where a cloud would be asked, and records it. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #reader: Reader;
  readonly #resources = new Map<string, Resource>();
  readonly #states = new Map<string, Answer>();
  readonly #packages = new Map<string, Package>();
  readonly #references = new Set<string>();
  readonly #unanswered = new Set<string>();
  #outputs: { wire: WireObject; properties: Properties } | undefined;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#reader = new Reader((secret) => options.digest(secret));
  }

  /** How many resources there are. */
  get size(): number {
    return this.#resources.size;
  }

  /** True once the stack's outputs are known: the program has come to its end. */
  get isComplete(): boolean {
    return this.#outputs !== undefined;
  }

  /** The stacks that the program refers to. */
  get references(): string[] {
    return [...this.#references].sort();
  }

  /** The tokens of invokes that nobody had an answer to. */
  get unanswered(): string[] {
    return [...this.#unanswered].sort();
  }

  get resources(): Resource[] {
    this.#reader.finish();
    return sortResources(this.#resources.values());
  }

  get outputs(): Properties {
    return this.#outputs?.properties ?? {};
  }

  get wireOutputs(): WireObject {
    return this.#outputs?.wire ?? {};
  }

  /** What a resource has from its parent, as transforms see it, and may take away again. */
  inherit(registration: Registration): Registration {
    const parent = this.#resources.get(registration.parent);
    if (parent === undefined) return registration;
    const { protect, retainOnDelete, deletedWith = "" } = parent.options;
    const inherited: Registration = { ...registration, deletedWith: registration.deletedWith || deletedWith };
    if (registration.protect === undefined && protect !== undefined) inherited.protect = protect;
    if (registration.retainOnDelete === undefined && retainOnDelete !== undefined)
      inherited.retainOnDelete = retainOnDelete;
    const isOfSamePackage =
      parent.custom &&
      parent.provider !== null &&
      qualifiedType(parent.provider) === `${providerTypePrefix}${packageOf(registration.type)}`;
    if (registration.provider === "" && isOfSamePackage) inherited.provider = `${parent.provider ?? ""}::`;
    return inherited;
  }

  /**
   * Makes a resource of what is registered, with what it inherits.
   *
   * @throws Refusal if there is such a resource already.
   */
  register(registration: Registration): Answer {
    const { type, name, custom } = registration;
    const urn = this.#urn(registration.parent, type, name);
    this.#refuseDuplicate(urn);
    const inputs = type.startsWith(providerTypePrefix) ? providerInputs(registration) : registration.inputs;
    const options = this.#resourceOptions(registration);
    const propertyDependencies = sortedDependencies(registration.propertyDependencies);
    this.#resources.set(urn, {
      urn,
      type,
      name,
      parent: registration.parent === "" ? null : registration.parent,
      custom,
      provider: custom || registration.remote ? this.#provider(registration) : null,
      inputs: this.#inputs({ ...registration, inputs }, propertyDependencies),
      dependencies: [...registration.dependencies].sort(),
      propertyDependencies,
      options,
    });
    const answer = custom
      ? this.#created(urn, registration)
      : { urn, id: "", outputs: registration.remote ? {} : inputs };
    this.#states.set(urn, answer);
    return answer;
  }

  /** @throws Refusal if there is such a resource already. */
  read(read: Read): Answer {
    const urn = this.#urn(read.parent, read.type, read.name);
    this.#refuseDuplicate(urn);
    const isStackReference = read.type === "pulumi:pulumi:StackReference";
    this.#resources.set(urn, {
      urn,
      type: read.type,
      name: read.name,
      parent: read.parent === "" ? null : read.parent,
      custom: true,
      provider: isStackReference ? null : this.#provider(read),
      inputs: this.#inputs(read, {}),
      dependencies: [...read.dependencies].sort(),
      propertyDependencies: {},
      options: read.additionalSecretOutputs.length > 0 ? { additionalSecretOutputs: read.additionalSecretOutputs } : {},
      read: true,
    });
    const outputs = isStackReference
      ? this.#stackOutputs(read)
      : { ...read.inputs, ...this.#options.fixtures.reads?.[`${read.type}::${read.id}`] };
    const answer = { urn, id: read.id, outputs: withSecrets(outputs, read.additionalSecretOutputs) };
    this.#states.set(urn, answer);
    return answer;
  }

  /** The result of a provider's function, or `undefined` if it is unknown. */
  invoke(
    token: string,
    args: WireObject,
    source: Pick<Registration, "provider" | "version" | "pluginDownloadUrl" | "packageRef">,
    dependencies: string[],
  ): WireObject | undefined {
    if (token === "pulumi:pulumi:getResource") {
      const urn = textOf(args.urn);
      const state = this.#states.get(urn);
      if (state === undefined) throw new Error(`unknown resource ${urn}`);
      return { urn: state.urn, id: state.id, state: state.outputs };
    }
    if (source.provider === "") this.#provider({ ...source, type: token });
    // A function does not run before what it depends on is there, and in a new stack nothing is.
    if (dependencies.some((urn) => this.#isCreated(urn))) return undefined;
    const result = invokeFixture(this.#options.fixtures, token, args) ?? pureInvoke(token, args);
    if (result === undefined) this.#unanswered.add(token);
    return result;
  }

  /** A component's outputs; those of the root are the stack's. */
  registerOutputs(urn: string, outputs: WireObject, hints: Record<string, Hint>): void {
    if (this.#resources.get(urn)?.type !== rootStackType) return;
    const wire = withoutMarks(outputs) as WireObject;
    this.#outputs = { wire, properties: this.#reader.properties(wire, hints, () => []) };
  }

  /** Keeps a parameterized package, and gives the reference under which resources name it. */
  registerPackage(name: string, version: string, pluginDownloadUrl: string): string {
    const reference = `${name}@${version}`;
    this.#packages.set(reference, { name, version, pluginDownloadUrl });
    return reference;
  }

  #urn(parent: string, type: string, name: string): string {
    return makeUrn(this.#options.stack, this.#options.project, parent === "" ? null : parent, type, name);
  }

  #refuseDuplicate(urn: string): void {
    if (this.#resources.has(urn)) {
      throw new Refusal(urn, `Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
  }

  #isCreated(urn: string): boolean {
    const resource = this.#resources.get(urn);
    return resource !== undefined && resource.custom && resource.read !== true;
  }

  #inputs(
    { inputs, hints, dependencies }: Pick<Registration, "inputs" | "hints" | "dependencies">,
    propertyDependencies: Record<string, string[]>,
  ): Properties {
    const origins = (key: string): string[] => propertyDependencies[key] ?? dependencies;
    const properties = this.#reader.properties(inputs, hints, origins);
    for (const key of ["data", "stringData"]) {
      if (!isSecretData(inputs, key) || inputs[key] === undefined) continue;
      properties[key] = this.#secretData(inputs[key], hints[key], properties[key]);
    }
    return properties;
  }

  /** The keys of a Kubernetes Secret are no secret, and worth knowing; each of its values is one. */
  #secretData(wire: WireValue, hint: Hint, recorded: Value | undefined): Value {
    const plain = isSecretWire(wire) ? wire.value : wire;
    if (isWireObject(plain) && !(signatureKey in plain)) {
      const entries = Object.keys(plain)
        .sort()
        .map((key): [string, Value] => [key, this.#secretLeaf(plain[key])]);
      return Object.fromEntries(entries);
    }
    if (hint instanceof Origins && hint.keys.length > 0) {
      return Object.fromEntries([...hint.keys].sort().map((key): [string, Value] => [key, { $secret: null }]));
    }
    return recorded ?? null;
  }

  #secretLeaf(value: WireValue): Value {
    return this.#reader.secret(isSecretWire(value) ? value.value : value);
  }

  /** Options as the engine keeps them. */
  #resourceOptions(registration: Registration): ResourceOptions {
    const { protect, retainOnDelete, deletedWith } = registration;
    const options: ResourceOptions = {};
    if (protect !== undefined) options.protect = protect;
    if (registration.aliases.length > 0) {
      options.aliases = registration.aliases.map((alias) => this.#aliasUrn(alias, registration));
    }
    if (registration.ignoreChanges.length > 0) options.ignoreChanges = registration.ignoreChanges;
    if (registration.replaceOnChanges.length > 0) options.replaceOnChanges = registration.replaceOnChanges;
    if (registration.deleteBeforeReplace !== undefined) options.deleteBeforeReplace = registration.deleteBeforeReplace;
    if (retainOnDelete !== undefined) options.retainOnDelete = retainOnDelete;
    if (deletedWith !== "") options.deletedWith = deletedWith;
    if (Object.keys(registration.customTimeouts).length > 0) options.customTimeouts = registration.customTimeouts;
    if (registration.additionalSecretOutputs.length > 0) {
      options.additionalSecretOutputs = registration.additionalSecretOutputs;
    }
    return options;
  }

  #aliasUrn(alias: Alias, { type, name, parent }: Registration): string {
    if (typeof alias === "string") return alias;
    const { stack, project } = this.#options;
    const aliasParent = alias.noParent ? null : alias.parent || parent || null;
    return makeUrn(alias.stack || stack, alias.project || project, aliasParent, alias.type || type, alias.name || name);
  }

  /** The provider's URN. A resource that names none gets its package's default provider, made at the first need. */
  #provider(
    source: Pick<Registration, "type" | "provider" | "version" | "pluginDownloadUrl" | "packageRef">,
  ): string | null {
    if (source.provider !== "") return source.provider.slice(0, source.provider.lastIndexOf("::"));
    const { name, version, pluginDownloadUrl } = this.#packages.get(source.packageRef) ?? {
      name: packageOf(source.type),
      version: source.version,
      pluginDownloadUrl: source.pluginDownloadUrl,
    };
    if (name === "pulumi") return null;
    const type = `${providerTypePrefix}${name}`;
    const providerName = defaultProviderName(version, pluginDownloadUrl);
    const urn = this.#urn("", type, providerName);
    if (!this.#resources.has(urn)) {
      const inputs = providerInputs({ inputs: this.#providerConfig(name), version, pluginDownloadUrl });
      this.#resources.set(urn, {
        urn,
        type,
        name: providerName,
        parent: null,
        custom: true,
        provider: null,
        inputs: this.#reader.properties(inputs, {}, () => []),
        dependencies: [],
        propertyDependencies: {},
        options: {},
      });
    }
    return urn;
  }

  /** A default provider is configured by the stack's config in the package's namespace. */
  #providerConfig(packageName: string): WireObject {
    const inputs: WireObject = {};
    for (const [key, value] of Object.entries(this.#options.config)) {
      if (!key.startsWith(`${packageName}:`)) continue;
      inputs[key.slice(packageName.length + 1)] = this.#options.secretKeys.includes(key) ? secretOf(value) : value;
    }
    return inputs;
  }

  #created(urn: string, { type, name, inputs, additionalSecretOutputs }: Registration): Answer {
    const fixtures = this.#options.fixtures.resources;
    const { id: fixedId, ...fixed } = fixtures?.[urn] ?? fixtures?.[`${type}::${name}`] ?? {};
    const isKubernetes = isKubernetesObject(type, inputs);
    const id = fixedId ?? (isKubernetes ? kubernetesId(inputs) : undefined);
    const outputs = { ...(isKubernetes ? kubernetesOutputs(inputs) : inputs), ...fixed };
    return { urn, id: typeof id === "string" ? id : "", outputs: withSecrets(outputs, additionalSecretOutputs) };
  }

  #stackOutputs({ id, inputs }: Read): WireObject {
    this.#references.add(id);
    const stack = id.slice(id.lastIndexOf("/") + 1);
    const fixtures = this.#options.fixtures.stacks;
    const outputs = fixtures?.[id] ?? fixtures?.[stack] ?? this.#options.references[stack];
    if (outputs === undefined) return inputs;
    const secretOutputNames = Object.keys(outputs).filter((key) => isSecretOutput(outputs[key]));
    return { ...inputs, name: id, outputs, secretOutputNames };
  }
}

/** The engine keeps among a provider's inputs where its plugin comes from. */
function providerInputs({
  inputs,
  version,
  pluginDownloadUrl,
  envVarMappings = {},
}: Pick<Registration, "inputs" | "version" | "pluginDownloadUrl" | "envVarMappings">): WireObject {
  const internal: WireObject = {};
  if (pluginDownloadUrl !== "") internal.pluginDownloadURL = pluginDownloadUrl;
  if (Object.keys(envVarMappings).length > 0) internal.envVarMappings = envVarMappings;
  return {
    ...inputs,
    ...(version === "" ? {} : { version }),
    ...(Object.keys(internal).length === 0 ? {} : { __internal: internal }),
  };
}

/** The engine has a default provider for each version of a package, and for each place that plugins come from. */
function defaultProviderName(version: string, pluginDownloadUrl: string): string {
  const ofVersion = version === "" ? "default" : `default_${version.replace(/^v/, "").replace(/[^A-Za-z0-9]/g, "_")}`;
  if (pluginDownloadUrl === "") return ofVersion;
  const parts = pluginDownloadUrl.split("/").filter((part) => part !== "");
  const place = parts.map((part) => part.replace(/^[^A-Za-z0-9_.]/, "_").replace(/[^A-Za-z0-9_.-]/g, "_")).join("/");
  return `${ofVersion}_${place}`;
}

function sortedDependencies(all: [key: string, urns: string[]][]): Record<string, string[]> {
  const some = all.filter(([, urns]) => urns.length > 0);
  return Object.fromEntries(some.map(([key, urns]) => [key, [...urns].sort()] as const).sort(byKey));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

/** Outputs that a resource says are secret are so even while they are unknown. */
function withSecrets(outputs: WireObject, keys: string[]): WireObject {
  if (keys.length === 0) return outputs;
  const result = { ...outputs };
  for (const key of keys) {
    const value = result[key] ?? unknownSentinel;
    result[key] = isSecretWire(value) ? value : secretOf(value);
  }
  return result;
}

function isSecretWire(value: WireValue): value is WireObject {
  return isWireObject(value) && value[signatureKey] === signatures.secret;
}

function isSecretOutput(value: WireValue): boolean {
  if (Array.isArray(value)) return value.some((item) => isSecretOutput(item));
  if (!isWireObject(value)) return false;
  return isSecretWire(value) || Object.keys(value).some((key) => isSecretOutput(value[key]));
}

/** In previews the SDK marks a resource that is put out as a whole. */
function withoutMarks(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(withoutMarks);
  if (!isWireObject(value)) return value;
  const { "@isPulumiResource": _, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, withoutMarks(inner)]));
}
