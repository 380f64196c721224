import { describe, expect, test } from "vitest";
import { checkAlertRules, renderAlertRules } from "../../src/index.ts";
import type { AlertRule, AlertRuleGroup } from "../../src/index.ts";
import { catalogue, rule, scrapeInterval } from "../fixtures.ts";

function problemsOf(...groups: AlertRuleGroup[]): string[] {
  return checkAlertRules(groups, { catalogue, scrapeInterval }).map(({ subject, message, value, fix }) =>
    [subject, message, value, fix].filter((part) => part !== undefined).join(" | "),
  );
}

describe("one rule", () => {
  test("a complete rule passes, with or without for", () => {
    expect(
      problemsOf({ name: "shop", rules: [rule(), rule({ name: "B", for: undefined, labels: { team: "a" } })] }),
    ).toEqual([]);
  });

  test.each<[string, Partial<AlertRule>, string[]]>([
    [
      "name",
      { name: "Shop full" },
      ["alert Shop full | the name is not one word of letters, digits and underscores | Shop full"],
    ],
    ["severity", { severity: "page" as never }, ["alert ShopFull | the severity is missing or unknown | page"]],
    ["summary", { summary: "" }, ["alert ShopFull | the summary is empty"]],
    ["description", { description: " " }, ["alert ShopFull | the description is empty"]],
    ["no runbook", { runbookUrl: "" }, ["alert ShopFull | the runbook is not a link | "]],
    ["runbook path", { runbookUrl: "docs/a.md" }, ["alert ShopFull | the runbook is not a link | docs/a.md"]],
    [
      "runbook scheme",
      { runbookUrl: "javascript:alert(1)" },
      ["alert ShopFull | the runbook is not a link | javascript:alert(1)"],
    ],
    ["for", { for: "5" }, ["alert ShopFull for | the duration has no unit | 5 | for example 5s"]],
    [
      "own severity label",
      { labels: { severity: "a" } },
      ["alert ShopFull | the label severity is set by the rule's own field | severity | leave it out"],
    ],
    ["label", { labels: { "a-b": "c" } }, ["alert ShopFull | Prometheus refuses the name of a label | a-b"]],
    [
      "braces",
      { summary: "{{ $value" },
      ["alert ShopFull | the braces {{ and }} of a template do not pair | {{ $value"],
    ],
    [
      "label in a text",
      { description: "on {{ $labels.pot }} and {{ $labels.shelf }}" },
      [
        "alert ShopFull | the alert has no label pot to print | on {{ $labels.pot }} and {{ $labels.shelf }} | did you mean pod?",
        "alert ShopFull | the alert has no label shelf to print | on {{ $labels.pot }} and {{ $labels.shelf }} | keep the label in the expression: by (shelf)",
      ],
    ],
    [
      "label that was aggregated away",
      { expr: "sum(shop_carts) > 100", summary: "{{ .Labels.pod }}" },
      [
        "alert ShopFull | the alert has no label pod to print | {{ .Labels.pod }} | keep the label in the expression: by (pod)",
      ],
    ],
    [
      "expression",
      { expr: "shop_cart > 1", description: "{{ $labels.anything }}" },
      [
        "alert ShopFull expr | nothing exports the metric shop_cart (unknown-metric) | shop_cart > 1\n^^^^^^^^^ | did you mean shop_carts? Else add the metric to the catalogue, with the program that exports it",
      ],
    ],
  ])("%s", (_, overrides, problems) => {
    expect(problemsOf({ name: "shop", rules: [rule(overrides)] })).toEqual(problems);
  });
});

describe("groups", () => {
  test("names, intervals, rules", () => {
    expect(
      problemsOf(
        { name: "", rules: [rule({ name: "A" })] },
        { name: "b", interval: "often", rules: [] },
        { name: "b", rules: [rule({ name: "B" })] },
      ),
    ).toEqual([
      "group 1 | the group has no name",
      "group b | the group has no rules",
      "group b interval | not a duration | often",
      "group b | two groups have this name | join them, or rename one",
    ]);
  });

  test("an alert's name is used once, across groups too", () => {
    expect(problemsOf({ name: "a", rules: [rule()] }, { name: "b", rules: [rule()] })).toEqual([
      "alert ShopFull | two alerts have this name | in a and in b | rename one",
    ]);
  });

  test("the problems of all rules come together", () => {
    expect(
      problemsOf({ name: "a", rules: [rule({ summary: "", expr: "sum(" }), rule({ name: "B", runbookUrl: "x" })] }),
    ).toHaveLength(3);
  });
});

test("rendered for Prometheus", () => {
  expect(
    renderAlertRules([
      { name: "shop", interval: "1m", rules: [rule({ labels: { team: "a" } }), rule({ for: undefined })] },
    ]),
  ).toEqual([
    {
      name: "shop",
      interval: "1m",
      rules: [
        {
          alert: "ShopFull",
          expr: "shop_carts > 100",
          for: "5m",
          labels: { team: "a", severity: "warning" },
          annotations: {
            summary: "The shop is full",
            description: "{{ $value }} carts are open",
            runbook_url: "https://example.org/runbooks/shop-full",
          },
        },
        {
          alert: "ShopFull",
          expr: "shop_carts > 100",
          labels: { severity: "warning" },
          annotations: {
            summary: "The shop is full",
            description: "{{ $value }} carts are open",
            runbook_url: "https://example.org/runbooks/shop-full",
          },
        },
      ],
    },
  ]);
});
