import type {
  Alias,
  ComponentResourceOptions,
  CustomResourceOptions,
  CustomTimeouts,
  InvokeOutputOptions,
  ResourceHookBinding,
} from "@pulumi/pulumi";
import { protocol } from "../standIns/plugin.ts";
import type { PlainRequest } from "./requests.ts";

const { ResourceMonitorFeature } = protocol("resource_pb") as { ResourceMonitorFeature: Record<string, number> };
/** The number by which an engine says that it knows the option stateMigrations. */
export const stateMigrationsFeature = ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS ?? Number.NaN;

/** True for a request in which a use of an option shows. */
type Use = (request: PlainRequest) => boolean;

const has =
  (field: string, ...inner: string[]): Use =>
  (request) =>
    inner.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], request[field]) !==
    undefined;
const named =
  (name: string, field: string, key: string, value: unknown): Use =>
  (request) =>
    request.name === name && (request[field] as Record<string, unknown> | undefined)?.[key] === value;
const among =
  (method: string, use: Use): Use =>
  (request) =>
    request.method === method && use(request);
const registered = (use: Use): Use => among("RegisterResource", use);
const invoked = (use: Use): Use => among("Invoke", use);
const aliased = (field: string): Use =>
  registered((request) =>
    ((request.aliases ?? []) as { spec?: Record<string, unknown> }[]).some(({ spec }) => spec?.[field] !== undefined),
  );

/**
 * Where the use of each option shows in what a program asks for. The types say that none is missing: an option that a
 * new SDK brings does not compile until the program uses it.
 */
export const optionUses = {
  id: among("ReadResource", has("id")),
  parent: registered(has("parent")),
  dependsOn: registered(({ name, dependencies }) => name === "depends-on-one" && dependencies !== undefined),
  protect: registered(has("protect")),
  ignoreChanges: registered(has("ignorechanges")),
  replaceOnChanges: registered(has("replaceonchanges")),
  replacementTrigger: registered(has("replacementtrigger")),
  version: registered(has("version")),
  aliases: registered(has("aliases")),
  provider: registered(has("provider")),
  customTimeouts: registered(has("customtimeouts", "create")),
  transformations: registered(named("transformation", "object", "value", "after")),
  transforms: registered(has("transforms")),
  stateMigrations: registered(has("statemigrations")),
  urn: invoked(({ tok }) => tok === "pulumi:pulumi:getResource"),
  pluginDownloadURL: registered(has("plugindownloadurl")),
  retainOnDelete: registered(has("retainondelete")),
  deletedWith: registered(has("deletedwith")),
  replaceWith: registered(has("replacewith")),
  hooks: registered(has("hooks")),
  hideDiffs: registered(has("hidediffs")),
  envVarMappings: registered(has("envvarmappings")),
  deleteBeforeReplace: registered(has("deletebeforereplace")),
  additionalSecretOutputs: registered(has("additionalsecretoutputs")),
  import: registered(has("importid")),
  providers: registered(has("providers")),
} satisfies Record<keyof CustomResourceOptions | keyof ComponentResourceOptions, Use>;

export const aliasUses = {
  name: aliased("name"),
  type: aliased("type"),
  parent: aliased("noparent"),
  stack: aliased("stack"),
  project: aliased("project"),
} satisfies Record<keyof Alias, Use>;

export const timeoutUses = {
  create: registered(has("customtimeouts", "create")),
  update: registered(has("customtimeouts", "update")),
  delete: registered(has("customtimeouts", "delete")),
  read: registered(has("customtimeouts", "read")),
} satisfies Record<keyof CustomTimeouts, Use>;

export const hookUses = {
  beforeCreate: registered(has("hooks", "beforecreate")),
  afterCreate: registered(has("hooks", "aftercreate")),
  beforeUpdate: registered(has("hooks", "beforeupdate")),
  afterUpdate: registered(has("hooks", "afterupdate")),
  beforeDelete: registered(has("hooks", "beforedelete")),
  afterDelete: registered(has("hooks", "afterdelete")),
  onError: registered(has("hooks", "onerror")),
} satisfies Record<keyof ResourceHookBinding, Use>;

export const invokeUses = {
  /** Gives the parent's provider, and shows in nothing else. */
  parent: invoked(has("provider")),
  provider: invoked(has("provider")),
  version: invoked(has("version")),
  pluginDownloadURL: invoked(has("plugindownloadurl")),
  /** Has had no effect for long: every function is asked asynchronously. */
  async: invoked(() => true),
  dependsOn: invoked(has("dependson")),
} satisfies Record<keyof InvokeOutputOptions, Use>;
