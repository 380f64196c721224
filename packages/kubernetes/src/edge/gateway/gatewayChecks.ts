import type { Problem } from "@gatehouse/core";
import { backendProtocol, BackendProtocol, type EdgeArgs } from "../args/edgeArgs.ts";
import { type GatewayEdgeArgs, GatewayImplementation } from "../args/gatewayArgs.ts";
import { checkSecretTls, refuseTls } from "../routes/tlsChecks.ts";

/** The most host names of a route and matches of a rule, by the schema of HTTPRoute. */
const routeLimits = { hosts: 16, matches: 64 };

/** What Gateway API or its implementation cannot do, or must be told. */
export function checkGateway(subject: string, args: EdgeArgs, gateway: GatewayEdgeArgs): Problem[] {
  return [
    ...checkParent(subject, gateway),
    ...(gateway.existing ? refuseTls(subject, args) : checkSecretTls(subject, args)),
    ...checkImplementation(subject, args, gateway),
    ...checkBackendProtocol(subject, args),
    ...checkAtMost(
      `${subject}.hosts`,
      "a route of Gateway API has too many hosts",
      args.hosts.length,
      routeLimits.hosts,
    ),
    ...checkAtMost(
      `${subject}.routes`,
      "a rule of Gateway API has too many paths",
      args.routes.length,
      routeLimits.matches,
    ),
  ];
}

function checkParent(subject: string, { className, existing }: GatewayEdgeArgs): Problem[] {
  if ((className === undefined) !== (existing === undefined)) return [];
  return [
    {
      subject: `${subject}.gateway`,
      message: existing ? "className and existing are both set" : "neither className nor existing is set",
      expected: "either className, for the edge's own Gateway, or existing",
    },
  ];
}

function checkImplementation(
  subject: string,
  { rateLimit, sizes, requestTimeoutSeconds, tlsPassthrough }: EdgeArgs,
  { implementation, routeTimeouts = false }: GatewayEdgeArgs,
): Problem[] {
  if (implementation === undefined || implementation === GatewayImplementation.Envoy) return [];
  return [
    ...(requestTimeoutSeconds === undefined || routeTimeouts || tlsPassthrough
      ? []
      : [
          {
            subject: `${subject}.requestTimeoutSeconds`,
            message: "Gateway API leaves it to the implementation whether a route can have a timeout",
            value: implementation,
            expected: "gateway.routeTimeouts true if this implementation supports it",
            fix: "else remove requestTimeoutSeconds, and set the timeout by the implementation's own policy",
          },
        ]),
    ...(sizes?.body === undefined
      ? []
      : [
          {
            subject: `${subject}.sizes.body`,
            message: "Gateway API has no limit for request bodies, and Gatehouse knows only Envoy Gateway's",
            value: implementation,
            expected: "gateway.implementation envoy, or kind nginx",
          },
        ]),
    ...(rateLimit ? [noRateLimit(subject, implementation)] : []),
  ];
}

function noRateLimit(subject: string, implementation: GatewayImplementation): Problem {
  return {
    subject: `${subject}.rateLimit`,
    message: "Gateway API has no rate limit, and Gatehouse knows only Envoy Gateway's",
    value: implementation,
    expected: "gateway.implementation envoy, or kind nginx or alb",
  };
}

function checkBackendProtocol(subject: string, args: EdgeArgs): Problem[] {
  if (args.tlsPassthrough || backendProtocol(args) === BackendProtocol.Http) return [];
  return [
    {
      subject: `${subject}.backendProtocol`,
      message: "Gateway API needs a BackendTLSPolicy for TLS to a Service, which the edge does not make",
      value: BackendProtocol.Https,
      expected: "HTTP, tlsPassthrough, or kind nginx or alb",
    },
  ];
}

function checkAtMost(subject: string, message: string, value: number, most: number): Problem[] {
  if (value <= most) return [];
  return [
    { subject, message, value: String(value), expected: `${most} at most`, fix: "make a second edge for the rest" },
  ];
}
