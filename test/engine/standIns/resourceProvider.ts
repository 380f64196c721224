import { createRequire } from "node:module";
import * as grpc from "@grpc/grpc-js";
import {
  answering,
  Any,
  Empty,
  isObject,
  type Message,
  plain,
  protocol,
  secretSignature,
  serve,
  signatureKey,
  Struct,
  type StructMessage,
  type WireObject,
  type WireValue,
} from "./plugin.ts";
import { call, construct } from "./remoteComponent.ts";

/** A resource as the engine names it. */
export interface Subject {
  urn: string;
  type: string;
  name: string;
}

/** A change of one property. */
export interface Change {
  kind: "add" | "delete" | "update";
  replaces: boolean;
}

export interface Difference {
  /** By property path. */
  changes: Record<string, Change>;
  deleteBeforeReplace?: boolean;
}

/** What a stand-in provider does. Inputs and states are plain; secrets keep their mark without its help. */
export interface ResourceProvider {
  configure?(config: WireObject): void;
  /** Gives the inputs with what is made up, or says what is wrong with them. */
  check(
    subject: Subject,
    inputs: WireObject,
    old: WireObject | undefined,
    seed: string,
  ): Promise<WireObject | string[]>;
  diff(subject: Subject, id: string, oldInputs: WireObject, inputs: WireObject, state: WireObject): Promise<Difference>;
  create(subject: Subject, inputs: WireObject, options: OperationOptions): Promise<{ id: string; state: WireObject }>;
  update(
    subject: Subject,
    id: string,
    inputs: WireObject,
    state: WireObject,
    options: OperationOptions,
  ): Promise<WireObject>;
  read(
    subject: Subject,
    id: string,
    inputs: WireObject,
    state: WireObject,
  ): Promise<{ inputs: WireObject; state: WireObject } | undefined>;
  remove(subject: Subject, id: string, state: WireObject, options: OperationOptions): Promise<void>;
  invoke(token: string, args: WireObject): Promise<WireObject>;
  cancel?(): void;
}

export interface OperationOptions {
  preview: boolean;
  /** Seconds, or 0 for the provider's own. */
  timeout: number;
}

/** An object is there, and not as it should be: the engine keeps it, and the next update takes it up. */
export class InitializationError extends Error {
  readonly id: string;
  readonly state: WireObject;

  constructor(message: string, id: string, state: WireObject) {
    super(message);
    this.id = id;
    this.state = state;
  }
}

interface Request {
  getUrn(): string;
  getType(): string;
  getName(): string;
  getId(): string;
  getNews(): StructMessage | undefined;
  getOlds(): StructMessage | undefined;
  getOldInputs(): StructMessage | undefined;
  getProperties(): StructMessage | undefined;
  getInputs(): StructMessage | undefined;
  getArgs(): StructMessage | undefined;
  getRandomseed_asB64(): string;
  getPreview(): boolean;
  getTimeout(): number;
  getTok(): string;
}

type Setters<Names extends string> = Record<`set${Names}`, (value: unknown) => void>;

const messages = protocol("provider_pb") as {
  ProviderHandshakeResponse: new () => Message & Setters<"AcceptSecrets">;
  ConfigureResponse: new () => Message & Setters<"Acceptsecrets" | "Supportspreview">;
  CheckResponse: new () => Message & Setters<"Inputs" | "FailuresList">;
  CheckFailure: new () => Message & Setters<"Reason">;
  DiffResponse: DiffResponseClass;
  PropertyDiff: (new () => Message & Setters<"Kind" | "Inputdiff">) & { Kind: Record<string, number> };
  CreateResponse: new () => Message & Setters<"Id" | "Properties">;
  UpdateResponse: new () => Message & Setters<"Properties">;
  ReadResponse: new () => Message & Setters<"Id" | "Properties" | "Inputs">;
  InvokeResponse: new () => Message & Setters<"Return">;
  ErrorResourceInitFailed: new () => Message & Setters<"Id" | "Properties" | "ReasonsList" | "Inputs">;
};
type DiffResponseClass = (new () => Message &
  Setters<"Changes" | "ReplacesList" | "DiffsList" | "Deletebeforereplace" | "Hasdetaileddiff"> & {
    getDetaileddiffMap(): { set(key: string, value: Message): void };
  }) & { DiffChanges: Record<"DIFF_NONE" | "DIFF_SOME", number> };
