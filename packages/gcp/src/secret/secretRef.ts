import { checkName, type Problem, type SecretRef, secretStoreName, SecretStoreType } from "@gatehouse/core";

/**
 * Checks a reference to a secret that Cloud Run reads: a pinned version of a whole secret in Secret Manager.
 *
 * @param subject Where the reference is given: `orders.environment.secrets.API_KEY`.
 */
export function checkSecretRef(
  subject: string,
  { secret, key, version, store = SecretStoreType.GcpSecretManager }: SecretRef,
): Problem[] {
  if (store !== SecretStoreType.GcpSecretManager)
    return [
      {
        subject: `${subject}.store`,
        message: `Cloud Run cannot read ${secretStoreName(store)}`,
        value: store,
        expected: secretStoreName(SecretStoreType.GcpSecretManager),
        fix: "keep the value in a SecretBundle and use its ref()",
      },
    ];
  return [
    ...(typeof secret === "string" ? checkName("gcp:Secret", secret, `${subject}.secret`) : []),
    ...(key === undefined
      ? []
      : [
          {
            subject: `${subject}.key`,
            message: "Cloud Run reads a secret of Secret Manager as a whole, so it cannot read one key",
            value: key,
            expected: "a secret for each value",
            fix: "remove key",
          },
        ]),
    ...(version === undefined || typeof version === "string" ? checkVersion(`${subject}.version`, version) : []),
  ];
}

function checkVersion(subject: string, version: string | undefined): Problem[] {
  if (version !== undefined && /^[1-9]\d*$/.test(version)) return [];
  return [
    {
      subject,
      message: "the version of the secret is not pinned",
      value: version,
      expected: "the number of a version, so that a deployment is repeatable and a new value is one",
      fix: "for example 1; list them with: gcloud secrets versions list",
    },
  ];
}
