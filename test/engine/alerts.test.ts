import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import type { AlertCase } from "./alerts/alertCase.ts";
import { shield } from "./alerts/shield.ts";
import type { KubernetesObject } from "./cluster/kubernetesApi.ts";
import { stackObjects } from "./proofs/objects.ts";
import { findProgram } from "./tools/debianPackages.ts";

/** By stack: production, whose alerts are all there are. */
const cases: Record<string, Record<string, AlertCase>> = { "shield-prod": shield };

const stacks = (await stackObjects(undefined, Object.keys(cases))).map(({ stack, objects }) => ({
  stack,
  rules: objects.filter(({ kind }) => kind === "PrometheusRule"),
}));

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gatehouse-alerts-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function promtool(...args: string[]): string {
  const program = findProgram("promtool");
  if (program === undefined) throw new Error("promtool is missing: apt-get install prometheus");
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

function alertNames(rules: KubernetesObject[]): string[] {
  const groups = rules.flatMap(({ spec }) => spec?.groups as { rules: { alert?: string }[] }[]);
  return groups.flatMap((group) => group.rules.map(({ alert }) => alert)).filter((name) => name !== undefined);
}

describe.each(stacks)("alerts of $stack", ({ stack, rules }) => {
  const alerts = cases[stack] ?? {};
  let file: string;

  beforeAll(() => {
    file = join(directory, `${stack}.yaml`);
    writeFileSync(file, stringify({ groups: rules.flatMap(({ spec }) => spec?.groups as object[]) }));
  });

  it("each alert has series that fire it, and series that do not", () => {
    expect(Object.keys(alerts).sort()).toEqual(alertNames(rules).sort());
  });

  it("Prometheus takes the rules", () => {
    expect(promtool("check", "rules", file)).toContain(`SUCCESS: ${alertNames(rules).length} rules found`);
  });

  it.each(Object.keys(alerts))("%s fires when it should, and only then", (alert) => {
    const { interval, fires, quiet, at } = alerts[alert] as AlertCase;
    const test = (series: Record<string, string>, firing: boolean) => ({
      interval,
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [
        {
          expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
          eval_time: at,
          exp_samples: firing ? [{ labels: "{}", value: 1 }] : [],
        },
      ],
    });
    const tests = join(directory, `${stack}-${alert}.yaml`);
    writeFileSync(
      tests,
      stringify({ rule_files: [file], evaluation_interval: interval, tests: [test(fires, true), test(quiet, false)] }),
    );
    expect(promtool("test", "rules", tests)).toContain("SUCCESS");
  });
});
