/** The provider for Kubernetes, in place of Pulumi's own: talks to the API server by server-side apply. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { KubernetesApi, KubernetesError, type KubernetesObject, type Reference } from "../cluster/kubernetesApi.ts";
import { changes, isUnknown, restrict } from "./changes.ts";
import { containsUnknown, isObject, unknown, type WireObject, type WireValue } from "./plugin.ts";
import { readiness } from "./readiness.ts";
import {
  type Change,
  type Difference,
  InitializationError,
  type OperationOptions,
  type ResourceProvider,
  serveProvider,
  type Subject,
} from "./resourceProvider.ts";

const fieldManager = "pulumi-kubernetes";
/** Pulumi's own waits as long by default. */
const defaultTimeout = Number(process.env.GATEHOUSE_WAIT_SECONDS ?? 600);
const cancelled = new AbortController();
let kubeconfig: string | undefined;
let connection: KubernetesApi | undefined;

function api(): KubernetesApi {
  connection ??= new KubernetesApi(kubeconfig ?? readFileSync(process.env.KUBECONFIG ?? "", "utf8"));
  return connection;
}

/** Fields whose change makes another object: those that the API server or Pulumi's own provider treats as fixed. */
const fixedFields: Record<string, string[]> = {
  ConfigMap: ["data", "binaryData"],
  Secret: ["data", "stringData", "type"],
  Service: ["spec.clusterIP"],
  PersistentVolumeClaim: ["spec"],
  Deployment: ["spec.selector"],
  DaemonSet: ["spec.selector"],
  StatefulSet: ["spec.selector", "spec.serviceName", "spec.podManagementPolicy", "spec.volumeClaimTemplates"],
  Job: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  RoleBinding: ["roleRef"],
  ClusterRoleBinding: ["roleRef"],
  StorageClass: ["parameters", "provisioner"],
};
const fixedMetadata = ["metadata.name", "metadata.namespace"];
const replaceUnready = "pulumi.com/replaceUnready";
/** Marks a name that nobody chose, which a replacement need not wait for. */
const autonamed = "pulumi.com/autonamed";

const provider: ResourceProvider = {
  configure(config) {
    if (typeof config.kubeconfig === "string" && !isUnknown(config.kubeconfig)) kubeconfig = config.kubeconfig;
  },

  async check(subject, inputs, old, seed) {
    const named = withName(subject, inputs, old, seed);
    if (containsUnknown(named)) return named;
    // What is there already is judged by the diff, which tells a change that is refused from one that replaces.
    if (old !== undefined) return named;
    const problem = await refusal(named);
    return problem === undefined ? named : [`${title(named)}: ${problem}`];
  },

  async diff(_, id, oldInputs, inputs, state) {
    const wanted = changes(oldInputs, inputs);
    const difference = differenceOf(inputs, wanted);
    const live = await api().get(reference(state, id));
    if (live === undefined || containsUnknown(inputs)) return ordered(oldInputs, inputs, difference);
    const unready = await mustBeReplaced(live, inputs);
    if (unready) difference.changes[`metadata.annotations["${replaceUnready}"]`] = { kind: "update", replaces: true };
    if (Object.values(difference.changes).some(({ replaces }) => replaces))
      return ordered(oldInputs, inputs, difference);
    return ordered(oldInputs, inputs, await dryRunDifference(live, inputs));
  },

  async create(_, inputs, options) {
    if (options.preview) return { id: previewId(inputs), state: previewState(inputs) };
    const created = await applied(inputs);
    return { id: idOf(created), state: await settled(created, options) };
  },

  async update(_, __, inputs, state, options) {
    if (options.preview) return { ...state, ...inputs };
    return settled(await applied(inputs), options);
  },

  async read({ type }, id, inputs, state) {
    const live = await api().get(reference({ ...apiOf(type), ...state, ...inputs }, id));
    if (live === undefined) return undefined;
    return { inputs: await readInputs(live, inputs), state: stateOf(live) };
  },

  async remove(_, id, state, options) {
    try {
      await api().remove(reference(state, id), 1000 * (options.timeout || defaultTimeout));
    } catch (error) {
      // A kind that nobody knows any more has no objects.
      if (!(error instanceof KubernetesError && error.code === 404)) throw error;
    }
  },

  invoke(token) {
    return Promise.reject(new Error(`this stand-in has no function ${token}`));
  },

  cancel() {
    cancelled.abort();
  },
};

function withName({ name }: Subject, inputs: WireObject, old: WireObject | undefined, seed: string): WireObject {
  const metadata = (inputs.metadata ?? {}) as WireObject;
  if (metadata.name !== undefined || metadata.generateName !== undefined) return inputs;
  const oldMetadata = (old?.metadata ?? {}) as WireObject;
  const suffix = createHash("sha256").update(seed).digest("hex").slice(0, 8);
  const annotations = { ...(metadata.annotations as WireObject | undefined), [autonamed]: "true" };
  return { ...inputs, metadata: { ...metadata, annotations, name: oldMetadata.name ?? `${name}-${suffix}` } };
}

/** Why the API server would not take an object, or `undefined`. A preview does without a cluster. */
async function refusal(inputs: WireObject): Promise<string | undefined> {
  if (kubeconfig === undefined && !process.env.KUBECONFIG) return undefined;
  try {
    await api().apply(asObject(inputs), { dryRun: true, fieldManager, force: true });
    return undefined;
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    // Its namespace or its kind comes with the same update.
    return error.code === 404 ? undefined : error.message;
  }
}

