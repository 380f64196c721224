import { at, type StackRecord } from "../../stacks/support/record.ts";
import type { StackObjects } from "../proofs/objects.ts";

export interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  for?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

export interface RuleGroup {
  name: string;
  interval?: string;
  rules: Rule[];
}

/** The groups that the Prometheus operator makes files of. */
export function ruleGroups({ objects }: StackObjects): RuleGroup[] {
  return objects
    .filter(({ kind }) => kind === "PrometheusRule")
    .flatMap(({ spec }) => (spec as { groups: RuleGroup[] }).groups);
}

interface PromQlCondition {
  query: string;
  duration: string;
  evaluationInterval: string;
  labels: Record<string, string>;
  ruleGroup: string;
  alertRule: string;
}

/** A condition of an alert policy: its name, and by its kind what it says. */
type Condition = { displayName: string } & Record<string, unknown>;

function conditions({ graph }: StackRecord): Condition[] {
  return graph.resources
    .filter(({ type }) => type === "gcp:monitoring/alertPolicy:AlertPolicy")
    .flatMap(({ inputs }) => at(inputs, "conditions") as unknown as Condition[]);
}

const promQl = "conditionPrometheusQueryLanguage";

/** Cloud Monitoring's PromQL conditions as Prometheus would evaluate them. */
export function cloudRuleGroups(record: StackRecord): RuleGroup[] {
  return conditions(record)
    .filter((condition) => promQl in condition)
    .map((condition) => condition[promQl] as PromQlCondition)
    .map(({ query, duration, evaluationInterval, labels, ruleGroup, alertRule }) => ({
      name: `${ruleGroup}-${alertRule}`,
      interval: evaluationInterval,
      rules: [{ alert: alertRule, expr: query, for: duration, labels }],
    }));
}

/** The kinds of the conditions that are not PromQL, by the conditions' names. */
export function otherConditions(record: StackRecord): Record<string, string[]> {
  const others = conditions(record).filter((condition) => !(promQl in condition));
  return Object.fromEntries(
    others.map(({ displayName, ...rest }) => [
      displayName,
      Object.keys(rest).filter((key) => key.startsWith("condition")),
    ]),
  );
}