const { PluginInfo } = protocol("plugin_pb") as { PluginInfo: new () => Message & Setters<"Version"> };
const { Status } = protocol("status_pb") as { Status: new () => Message & Setters<"Code" | "Message" | "DetailsList"> };
const { ResourceProviderService } = protocol("provider_grpc_pb") as { ResourceProviderService: grpc.ServiceDefinition };

/** Serves a package's provider to the engine, which expects the version of the package that the program uses. */
export async function serveProvider(packageName: string, provider: ResourceProvider): Promise<void> {
  const version = versionOf(packageName);
  await serve([
    [
      ResourceProviderService,
      {
        handshake: answering(() => set(new messages.ProviderHandshakeResponse(), { AcceptSecrets: true })),
        getPluginInfo: answering(() => set(new PluginInfo(), { Version: version })),
        checkConfig: answering((request: Request) =>
          set(new messages.CheckResponse(), { Inputs: request.getNews() ?? Struct.fromJavaScript({}) }),
        ),
        diffConfig: answering(() =>
          set(new messages.DiffResponse(), { Changes: messages.DiffResponse.DiffChanges.DIFF_NONE }),
        ),
        configure: answering((request: Request) => {
          provider.configure?.(read(request.getArgs()));
          return set(new messages.ConfigureResponse(), { Acceptsecrets: true, Supportspreview: true });
        }),
        check: answering((request: Request) => check(provider, request)),
        diff: answering((request: Request) => diff(provider, request)),
        create: answering((request: Request) => create(provider, request)),
        update: answering((request: Request) => update(provider, request)),
        read: answering((request: Request) => readResource(provider, request)),
        delete: answering(async (request: Request) => {
          await provider.remove(subject(request), request.getId(), read(request.getProperties()), options(request));
          return new Empty();
        }),
        invoke: answering(async (request: Request) =>
          set(new messages.InvokeResponse(), {
            Return: Struct.fromJavaScript(await provider.invoke(request.getTok(), read(request.getArgs()))),
          }),
        ),
        construct: answering(construct),
        call: answering(call),
        cancel: answering(() => {
          provider.cancel?.();
          return new Empty();
        }),
      },
    ],
  ]);
}

/** A package that only tests know has no version but this one. */
function versionOf(packageName: string): string {
  if (packageName === "test") return "1.0.0";
  return (createRequire(import.meta.url)(`@pulumi/${packageName}/package.json`) as { version: string }).version;
}

async function check(provider: ResourceProvider, request: Request): Promise<Message> {
  const olds = request.getOlds();
  const news = raw(request.getNews());
  const checked = await provider.check(
    subject(request),
    plain(news) as WireObject,
    olds && read(olds),
    request.getRandomseed_asB64(),
  );
  if (Array.isArray(checked)) {
    const failures = checked.map((reason) => set(new messages.CheckFailure(), { Reason: reason }));
    return set(new messages.CheckResponse(), { Inputs: Struct.fromJavaScript(news), FailuresList: failures });
  }
  return set(new messages.CheckResponse(), {
    Inputs: Struct.fromJavaScript(withSecretsOf(news, checked) as WireObject),
  });
}

