import { checkedInput, type Problem, refuseSecret } from "@gatehouse/core";
import type * as gcp from "@pulumi/gcp/types/input.js";
import * as pulumi from "@pulumi/pulumi";
import { checkSecretRef, type SecretRefArgs } from "../secret/secretRef.ts";

/** The environment of a container, by where each value comes from. */
export interface EnvironmentArgs {
  /**
   * Values that anybody who may see the service may read. A secret Output is an error.
   * @default none
   */
  values?: Record<string, pulumi.Input<string>>;
  /**
   * Values read from Secret Manager when an instance starts.
   * @default none
   */
  secrets?: Record<string, SecretRefArgs>;
}

/** Set by Cloud Run: https://cloud.google.com/run/docs/container-contract#env-vars */
const reserved = /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|CLOUD_RUN_[A-Z_]+)$/;

/** The union of several environments; a later one wins. */
export function mergeEnvironments(...all: (EnvironmentArgs | undefined)[]): EnvironmentArgs {
  return all.reduce<Required<EnvironmentArgs>>(
    (merged, { values = {}, secrets = {} } = {}) => ({
      values: { ...without(merged.values, secrets), ...values },
      secrets: { ...without(merged.secrets, values), ...secrets },
    }),
    { values: {}, secrets: {} },
  );
}

function without<T>(source: Record<string, T>, names: object): Record<string, T> {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !Object.hasOwn(names, name)));
}

/** Variables that cannot be set, come from two sources, or read a secret's version that may change. */
export function checkEnvironment(subject: string, { values = {}, secrets = {} }: EnvironmentArgs): Problem[] {
  const path = `${subject}.environment`;
  return [
    ...Object.keys({ ...values, ...secrets }).flatMap((name): Problem[] => {
      if (reserved.test(name))
        return [{ subject: path, message: "Cloud Run sets the variable itself", value: name, fix: "leave it out" }];
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return [];
      const expected = "letters, digits and underscores, not beginning with a digit";
      return [{ subject: path, message: "not the name of a variable", value: name, expected }];
    }),
    ...Object.keys(values)
      .filter((name) => Object.hasOwn(secrets, name))
      .map((value) => ({
        subject: path,
        message: "the variable is given twice",
        value,
        expected: "a value or a secret",
      })),
    ...Object.entries(secrets).flatMap(([name, ref]) => checkSecretRef(`${path}.secrets.${name}`, ref)),
  ];
}

/** The environment as Cloud Run's API takes it, by name. */
export function renderEnvironment(
  subject: string,
  { values = {}, secrets = {} }: EnvironmentArgs,
): gcp.cloudrunv2.JobTemplateTemplateContainerEnv[] {
  const all = [
    ...Object.entries(values).map(([name, value]) => ({
      name,
      value: readable(`${subject}.environment.${name}`, value),
    })),
    ...Object.entries(secrets).map(([name, { secret, version }]) => ({
      name,
      valueSource: { secretKeyRef: { secret, version: pinned(subject, name, { secret, version }) } },
    })),
  ];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A version that is an Output is held against being pinned as it resolves. */
function pinned(subject: string, name: string, ref: SecretRefArgs): pulumi.Input<string> {
  const path = `${subject}.environment.secrets.${name}`;
  return checkedInput(ref.version, (version) => checkSecretRef(path, { ...ref, version }));
}

/** A value that stands in the service's settings as it is. An Output that turns out secret rejects. */
export function readable(subject: string, value: pulumi.Input<string>): pulumi.Input<string> {
  if (!pulumi.Output.isInstance(value)) return value;
  return refuseSecret(value, {
    subject,
    message: "a secret is placed where everybody who may see the service can read it",
    value: "[secret]",
    expected: "a plain value, or a variable that reads a version of a secret in Secret Manager",
    fix: "keep the value in a SecretBundle and name it in environment.secrets: { secret, version }",
  });
}
