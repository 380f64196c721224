import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatDuration, parseDuration } from "@gatehouse/core";
import { stringify } from "yaml";
import { runProgram } from "../support/runProgram.ts";
import type { AlertCase, Firing, Series } from "./alertCase.ts";
import type { Rule, RuleGroup } from "./renderedRules.ts";

/** What promtool says against a command's files. */
async function objections(...args: string[]): Promise<string[]> {
  const { status, output } = await runProgram("promtool", args);
  return status === 0 ? [] : [output];
}

/** Rules as promtool takes them: in files of a directory. */
export class Rules {
  readonly #directory: string;
  readonly #groups: RuleGroup[];

  constructor(directory: string, groups: RuleGroup[]) {
    this.#directory = directory;
    this.#groups = groups;
  }

  /** What is wrong with the rules as such. */
  check(): Promise<string[]> {
    return objections("check", "rules", this.#write("rules", { groups: this.#groups }));
  }

  /** What an alert does other than its case says. */
  test(alert: string, { interval, evaluation, fires, quiet, until }: AlertCase): Promise<string[]> {
    const [found] = this.#groups.flatMap((group) =>
      group.rules.filter((one) => one.alert === alert).map((rule) => ({ group, rule })),
    );
    if (found === undefined) throw new Error(`no rule ${alert}`);
    const { group, rule } = found;
    const step = evaluation ?? group.interval ?? interval;
    const common = (name: string, series: Series) => ({
      name,
      interval,
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    });
    const tests = [
      ...Object.entries(fires).map(([matter, firing]) => ({
        ...common(`fires: ${matter}`, firing.series),
        alert_rule_test: firingTest(rule, firing, step),
      })),
      ...Object.entries(quiet).map(([matter, series]) => ({
        ...common(`quiet: ${matter}`, series),
        promql_expr_test: [
          { expr: `count_over_time(ALERTS{alertname="${alert}",alertstate="firing"}[${until}])`, eval_time: until },
        ],
      })),
    ];
    // Alone, as each evaluation of the others would take its time.
    const rules = this.#write(alert, { groups: [{ ...group, rules: [rule] }] });
    const content = { rule_files: [rules], evaluation_interval: step, tests };
    return objections("test", "rules", this.#write(`${alert}.test`, content));
  }

  #write(name: string, content: object): string {
    const file = join(this.#directory, `${name}.yaml`);
    writeFileSync(file, stringify(content));
    return file;
  }
}

/** Nothing an evaluation before the alert is due, and then exactly what is sent. */
function firingTest(
  { alert: alertname, for: held = "0s", ...rule }: Rule,
  { since, alerts = [{}] }: Firing,
  step: string,
) {
  const due = parseDuration(since) + parseDuration(held);
  const expected = alerts.map(({ labels, description }) => ({
    exp_labels: { ...rule.labels, ...labels },
    exp_annotations: { ...rule.annotations, ...(description !== undefined && { description }) },
  }));
  return [
    { alertname, eval_time: formatDuration(due - parseDuration(step)) },
    { alertname, eval_time: formatDuration(due), exp_alerts: expected },
  ];
}