async function diff(provider: ResourceProvider, request: Request): Promise<Message> {
  const { changes, deleteBeforeReplace = false } = await provider.diff(
    subject(request),
    request.getId(),
    read(request.getOldInputs()),
    read(request.getNews()),
    read(request.getOlds()),
  );
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const entries = Object.entries(changes);
  const response = new messages.DiffResponse();
  set(response, {
    Changes: entries.length === 0 ? DIFF_NONE : DIFF_SOME,
    ReplacesList: entries.filter(([, { replaces }]) => replaces).map(([path]) => path),
    DiffsList: [...new Set(entries.map(([path]) => path.split(/[.[]/)[0]))],
    Deletebeforereplace: deleteBeforeReplace,
    Hasdetaileddiff: true,
  });
  for (const [path, { kind, replaces }] of entries) {
    const Kind = messages.PropertyDiff.Kind[`${kind.toUpperCase()}${replaces ? "_REPLACE" : ""}`];
    response.getDetaileddiffMap().set(path, set(new messages.PropertyDiff(), { Kind, Inputdiff: true }));
  }
  return response;
}

async function create(provider: ResourceProvider, request: Request): Promise<Message> {
  const inputs = raw(request.getProperties());
  const { id, state } = await keepingSecrets(inputs, () =>
    provider.create(subject(request), plain(inputs) as WireObject, options(request)),
  );
  return set(new messages.CreateResponse(), { Id: id, Properties: properties(inputs, state) });
}

async function update(provider: ResourceProvider, request: Request): Promise<Message> {
  const inputs = raw(request.getNews());
  const state = await keepingSecrets(inputs, () =>
    provider.update(
      subject(request),
      request.getId(),
      plain(inputs) as WireObject,
      read(request.getOlds()),
      options(request),
    ),
  );
  return set(new messages.UpdateResponse(), { Properties: properties(inputs, state) });
}

async function readResource(provider: ResourceProvider, request: Request): Promise<Message> {
  const inputs = raw(request.getInputs());
  const id = request.getId();
  const found = await provider.read(subject(request), id, plain(inputs) as WireObject, read(request.getProperties()));
  const response = new messages.ReadResponse();
  if (found === undefined) return response;
  return set(response, {
    Id: id,
    Properties: properties(inputs, found.state),
    Inputs: Struct.fromJavaScript(withSecretsOf(inputs, found.inputs) as WireObject),
  });
}

/** Tells the engine of a resource that is there but not ready, in the form that it keeps. */
async function keepingSecrets<Result>(inputs: WireObject, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InitializationError)) throw error;
    const failed = set(new messages.ErrorResourceInitFailed(), {
      Id: error.id,
      Properties: properties(inputs, error.state),
      Inputs: Struct.fromJavaScript(inputs),
      ReasonsList: [error.message],
    });
    const detail = new Any();
    detail.pack(failed.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = set(new Status(), { Code: grpc.status.UNKNOWN, Message: error.message, DetailsList: [detail] });
    const metadata = new grpc.Metadata();
    metadata.set("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    throw Object.assign(new Error(error.message), { code: grpc.status.UNKNOWN, details: error.message, metadata });
  }
}

function subject(request: Request): Subject {
  const urn = request.getUrn();
  const [, , types = "", name = ""] = urn.split("::");
  return { urn, type: request.getType() || (types.split("$").at(-1) ?? ""), name: request.getName() || name };
}

function options(request: Request): OperationOptions {
  return { preview: "getPreview" in request && request.getPreview(), timeout: request.getTimeout() };
}

function raw(struct: StructMessage | undefined): WireObject {
  return struct?.toJavaScript() ?? {};
}

function read(struct: StructMessage | undefined): WireObject {
  return plain(raw(struct)) as WireObject;
}

function properties(inputs: WireObject, state: WireObject): StructMessage {
  return Struct.fromJavaScript(withSecretsOf(inputs, state) as WireObject);
}

/** A value with the marks that the secrets among the inputs have. */
function withSecretsOf(inputs: WireValue | undefined, value: WireValue): WireValue {
  if (isObject(inputs) && inputs[signatureKey] === secretSignature)
    return { [signatureKey]: secretSignature, value: value };
  if (isObject(inputs) && isObject(value) && inputs[signatureKey] === undefined)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withSecretsOf(inputs[key], inner)]));
  if (Array.isArray(inputs) && Array.isArray(value))
    return value.map((inner, index) => withSecretsOf(inputs[index], inner));
  return value;
}

/** Sets a message's fields. */
function set<Target extends Message>(message: Target, fields: Record<string, unknown>): Target {
  for (const [field, value] of Object.entries(fields)) {
    const setter = (message as unknown as Record<string, (value: unknown) => void>)[`set${field}`];
    if (setter === undefined) throw new Error(`the message has no field ${field}`);
    setter.call(message, value);
  }
  return message;
}
