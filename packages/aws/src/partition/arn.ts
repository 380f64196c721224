import { checkedInput, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/** The parts of an Amazon Resource Name. */
export interface Arn {
  /** `aws`, `aws-cn` or another partition. */
  partition: string;
  /** Service: `kms`. */
  service: string;
  /** Region; empty for what is global. */
  region: string;
  /** Number of the account; empty where the service leaves it out. */
  account: string;
  /** The resource within the service: `key/1234abcd`. */
  resource: string;
}

/** Reads an ARN; undefined if the text is not one. */
export function parseArn(text: string): Arn | undefined {
  const [, partition, service, region, account, resource] =
    /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|):(.+)$/.exec(text) ?? [];
  if (partition === undefined || service === undefined || region === undefined) return undefined;
  return account === undefined || resource === undefined
    ? undefined
    : { partition, service, region, account, resource };
}

/** A kind of resource that an argument names by its ARN. */
export interface ArnKind {
  /** How messages call it: `a KMS key`. */
  noun: string;
  /** Service in the ARN: `kms`. */
  service: string;
  /** Beginning of the resource in the ARN: `key/`. */
  prefix: string;
}

/** Kinds of resource that components take from elsewhere. */
export const ArnKinds = {
  KmsKey: { noun: "a KMS key", service: "kms", prefix: "key/" },
  Certificate: { noun: "an ACM certificate", service: "acm", prefix: "certificate/" },
  Topic: { noun: "an SNS topic", service: "sns", prefix: "" },
} as const satisfies Record<string, ArnKind>;

/**
 * Checks that a text is the ARN of a resource in the region. A resource of another region does not exist for the
 * service that is to use it.
 *
 * @param region The region in which the resource is used.
 */
export function checkArn(subject: string, { noun, service, prefix }: ArnKind, text: string, region: string): Problem[] {
  const arn = parseArn(text);
  const expected = `arn:<partition>:${service}:${region}:<account>:${prefix}<id>`;
  if (arn?.service !== service || !arn.resource.startsWith(prefix))
    return [{ subject, message: `not the ARN of ${noun}`, value: text, expected }];
  if (arn.region === region) return [];
  return [
    {
      subject,
      message: `${noun} of another region cannot be used here`,
      value: text,
      expected,
      fix: `use one in ${region}`,
    },
  ];
}

/** As `checkArn`, for an argument that may be absent or an Output; use `checkedArn` where it is handed on. */
export function checkPlainArn(
  subject: string,
  kind: ArnKind,
  arn: Input<string> | undefined,
  region: string,
): Problem[] {
  return typeof arn === "string" ? checkArn(subject, kind, arn, region) : [];
}

/** The argument, to be used in place of the one given: an Output is checked as it resolves. */
export function checkedArn(
  subject: string,
  kind: ArnKind,
  arn: Input<string> | undefined,
  region: string,
): Input<string> | undefined {
  return arn === undefined ? undefined : checkedInput(arn, (text) => checkArn(subject, kind, text, region));
}
