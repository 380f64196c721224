import { checkName, type NameKind, physicalName, throwIfAny } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";

/** How messages call a component: by its name and its class. */
export function describe(name: string, component: object): string {
  return `${name} (${component.constructor.name})`;
}

/**
 * Options of a component's child. What the component depends on, its children depend on, and they have its timeouts:
 * Pulumi hands neither on by itself.
 */
export function childOptions(
  parent: pulumi.ComponentResource,
  opts: pulumi.ComponentResourceOptions | undefined,
  more: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  const inherited = { parent, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts };
  return pulumi.mergeOptions(inherited, more);
}

/**
 * Of a resource that is not to be deleted: Pulumi then says so before it has deleted anything else, where the provider
 * alone would refuse only once its turn comes.
 */
export function protection(deletionProtection: boolean): pulumi.CustomResourceOptions {
  return deletionProtection ? { protect: true } : {};
}

/**
 * The physical name of an object. One that was asked for must be within the service's limits; one that follows from the
 * component's name is shortened to them.
 *
 * @param subject The argument that asks for it.
 * @throws InputError if the service would refuse the name.
 */
export function ownName(kind: NameKind, subject: string, given: string | undefined, fallback: string): string {
  if (given === undefined) return physicalName(kind, fallback);
  throwIfAny(checkName(kind, given).map((problem) => ({ ...problem, subject })));
  return given;
}
