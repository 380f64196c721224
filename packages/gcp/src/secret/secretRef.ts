import { checkName, type Problem } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";

/** One version of a secret in Secret Manager. */
export interface SecretRefArgs {
  /** Id of the secret, in the project of who reads it. */
  secret: pulumi.Input<string>;
  /** Number of the version. `latest` and aliases may become another value without a deployment, and are refused. */
  version: pulumi.Input<string>;
}

/** A reference that no secret can have, or to a version that is not pinned. */
export function checkSecretRef(subject: string, { secret, version }: SecretRefArgs): Problem[] {
  return [
    ...(typeof secret === "string" ? checkName("gcp:Secret", secret) : []).map((problem) => ({
      ...problem,
      subject: `${subject}.secret`,
    })),
    ...(typeof version === "string" && !/^[1-9]\d*$/.test(version)
      ? [
          {
            subject: `${subject}.version`,
            message: "the version of the secret is not pinned",
            value: version,
            expected: "the number of a version, so that a deployment is repeatable and a new value is one",
            fix: "for example 1; list them with: gcloud secrets versions list",
          },
        ]
      : []),
  ];
}
