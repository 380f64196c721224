import { type Problem, refuseSecret } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** One key of a Kubernetes Secret. */
export interface SecretRefArgs {
  /** Name of the Secret, in the namespace of the pod that reads it. */
  secret: pulumi.Input<string>;
  /** Key within the Secret. */
  key: string;
}

/** The environment of a container, by where each value comes from. */
export interface EnvironmentArgs {
  /**
   * Values that anybody who reads the Deployment may see. A secret Output is an error. A value may use
   * `$(NAME)` for a variable of `secrets` or `fields`.
   * @default none
   */
  values?: Record<string, pulumi.Input<string>>;
  /**
   * Values read from a Secret when the container starts.
   * @default none
   */
  secrets?: Record<string, SecretRefArgs>;
  /**
   * Values of the pod's own fields by the downward API, for example `{ POD_IP: "status.podIP" }`.
   * @default none
   */
  fields?: Record<string, string>;
}

/** The union of several environments; a later one wins. */
export function mergeEnvironments(...all: (EnvironmentArgs | undefined)[]): EnvironmentArgs {
  const merged: Required<EnvironmentArgs> = { values: {}, secrets: {}, fields: {} };
  for (const { values = {}, secrets = {}, fields = {} } of all.filter((one) => one !== undefined)) {
    for (const name of [...Object.keys(values), ...Object.keys(secrets), ...Object.keys(fields)]) {
      // A later environment may take a variable from another source than an earlier one.
      for (const source of Object.values(merged)) Reflect.deleteProperty(source, name);
    }
    Object.assign(merged.values, values);
    Object.assign(merged.secrets, secrets);
    Object.assign(merged.fields, fields);
  }
  return merged;
}

/** Names that a shell could not set, and variables that are given from two sources. */
export function checkEnvironment(
  subject: string,
  { values = {}, secrets = {}, fields = {} }: EnvironmentArgs,
): Problem[] {
  const names = [values, secrets, fields].flatMap((source) => Object.keys(source));
  const unusable = names.filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...unusable.map((name) => ({
      subject: `${subject}.environment`,
      message: "not the name of a variable",
      value: name,
      expected: "letters, digits and underscores, not starting with a digit",
    })),
    ...repeated.map((name) => ({
      subject: `${subject}.environment`,
      message: "the variable is given from two sources",
      value: name,
      expected: "one of values, secrets and fields",
      fix: "remove it from all but one",
    })),
  ];
}

function byName<T>(source: Record<string, T> = {}): [string, T][] {
  return Object.entries(source).sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The environment as the container's list: secrets and fields first, since `$(NAME)` is expanded only from what
 * precedes it.
 */
export function environmentVariables(subject: string, args: EnvironmentArgs): pulumi.Input<k8s.core.v1.EnvVar>[] {
  return [
    ...byName(args.secrets).map(([name, { secret, key }]) => ({
      name,
      valueFrom: { secretKeyRef: { name: secret, key } },
    })),
    ...byName(args.fields).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
    ...byName(args.values).map(([name, value]) => ({
      name,
      value: pulumi.Output.isInstance(value)
        ? refuseSecret(value, {
            subject: `${subject}.environment.${name}`,
            message: "a secret is placed in a plain variable, where everybody who may read the pod can read it",
            value: "[secret]",
            expected: "a plain value, or a reference to a Secret",
            fix: `put the value into a Secret and name it: environment.secrets.${name} = { secret, key }`,
          })
        : value,
    })),
  ];
}
