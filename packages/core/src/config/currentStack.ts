import * as pulumi from "@pulumi/pulumi";

/** The stack, project and config of the running program. */
export interface CurrentStack {
  /** The project's name, which is the namespace of keys that were set without one. */
  project: string;
  /** The stack's name. */
  stack: string;
  /** Every config value in clear text, by its full key. */
  values: Record<string, string>;
  /** The full keys whose values are encrypted in the stack's file, as a whole or in a part. */
  secretKeys: string[];
}

/** Reads the settings of the stack that the program runs for. */
export function currentStack(): CurrentStack {
  const values = pulumi.runtime.allConfig();
  return {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    values,
    secretKeys: Object.keys(values).filter(isConfigSecret),
  };
}

/** The SDK exports this function and leaves it out of its types; no public one tells which keys are secret. */
function isConfigSecret(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}
