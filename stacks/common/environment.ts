import type { StackName } from "@gatehouse/core/config";

/** Whether the stack serves a product's users: `prod`, or `prod-west` beside it. */
export function isProduction({ environment }: StackName): boolean {
  return environment === "prod" || environment.startsWith("prod-");
}

/**
 * Name of what stacks would share: a namespace of the cluster, an alias or a role of the account. Production has the
 * documented name, every other stack its environment behind it.
 */
export function nameIn(stack: StackName, base: string): string {
  return isProduction(stack) ? base : `${base}-${stack.environment}`;
}
