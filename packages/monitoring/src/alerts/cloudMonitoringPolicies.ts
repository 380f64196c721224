import { checkDuration, parseDuration, throwIfAny } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import { Severity, checkAlertRules } from "./alertRule.ts";
import type { AlertRule } from "./alertRule.ts";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";

export interface CloudMonitoringPoliciesArgs {
  /** Name of the product, for messages. */
  name: string;
  /** The rules, as for Prometheus. */
  rules: AlertRule[];
  /** The metrics that the expressions may use. */
  catalogue: MetricsCatalogue;
  /**
   * Interval at which Google samples the metrics. The window of a rate must be at least four times as long.
   *
   * @default "60s"
   */
  sampleInterval?: string;
  /**
   * Interval at which conditions are evaluated, a multiple of 30 s.
   *
   * @default "60s"
   */
  evaluationInterval?: string;
}

/** An alert rule in the terms of a Cloud Monitoring alert policy with a PromQL condition. */
export interface CloudMonitoringPolicy {
  name: string;
  query: string;
  durationSeconds: number;
  evaluationSeconds: number;
  /** Absent for alerts that only explain others. */
  severity?: string;
  summary: string;
  description: string;
  runbookUrl: string;
  labels: Record<string, string>;
}

const evaluationStep = 30_000;

/**
 * Renders alert rules for Cloud Monitoring, which evaluates PromQL over its own metrics as Prometheus does. The rules
 * are checked as for Prometheus, and an error says what Cloud Monitoring cannot express.
 *
 * @throws InputError with everything that is wrong with the rules.
 */
export function cloudMonitoringPolicies(args: CloudMonitoringPoliciesArgs): CloudMonitoringPolicy[] {
  const { name, rules, catalogue, sampleInterval = "60s", evaluationInterval = "60s" } = args;
  throwIfAny([
    ...checkDuration(sampleInterval, `${name}.sampleInterval`),
    ...checkEvaluation(evaluationInterval, `${name}.evaluationInterval`),
  ]);
  const context = { catalogue, scrapeInterval: parseDuration(sampleInterval) };
  const problems = [...checkAlertRules([{ name, rules }], context), ...rules.flatMap(checkSayable)];
  throwIfAny(problems.map((problem) => ({ ...problem, subject: `${name}: ${problem.subject}` })));
  return rules.map((rule) => render(rule, parseDuration(evaluationInterval) / 1000));
}

function render(rule: AlertRule, evaluationSeconds: number): CloudMonitoringPolicy {
  const { name, expr, severity, summary, description, runbookUrl, labels = {} } = rule;
  const known: Partial<Record<Severity, string>> = { [Severity.Critical]: "CRITICAL", [Severity.Warning]: "WARNING" };
  return {
    name,
    query: expr,
    durationSeconds: parseDuration(rule.for ?? "0") / 1000,
    evaluationSeconds,
    ...(known[severity] !== undefined && { severity: known[severity] }),
    summary,
    description,
    runbookUrl,
    labels: { ...labels, severity },
  };
}

function checkEvaluation(interval: string, subject: string): Problem[] {
  const form = checkDuration(interval, subject);
  if (form.length > 0) return form;
  const length = parseDuration(interval);
  if (length > 0 && length % evaluationStep === 0) return [];
  return [
    {
      subject,
      message: "Cloud Monitoring does not evaluate that often",
      value: interval,
      expected: "a multiple of 30s",
    },
  ];
}

/** Templates are filled in by Prometheus' own alert manager, and stand as they are in a policy's documentation. */
function checkSayable(rule: AlertRule): Problem[] {
  const subject = `alert ${rule.name}`;
  const texts = { summary: rule.summary, description: rule.description };
  const templates = Object.entries(texts).flatMap(([field, text]) =>
    text.includes("{{")
      ? [
          {
            subject: `${subject} ${field}`,
            message: "Cloud Monitoring does not fill in templates",
            value: text,
            expected: "a text without {{ }}",
          },
        ]
      : [],
  );
  const length = rule.for !== undefined && checkDuration(rule.for, "").length === 0 ? parseDuration(rule.for) : 0;
  if (length % 1000 === 0) return templates;
  return [
    ...templates,
    {
      subject: `${subject} for`,
      message: "Cloud Monitoring counts in seconds",
      value: rule.for,
      expected: "whole seconds",
    },
  ];
}
