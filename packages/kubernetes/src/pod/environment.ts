import { checkName, nearest, type Problem, refuseSecret } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { repeated } from "../meta/count.ts";

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

/** Names of all variables, whatever their source. */
export function variableNames({ values, secrets, fields }: EnvironmentArgs = {}): string[] {
  return [values, secrets, fields].flatMap((source) => Object.keys(source ?? {}));
}

/** The union of several environments; a later one wins. */
export function mergeEnvironments(...all: (EnvironmentArgs | undefined)[]): EnvironmentArgs {
  const merged: Required<EnvironmentArgs> = { values: {}, secrets: {}, fields: {} };
  for (const { values = {}, secrets = {}, fields = {} } of all.filter((one) => one !== undefined)) {
    for (const name of variableNames({ values, secrets, fields })) {
      // A later environment may take a variable from another source than an earlier one.
      for (const source of Object.values(merged)) Reflect.deleteProperty(source, name);
    }
    Object.assign(merged.values, values);
    Object.assign(merged.secrets, secrets);
    Object.assign(merged.fields, fields);
  }
  return merged;
}

/** Fields that the downward API gives to variables; those of labels and annotations aside. */
const podFields = [
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];

/** Variables that no container can be given, or that would not hold what is meant. */
export function checkEnvironment(subject: string, args: EnvironmentArgs): Problem[] {
  return [
    ...checkVariableNames(`${subject}.environment`, args),
    ...checkSecretRefs(`${subject}.environment.secrets`, args),
    ...checkFields(`${subject}.environment.fields`, args),
    ...checkReferences(`${subject}.environment.values`, args),
  ];
}

/** Names that a shell could not set, and variables that are given from two sources. */
function checkVariableNames(path: string, args: EnvironmentArgs): Problem[] {
  const names = variableNames(args);
  const unusable = names.filter((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return [
    ...unusable.map((name) => ({
      subject: path,
      message: "not the name of a variable",
      value: name,
      expected: "letters, digits and underscores, not starting with a digit",
    })),
    ...repeated(names).map((name) => ({
      subject: path,
      message: "the variable is given from two sources",
      value: name,
      expected: "one of values, secrets and fields",
      fix: "remove it from all but one",
    })),
  ];
}

function checkSecretRefs(path: string, { secrets = {} }: EnvironmentArgs): Problem[] {
  return Object.entries(secrets).flatMap(([name, { secret, key }]) => [
    ...(typeof secret === "string" ? checkName("kubernetes:Object", secret) : []).map((problem) => ({
      ...problem,
      subject: `${path}.${name}.secret`,
    })),
    ...checkSecretKey(`${path}.${name}.key`, key),
  ]);
}

/** A key that no Secret can have. */
export function checkSecretKey(subject: string, key: string): Problem[] {
  if (/^(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}$/.test(key)) return [];
  return [
    {
      subject,
      message: "not a key that a Secret can have",
      value: key,
      expected: "letters, digits, dashes, dots and underscores, not a dot alone and not two at its beginning",
    },
  ];
}

function checkFields(path: string, { fields = {} }: EnvironmentArgs): Problem[] {
  return Object.entries(fields)
    .filter(([, field]) => !podFields.includes(field) && !/^metadata\.(labels|annotations)\['[^']+'\]$/.test(field))
    .map(([name, field]) => {
      const near = nearest(field, podFields);
      return {
        subject: `${path}.${name}`,
        message: "not a field that a pod gives to a variable",
        value: field,
        expected: `one of ${podFields.join(", ")}, metadata.labels['<key>'] and metadata.annotations['<key>']`,
        fix: near && `did you mean "${near}"?`,
      };
    });
}

/** What a value names by `$(NAME)` must precede it, or the program reads the text `$(NAME)`. */
function checkReferences(path: string, { values = {}, secrets = {}, fields = {} }: EnvironmentArgs): Problem[] {
  const preceding = [...Object.keys(secrets), ...Object.keys(fields)];
  return byName(values).flatMap(([name, value], index, all) => {
    if (typeof value !== "string") return [];
    const known = [...preceding, ...all.slice(0, index).map(([name]) => name)];
    const named = value.replaceAll("$$", "").matchAll(/\$\(([A-Z_][A-Z0-9_]*)\)/g);
    return [...named].flatMap(([, reference = ""]) => {
      if (known.includes(reference)) return [];
      const near = nearest(reference, known);
      return {
        subject: `${path}.${name}`,
        message: "the value names a variable that nothing sets before it",
        value: `$(${reference})`,
        expected: "a variable of secrets or fields",
        fix: near ? `did you mean "$(${near})"?` : `for the text itself, write $$(${reference})`,
      };
    });
  });
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
