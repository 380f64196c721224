import { checkVariables, type EnvironmentArgs, nearest, type Problem, refuseSecret } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkSecretRef, secretKeySelector } from "./secretRef.ts";

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
    ...checkVariables(`${subject}.environment`, args),
    ...checkSecretRefs(`${subject}.environment.secrets`, args),
    ...checkFields(`${subject}.environment.fields`, args),
    ...checkReferences(`${subject}.environment.values`, args),
  ];
}

function checkSecretRefs(path: string, { secrets = {} }: EnvironmentArgs): Problem[] {
  return Object.entries(secrets).flatMap(([name, ref]) => checkSecretRef(`${path}.${name}`, ref));
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
    ...byName(args.secrets).map(([name, ref]) => ({
      name,
      valueFrom: { secretKeyRef: secretKeySelector(`${subject}.environment.secrets.${name}`, ref) },
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
