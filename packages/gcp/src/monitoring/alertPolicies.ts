import { checkedArgs, childOptions, describe, physicalName, throwIfAny, type Problem, repeated } from "@gatehouse/core";
import * as monitoring from "@pulumi/gcp/monitoring/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";

/** An alert whose condition is PromQL, as `cloudMonitoringPolicies` of @gatehouse/monitoring renders it from a rule. */
export interface PromQlPolicyArgs {
  /** Name of the alert in CamelCase: `IdentityHighErrorRate`. */
  name: string;
  /** Condition in PromQL. The alert fires for each series of the result. */
  query: string;
  /** Seconds for which the condition must hold. */
  durationSeconds: number;
  /** Seconds between two evaluations: a multiple of 30. */
  evaluationSeconds: number;
  /**
   * `CRITICAL`, `ERROR` or `WARNING`.
   * @default none
   */
  severity?: string;
  /** One-line summary of the problem. */
  summary: string;
  /** What the problem means for users. */
  description: string;
  /** Address of the runbook. */
  runbookUrl: string;
  /** Labels of the alert. */
  labels: Record<string, string>;
}

export interface AlertPoliciesArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** The alerts. */
  policies: PromQlPolicyArgs[];
  /** Notification channels of the alerts. */
  notificationChannels: pulumi.Input<string>[];
}

/**
 * Alert policies of Cloud Monitoring, one for each alert.
 *
 * @example
 * ```ts
 * new AlertPolicies("orders", {
 *   project: "shop-prod",
 *   policies: cloudMonitoringPolicies({ name: "orders", rules, catalogue }),
 *   notificationChannels: channels,
 * });
 * ```
 */
export class AlertPolicies extends pulumi.ComponentResource {
  /** Names of the policies by that of the alert. */
  public readonly policies: Record<string, pulumi.Output<string>>;

  /** @throws InputError for two alerts of one name. */
  constructor(name: string, args: AlertPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AlertPoliciesArgs", `${name} (AlertPolicies)`, args);
    super("gatehouse:gcp:AlertPolicies", name, {}, opts);
    throwIfAny(checkPolicies(`${describe(name, this)}.policies`, args.policies));

    this.policies = Object.fromEntries(
      args.policies.map((policy) => [policy.name, this.createPolicy(name, policy, args, opts).name]),
    );
    this.registerOutputs({ policies: this.policies });
  }

  private createPolicy(
    name: string,
    policy: PromQlPolicyArgs,
    { project, notificationChannels }: AlertPoliciesArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): monitoring.AlertPolicy {
    return new monitoring.AlertPolicy(
      `${name}-${policy.name}`,
      {
        project,
        displayName: policy.name,
        combiner: "OR",
        severity: policy.severity,
        conditions: [
          {
            displayName: policy.summary,
            conditionPrometheusQueryLanguage: {
              query: policy.query,
              duration: `${policy.durationSeconds}s`,
              evaluationInterval: `${policy.evaluationSeconds}s`,
              labels: policy.labels,
              ruleGroup: physicalName("kubernetes:Object", name),
              alertRule: policy.name,
              // On an empty project no metric has a value yet.
              disableMetricValidation: true,
            },
          },
        ],
        documentation: {
          mimeType: "text/markdown",
          subject: policy.summary,
          content: policy.description,
          links: [{ displayName: "Runbook", url: policy.runbookUrl }],
        },
        notificationChannels,
      },
      childOptions(this, opts),
    );
  }
}

function checkPolicies(subject: string, policies: PromQlPolicyArgs[]): Problem[] {
  return [
    ...repeated(policies.map(({ name }) => name)).map((value) => ({
      subject,
      message: "two alerts have the same name",
      value,
      expected: "a different name for each alert",
    })),
    // https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.alertPolicies#PrometheusQueryLanguageCondition
    ...policies
      .filter(({ evaluationSeconds: seconds }) => !Number.isInteger(seconds / 30) || seconds < 30)
      .map(({ name, evaluationSeconds }) => ({
        subject: `${subject}.${name}.evaluationSeconds`,
        message: "Cloud Monitoring cannot evaluate an alert at this interval",
        value: String(evaluationSeconds),
        expected: "a multiple of 30",
      })),
    ...policies
      .filter(({ durationSeconds: seconds }) => !Number.isInteger(seconds) || seconds < 0)
      .map(({ name, durationSeconds }) => ({
        subject: `${subject}.${name}.durationSeconds`,
        message: "not a number of seconds",
        value: String(durationSeconds),
        expected: "a whole number, 0 or more",
      })),
  ];
}
