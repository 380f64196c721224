import * as pulumi from "@pulumi/pulumi";
import type { Surroundings } from "../partition/surroundings.ts";
import type { PolicyStatement } from "../policy/policyDocument.ts";

/** Refuses requests without TLS, and with a version of it before 1.2. */
export function encryptedTransport(arn: pulumi.Output<string>): PolicyStatement[] {
  const everything = [arn, pulumi.interpolate`${arn}/*`];
  return [
    {
      Sid: "RefuseUnencryptedRequests",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: everything,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
    {
      Sid: "RefuseOldTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: everything,
      Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
    },
  ];
}

/**
 * Lets Elastic Load Balancing write access logs below `<prefix>/AWSLogs/<account>/`. Regions before August 2022 have an
 * account of the service, which may still be the one that writes.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
export function logDelivery(
  arn: pulumi.Output<string>,
  region: string,
  prefix: string | undefined,
  { account, partition }: Surroundings,
): PolicyStatement[] {
  const place = prefix === undefined ? "AWSLogs" : `${prefix}/AWSLogs`;
  const write = { Effect: "Allow", Action: "s3:PutObject", Resource: pulumi.interpolate`${arn}/${place}/${account}/*` };
  const service = serviceAccounts[region];
  return [
    {
      ...write,
      Sid: "LoadBalancersWriteLogs",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
    },
    ...(service === undefined
      ? []
      : [
          {
            ...write,
            Sid: "LoadBalancersOfThisRegionWriteLogs",
            Effect: "Allow" as const,
            Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${service}:root` },
          },
        ]),
  ];
}

/** Whether a load balancer can write access logs below a prefix. Source: the page above. */
export function isLogPrefix(prefix: string): boolean {
  return prefix !== "" && !/^\/|\/$|AWSLogs/.test(prefix);
}

/** Accounts of Elastic Load Balancing, by region. Source: the page above. */
const serviceAccounts: Record<string, string> = {
  "af-south-1": "098369216593",
  "ap-east-1": "754344448648",
  "ap-northeast-1": "582318560864",
  "ap-northeast-2": "600734575887",
  "ap-northeast-3": "383597477331",
  "ap-south-1": "718504428378",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
  "ap-southeast-3": "589379963580",
  "ca-central-1": "985666609251",
  "cn-north-1": "638102146993",
  "cn-northwest-1": "037604701340",
  "eu-central-1": "054676820928",
  "eu-north-1": "897822967062",
  "eu-south-1": "635631232127",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-west-3": "009996457667",
  "me-south-1": "076674570225",
  "sa-east-1": "507241528517",
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-gov-east-1": "190560391635",
  "us-gov-west-1": "048591011584",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
};
