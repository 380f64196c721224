import { type AddressRangeArgs, checkCidr, checkCount, parseCidr, type Problem, throwIfAny } from "@gatehouse/core";
import { type Input, output } from "@pulumi/pulumi";
import { deregistrationDelaySeconds } from "./alb.ts";
import type { AlbEdgeArgs } from "../args/albArgs.ts";
import type { EdgeArgs } from "../args/edgeArgs.ts";
import { checkPath } from "../routes/routeChecks.ts";
import { checkAlbTls } from "../routes/tlsChecks.ts";

/** What an ALB cannot do, or must be told. */
export function checkAlb(subject: string, args: EdgeArgs, alb: AlbEdgeArgs): Problem[] {
  return [
    ...checkAlbTls(subject, args),
    ...checkSubnets(`${subject}.alb.subnetCidrs`, alb.subnetCidrs),
    ...checkPath(`${subject}.alb.healthPath`, alb.healthPath),
    ...checkDeregistration(subject, args, alb),
    ...(args.rateLimit && alb.wafAclArn === undefined
      ? [
          {
            subject: `${subject}.rateLimit`,
            message: "ALBs have no rate limiting; use a WAF rate-based rule",
            expected: "alb.wafAclArn, the web ACL with the rule",
            fix: "create the web ACL and set its ARN, or choose kind nginx or gateway",
          },
        ]
      : []),
  ];
}

function checkDeregistration(subject: string, args: EdgeArgs, alb: AlbEdgeArgs): Problem[] {
  const delay = deregistrationDelaySeconds(args, alb);
  const gracePeriodSeconds = alb.gracePeriodSeconds ?? args.target?.gracePeriodSeconds;
  return [
    ...checkCount(`${subject}.alb.deregistrationDelaySeconds`, "not a deregistration delay that AWS accepts", delay, {
      least: 0,
      most: 3_600,
    }),
    ...(gracePeriodSeconds !== undefined && delay > gracePeriodSeconds
      ? [
          {
            subject: `${subject}.alb.deregistrationDelaySeconds`,
            message: "the pods are killed while the ALB still waits for their requests",
            value: `${delay} s, and the pods have ${gracePeriodSeconds} s to stop`,
            expected: `${gracePeriodSeconds} or less`,
            fix: "shorten the delay, or raise the pods' shutdown.requestTimeoutSeconds",
          },
        ]
      : []),
  ];
}

/** Checks the ranges that the network policy admits to the pods. An Output is checked by {@link subnetRanges}. */
export function checkSubnets(subject: string, subnetCidrs: Input<Input<string>[]>): Problem[] {
  if (!Array.isArray(subnetCidrs)) return [];
  if (subnetCidrs.length === 0) {
    return [
      {
        subject,
        message: "subnetCidrs is empty, but with IP targets traffic arrives from the ALB's subnets",
        expected: "the ranges of all of the ALB's subnets",
      },
    ];
  }
  return subnetCidrs.flatMap((cidr) => (typeof cidr === "string" ? checkSubnet(subject, cidr) : []));
}

function checkSubnet(subject: string, cidr: string): Problem[] {
  const problems = checkCidr(subject, cidr);
  if (problems.length > 0 || parseCidr(cidr)?.family === "ipv4") return problems;
  return [
    {
      subject,
      message: "the ALB reaches the pods by IPv4",
      value: cidr,
      expected: "the IPv4 ranges of its subnets",
    },
  ];
}

/** The ranges for a network policy. */
export function subnetRanges(subject: string, subnetCidrs: Input<Input<string>[]>): Input<AddressRangeArgs[]> {
  if (Array.isArray(subnetCidrs)) return subnetCidrs.map((cidr) => ({ cidr }));
  return output(subnetCidrs).apply((resolved) => {
    throwIfAny(checkSubnets(subject, resolved));
    return resolved.map((cidr) => ({ cidr }));
  });
}
