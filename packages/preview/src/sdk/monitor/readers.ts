import type { Alias, Registration } from "../../record/registration.ts";
import type {
  AliasMessage,
  ReadResourceRequest,
  RegisterResourceRequest,
  TimeoutsMessage,
} from "../modules/modules.ts";
import type { HintsOf } from "../hooks/origins.ts";

/** The resource that a request registers. */
export function readRegistration(request: RegisterResourceRequest, hints: HintsOf): Registration {
  const wire = request.getObject()?.toJavaScript() ?? {};
  const registration: Registration = {
    ...readSource(request, hints, wire),
    custom: request.getCustom(),
    remote: request.getRemote(),
    propertyDependencies: Array.from(request.getPropertydependenciesMap().entries(), ([key, value]) => [
      key,
      value.getUrnsList(),
    ]),
    deletedWith: request.getDeletedwith(),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    aliases: [...request.getAliasurnsList(), ...request.getAliasesList().map(readAlias)],
    customTimeouts: readTimeouts(request.getCustomtimeouts()),
    envVarMappings: Object.fromEntries(request.getEnvvarmappingsMap?.().entries() ?? []),
  };
  // Releases whose `protect` and `retainOnDelete` cannot be absent say false for both.
  if (request.hasProtect?.() ?? request.getProtect()) registration.protect = request.getProtect();
  if (request.hasRetainondelete?.() ?? request.getRetainondelete())
    registration.retainOnDelete = request.getRetainondelete();
  if (request.getDeletebeforereplacedefined()) registration.deleteBeforeReplace = request.getDeletebeforereplace();
  return registration;
}

type Source = Pick<
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
>;

/** The fields that registrations and reads share. */
export function readSource(
  request: RegisterResourceRequest | ReadResourceRequest,
  hints: HintsOf,
  wire: Registration["inputs"],
): Source {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: request.getParent(),
    inputs: wire,
    hints: hints.get(wire) ?? {},
    provider: request.getProvider(),
    dependencies: request.getDependenciesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    version: request.getVersion(),
    pluginDownloadUrl: request.getPlugindownloadurl(),
    packageRef: request.getPackageref?.() ?? "",
  };
}

export function readAlias(alias: AliasMessage): Alias {
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

export function readTimeouts(timeouts: TimeoutsMessage | undefined): Registration["customTimeouts"] {
  const all = {
    create: timeouts?.getCreate(),
    update: timeouts?.getUpdate(),
    delete: timeouts?.getDelete(),
    read: timeouts?.getRead?.(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value));
}
