import { checkBytes, checkCount, compareQuantities, type Problem } from "@gatehouse/core";
import { checkAlb } from "./alb/albChecks.ts";
import { type EdgeArgs, EdgeKind } from "./args/edgeArgs.ts";
import { checkGateway } from "./gateway/gatewayChecks.ts";
import { checkNginx } from "./nginx/nginxChecks.ts";
import { checkHosts, checkRoutes } from "./routes/routeChecks.ts";
import { checkRequestTimeout } from "./args/timeouts.ts";
import { checkPassthrough } from "./routes/tlsChecks.ts";

/** Everything about an edge that a controller would refuse, ignore or understand in another way. */
export function checkEdge(subject: string, args: EdgeArgs): Problem[] {
  return [
    ...checkHosts(subject, args),
    ...checkRoutes(subject, args),
    ...checkBackend(subject, args),
    ...checkRequestTimeout(`${subject}.requestTimeoutSeconds`, args.requestTimeoutSeconds),
    ...checkRateLimit(subject, args),
    ...checkSizes(subject, args),
    ...checkPassthrough(subject, args),
    ...checkOtherKinds(subject, args),
    ...checkKind(subject, args),
  ];
}

/** The Service is said once: by the target, or by name and port. */
function checkBackend(subject: string, args: EdgeArgs): Problem[] {
  const { target, serviceName, servicePort, requestTimeoutSeconds } = args;
  const beside = Object.entries({ serviceName, servicePort, requestTimeoutSeconds }).filter(
    ([, value]) => value !== undefined,
  );
  if (target)
    return [
      ...beside.map(([option]) => ({
        subject: `${subject}.${option}`,
        message: `the target already sets ${option}`,
        expected: `target, or ${option} without a target`,
        fix: `remove it, or change the target: { ...workload.target, ${option} }`,
      })),
      ...checkRequestTimeout(`${subject}.target.requestTimeoutSeconds`, target.requestTimeoutSeconds),
    ];
  if (serviceName !== undefined && servicePort !== undefined) return [];
  return [
    {
      subject,
      message: "the edge leads to no Service",
      expected: "target, or serviceName and servicePort",
      fix: "give it the target of a Workload, AuthService or Broker",
    },
  ];
}

/** Options that another kind of edge would read. */
function checkOtherKinds(subject: string, args: EdgeArgs): Problem[] {
  return Object.values(EdgeKind)
    .filter((kind) => kind !== args.kind && args[kind] !== undefined)
    .map((kind) => ({
      subject: `${subject}.${kind}`,
      message: `an edge of kind ${args.kind} does not read the options of ${kind}`,
      value: Object.keys(args[kind] ?? {}).join(", "),
      expected: `no ${kind}, or kind ${kind}`,
      fix: `remove ${kind}`,
    }));
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
    message: `an edge of kind ${kind} has options without a default`,
    expected: `${kind} with ${expected}`,
  };
}

function checkRateLimit(subject: string, { rateLimit, tlsPassthrough }: EdgeArgs): Problem[] {
  if (!rateLimit) return [];
  const { requestsPerMinute } = rateLimit;
  return [
    ...checkCount(`${subject}.rateLimit.requestsPerMinute`, "not a number of requests", requestsPerMinute, {
      least: 1,
      most: 1_000_000,
    }),
    ...(tlsPassthrough
      ? [
          {
            subject: `${subject}.rateLimit`,
            message: "with TLS passthrough, the edge sees no requests to count",
            expected: "rateLimit or tlsPassthrough, not both",
            fix: "let the service limit its clients",
          },
        ]
      : []),
  ];
}

function checkSizes(subject: string, { kind, sizes, tlsPassthrough }: EdgeArgs): Problem[] {
  if (!sizes) return [];
  const { body, responseHeaders } = sizes;
  const at = `${subject}.sizes`;
  if (tlsPassthrough)
    return [
      {
        subject: at,
        message: "with TLS passthrough, the edge sees no requests to measure",
        expected: "sizes or tlsPassthrough, not both",
        fix: "let the service limit the size of requests",
      },
    ];
  return [
    ...checkSize(`${at}.body`, body),
    ...checkSize(`${at}.responseHeaders`, responseHeaders),
    ...(body !== undefined && kind === EdgeKind.Alb
      ? [
          {
            subject: `${at}.body`,
            message: "an ALB has no limit for request bodies",
            value: body,
            expected: "no sizes.body, or kind nginx or gateway",
            fix: "let the service limit them, or use a size rule in the WAF web ACL",
          },
        ]
      : []),
    ...(responseHeaders !== undefined && kind !== EdgeKind.Nginx
      ? [
          {
            subject: `${at}.responseHeaders`,
            message: `an edge of kind ${kind} cannot choose the size of response headers`,
            value: responseHeaders,
            expected: "no sizes.responseHeaders, or kind nginx",
          },
        ]
      : []),
  ];
}

function checkSize(subject: string, size: string | undefined): Problem[] {
  if (size === undefined) return [];
  const problems = checkBytes(size, subject);
  if (problems.length > 0 || compareQuantities(size, "1") >= 0) return problems;
  return [{ subject, message: "nothing fits in no bytes", value: size, expected: "1 or more bytes" }];
}
