import { checkCount, ignored, type Problem } from "@gatehouse/core";
import { checkClients, checkServers } from "../network/rule.ts";
import { checkZoneRegion } from "../network/subnet.ts";
import { isLogPrefix } from "../bucket/bucketPolicy.ts";
import { ArnKinds, checkArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";
import { checkNames } from "./certificate.ts";
import { type LoadBalancerAdmissionArgs, type LoadBalancerArgs, LoadBalancerScheme } from "./loadBalancerArgs.ts";
import { checkTargets, targetEndpoints } from "./targetGroup.ts";
import { checkWaf } from "./webAcl.ts";

const everyone: LoadBalancerAdmissionArgs = {
  name: "everyone",
  addresses: [{ cidr: "0.0.0.0/0" }],
};

/** Clients that may connect, with the default. */
export function admitted({ admits, scheme }: LoadBalancerArgs): LoadBalancerAdmissionArgs[] {
  return admits ?? (scheme === LoadBalancerScheme.InternetFacing ? [everyone] : []);
}

/** Checks the arguments of a load balancer. */
export function checkLoadBalancer(subject: string, args: LoadBalancerArgs): Problem[] {
  const { region, dns, certificateArn, webAclArn, withoutWaf = false } = args;
  return [
    ...checkRegion(`${subject}.region`, region),
    ...checkZoneRegion(`${subject}.subnets`, args.subnets, region),
    ...checkCount(`${subject}.minZones`, "not a number of zones", args.minZones, { least: 2, most: 3 }),
    ...checkTargets(`${subject}.targets`, args.targets),
    ...checkServers(`${subject}.targets`, targetEndpoints(args.targets)),
    ...checkAdmits(`${subject}.admits`, args),
    ...(dns ? checkNames(`${subject}.dns.names`, dns.names, certificateArn === undefined) : []),
    ...checkCertificate(subject, args),
    ...checkSslPolicy(`${subject}.sslPolicy`, args.sslPolicy),
    ...checkCount(`${subject}.idleTimeoutSeconds`, "not a number of seconds", args.idleTimeoutSeconds, {
      least: 1,
      most: 4000,
    }),
    ...checkHsts(`${subject}.strictTransportSecurity`, args.strictTransportSecurity),
    ...checkLogs(`${subject}.accessLogs`, args),
    ...ignored(subject, "withoutWaf is true", !withoutWaf, { waf: args.waf, webAclArn }),
    ...ignored(subject, "webAclArn is set", withoutWaf || webAclArn === undefined, { waf: args.waf }),
    ...(args.waf ? checkWaf(`${subject}.waf`, args.waf) : []),
  ];
}

function checkAdmits(subject: string, args: LoadBalancerArgs): Problem[] {
  const clients = admitted(args);
  if (clients.length > 0)
    return checkClients(
      subject,
      clients.map((client) => ({ ...client, port: 443 })),
    );
  return [
    {
      subject,
      message: "no client may connect",
      expected: "the clients in the VPC",
      fix: 'name them: admits: [{ name: "vpc", addresses: [{ cidr: "10.20.0.0/16" }] }]',
    },
  ];
}

function checkCertificate(subject: string, { dns, certificateArn, region }: LoadBalancerArgs): Problem[] {
  if (typeof certificateArn === "string")
    return checkArn(`${subject}.certificateArn`, ArnKinds.Certificate, certificateArn, region);
  if (certificateArn !== undefined || dns) return [];
  return [
    {
      subject: `${subject}.certificateArn`,
      message: "there is no certificate for HTTPS",
      expected: "certificateArn, or dns, for whose names one is made",
    },
  ];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html */
function checkSslPolicy(subject: string, policy: string | undefined): Problem[] {
  if (policy === undefined || /^ELBSecurityPolicy-TLS13-1-[23]-/.test(policy)) return [];
  return [
    {
      subject,
      message: "the policy allows TLS below 1.2, or is not known to refuse it",
      value: policy,
      expected: "a policy that begins with ELBSecurityPolicy-TLS13-1-2- or ELBSecurityPolicy-TLS13-1-3-",
      fix: "use ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    },
  ];
}

function checkHsts(subject: string, value: string | undefined): Problem[] {
  if (value === undefined || /^max-age=\d+(; *includeSubDomains)?(; *preload)?$/.test(value)) return [];
  return [
    {
      subject,
      message: "not a value of Strict-Transport-Security",
      value,
      expected: "max-age=<seconds>, and after it ; includeSubDomains and ; preload",
    },
  ];
}

function checkLogs(subject: string, { accessLogs }: LoadBalancerArgs): Problem[] {
  if (!accessLogs) return [];
  const { kmsKeyArn, prefix } = accessLogs;
  return [
    ...(kmsKeyArn === undefined
      ? []
      : [
          {
            subject: `${subject}.bucket`,
            message: "the bucket encrypts with a KMS key, and a load balancer cannot write to it",
            value: typeof kmsKeyArn === "string" ? kmsKeyArn : "an Output",
            expected: "a bucket that encrypts with SSE-S3",
            fix: "use a LogBucket",
          },
        ]),
    ...(prefix !== undefined && !isLogPrefix(prefix)
      ? [
          {
            subject: `${subject}.prefix`,
            message: "not a prefix of access logs",
            value: prefix,
            expected: "a path without a slash at either end and without AWSLogs",
          },
        ]
      : []),
  ];
}
