import { childOptions } from "@gatehouse/core";
import * as lb from "@pulumi/aws/lb/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { FrameOptions, type LoadBalancerArgs } from "./loadBalancerArgs.ts";
import { isDefault, prioritiesOf } from "./targetGroup.ts";

/** Resources that listeners join. */
export interface ListenerParts {
  balancer: lb.LoadBalancer;
  groups: Record<string, lb.TargetGroup>;
  certificateArn: pulumi.Output<string>;
}

/**
 * The listener at 443 with its rules, and the one at 80 that redirects to it.
 *
 * @param parent The component, whose options are `opts`.
 */
export function createListeners(
  parent: pulumi.Resource,
  name: string,
  args: LoadBalancerArgs,
  parts: ListenerParts,
  opts: pulumi.ComponentResourceOptions | undefined,
): (lb.Listener | lb.ListenerRule)[] {
  const options = childOptions(parent, opts);
  const listener = new lb.Listener(`${name}-https`, httpsArgs(args, parts), options);
  const rules = Object.entries(prioritiesOf(args.targets)).map(
    ([key, priority]) => new lb.ListenerRule(`${name}-${key}`, ruleArgs(key, priority, args, listener, parts), options),
  );
  if (args.redirectHttp === false) return [listener, ...rules];
  return [listener, ...rules, new lb.Listener(`${name}-http`, redirectArgs(args, parts), options)];
}

function httpsArgs(args: LoadBalancerArgs, { balancer, groups, certificateArn }: ListenerParts): lb.ListenerArgs {
  const key = Object.keys(args.targets).find((one) => args.targets[one] && isDefault(args.targets[one]));
  const group = key === undefined ? undefined : groups[key];
  const notFound = { contentType: "text/plain", messageBody: "Not found", statusCode: "404" };
  return {
    region: args.region,
    loadBalancerArn: balancer.arn,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: args.sslPolicy ?? "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    certificateArn,
    defaultActions: [
      group ? { type: "forward", targetGroupArn: group.arn } : { type: "fixed-response", fixedResponse: notFound },
    ],
    routingHttpResponseServerEnabled: false,
    routingHttpResponseStrictTransportSecurityHeaderValue:
      args.strictTransportSecurity ?? "max-age=31536000; includeSubDomains",
    routingHttpResponseXContentTypeOptionsHeaderValue: "nosniff",
    routingHttpResponseXFrameOptionsHeaderValue: args.frameOptions ?? FrameOptions.Deny,
  };
}

function ruleArgs(
  key: string,
  priority: number,
  { region, targets }: LoadBalancerArgs,
  listener: lb.Listener,
  { groups }: ListenerParts,
): lb.ListenerRuleArgs {
  const { hosts = [], paths = [] } = targets[key] ?? {};
  return {
    region,
    listenerArn: listener.arn,
    priority,
    conditions: [
      ...(hosts.length > 0 ? [{ hostHeader: { values: hosts } }] : []),
      ...(paths.length > 0 ? [{ pathPattern: { values: paths } }] : []),
    ],
    actions: [{ type: "forward", targetGroupArn: groups[key]?.arn }],
  };
}

function redirectArgs({ region }: LoadBalancerArgs, { balancer }: ListenerParts): lb.ListenerArgs {
  const redirect = { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" };
  return {
    region,
    loadBalancerArn: balancer.arn,
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "redirect", redirect }],
  };
}
