import type { Resource, ResourceOptions } from "../graph/graph.ts";
import { makeUrn, packageOf, providerTypePrefix, qualifiedType } from "../graph/urn.ts";
import type { Alias, Registration } from "./registration.ts";

/** The stack that relative aliases are in. */
interface Place {
  stack: string;
  project: string;
}

/** Options that a resource inherits from its parent, as transforms see them and may remove them. */
export function inherit(registration: Registration, parent: Resource | undefined): Registration {
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

/** Options as the engine keeps them. */
export function resourceOptions(registration: Registration, place: Place): ResourceOptions {
  const { protect, retainOnDelete, deletedWith } = registration;
  const options: ResourceOptions = {};
  if (protect !== undefined) options.protect = protect;
  if (registration.aliases.length > 0) {
    options.aliases = registration.aliases.map((alias) => aliasUrn(alias, registration, place));
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

function aliasUrn(alias: Alias, { type, name, parent }: Registration, { stack, project }: Place): string {
  if (typeof alias === "string") return alias;
  const aliasParent = alias.noParent ? null : alias.parent || parent || null;
  return makeUrn(alias.stack || stack, alias.project || project, aliasParent, alias.type || type, alias.name || name);
}
