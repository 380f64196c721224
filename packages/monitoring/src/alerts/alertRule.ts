import { checkDuration, nearest } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import { checkExpression } from "../checks/expression.ts";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";

/** Urgency of an alert. */
export const Severity = {
  /** Pages a person at any hour. */
  Critical: "critical",
  /** A person looks at it in working hours. */
  Warning: "warning",
  /** It explains other alerts. */
  Info: "info",
} as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** An alert: its condition, and what it tells people. */
export interface AlertRule {
  /** Name of the alert, in one word: `ShieldHighErrorRate`. */
  name: string;
  /** The condition in PromQL: the alert fires for each series of its result. */
  expr: string;
  /**
   * Time for which the condition must hold: `5m`.
   *
   * @default "0s": the alert fires at once
   */
  for?: string;
  severity: Severity;
  /** One-line summary of the problem. */
  summary: string;
  /** Effect on users, with the value: `{{ $value | humanizePercentage }} of requests fail`. */
  description: string;
  /** Link to the runbook. */
  runbookUrl: string;
  /**
   * Further labels, by which alerts are routed: `team`.
   *
   * @default none
   */
  labels?: Record<string, string>;
  /**
   * Checks that the expression knowingly does not meet, by id, each with the reason.
   *
   * @default none
   */
  accept?: Record<string, string>;
}

/** Rules that are evaluated together, one after another. */
export interface AlertRuleGroup {
  name: string;
  /**
   * Evaluation interval: `1m`.
   *
   * @default Prometheus' own evaluation interval
   */
  interval?: string;
  rules: AlertRule[];
}

/** Context in which rules are checked. */
export interface AlertRuleContext {
  catalogue: MetricsCatalogue;
  /** Milliseconds between two scrapes of a target. */
  scrapeInterval: number;
}

/** Checks the rules of all groups. */
export function checkAlertRules(groups: AlertRuleGroup[], context: AlertRuleContext): Problem[] {
  return [
    ...groups.flatMap(checkGroup),
    ...checkDuplicates(groups),
    ...groups.flatMap(({ rules }) => rules.flatMap((rule) => checkRule(rule, context))),
  ];
}

function checkGroup({ name, interval, rules }: AlertRuleGroup, index: number, groups: AlertRuleGroup[]): Problem[] {
  const subject = `group ${name}`;
  const twice = groups.findIndex((group) => group.name === name) < index;
  return [
    ...(name.trim() === "" ? [{ subject: `group ${index + 1}`, message: "the group has no name" }] : []),
    ...(twice ? [{ subject, message: "two groups have this name", fix: "join them, or rename one" }] : []),
    ...(rules.length === 0 ? [{ subject, message: "the group has no rules" }] : []),
    ...(interval === undefined ? [] : checkDuration(interval, `${subject} interval`)),
  ];
}

function checkDuplicates(groups: AlertRuleGroup[]): Problem[] {
  const all = groups.flatMap((group) => group.rules.map(({ name }) => ({ name, group: group.name })));
  return all.flatMap(({ name, group }, index) => {
    const first = all.findIndex((other) => other.name === name);
    if (first === index) return [];
    const value = `in ${all[first]?.group ?? ""} and in ${group}`;
    return [{ subject: `alert ${name}`, message: "two alerts have this name", value, fix: "rename one" }];
  });
}

function checkRule(rule: AlertRule, context: AlertRuleContext): Problem[] {
  const subject = `alert ${rule.name}`;
  const { problems, labels } = checkExpression(rule.expr, `${subject} expr`, {
    ...context,
    alert: true,
    accept: rule.accept,
  });
  const texts = [rule.summary, rule.description, ...Object.values(rule.labels ?? {})];
  return [
    ...checkIdentity(rule, subject),
    ...checkTexts(rule, subject),
    ...(rule.for === undefined ? [] : checkDuration(rule.for, `${subject} for`)),
    ...problems,
    ...texts.flatMap((text) => checkTemplate(text, subject, labels)),
  ];
}

function checkIdentity({ name, severity, labels = {} }: AlertRule, subject: string): Problem[] {
  const severities: string[] = Object.values(Severity);
  return [
    ...(/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
      ? []
      : [{ subject, message: "the name is not one word of letters, digits and underscores", value: name }]),
    ...(severities.includes(severity)
      ? []
      : [{ subject, message: "the severity is missing or unknown", value: severity, expected: severities.join(", ") }]),
    ...Object.keys(labels).flatMap((label): Problem[] => {
      if (label === "severity" || label === "alertname") {
        return [
          { subject, message: `the label ${label} is set by the rule's own field`, value: label, fix: "leave it out" },
        ];
      }
      const good = /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label);
      return good ? [] : [{ subject, message: "Prometheus refuses the name of a label", value: label }];
    }),
  ];
}

function checkTexts({ summary, description, runbookUrl }: AlertRule, subject: string): Problem[] {
  const missing = Object.entries({ summary, description }).flatMap(([field, text]) =>
    text.trim() === "" ? [{ subject, message: `the ${field} is empty` }] : [],
  );
  const url = URL.canParse(runbookUrl) && /^https?:$/.test(new URL(runbookUrl).protocol);
  const expected = "a link (https://...) to what is to be done";
  return url ? missing : [...missing, { subject, message: "the runbook is not a link", value: runbookUrl, expected }];
}

/** Checks that the alert has the labels that its texts print. Prometheus prints nothing for a missing one. */
function checkTemplate(text: string, subject: string, labels: string[] | undefined): Problem[] {
  if (text.split("{{").length !== text.split("}}").length) {
    return [{ subject, message: "the braces {{ and }} of a template do not pair", value: text }];
  }
  if (!labels) return [];
  return [...text.matchAll(/(?:\$labels|\.Labels)\.([A-Za-z_]\w*)/g)]
    .map(([, label = ""]) => label)
    .filter((label) => !labels.includes(label))
    .map((label) => {
      const meant = nearest(label, labels);
      return {
        subject,
        message: `the alert has no label ${label} to print`,
        value: text,
        expected: labels.length > 0 ? labels.join(", ") : "no label, as the expression aggregates all away",
        fix: meant === undefined ? `keep the label in the expression: by (${label})` : `did you mean ${meant}?`,
      };
    });
}

/** A rule as Prometheus reads it. */
export interface PrometheusAlert {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** A group as Prometheus reads it; `{ groups: [...] }` of them is the content of a rule file. */
export interface PrometheusRuleGroup {
  name: string;
  interval?: string;
  rules: PrometheusAlert[];
}

/** The groups in the form of a Prometheus rule file and of the operator's PrometheusRule. */
export function renderAlertRules(groups: AlertRuleGroup[]): PrometheusRuleGroup[] {
  return groups.map(({ name, interval, rules }) => ({
    name,
    ...(interval !== undefined && { interval }),
    rules: rules.map((rule) => ({
      alert: rule.name,
      expr: rule.expr,
      ...(rule.for !== undefined && { for: rule.for }),
      labels: { ...rule.labels, severity: rule.severity },
      annotations: { summary: rule.summary, description: rule.description, runbook_url: rule.runbookUrl },
    })),
  }));
}
