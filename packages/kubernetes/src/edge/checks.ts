import type { Problem } from "@gatehouse/core";
import { checkAlb } from "./albChecks.ts";
import { checkCount } from "../meta/count.ts";
import { type EdgeArgs, EdgeKind } from "./edgeArgs.ts";
import { checkGateway } from "./gatewayChecks.ts";
import { checkNginx } from "./nginxChecks.ts";
import { checkHosts, checkRoutes } from "./routeChecks.ts";
import { checkPassthrough } from "./tlsChecks.ts";

/** Everything about an edge that a controller would refuse, ignore or understand otherwise. */
export function checkEdge(subject: string, args: EdgeArgs): Problem[] {
  return [
    ...checkHosts(subject, args),
    ...checkRoutes(subject, args),
    ...checkRateLimit(subject, args),
    ...checkPassthrough(subject, args),
    ...checkKind(subject, args),
  ];
}

function checkKind(subject: string, args: EdgeArgs): Problem[] {
  switch (args.kind) {
    case EdgeKind.Nginx:
      return checkNginx(subject, args);
    case EdgeKind.Gateway:
      return args.gateway
        ? checkGateway(subject, args, args.gateway)
        : [noOptions(subject, args.kind, "className or existing")];
    case EdgeKind.Alb:
      return args.alb
        ? checkAlb(subject, args, args.alb)
        : [noOptions(subject, args.kind, "at least subnetCidrs and healthPath")];
  }
}

function noOptions(subject: string, kind: EdgeKind, expected: string): Problem {
  return {
    subject: `${subject}.${kind}`,
    message: `an edge of kind ${kind} has settings without a default`,
    expected: `${kind} with ${expected}`,
  };
}

function checkRateLimit(subject: string, { rateLimit, tlsPassthrough }: EdgeArgs): Problem[] {
  if (!rateLimit) return [];
  const { requestsPerMinute } = rateLimit;
  return [
    ...checkCount(
      `${subject}.rateLimit.requestsPerMinute`,
      "a rate limit is a number of whole requests",
      requestsPerMinute,
      {
        least: 1,
        most: 1_000_000,
      },
    ),
    ...(tlsPassthrough
      ? [
          {
            subject: `${subject}.rateLimit`,
            message: "an edge that does not open TLS sees no requests that it could count",
            expected: "rateLimit or tlsPassthrough, not both",
            fix: "let the service itself limit its clients",
          },
        ]
      : []),
  ];
}