function differenceOf(inputs: WireObject, wanted: Record<string, Change["kind"]>): Difference {
  const kind = textOf(inputs.kind);
  const fixed = [...fixedMetadata, ...(fixedFields[kind] ?? [])];
  const isFixed = (path: string) =>
    fixed.some((field) => path === field || (/^[.[]/.test(path.slice(field.length)) && path.startsWith(field)));
  return {
    changes: Object.fromEntries(
      Object.entries(wanted).map(([path, change]) => [path, { kind: change, replaces: isFixed(path) }]),
    ),
  };
}

/** A name that stays can only be given again once it is free. */
function ordered(oldInputs: WireObject, inputs: WireObject, difference: Difference): Difference {
  const before = (oldInputs.metadata ?? {}) as WireObject;
  const after = (inputs.metadata ?? {}) as WireObject;
  const isAutonamed = isObject(after.annotations) && autonamed in after.annotations;
  const keepsName = before.name === after.name && before.namespace === after.namespace;
  return { ...difference, deleteBeforeReplace: keepsName && !isAutonamed };
}

async function mustBeReplaced(live: KubernetesObject, inputs: WireObject): Promise<boolean> {
  const { annotations } = (inputs.metadata ?? {}) as { annotations?: WireObject };
  if (annotations?.[replaceUnready] !== "true") return false;
  const state = await readiness(api(), live);
  return !state.ready;
}

/** What an apply would change of the live object. */
async function dryRunDifference(live: KubernetesObject, inputs: WireObject): Promise<Difference> {
  try {
    const result = await api().apply(asObject(inputs), { dryRun: true, fieldManager, force: true });
    const found = changes(comparable(live), comparable(result));
    return {
      changes: Object.fromEntries(Object.entries(found).map(([path, kind]) => [path, { kind, replaces: false }])),
    };
  } catch (error) {
    if (!(error instanceof KubernetesError)) throw error;
    if (error.code === 422 && error.message.includes("immutable"))
      return { changes: { spec: { kind: "update", replaces: true } } };
    throw new Error(`${title(inputs)}: ${error.message}`, { cause: error });
  }
}

/** An object without what the server keeps about it. */
function comparable({ status, metadata, ...rest }: KubernetesObject): WireObject {
  const { managedFields, resourceVersion, generation, creationTimestamp, uid, ...described } = metadata;
  return { ...rest, metadata: described } as unknown as WireObject;
}

/** An object's inputs as they are in the cluster: as they were, if an apply would change nothing. */
async function readInputs(live: KubernetesObject, inputs: WireObject): Promise<WireObject> {
  if (Object.keys(inputs).length === 0) return comparable(live);
  const { changes: drift } = await dryRunDifference(live, inputs);
  if (Object.keys(drift).length === 0) return inputs;
  return restrict(comparable(live), inputs) as WireObject;
}

async function applied(inputs: WireObject): Promise<KubernetesObject> {
  try {
    return await api().apply(asObject(inputs), { fieldManager, force: true });
  } catch (error) {
    throw new Error(`${title(inputs)}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Waits until an object does what it is for. */
async function settled(object: KubernetesObject, { timeout }: OperationOptions): Promise<WireObject> {
  const end = Date.now() + 1000 * (timeout || defaultTimeout);
  for (let live = object; ; live = (await api().get(object)) ?? live) {
    const state = await readiness(api(), live);
    if (state.ready) return stateOf(live);
    const problem = state.failed
      ? state.message
      : cancelled.signal.aborted
        ? `the wait was cancelled; ${state.message}`
        : Date.now() > end
          ? `not ready in time; ${state.message}`
          : undefined;
    if (problem !== undefined)
      throw new InitializationError(`${title(asWire(live))}: ${problem}`, idOf(live), stateOf(live));
    await delay(100);
  }
}

function stateOf(live: KubernetesObject): WireObject {
  const { managedFields, ...metadata } = live.metadata;
  return asWire({ ...live, metadata });
}

function idOf({ metadata: { name, namespace } }: KubernetesObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function previewId(inputs: WireObject): string {
  const { name, namespace } = inputs.metadata as WireObject;
  return containsUnknown([name ?? null, namespace ?? null]) ? "" : path(namespace, name);
}

/** What is known before the server has made an object. */
function previewState(inputs: WireObject): WireObject {
  return { ...inputs, metadata: { ...(inputs.metadata as WireObject), uid: unknown } };
}

function reference(object: WireObject, id: string): Reference {
  const [name = "", namespace] = id.split("/").reverse();
  return { apiVersion: textOf(object.apiVersion), kind: textOf(object.kind), metadata: { name, namespace } };
}

/** What a type's token says of an object: kubernetes:apps/v1:Deployment. */
function apiOf(type: string): WireObject {
  const [, group = "", kind = ""] = type.split(":");
  return { apiVersion: group.replace(/^core\//, ""), kind };
}

function title({ kind, metadata }: WireObject): string {
  const { name, namespace } = (metadata ?? {}) as WireObject;
  return `${textOf(kind)} ${path(namespace, name)}`;
}

function path(namespace: WireValue | undefined, name: WireValue | undefined): string {
  return namespace === undefined ? textOf(name) : `${textOf(namespace)}/${textOf(name)}`;
}

function textOf(value: WireValue | undefined): string {
  return typeof value === "string" ? value : "";
}

function asObject(inputs: WireObject): KubernetesObject {
  return inputs as unknown as KubernetesObject;
}

function asWire(object: KubernetesObject): WireObject {
  return object as unknown as WireObject;
}

await serveProvider("kubernetes", provider);
