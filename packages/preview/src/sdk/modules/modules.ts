/**
 * The SDK's modules, as far as they are used: its messages by its own declarations, the rest as its sources have it.
 * Members that a release after the oldest supported one added are optional.
 */
import type { Alias } from "@pulumi/pulumi/proto/alias_pb.js";
import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import type { CallResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import type * as messages from "@pulumi/pulumi/proto/resource_pb.js";
import type { WireObject } from "../../record/wire.ts";

/** A protobuf Struct, from the copy of google-protobuf that the SDK uses. */
export type Struct = NonNullable<ReturnType<messages.ReadResourceRequest["getProperties"]>>;

/** A message some of whose methods older releases lack. */
type Since<Message, Methods extends keyof Message> = Omit<Message, Methods> & Partial<Pick<Message, Methods>>;

export type RegisterResourceRequest = Since<
  messages.RegisterResourceRequest,
  | "hasProtect"
  | "hasRetainondelete"
  | "getPackageref"
  | "getTransformsList"
  | "getEnvvarmappingsMap"
  | "getHooks"
  | "getReplaceWithList"
  | "getHidediffsList"
  | "getReplacementTrigger"
>;
export type TransformResourceOptions = Since<
  messages.TransformResourceOptions,
  | "hasProtect"
  | "hasRetainOnDelete"
  | "hasDeleteBeforeReplace"
  | "setImport"
  | "setHooks"
  | "setReplaceWithList"
  | "setHideDiffList"
  | "setReplacementTrigger"
>;
export type RegisterResourceOutputsRequest = messages.RegisterResourceOutputsRequest;
export type ReadResourceRequest = Since<messages.ReadResourceRequest, "getPackageref">;
export type InvokeRequest = Since<messages.ResourceInvokeRequest, "getDependsonList" | "getPackageref">;
export type TransformResponse = messages.TransformResponse;
export type TransformInvokeResponse = messages.TransformInvokeResponse;
export type AliasMessage = Alias;
export type TimeoutsMessage = Since<messages.RegisterResourceRequest.CustomTimeouts, "getRead">;
export type RegisterPackageRequest = messages.RegisterPackageRequest;

export interface OutputLike {
  promise(withUnknowns?: boolean): Promise<unknown>;
}
export interface ResourceLike {
  urn: OutputLike;
  id?: OutputLike;
  __name?: string;
  __pulumiType?: string;
}
export type Apply<Value> = (run: (value: Value) => unknown, runWithUnknowns: boolean) => OutputLike;
export interface OutputClass {
  new (
    resources: ResourceLike[],
    promise: Promise<unknown>,
    isKnown: Promise<boolean>,
    isSecret: Promise<boolean>,
    allResources: Promise<ResourceLike[]>,
  ): OutputLike;
  isInstance(value: unknown): value is OutputLike;
}
export interface OutputModule {
  Output: OutputClass;
  secret: (value: unknown) => OutputLike;
  output: (value: unknown) => { apply: Apply<unknown> };
  all: (values: unknown[]) => { apply: Apply<unknown[]> };
  isUnknown: (value: unknown) => boolean;
  getAllResources: (output: OutputLike) => Promise<Iterable<ResourceLike>>;
  unknown: unknown;
}
export type Serialize = (label: string, properties: Record<string, unknown>, options?: unknown) => Promise<unknown>;
export interface RpcModule {
  serializeResourceProperties: Serialize;
  serializeProperties: Serialize;
}
export interface PendingRegistration {
  label: string;
  type?: string;
  name?: string;
  phase?: string;
  inputProperty?: string;
}
export interface Store {
  callbacks: CallbackServer | undefined;
  pendingResourceRegistrations?: Map<unknown, PendingRegistration>;
  logErrorCount: number;
}
export interface CallbackServer {
  _callbacks: Map<string, (request: Uint8Array) => Promise<unknown>>;
}
export interface SettingsModule {
  setMockOptions: (monitor: object, project: string, stack: string, preview: boolean, organization: string) => void;
  rpcKeepAlive: () => () => void;
}
export interface LogModule {
  debug: (message: string) => Promise<void>;
  info: (message: string, resource?: ResourceLike) => Promise<void>;
  warn: (message: string, resource?: ResourceLike) => Promise<void>;
  error: (message: string, resource?: ResourceLike) => Promise<void>;
}
export interface ConfigPrototype {
  fullKey: (key: string) => string;
  getImpl: (key: string, options?: unknown) => string | undefined;
  [getter: string]: (key: string, ...rest: unknown[]) => unknown;
}
export interface InvokeModule {
  invoke: (token: string, ...rest: unknown[]) => Promise<Record<string, unknown> | undefined>;
  call?: (token: string, properties: unknown, resource?: ResourceLike, ...rest: unknown[]) => OutputLike;
  callSingle?: InvokeModule["call"];
}
export interface DebuggableModule {
  debuggablePromise: <T>(promise: Promise<T>) => Promise<T>;
}
export interface ResourceModule {
  Resource: { stackTrace?: () => unknown[]; sourcePosition?: () => undefined };
}
export interface RuntimeResourceModule {
  registerResourceOutputs: (resource: ResourceLike, outputs: unknown) => void;
}
export interface SdkModules {
  config: { Config: { prototype: ConfigPrototype } };
  errors: { RunError: new (message: string) => Error };
  log: LogModule;
  output: OutputModule;
  resource: ResourceModule;
  stackReference: { StackReference: { prototype: Record<string, unknown> } };
  "proto/resource_grpc_pb": { ResourceMonitorService: MonitorService };
  "proto/resource_pb": ResourceProto;
  "runtime/callbacks": { CallbackServer: { prototype: object } };
  "runtime/debuggable": DebuggableModule;
  "runtime/invoke": InvokeModule;
  "runtime/resource": RuntimeResourceModule;
  "runtime/rpc": RpcModule;
  "runtime/settings": SettingsModule;
  "runtime/state": { getStore: () => Store };
}
export type Reply = (error: { code: number; message: string; details: string } | null, response?: object) => void;

export type ResourceProto = typeof messages;

/** One RPC of the engine's monitor, as the SDK's own client knows it. */
interface Method<Response> {
  responseType: new () => Response;
}
export interface MonitorService {
  getDeploymentInfo: Method<messages.DeploymentInfo>;
  supportsFeature: Method<messages.SupportsFeatureResponse>;
  registerResource: Method<messages.RegisterResourceResponse>;
  registerResourceOutputs: Method<object>;
  readResource: Method<messages.ReadResourceResponse>;
  invoke: Method<Since<messages.ResourceInvokeResponse, "setUnknown">>;
  call: Method<CallResponse>;
  existsResource: Method<messages.ExistsResourceResponse>;
  registerPackage: Method<messages.RegisterPackageResponse>;
}

/** Classes of google-protobuf, from the copy that the SDK uses. */
export interface StructClass {
  new (): Struct;
  fromJavaScript: (value: WireObject) => Struct;
}
export type { Callback };
