import { checkCidr, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import { type AlbEdgeArgs, deregistrationDelaySeconds } from "./alb.ts";
import { checkCount } from "../meta/count.ts";
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
    ...checkCount(`${subject}.alb.deregistrationDelaySeconds`, "AWS refuses such a delay", delay, {
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
  return subnetCidrs.flatMap((cidr) => (typeof cidr === "string" ? checkCidr(subject, cidr) : []));
}
