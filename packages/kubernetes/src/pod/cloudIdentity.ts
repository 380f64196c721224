import type { Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/** The cloud's identity of a ServiceAccount. */
export interface CloudIdentityArgs {
  /**
   * IAM role that the pods assume by the ServiceAccount's token (IRSA). EKS Pod Identity needs none: it associates the
   * role with the ServiceAccount's name.
   * @default none
   */
  awsRoleArn?: Input<string>;
  /**
   * Google service account that the pods act as (Workload Identity Federation for GKE):
   * `backup@project.iam.gserviceaccount.com`.
   * @default none
   */
  gcpServiceAccount?: Input<string>;
}

const annotationKeys = {
  awsRoleArn: "eks.amazonaws.com/role-arn",
  gcpServiceAccount: "iam.gke.io/gcp-service-account",
} as const;

/** Annotations of a ServiceAccount that carry the identity, for a component that takes no `cloudIdentity`. */
export function cloudIdentityAnnotations({
  awsRoleArn,
  gcpServiceAccount,
}: CloudIdentityArgs): Record<string, Input<string>> {
  return {
    ...(awsRoleArn !== undefined && { [annotationKeys.awsRoleArn]: awsRoleArn }),
    ...(gcpServiceAccount !== undefined && { [annotationKeys.gcpServiceAccount]: gcpServiceAccount }),
  };
}

/** Checks the form of the identity, and that no annotation says it a second time. */
export function checkCloudIdentity(
  subject: string,
  identity: CloudIdentityArgs | undefined,
  annotations: Record<string, Input<string>> = {},
): Problem[] {
  if (identity === undefined) return [];
  const forms = {
    awsRoleArn: [/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, "arn:aws:iam::123456789012:role/name"],
    gcpServiceAccount: [/^[^@\s]+@[^@\s]+\.iam\.gserviceaccount\.com$/, "name@project.iam.gserviceaccount.com"],
  } as const;
  return (["awsRoleArn", "gcpServiceAccount"] as const).flatMap((option) => {
    const value = identity[option];
    const [form, example] = forms[option];
    const key = annotationKeys[option];
    return [
      ...(typeof value === "string" && !form.test(value)
        ? [{ subject: `${subject}.${option}`, message: "not a cloud identity", value, expected: example }]
        : []),
      ...(value !== undefined && key in annotations
        ? [
            {
              subject: `${subject}.${option}`,
              message: `the annotation ${key} gives the identity a second time`,
              expected: "one of the two",
              fix: "remove the annotation",
            },
          ]
        : []),
    ];
  });
}
