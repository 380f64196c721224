import type * as pulumi from "@pulumi/pulumi";
import * as recorder from "../../../kubernetes/test/support/record.ts";

export { type RecordedResource, type Recording, secret, unknown } from "../../../kubernetes/test/support/record.ts";

export const account = "123456789012";
export const region = "eu-west-1";

/** The account and partition that a program runs in. */
function call(partition: string) {
  return ({ token }: pulumi.runtime.MockCallArgs): Record<string, unknown> => {
    if (token === "aws:index/getCallerIdentity:getCallerIdentity") return { accountId: account };
    if (token === "aws:index/getPartition:getPartition") return { partition };
    throw new Error(`no answer to ${token}`);
  };
}

/** What AWS computes of a resource. */
function computed(partition: string) {
  return ({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> => {
    const [, service = ""] = /^aws:(\w+)\//.exec(type) ?? [];
    const { region: where = "" } = inputs as { region?: string };
    return { arn: `arn:${partition}:${service}:${where}:${account}:${name}`, ...outputs[type]?.(name, where) };
  };
}

const outputs: Record<string, (name: string, region: string) => Record<string, unknown>> = {
  "aws:kms/key:Key": (name, where) => ({ keyId: `${name}-key-id`, arn: `arn:aws:kms:${where}:${account}:key/${name}` }),
  "aws:rds/instance:Instance": (name, where) => ({
    address: `${name}.abc.${where}.rds.amazonaws.com`,
    masterUserSecrets: [{ secretArn: `arn:aws:secretsmanager:${where}:${account}:secret:rds-${name}` }],
  }),
  "aws:lb/loadBalancer:LoadBalancer": (name, where) => ({
    arnSuffix: `app/${name}/50dc6c495c0c9188`,
    dnsName: `${name}-1234.${where}.elb.amazonaws.com`,
    zoneId: "Z32O12XQLNTSW2",
  }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({ arnSuffix: `targetgroup/${name}/73e2d6bc24d8a067` }),
  "aws:acm/certificate:Certificate": () => ({
    domainValidationOptions: ["example.com", "shop.example.com"].flatMap((domain) =>
      [domain, `*.${domain}`].map((domainName) => ({
        domainName,
        resourceRecordName: `_x.${domain}.`,
        resourceRecordType: "CNAME",
        resourceRecordValue: `_y.${domain}.acm-validations.aws.`,
      })),
    ),
  }),
  "aws:route53/record:Record": (name) => ({ fqdn: `fqdn-of-${name}` }),
  "random:index/randomId:RandomId": () => ({ hex: "0a1b" }),
};

export interface AwsRecordOptions extends recorder.RecordOptions {
  /** @default "aws" */
  partition?: string;
}

/** Runs a program in an account of AWS and gives back what it declared. */
export function record(
  program: () => unknown,
  { partition = "aws", ...options }: AwsRecordOptions = {},
): Promise<recorder.Recording> {
  return recorder.record(program, { call: call(partition), computed: computed(partition), ...options });
}

/** The message of the one error that a program must fail with. */
export function refusal(
  program: () => unknown,
  { partition = "aws", ...options }: AwsRecordOptions = {},
): Promise<string> {
  return recorder.refusal(program, { call: call(partition), computed: computed(partition), ...options });
}

/** A policy that a resource carries as JSON. */
export function policyOf({ inputs }: recorder.RecordedResource): unknown {
  return JSON.parse(inputs.policy as string);
}
