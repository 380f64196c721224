import { isIP } from "node:net";
import type { Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import { type AlbEdgeArgs, deregistrationDelaySeconds } from "./alb.ts";
import { checkCount } from "./count.ts";
import type { EdgeArgs } from "./edgeArgs.ts";
import { checkPath } from "./routeChecks.ts";
import { checkAlbTls } from "./tlsChecks.ts";

export function checkAlb(subject: string, args: EdgeArgs, alb: AlbEdgeArgs): Problem[] {
  return [
    ...checkAlbTls(subject, args),
    ...checkSubnets(`${subject}.alb.subnetCidrs`, alb.subnetCidrs),
    ...checkPath(`${subject}.alb.healthPath`, alb.healthPath),
    ...checkDeregistration(subject, alb),
    ...(args.rateLimit && alb.wafAclArn === undefined
      ? [
          {
            subject: `${subject}.rateLimit`,
            message: "an ALB does not count requests; a rate rule in a WAF web ACL does",
            expected: "alb.wafAclArn, the web ACL that holds the rule",
            fix: "make the web ACL beside this edge and give its ARN, or choose kind nginx or gateway",
          },
        ]
      : []),
  ];
}

function checkDeregistration(subject: string, alb: AlbEdgeArgs): Problem[] {
  const delay = deregistrationDelaySeconds(alb);
  const { gracePeriodSeconds } = alb;
  return [
    ...checkCount(`${subject}.alb.deregistrationDelaySeconds`, "AWS refuses such a delay", {
      value: delay,
      least: 0,
      most: 3_600,
    }),
    ...(gracePeriodSeconds !== undefined && delay > gracePeriodSeconds
      ? [
          {
            subject: `${subject}.alb.deregistrationDelaySeconds`,
            message: "pods are killed while the ALB still waits for their requests",
            value: `${delay} s, and the pods have ${gracePeriodSeconds} s to stop`,
            expected: `${gracePeriodSeconds} or less`,
            fix: "shorten the delay, or raise the pods' shutdown.requestTimeoutSeconds",
          },
        ]
      : []),
  ];
}

/** Who is admitted to the pods is known only if the subnets are. */
export function checkSubnets(subject: string, subnetCidrs: Input<string>[]): Problem[] {
  if (subnetCidrs.length === 0) {
    return [
      {
        subject,
        message: "with IP targets, requests come from the ALB's subnets, and none are given",
        expected: "the ranges of all subnets that the ALB stands in",
      },
    ];
  }
  return subnetCidrs
    .filter((cidr) => typeof cidr === "string")
    .filter((cidr) => !isCidr(cidr))
    .map((cidr) => ({
      subject,
      message: "not a range of addresses",
      value: cidr,
      expected: "for example 10.0.1.0/24",
    }));
}

function isCidr(text: string): boolean {
  const [address = "", length = "", ...rest] = text.split("/");
  const version = isIP(address);
  return rest.length === 0 && version !== 0 && /^\d{1,3}$/.test(length) && Number(length) <= (version === 4 ? 32 : 128);
}
