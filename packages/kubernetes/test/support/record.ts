import type * as k8s from "@pulumi/kubernetes/types/output.js";
import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";

/** A resource as the program registered it. */
export interface RecordedResource {
  /** Type token: `kubernetes:apps/v1:Deployment`. */
  type: string;
  name: string;
  /** Name of the resource it is a child of. */
  parent: string | undefined;
  /** Inputs; what is secret or not yet known stands as `secret(value)` or `unknown`. */
  inputs: Record<string, unknown>;
  /** Names of the resources that must be there first, in alphabetical order. */
  dependencies: string[];
  /** Names of the hooks that run when the resource cannot be made. */
  errorHooks: string[];
  customTimeouts: { create: string; update: string; delete: string };
  /** Whether it can be neither deleted nor replaced. */
  protect: boolean;
  /** Inputs whose changes are not applied. */
  ignoreChanges: string[];
  /** Whether a replacement is made only once the old one is gone. */
  deleteBeforeReplace: boolean;
  /** Whether it stays when the program drops it. */
  retainOnDelete: boolean;
}

/** An object of a kind that the SDK does not know. */
interface CustomObject {
  metadata: k8s.meta.v1.ObjectMeta;
  spec: Record<string, unknown>;
}

/** The kinds that components make, as the API server would give them back. */
interface Objects {
  ConfigMap: k8s.core.v1.ConfigMap;
  CronJob: k8s.batch.v1.CronJob;
  Deployment: k8s.apps.v1.Deployment;
  ExternalSecret: CustomObject;
  HorizontalPodAutoscaler: k8s.autoscaling.v2.HorizontalPodAutoscaler;
  Job: k8s.batch.v1.Job;
  Namespace: k8s.core.v1.Namespace;
  NetworkPolicy: k8s.networking.v1.NetworkPolicy;
  PodDisruptionBudget: k8s.policy.v1.PodDisruptionBudget;
  Secret: k8s.core.v1.Secret;
  Service: k8s.core.v1.Service;
  Role: k8s.rbac.v1.Role;
  RoleBinding: k8s.rbac.v1.RoleBinding;
  ServiceAccount: k8s.core.v1.ServiceAccount;
  ServiceMonitor: CustomObject;
  StatefulSet: k8s.apps.v1.StatefulSet;
}

/** What a program declared. */
export class Recording {
  public readonly resources: RecordedResource[];

  constructor(resources: RecordedResource[]) {
    this.resources = resources;
  }

  /** Names of the resources of a type, in the order of the alphabet. */
  names(type: string): string[] {
    return this.ofType(type)
      .map(({ name }) => name)
      .sort();
  }

  /** Type and name of every resource and the name of its parent, in alphabetical order. */
  family(): string[] {
    return this.resources.map(({ type, name, parent }) => `${parent ? `${parent} > ` : ""}${type} ${name}`).sort();
  }

  ofType(type: string): RecordedResource[] {
    return this.resources.filter((one) => one.type === type);
  }

  /** The one resource of a type with this name. */
  resource(type: string, name: string): RecordedResource {
    const found = this.ofType(type).filter((one) => one.name === name);
    const [only] = found;
    if (!only || found.length > 1)
      throw new Error(`${found.length} resources ${type} ${name} among ${this.names(type).join(", ")}`);
    return only;
  }

  /** The one Kubernetes object of a kind with this name in the cluster, as it would be sent there. */
  object<Kind extends keyof Objects>(kind: Kind, name: string): Objects[Kind] {
    const objects = this.resources.filter(({ inputs }) => inputs.kind === kind);
    const found = objects.filter(({ inputs }) => (inputs.metadata as { name?: unknown }).name === name);
    const [only] = found;
    if (!only || found.length > 1) {
      const names = objects.map(({ inputs }) => String((inputs.metadata as { name?: unknown }).name));
      throw new Error(`${found.length} objects ${kind} ${name} among ${names.join(", ")}`);
    }
    return only.inputs as unknown as Objects[Kind];
  }

  /** Kind and name of every Kubernetes object, in alphabetical order. */
  objects(): string[] {
    return this.resources
      .filter(({ type }) => type.startsWith("kubernetes:"))
      .map(({ inputs }) => `${String(inputs.kind)} ${String((inputs.metadata as { name?: unknown }).name)}`)
      .sort();
  }
}

/** How a secret stands in recorded inputs. */
export const secret = (value: unknown): { $secret: unknown } => ({ $secret: value });

/** How a value that only a deployment can tell stands in recorded inputs. */
export const unknown = "$unknown";

/** A resource with an output that only its provider could tell. */
export class Later extends pulumi.CustomResource {
  declare public readonly value: pulumi.Output<string>;

  constructor(name: string) {
    super("test:index:Later", name, { value: undefined });
  }
}

