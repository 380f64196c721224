import {
  checkedInput,
  checkVariables,
  type EnvironmentArgs,
  type Problem,
  readable as refusingSecrets,
  type SecretRef,
  variableNames,
} from "@gatehouse/core";
import type * as gcp from "@pulumi/gcp/types/input.js";
import type * as pulumi from "@pulumi/pulumi";
import { checkSecretRef } from "../secret/secretRef.ts";

/** Set by Cloud Run: https://cloud.google.com/run/docs/container-contract#env-vars */
const reserved = /^(PORT|K_SERVICE|K_REVISION|K_CONFIGURATION|CLOUD_RUN_[A-Z_]+)$/;

/** Checks for variables that Cloud Run cannot set, and for secrets that it cannot read. */
export function checkEnvironment(subject: string, environment: EnvironmentArgs): Problem[] {
  const path = `${subject}.environment`;
  return [
    ...variableNames(environment)
      .filter((name) => reserved.test(name))
      .map((value) => ({ subject: path, message: "Cloud Run sets the variable itself", value, fix: "leave it out" })),
    ...checkVariables(path, environment),
    ...Object.entries(environment.fields ?? {}).map(([name, value]) => ({
      subject: `${path}.fields.${name}`,
      message: "Cloud Run has no pod whose fields a variable could read",
      value,
      expected: "values and secrets only",
      fix: "remove it",
    })),
    ...Object.entries(environment.secrets ?? {}).flatMap(([name, ref]) =>
      checkSecretRef(`${path}.secrets.${name}`, ref),
    ),
  ];
}

/** The environment as Cloud Run's API takes it, sorted by name. */
export function renderEnvironment(
  subject: string,
  { values = {}, secrets = {} }: EnvironmentArgs,
): gcp.cloudrunv2.JobTemplateTemplateContainerEnv[] {
  const all = [
    ...Object.entries(values).map(([name, value]) => ({
      name,
      value: readable(`${subject}.environment.${name}`, value),
    })),
    ...Object.entries(secrets).map(([name, ref]) => ({
      name,
      valueSource: { secretKeyRef: { secret: ref.secret, version: pinned(subject, name, ref) } },
    })),
  ];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The version, checked as it resolves if it is an Output. A missing one is refused as an empty one is. */
function pinned(subject: string, name: string, ref: SecretRef): pulumi.Input<string> {
  const path = `${subject}.environment.secrets.${name}`;
  return checkedInput(ref.version ?? "", (version) => checkSecretRef(path, { ...ref, version }));
}

/** A value that is stored as plain text in the service's settings. An Output that turns out to be secret rejects. */
export function readable(subject: string, value: pulumi.Input<string>): pulumi.Input<string> {
  return refusingSecrets(subject, value, {
    readers: "everybody who may see the service",
    expected: "a plain value, or a variable that reads a version of a secret in Secret Manager",
    fix: "keep the value in a SecretBundle and name it in environment.secrets: { secret, version }",
  });
}
