import {
  childOptions,
  checkedArgs,
  operatorLabels,
  InputError,
  checkDuration,
  checkedInput,
  parseDuration,
  physicalName,
  recommendedLabels,
  refuseSecret,
  throwIfAny,
} from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import * as apiextensions from "@pulumi/kubernetes/apiextensions/index.js";
import * as pulumi from "@pulumi/pulumi";
import { checkAlertRules, renderAlertRules } from "./alertRule.ts";
import type { AlertRule, AlertRuleGroup } from "./alertRule.ts";
import { checkCatalogue } from "../metrics/metricsCatalogue.ts";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";
import { argsSchema } from "../argsSchema.ts";

export interface AlertRulesArgs {
  /** Namespace of the rules' object. */
  namespace: pulumi.Input<string>;
  /** The metrics that the expressions may use. */
  catalogue: MetricsCatalogue;
  /**
   * The rules, in one group that is named after the object.
   *
   * @default none; then `groups` are required
   */
  rules?: pulumi.Input<AlertRule[]>;
  /**
   * The rules in groups of their own names.
   *
   * @default none; then `rules` are required
   */
  groups?: pulumi.Input<AlertRuleGroup[]>;
  /**
   * Name of the object.
   *
   * @default the component's name
   */
  ruleName?: string;
  /**
   * Interval at which Prometheus scrapes the targets. The window of a rate must be at least four times as long.
   *
   * @default "30s", that of kube-prometheus-stack
   */
  scrapeInterval?: string;
  /**
   * Labels with which Prometheus selects rules: kube-prometheus-stack takes only those with its release's name.
   *
   * @default { release: "kube-prometheus-stack" }
   */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Alert rules as a PrometheusRule of the Prometheus operator. Every expression is parsed, looked up in the catalogue
 * and checked; all that is wrong with any rule is one error.
 */
export class AlertRules extends pulumi.ComponentResource {
  /** Name of the PrometheusRule. */
  public readonly ruleName: pulumi.Output<string>;

  /** @throws InputError if a rule is wrong; rules that are Outputs reject with it as they resolve. */
  constructor(name: string, args: AlertRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AlertRulesArgs", `${name} (AlertRules)`, args);
    super("gatehouse:monitoring:AlertRules", name, {}, opts);
    const ruleName = physicalName("kubernetes:Object", args.ruleName ?? name);
    const groups = checkedGroups(name, ruleName, args);
    const rule = this.prometheusRule(name, ruleName, groups, args, opts);
    this.ruleName = rule.metadata.name;
    this.registerOutputs({ ruleName: this.ruleName });
  }

  private prometheusRule(
    name: string,
    ruleName: string,
    groups: pulumi.Input<AlertRuleGroup[]>,
    { namespace, labels = operatorLabels }: AlertRulesArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): apiextensions.CustomResource {
    const metadata = {
      name: ruleName,
      namespace,
      labels: pulumi.output(labels).apply((own) => ({ ...recommendedLabels({ name: ruleName }), ...own })),
    };
    return new apiextensions.CustomResource(
      `${name}-rule`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata,
        spec: { groups: pulumi.output(groups).apply(renderAlertRules) },
      },
      childOptions(this, opts),
    );
  }
}

function checkedGroups(name: string, ruleName: string, args: AlertRulesArgs): pulumi.Input<AlertRuleGroup[]> {
  const { catalogue, rules, groups, scrapeInterval = "30s" } = args;
  if ((rules === undefined) === (groups === undefined)) {
    const message = rules === undefined ? "there are no rules" : "there are both rules and groups";
    throw new InputError({ subject: `${name}.rules`, message, expected: "either rules or groups" });
  }
  throwIfAny(checkCatalogue(catalogue), `the metrics catalogue of ${name}`);
  throwIfAny(checkDuration(scrapeInterval, `${name}.scrapeInterval`));
  const context = { catalogue, scrapeInterval: parseDuration(scrapeInterval) };
  const prefixed = (problem: Problem): Problem => ({ ...problem, subject: `${name}: ${problem.subject}` });
  const given = groups ?? groupOf(ruleName, rules ?? []);
  const checked = checkedInput(given, (all) => checkAlertRules(all, context).map(prefixed));
  if (Array.isArray(checked)) return checked;
  return refuseSecret(checked, {
    subject: `${name}.${groups ? "groups" : "rules"}`,
    message: "a secret would be readable in the PrometheusRule",
    fix: "build the rules from values that are not secret",
  });
}

function groupOf(name: string, rules: pulumi.Input<AlertRule[]>): pulumi.Input<AlertRuleGroup[]> {
  return Array.isArray(rules) ? [{ name, rules }] : pulumi.output(rules).apply((all) => [{ name, rules: all }]);
}