export interface RecordOptions {
  /** Name of the project. */
  project?: string;
  /** Name of the stack. */
  stack?: string;
  /** Whether values that only a cloud could tell are unknown. */
  preview?: boolean;
  /** Whether the monitor knows hooks that run on an error, as an engine does and the SDK's own mocks do not. */
  errorHooks?: boolean;
  /** What a provider computes of a resource, beside its inputs. */
  computed?: (resource: pulumi.runtime.MockResourceArgs) => Record<string, unknown>;
  /** What a function of a provider answers. */
  call?: (call: pulumi.runtime.MockCallArgs) => Record<string, unknown>;
}

/**
 * Runs a program against the SDK's mocks and gives back what it declared.
 * @throws The program's error, whether thrown, rejected by an Output or by a registration; all of them if they differ.
 */
export async function record(program: () => unknown, options: RecordOptions = {}): Promise<Recording> {
  const { recording, errors } = await run(program, options);
  if (errors.length === 1) throw errors[0] as Error;
  if (errors.length > 1) throw new AggregateError(errors, errors.map(String).join("\n"));
  return recording;
}

/** The message of the one error that a program must fail with. */
export async function refusal(program: () => unknown, options: RecordOptions = {}): Promise<string> {
  return (await refused(program, options)).message;
}

/** The message of the one error that a program must fail with, and what it declared all the same. */
export async function refused(
  program: () => unknown,
  options: RecordOptions = {},
): Promise<{ message: string; recording: Recording }> {
  const { recording, errors } = await run(program, options);
  const [only] = errors;
  if (errors.length !== 1 || !pulumi.RunError.isInstance(only))
    throw new Error(`not one error for the user but ${errors.length}: ${errors.map(String).join("\n")}`);
  return { message: only.message, recording };
}

async function run(program: () => unknown, options: RecordOptions) {
  const { project = "project", stack = "stack", preview = false, errorHooks = true } = options;
  const { computed = () => ({}), call = () => ({}) } = options;
  const errors = new Set<unknown>();
  const restore = catchRejections((error) => errors.add(error));
  const registrations: RecordedResource[] = [];
  const newResource = (resource: pulumi.runtime.MockResourceArgs) => answer(resource, computed(resource));
  await pulumi.runtime.setMocks({ call, newResource }, project, stack, preview);
  observe((resource) => registrations.push(resource));
  if (errorHooks) acceptErrorHooks();
  try {
    await program();
  } catch (error) {
    errors.add(error);
  }
  await drained(() => registrations.length + errors.size);
  restore();
  return { recording: new Recording(registrations), errors: [...errors] };
}

// What the provider of random values would answer, which nothing else here has.
function answer(
  { type, name, inputs }: pulumi.runtime.MockResourceArgs,
  computed: Record<string, unknown>,
): pulumi.runtime.MockResourceResult {
  const state = inputs as Record<string, unknown>;
  const result = type.startsWith("random:") ? { result: pulumi.secret(`generated-${name}`) } : {};
  return { id: `${name}-id`, state: { ...state, ...result, ...computed } };
}

/** The test runner would take the rejections of a program that is meant to fail for failures of its own. */
function catchRejections(listener: (error: unknown) => void): () => void {
  const own = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", listener);
  return () => {
    process.off("unhandledRejection", listener);
    for (const one of own) process.on("unhandledRejection", one);
  };
}

type Callback = (error: Error | null, response?: unknown) => void;

/** The members of the SDK's mock monitor that are observed or that it lacks. */
interface Monitor {
  registerResource(request: RegisterResourceRequest, callback: Callback): void;
  registerErrorHook(request: unknown, callback: Callback): void;
}

/** The mocks are not told of parents and dependencies; the request to the monitor has them. */
function observe(listener: (resource: RecordedResource) => void): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const timeouts = request.getCustomtimeouts();
    listener({
      type: request.getType(),
      name: request.getName(),
      parent: nameOf(request.getParent()),
      inputs: decoded(request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
      dependencies: [...new Set(request.getDependenciesList().flatMap((urn) => nameOf(urn) ?? []))].sort(),
      errorHooks: request.getHooks()?.getOnErrorList() ?? [],
      protect: request.getProtect() ?? false,
      ignoreChanges: request.getIgnorechangesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      retainOnDelete: request.getRetainondelete() ?? false,
      customTimeouts: {
        create: timeouts?.getCreate() ?? "",
        update: timeouts?.getUpdate() ?? "",
        delete: timeouts?.getDelete() ?? "",
      },
    });
    register(request, callback);
  };
}

function acceptErrorHooks(): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
  monitor.registerErrorHook = (_, callback) => {
    callback(null);
  };
}

function nameOf(urn: string): string | undefined {
  return urn.split("::").at(3);
}

const { specialSigKey, specialSecretSig, unknownValue } = pulumi.runtime;

function decoded(value: unknown): unknown {
  if (value === unknownValue) return unknown;
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  if (members[specialSigKey] === specialSecretSig) return secret(decoded(members.value));
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, decoded(member)]));
}

/** Registrations made inside `apply` come after those before them have ended, so the end is when nothing more comes. */
async function drained(activity: () => number): Promise<void> {
  let before: number;
  do {
    before = activity();
    await pulumi.runtime.disconnect();
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  } while (activity() !== before);
}
