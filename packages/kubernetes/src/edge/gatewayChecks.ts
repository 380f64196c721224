import type { Problem } from "@gatehouse/core";
import { backendProtocol, BackendProtocol, type EdgeArgs } from "./edgeArgs.ts";
import { type GatewayEdgeArgs, GatewayImplementation } from "./gateway.ts";
import { checkSecretTls, refuseTls } from "./tlsChecks.ts";

/** Most host names of a route, and most matches of one of its rules, by the schema of HTTPRoute. */
const routeLimits = { hosts: 16, matches: 64 };

export function checkGateway(subject: string, args: EdgeArgs, gateway: GatewayEdgeArgs): Problem[] {
  return [
    ...checkParent(subject, gateway),
    ...(gateway.existing ? refuseTls(subject, args) : checkSecretTls(subject, args)),
    ...checkImplementation(subject, args, gateway),
    ...checkBackendProtocol(subject, args),
    ...checkAtMost(
      `${subject}.hosts`,
      "a route of Gateway API has no more hosts",
      args.hosts.length,
      routeLimits.hosts,
    ),
    ...checkAtMost(
      `${subject}.routes`,
      "a rule of Gateway API has no more paths",
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
      message: existing ? "a Gateway of the edge's own and an existing one" : "no Gateway to attach the routes to",
      expected: "either className, for a Gateway of the edge's own, or existing",
    },
  ];
}

function checkImplementation(subject: string, { rateLimit }: EdgeArgs, { implementation }: GatewayEdgeArgs): Problem[] {
  if (!rateLimit || implementation === undefined || implementation === GatewayImplementation.Envoy) return [];
  return [
    {
      subject: `${subject}.rateLimit`,
      message: "Gateway API has no rate limit, and this implementation's own is not known here",
      value: implementation,
      expected: "gateway.implementation envoy, or kind nginx or alb",
    },
  ];
}

function checkBackendProtocol(subject: string, args: EdgeArgs): Problem[] {
  if (args.tlsPassthrough || backendProtocol(args) === BackendProtocol.Http) return [];
  return [
    {
      subject: `${subject}.backendProtocol`,
      message: "Gateway API speaks TLS to a service only with a BackendTLSPolicy, which belongs to the service's owner",
      value: BackendProtocol.Https,
      expected: "HTTP, tlsPassthrough, or kind nginx or alb",
    },
  ];
}

function checkAtMost(subject: string, message: string, value: number, most: number): Problem[] {
  if (value <= most) return [];
  return [
    { subject, message, value: String(value), expected: `${most} at most`, fix: "make a second edge of the rest" },
  ];
}
