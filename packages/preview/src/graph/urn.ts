/** The type of a stack's root resource, which the types of its children do not carry in their URNs. */
export const rootStackType = "pulumi:pulumi:Stack";

/** The URN that the engine gives to a resource. */
export function makeUrn(stack: string, project: string, parent: string | null, type: string, name: string): string {
  const parentType = parent === null ? "" : qualifiedType(parent);
  const prefix = parentType === "" || parentType === rootStackType ? "" : `${parentType}$`;
  return `urn:pulumi:${stack}::${project}::${prefix}${type}::${name}`;
}

/** A URN's types from the outermost parent to the resource itself, joined by "$". */
export function qualifiedType(urn: string): string {
  return urn.split("::", 3)[2] ?? "";
}

/** A URN's last part. Names may contain "::". */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The package that a type token belongs to: "kubernetes" of "kubernetes:apps/v1:Deployment". */
export function packageOf(type: string): string {
  return type.slice(0, type.indexOf(":"));
}

export const providerTypePrefix = "pulumi:providers:";
