import { sortResources } from "../graph/graph.ts";
import type { Properties, Resource } from "../graph/graph.ts";
import { makeUrn, packageOf, providerTypePrefix, rootStackType } from "../graph/urn.ts";
import { invokeFixture } from "./fixtures.ts";
import type { Fixtures } from "./fixtures.ts";
import { isKubernetesObject, isSecretData, kubernetesId, kubernetesOutputs } from "./kubernetesOutputs.ts";
import { inherit, resourceOptions } from "./options.ts";
import { defaultProviderName, providerConfig, providerInputs } from "./providers.ts";
import { pureInvoke } from "./pureInvokes.ts";
import { type Answer, type Read, Refusal, type Registration } from "./registration.ts";
import { isSecretOutput, secretData, withoutMarks, withSecrets } from "./secrets.ts";
import { Reader, textOf } from "./wire.ts";
import type { Hint, WireObject, WireValue } from "./wire.ts";

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

  /** The tokens of invokes without an answer. */
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

  /** Options that a resource inherits from its parent, as transforms see them and may remove them. */
  inherit(registration: Registration): Registration {
    return inherit(registration, this.#resources.get(registration.parent));
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
    const options = resourceOptions(registration, this.#options);
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
      properties[key] = secretData(this.#reader, inputs[key], hints[key], properties[key]);
    }
    return properties;
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
      const inputs = providerInputs({ inputs: providerConfig(name, this.#options), version, pluginDownloadUrl });
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

function sortedDependencies(all: [key: string, urns: string[]][]): Record<string, string[]> {
  const some = all.filter(([, urns]) => urns.length > 0);
  return Object.fromEntries(some.map(([key, urns]) => [key, [...urns].sort()] as const).sort(byKey));
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
