import { checkCount, childOptions, type Problem, repeated } from "@gatehouse/core";
import * as wafv2 from "@pulumi/aws/wafv2/index.js";
import type * as pulumi from "@pulumi/pulumi";

/** Groups of rules that AWS maintains. */
export const ManagedRuleGroup = {
  /** Common exploits. It refuses bodies above 8 KiB, so test uploads before you add it. */
  Common: "AWSManagedRulesCommonRuleSet",
  /** Requests that exploit known vulnerabilities. */
  KnownBadInputs: "AWSManagedRulesKnownBadInputsRuleSet",
  /** Addresses with a bad reputation. */
  IpReputation: "AWSManagedRulesAmazonIpReputationList",
  /** Addresses that hide the client, such as those of Tor. */
  AnonymousIp: "AWSManagedRulesAnonymousIpList",
  /** SQL injection. */
  Sql: "AWSManagedRulesSQLiRuleSet",
  /** Exploits of Linux. */
  Linux: "AWSManagedRulesLinuxRuleSet",
} as const;
export type ManagedRuleGroup = (typeof ManagedRuleGroup)[keyof typeof ManagedRuleGroup];

/** Capacity of each: https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html */
const managedCapacity: Record<ManagedRuleGroup, number> = {
  [ManagedRuleGroup.Common]: 700,
  [ManagedRuleGroup.KnownBadInputs]: 200,
  [ManagedRuleGroup.IpReputation]: 25,
  [ManagedRuleGroup.AnonymousIp]: 50,
  [ManagedRuleGroup.Sql]: 200,
  [ManagedRuleGroup.Linux]: 200,
};

/** Capacity of a rule that counts requests by address: https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html */
const rateCapacity = 2;
/** Capacity of a web ACL at the standard price: https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html */
const mostCapacity = 1500;
/** Windows in seconds. Source: as for `rateCapacity`. */
const windows = [60, 120, 300, 600];

/** The most requests of one address in a window of time. */
export interface RateLimitArgs {
  /** Requests in the window, 10 or more. */
  requests: number;
  /**
   * Seconds of the window: 60, 120, 300 or 600.
   * @default 300
   */
  windowSeconds?: number;
}

/** A rule group of the account. */
export interface RuleGroupArgs {
  /** ARN of the group. */
  arn: pulumi.Input<string>;
  /** Capacity of the group. */
  capacity: number;
}

export interface WafArgs {
  /**
   * The most requests of one address. Further ones are answered with 403.
   * @default 2000 requests in 300 seconds
   */
  rateLimit?: RateLimitArgs;
  /**
   * Groups of rules that AWS maintains.
   * @default ManagedRuleGroup.KnownBadInputs and ManagedRuleGroup.IpReputation
   */
  managedRuleGroups?: ManagedRuleGroup[];
  /**
   * Rule groups of the account, by a name that you choose.
   * @default none
   */
  ruleGroups?: Record<string, RuleGroupArgs>;
}

/** Rules with the defaults. */
function withDefaults({
  rateLimit = { requests: 2000 },
  managedRuleGroups = [ManagedRuleGroup.KnownBadInputs, ManagedRuleGroup.IpReputation],
  ruleGroups = {},
}: WafArgs): Required<WafArgs> {
  return { rateLimit, managedRuleGroups, ruleGroups };
}

/** The web ACL of a load balancer. */
export function createWebAcl(
  parent: pulumi.Resource,
  name: string,
  region: string,
  waf: WafArgs,
  opts: pulumi.ComponentResourceOptions | undefined,
): wafv2.WebAcl {
  return new wafv2.WebAcl(
    name,
    {
      region,
      scope: "REGIONAL",
      description: "Rules of the load balancer",
      defaultAction: { allow: {} },
      rules: webAclRules(waf),
      visibilityConfig: visibility("all"),
    },
    childOptions(parent, opts),
  );
}

/** The rules by priority. Gaps leave the priorities of the others as they are when one is added. */
export function webAclRules(waf: WafArgs): NonNullable<wafv2.WebAclArgs["rules"]> {
  const { rateLimit, managedRuleGroups, ruleGroups } = withDefaults(waf);
  const groups = [
    ...managedRuleGroups.map((group) => ({
      name: group,
      statement: { managedRuleGroupStatement: { vendorName: "AWS", name: group } },
    })),
    ...Object.entries(ruleGroups).map(([name, { arn }]) => ({
      name,
      statement: { ruleGroupReferenceStatement: { arn } },
    })),
  ];
  return [
    {
      name: "rate",
      priority: 10,
      action: { block: {} },
      statement: {
        rateBasedStatement: {
          aggregateKeyType: "IP",
          limit: rateLimit.requests,
          evaluationWindowSec: rateLimit.windowSeconds ?? 300,
        },
      },
      visibilityConfig: visibility("rate"),
    },
    ...groups.map(({ name, statement }, index) => ({
      name,
      priority: 10 * (index + 2),
      overrideAction: { none: {} },
      statement,
      visibilityConfig: visibility(name),
    })),
  ];
}

function visibility(metricName: string): wafv2.WebAclArgs["visibilityConfig"] {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}

/** Checks the rules, and that their capacity fits into a web ACL. */
export function checkWaf(subject: string, waf: WafArgs): Problem[] {
  const { rateLimit, managedRuleGroups, ruleGroups } = withDefaults(waf);
  const { windowSeconds = 300 } = rateLimit;
  const parts: [string, number][] = [
    ["rate", rateCapacity],
    ...managedRuleGroups.map((group): [string, number] => [group, managedCapacity[group]]),
    ...Object.entries(ruleGroups).map(([name, { capacity }]): [string, number] => [name, capacity]),
  ];
  const sum = parts.reduce((total, [, capacity]) => total + capacity, 0);
  return [
    ...checkCount(`${subject}.rateLimit.requests`, "not a number of requests", rateLimit.requests, {
      least: 10,
      most: 2_000_000_000,
    }),
    ...(windows.includes(windowSeconds)
      ? []
      : [
          {
            subject: `${subject}.rateLimit.windowSeconds`,
            message: "WAF does not count over this window",
            value: String(windowSeconds),
            expected: windows.join(", "),
          },
        ]),
    ...repeated(parts.map(([name]) => name)).map((value) => ({
      subject,
      message: "two rules have the same name",
      value,
      expected: "a name for each",
    })),
    ...(sum <= mostCapacity
      ? []
      : [
          {
            subject,
            message: "the rules need more capacity than a web ACL has",
            value: `${parts.map(([name, capacity]) => `${name} ${capacity}`).join(" + ")} = ${sum}`,
            expected: `at most ${mostCapacity}`,
            fix: "remove a rule group",
          },
        ]),
  ];
}
