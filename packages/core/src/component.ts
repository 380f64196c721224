import * as pulumi from "@pulumi/pulumi";
import { throwIfAny } from "./errors/problem.ts";
import { checkName, type NameKind, physicalName } from "./values/names.ts";

/** How messages call a component: `shop (Workload)`. */
export function describe(name: string, component: object): string {
  return `${name} (${component.constructor.name})`;
}

/**
 * Options of a component's child, with the component's `dependsOn` and `customTimeouts`: Pulumi does not hand these two
 * down to children.
 *
 * @param opts The options that the component was given.
 * @param more Further options of the child.
 */
export function childOptions(
  parent: pulumi.Resource,
  opts: pulumi.ComponentResourceOptions | undefined,
  more: pulumi.CustomResourceOptions = {},
): pulumi.CustomResourceOptions {
  const inherited = { parent, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts };
  return pulumi.mergeOptions(inherited, more);
}

/**
 * Options of a resource with deletion protection: Pulumi then refuses a deletion before it deletes anything else, where
 * the provider alone would refuse only when its turn comes.
 */
export function protection(deletionProtection: boolean): pulumi.CustomResourceOptions {
  return deletionProtection ? { protect: true } : {};
}

/**
 * The physical name of an object. A name that you ask for must be within the service's limits; a name that follows from
 * the component's is shortened to them.
 *
 * @param subject The argument that asks for the name.
 * @throws InputError if the service does not accept the name.
 */
export function ownName(kind: NameKind, subject: string, given: string | undefined, fallback: string): string {
  if (given === undefined) return physicalName(kind, fallback);
  throwIfAny(checkName(kind, given, subject));
  return given;
}

/**
 * A text that is known only once other resources are in place, so that whoever uses it waits for them too.
 *
 * @param signals Outputs of the resources to wait for.
 */
export function knownAfter(value: pulumi.Input<string>, signals: pulumi.Input<unknown>[]): pulumi.Output<string> {
  return pulumi.all([value, pulumi.all(signals)]).apply(([known]) => known);
}
