import { checkName, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** A ConfigMap or a Secret, each of whose keys becomes a variable. Exactly one of the two is given. */
export interface EnvironmentSourceArgs {
  /**
   * Name of the ConfigMap.
   * @default none
   */
  configMap?: Input<string>;
  /**
   * Name of the Secret.
   * @default none
   */
  secret?: Input<string>;
  /**
   * Text before each variable's name.
   * @default none
   */
  prefix?: string;
}

/** Checks sources that name no object or two, and prefixes that no variable can have. */
export function checkEnvironmentSources(subject: string, sources: EnvironmentSourceArgs[] = []): Problem[] {
  return sources.flatMap(({ configMap, secret, prefix }, index) => [
    ...((configMap === undefined) === (secret === undefined)
      ? [
          {
            subject: `${subject}[${index}]`,
            message: "a source of variables is one object",
            value: configMap === undefined ? "none" : "configMap and secret",
            expected: "configMap or secret",
          },
        ]
      : []),
    ...[configMap, secret].flatMap((name) =>
      typeof name === "string" ? checkName("kubernetes:Object", name, `${subject}[${index}]`) : [],
    ),
    ...(prefix === undefined || /^[A-Za-z_][A-Za-z0-9_]*$/.test(prefix)
      ? []
      : [
          {
            subject: `${subject}[${index}].prefix`,
            message: "not the beginning of a variable's name",
            value: prefix,
            expected: "letters, digits and underscores; not a digit first",
          },
        ]),
  ]);
}

/** Sources as the API server takes them. */
export function environmentSources(sources: EnvironmentSourceArgs[] = []): k8s.core.v1.EnvFromSource[] | undefined {
  if (sources.length === 0) return undefined;
  return sources.map(({ configMap, secret, prefix }) => ({
    ...(prefix !== undefined && { prefix }),
    ...(configMap === undefined ? { secretRef: { name: secret } } : { configMapRef: { name: configMap } }),
  }));
}
