import type { StackName } from "@gatehouse/core/config";

/** Whether the stack serves a product's users: `prod`, or `prod-west` beside it. */
export function isProduction({ environment }: StackName): boolean {
  return environment === "prod" || environment.startsWith("prod-");
}

/** The namespace of a product's stack: prod has the product's own, so that its objects carry the documented names. */
export function namespaceOf(namespace: string, stack: StackName): string {
  return isProduction(stack) ? namespace : `${namespace}-${stack.environment}`;
}

/** Name in an account or a region: the guide's own for production, else with the environment. */
export function globalName(base: string, isProduction: boolean, environment: string): string {
  return isProduction ? base : `${base}-${environment}`;
}
