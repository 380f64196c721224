import { checkCount, checkPortNumber, type Endpoint, type Problem } from "@gatehouse/core";
import type * as lb from "@pulumi/aws/lb/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { type TargetGroupArgs, TargetProtocol } from "./loadBalancerArgs.ts";

/** Checks of a target's health, with the defaults. */
function healthOf({
  healthIntervalSeconds: interval = 15,
  healthTimeoutSeconds: timeout = 5,
  healthyThreshold = 2,
  unhealthyThreshold = 3,
}: TargetGroupArgs): { interval: number; timeout: number; healthyThreshold: number; unhealthyThreshold: number } {
  return { interval, timeout, healthyThreshold, unhealthyThreshold };
}

/**
 * The beginning of a generated name. A fixed name would collide when a changed port or protocol replaces the group,
 * because a listener uses the old one until the new one is there. Six characters are the provider's limit.
 */
export function namePrefix(name: string): string {
  const prefix = name
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+/, "")
    .slice(0, 6);
  return prefix === "" ? "g" : prefix;
}

/** A target group as AWS is asked for it. */
export function targetGroupArgs(
  name: string,
  region: string,
  vpcId: pulumi.Input<string>,
  args: TargetGroupArgs,
): lb.TargetGroupArgs {
  const protocol = args.protocol ?? TargetProtocol.Http;
  return {
    region,
    vpcId,
    namePrefix: namePrefix(name),
    targetType: "ip",
    port: args.port,
    protocol,
    deregistrationDelay: args.deregistrationDelaySeconds ?? 30,
    healthCheck: {
      path: args.healthPath,
      protocol,
      port: "traffic-port",
      matcher: args.healthCodes ?? "200",
      ...healthOf(args),
    },
    stickiness: { type: "lb_cookie", enabled: false },
    tags: { Name: name },
  };
}

/** Whether the targets get all requests that no others get. */
export function isDefault({ hosts = [], paths = [] }: TargetGroupArgs): boolean {
  return hosts.length === 0 && paths.length === 0;
}

/** Priority of each target's rule by its name. */
export function prioritiesOf(targets: Record<string, TargetGroupArgs>): Record<string, number> {
  const matched = Object.entries(targets).filter(([, target]) => !isDefault(target));
  return Object.fromEntries(matched.map(([key, { priority }], index) => [key, priority ?? 10 * (index + 1)]));
}

/** The targets as servers that the load balancer connects to. */
export function targetEndpoints(targets: Record<string, TargetGroupArgs>): Endpoint[] {
  return Object.entries(targets).map(([name, { port, addresses, securityGroup }]) => ({
    name,
    port,
    addresses,
    securityGroup,
  }));
}

/** Checks targets by themselves and among each other. */
export function checkTargets(subject: string, targets: Record<string, TargetGroupArgs>): Problem[] {
  const names = Object.keys(targets);
  const defaults = names.filter((name) => targets[name] && isDefault(targets[name]));
  const priorities = Object.entries(prioritiesOf(targets));
  return [
    ...(names.length > 0 ? [] : [{ subject, message: "there are no targets", expected: "at least one target group" }]),
    ...(defaults.length < 2
      ? []
      : [
          {
            subject,
            message: "several targets have neither hosts nor paths, and only one can get all other requests",
            value: defaults.join(", "),
            expected: "hosts or paths for all but one",
          },
        ]),
    ...priorities
      .filter(([, priority], index) => priorities.findIndex(([, other]) => other === priority) < index)
      .map(([name, priority]) => ({
        subject: `${subject}.${name}.priority`,
        message: "two targets have the same priority",
        value: String(priority),
        expected: "a priority for each",
      })),
    ...Object.entries(targets).flatMap(([name, target]) => checkTarget(`${subject}.${name}`, target)),
  ];
}

// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
function checkTarget(subject: string, target: TargetGroupArgs): Problem[] {
  const { interval, timeout, healthyThreshold, unhealthyThreshold } = healthOf(target);
  const seconds = "not a number of seconds";
  const checks = "not a number of checks";
  const numbers = [
    ...checkPortNumber(`${subject}.port`, target.port),
    ...checkCount(`${subject}.healthIntervalSeconds`, seconds, interval, { least: 5, most: 300 }),
    ...checkCount(`${subject}.healthTimeoutSeconds`, seconds, timeout, { least: 2, most: 120 }),
    ...checkCount(`${subject}.healthyThreshold`, checks, healthyThreshold, { least: 2, most: 10 }),
    ...checkCount(`${subject}.unhealthyThreshold`, checks, unhealthyThreshold, { least: 2, most: 10 }),
    ...checkCount(`${subject}.deregistrationDelaySeconds`, seconds, target.deregistrationDelaySeconds, {
      least: 0,
      most: 3600,
    }),
    ...checkCount(`${subject}.priority`, "not a priority", target.priority, { least: 1, most: 50_000 }),
  ];
  return [
    ...numbers,
    ...(numbers.length === 0 && timeout >= interval
      ? [
          {
            subject: `${subject}.healthTimeoutSeconds`,
            message: "a health check may take as long as the time between two of them",
            value: `healthTimeoutSeconds ${timeout}, healthIntervalSeconds ${interval}`,
            expected: `less than ${interval}`,
          },
        ]
      : []),
    ...(target.healthPath.startsWith("/")
      ? []
      : [{ subject: `${subject}.healthPath`, message: "not a path", value: target.healthPath, expected: "/..." }]),
    ...(/^\d{3}([,-]\d{3})*$/.test(target.healthCodes ?? "200")
      ? []
      : [
          {
            subject: `${subject}.healthCodes`,
            message: "not a list of status codes",
            value: target.healthCodes,
            expected: "codes and ranges, such as 200 or 200-299",
          },
        ]),
    ...(target.priority !== undefined && isDefault(target)
      ? [
          {
            subject: `${subject}.priority`,
            message: "priority has no effect because the targets have neither hosts nor paths",
            fix: "remove priority",
          },
        ]
      : []),
  ];
}
