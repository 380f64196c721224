import type { Problem } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "../policy/policyDocument.ts";

/** IAM roles for service accounts: pods show a token that the cluster's OIDC issuer has signed. */
export interface IrsaArgs {
  /** ARN of the IAM OIDC provider of the cluster. */
  providerArn: pulumi.Input<string>;
  /** Issuer of the cluster, without `https://`: `oidc.eks.us-east-1.amazonaws.com/id/ABCD`. */
  issuer: pulumi.Input<string>;
}

/** EKS Pod Identity: an agent on the cluster's nodes hands out credentials. The cluster needs the agent's add-on. */
export interface PodIdentityArgs {
  /** Name of the cluster. */
  clusterName: pulumi.Input<string>;
}

/** The ServiceAccount whose pods assume a role. */
export interface ServiceAccountArgs {
  /** Namespace. */
  namespace: string;
  /** Name. */
  name: string;
}

/** The trust policy of a role for pods by IRSA. */
export function irsaTrust(
  { providerArn, issuer }: IrsaArgs,
  { namespace, name }: ServiceAccountArgs,
): pulumi.Output<PolicyStatement[]> {
  return pulumi.output(issuer).apply((text) => [
    {
      Sid: "PodsAssumeRole",
      Effect: "Allow" as const,
      Principal: { Federated: providerArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${text}:sub`]: `system:serviceaccount:${namespace}:${name}`,
          [`${text}:aud`]: "sts.amazonaws.com",
        },
      },
    },
  ]);
}

/** The trust policy of a role for pods by EKS Pod Identity. The session tags say which pod it is. */
export function podIdentityTrust(
  { clusterArn, account }: { clusterArn: pulumi.Input<string>; account: pulumi.Input<string> },
  { namespace, name }: ServiceAccountArgs,
): PolicyStatement[] {
  return [
    {
      Sid: "PodsAssumeRole",
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: {
        StringEquals: {
          "aws:SourceAccount": account,
          "aws:RequestTag/kubernetes-namespace": namespace,
          "aws:RequestTag/kubernetes-service-account": name,
        },
        ArnEquals: { "aws:SourceArn": clusterArn },
      },
    },
  ];
}

export function checkTrust(
  subject: string,
  irsa: IrsaArgs | undefined,
  podIdentity: PodIdentityArgs | undefined,
): Problem[] {
  if ((irsa === undefined) === (podIdentity === undefined))
    return [
      {
        subject,
        message: "pods assume the role in one of two ways",
        value: irsa === undefined ? "neither" : "irsa and podIdentity",
        expected: "irsa or podIdentity",
      },
    ];
  const issuer = irsa?.issuer;
  if (typeof issuer !== "string" || /^[a-z0-9.-]+(\/[\w.-]+)*$/.test(issuer)) return [];
  return [
    {
      subject: `${subject}.irsa.issuer`,
      message: "not the issuer of a cluster, as IAM writes it",
      value: issuer,
      expected: "a host and path, without https:// and without a slash at the end",
      fix: `use ${issuer.replace(/^https?:\/\//, "").replace(/\/+$/, "")}`,
    },
  ];
}
