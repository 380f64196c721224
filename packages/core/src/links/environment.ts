import type { Input } from "@pulumi/pulumi";
import { repeated } from "../values/count.ts";
import type { Problem } from "../errors/problem.ts";
import type { SecretRef } from "./secretRef.ts";

/** Environment variables, by the source of their values. A platform refuses a source that it does not have. */
export interface EnvironmentArgs {
  /**
   * Values that everyone who may read the workload's definition can see. A secret Output is an error. In Kubernetes a
   * value may use `$(NAME)` for a variable of `secrets` or `fields`.
   *
   * @default none
   */
  values?: Record<string, Input<string>>;
  /**
   * Values read from a secret store when the container starts.
   *
   * @default none
   */
  secrets?: Record<string, SecretRef>;
  /**
   * Values of the pod's own fields by the downward API, for Kubernetes only: `{ POD_IP: "status.podIP" }`.
   *
   * @default none
   */
  fields?: Record<string, string>;
}

/** Names of all variables, from every source. */
export function variableNames({ values, secrets, fields }: EnvironmentArgs = {}): string[] {
  return [values, secrets, fields].flatMap((source) => Object.keys(source ?? {}));
}

/** The union of several environments. A later one wins, also if it takes a variable from another source. */
export function mergeEnvironments(...all: (EnvironmentArgs | undefined)[]): EnvironmentArgs {
  const merged: Required<EnvironmentArgs> = { values: {}, secrets: {}, fields: {} };
  for (const environment of all) {
    for (const name of variableNames(environment)) {
      for (const source of Object.values(merged)) Reflect.deleteProperty(source, name);
    }
    Object.assign(merged.values, environment?.values);
    Object.assign(merged.secrets, environment?.secrets);
    Object.assign(merged.fields, environment?.fields);
  }
  return merged;
}

/**
 * Checks the names of variables, and that each comes from one source.
 *
 * @param subject Where the environment is given: `shop.environment`.
 */
export function checkVariables(subject: string, environment: EnvironmentArgs): Problem[] {
  const names = variableNames(environment);
  return [
    ...[...new Set(names)]
      .filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      .map((name) => ({
        subject,
        message: "not the name of an environment variable",
        value: name,
        expected: "letters, digits and underscores, not starting with a digit",
      })),
    ...repeated(names).map((name) => ({
      subject,
      message: "the variable comes from two sources",
      value: name,
      expected: "one of values, secrets and fields",
      fix: "remove it from all but one",
    })),
  ];
}
