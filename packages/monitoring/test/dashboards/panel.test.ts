import * as gauge from "@grafana/grafana-foundation-sdk/gauge";
import * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import * as stat from "@grafana/grafana-foundation-sdk/stat";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { describe, expect, test } from "vitest";
import { dashboardUid } from "../../src/index.ts";
import type { DashboardPanel, DashboardVariable } from "../../src/index.ts";
import { fillVariables } from "../../src/dashboards/grafanaVariables.ts";
import { layOut, renderDashboard } from "../../src/dashboards/grafana.ts";
import { checkPanels, refId } from "../../src/dashboards/panel.ts";
import { catalogue, scrapeInterval } from "../fixtures.ts";

const namespace: DashboardVariable = { name: "namespace", metric: "shop_requests_total", label: "namespace" };
const pods: DashboardVariable = { name: "pods", metric: "up", label: "pod", multi: true };

function panel(overrides: Partial<DashboardPanel> = {}): DashboardPanel {
  return { title: "Carts", description: "Open carts", queries: [{ expr: "sum(shop_carts)" }], ...overrides };
}

function problemsOf(panels: DashboardPanel[], variables: DashboardVariable[] = []): string[] {
  return checkPanels(panels, { catalogue, variables, scrapeInterval }).map(({ subject, message, value, fix }) =>
    [subject, message, value, fix].filter((part) => part !== undefined).join(" | "),
  );
}

describe("variables in queries", () => {
  const fill = (query: string): string => fillVariables(query, "q", [namespace, pods], 15_000).text;

  test("Grafana's own get values of their meaning, the dashboard's stay texts; no place moves", () => {
    expect(fill("rate(a[$__rate_interval])")).toBe("rate(a[60s             ])");
    expect(fill("rate(a[${__rate_interval}])")).toBe("rate(a[60s               ])");
    expect(fill("increase(a[$__range]) / $__range_s")).toBe("increase(a[1h      ]) / 3600      ");
    expect(fill('a{namespace="$namespace",pod=~"${pods:regex}"}')).toBe(
      'a{namespace="_namespace",pod=~"__pods_regex_"}',
    );
    expect(fill('a{b=~"5..$"}')).toBe('a{b=~"5..$"}');
    expect(fill('a{b="it\\"s $namespace"}')).toBe('a{b="it\\"s _namespace"}');
  });

  test.each([
    [
      'sum(shop_carts{namespace="$namespce"})',
      "the dashboard has no variable namespce",
      26,
      9,
      "did you mean $namespace?",
    ],
    [
      "sum(shop_carts) > $namespace",
      "the variable namespace stands for a label's value, in quotes",
      18,
      10,
      'write label="$namespace"',
    ],
    [
      'sum(shop_carts{pod="$pods"})',
      "the variable pods can have several values, which = does not match",
      20,
      5,
      "match it with =~",
    ],
    [
      'sum(shop_carts{pod!="$pods"})',
      "the variable pods can have several values, which = does not match",
      21,
      5,
      "match it with =~",
    ],
  ])("%s", (expr, message, column, width, fix) => {
    expect(problemsOf([panel({ queries: [{ expr }] })], [namespace, pods])).toEqual([
      `panel "Carts" query A | ${message} | ${expr}\n${" ".repeat(column)}${"^".repeat(width)} | ${fix}`,
    ]);
  });

  test("$__rate_interval is wide enough for a rate, $__interval is not", () => {
    const rate = (window: string): DashboardPanel =>
      panel({ queries: [{ expr: `sum(rate(shop_orders_total[${window}]))` }] });
    expect(problemsOf([rate("$__rate_interval")])).toEqual([]);
    expect(problemsOf([rate("$__range")])).toEqual([]);
    expect(problemsOf([rate("$__interval")])).toEqual([
      'panel "Carts" query A | the window of 30s is under four scrape intervals of 30s (short-window) | sum(rate(shop_orders_total[$__interval]))\n         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ | widen the window; in a panel use $__rate_interval',
    ]);
  });
});

describe("checks of panels", () => {
  test("good panels pass", () => {
    const queries = [
      {
        expr: 'sum by (status) (rate(shop_requests_total{namespace="$namespace",pod=~"$pods"}[$__rate_interval]))',
        legend: "{{ status }}",
      },
      { expr: "rate(shop_orders_total[5m])", accept: { "unsummed-rate": "each pod is to be seen" } },
    ];
    const thresholds = [
      { color: "red" as const },
      { color: "yellow" as const, from: 0.9 },
      { color: "green" as const, from: 0.99 },
    ];
    expect(
      problemsOf(
        [panel({ queries, thresholds, kind: "gauge", unit: "percentunit", max: 1, width: 24 })],
        [namespace, pods],
      ),
    ).toEqual([]);
  });

  test.each<[string, Partial<DashboardPanel>, string]>([
    ["title", { title: "" }, 'panel "" | the title is empty'],
    ["description", { description: "" }, 'panel "Carts" | the description is empty'],
    ["queries", { queries: [] }, 'panel "Carts" | the panel has no queries'],
    ["width", { width: 25 }, 'panel "Carts" | the width is outside the grid | 25'],
    ["axis", { max: 0 }, 'panel "Carts" | the highest value is not above the lowest | 0 to 0'],
    [
      "first threshold",
      { thresholds: [{ color: "red", from: 1 }] },
      'panel "Carts" | the thresholds do not rise | red from 1',
    ],
    [
      "thresholds",
      { thresholds: [{ color: "red" }, { color: "green", from: 2 }, { color: "blue", from: 2 }] },
      'panel "Carts" | the thresholds do not rise | red from -, green from 2, blue from 2',
    ],
    [
      "expression",
      { queries: [{ expr: "sum(shop_carts)" }, { expr: "sum(shop_cart)" }] },
      'panel "Carts" query B | nothing exports the metric shop_cart (unknown-metric) | sum(shop_cart)\n    ^^^^^^^^^ | did you mean shop_carts? Else add the metric to the catalogue, with the program that exports it',
    ],
    [
      "legend",
      { queries: [{ expr: "sum by (status) (rate(shop_requests_total[5m]))", legend: "{{statu}}" }] },
      'panel "Carts" query A | the series have no label statu for the legend | {{statu}} | did you mean status?',
    ],
    [
      "legend of a quantile, which has no buckets any more",
      {
        queries: [
          {
            expr: "histogram_quantile(0.9, sum by (le) (rate(shop_request_duration_seconds_bucket[5m])))",
            legend: "{{le}}",
          },
        ],
      },
      'panel "Carts" query A | the series have no label le for the legend | {{le}} | keep the label in the query: by (le)',
    ],
    [
      "legend of an aggregate",
      { queries: [{ expr: "sum(shop_carts)", legend: "{{pod}}" }] },
      'panel "Carts" query A | the series have no label pod for the legend | {{pod}} | keep the label in the query: by (pod)',
    ],
  ])("%s", (_, overrides, problem) => {
    expect(problemsOf([panel(overrides)])).toEqual([problem]);
  });

  test("a dashboard without panels", () => {
    expect(problemsOf([])).toEqual(["panels | the dashboard has no panels"]);
  });

  test.each<[Partial<DashboardVariable>, string]>([
    [{ name: "a b" }, "variable a b | the name is not one word | a b"],
    [{ name: "datasource" }, "variable datasource | every dashboard already has this variable"],
    [
      { metric: "shop_cart" },
      "variable namespace | nothing exports the metric shop_cart | shop_cart | did you mean shop_carts?",
    ],
    [{ label: "stat" }, "variable namespace | shop_requests_total has no label stat | stat | did you mean status?"],
  ])("variable %j", (overrides, problem) => {
    expect(problemsOf([panel()], [{ ...namespace, ...overrides }])).toEqual([problem]);
  });

  test("a variable twice", () => {
    expect(problemsOf([panel()], [pods, pods])).toEqual(["variable pods | two variables have this name | rename one"]);
  });
});

describe("rendering", () => {
  test("panels flow from left to right", () => {
    expect(layOut([12, 12, 6, 12, 12, 24, 1]).map(({ x, y, w, h }) => [x, y, w, h])).toEqual([
      [0, 0, 12, 8],
      [12, 0, 12, 8],
      [0, 8, 6, 8],
      [6, 8, 12, 8],
      [0, 16, 12, 8],
      [0, 24, 24, 8],
      [0, 32, 1, 8],
    ]);
  });

  test("queries are called A to Z, then AA", () => {
    expect([0, 1, 25, 26, 52].map(refId)).toEqual(["A", "B", "Z", "AA", "BA"]);
  });

  test("the uid is the same for the same names, another for others, and within Grafana's limit", () => {
    expect(dashboardUid("shop", "carts")).toMatch(/^shop-carts-[0-9a-f]{8}$/);
    expect(dashboardUid("shop", "carts")).toBe(dashboardUid("shop", "carts"));
    expect(dashboardUid("shop-carts", "a")).not.toBe(dashboardUid("shop", "carts-a"));
    expect(dashboardUid("shop", "a.b")).toMatch(/^shop-a-b-[0-9a-f]{8}$/);
    const long = "a-very-long-name-of-a-dashboard-that-goes-on";
    expect(dashboardUid("shop", long)).toHaveLength(40);
    expect(dashboardUid("shop", `${long}1`)).not.toBe(dashboardUid("shop", `${long}2`));
  });

  const content = {
    uid: "shop-1",
    title: "Shop",
    description: "All of it",
    tags: ["shop"],
    timeRange: "6h",
    refresh: "1m",
    scrapeInterval: "30s",
    variables: [namespace, pods],
    panels: [
      panel({ unit: "reqps", thresholds: [{ color: "green" }, { color: "red", from: 100 }] }),
      panel({
        kind: "stat",
        title: "Now",
        max: 5,
        queries: [{ expr: "sum(shop_carts)", legend: "all" }, { expr: "max(shop_capacity)" }],
      }),
      panel({ kind: "gauge", title: "Full", width: 3, min: -1 }),
    ],
  };
  interface Rendered {
    panels: { fieldConfig: { defaults: object }; options: object; targets: object[] }[];
    templating: { list: object[] };
  }
  const rendered = JSON.parse(renderDashboard(content)) as Rendered;

  test("the dashboard", () => {
    expect(rendered).toMatchObject({
      uid: "shop-1",
      title: "Shop",
      description: "All of it",
      tags: ["shop"],
      time: { from: "now-6h", to: "now" },
      refresh: "1m",
      timezone: "browser",
      editable: false,
      graphTooltip: 1,
      schemaVersion: 42,
    });
    expect(rendered).not.toHaveProperty("id");
    expect(renderDashboard(content)).toBe(renderDashboard(structuredClone(content)));
  });

  test("its variables", () => {
    const datasource = { type: "prometheus", uid: "${datasource}" };
    expect(rendered.templating.list).toMatchObject([
      { name: "datasource", type: "datasource", query: "prometheus" },
      {
        name: "namespace",
        type: "query",
        datasource,
        query: { query: "label_values(shop_requests_total, namespace)" },
        multi: false,
        includeAll: false,
      },
      {
        name: "pods",
        type: "query",
        datasource,
        query: { query: "label_values(up, pod)" },
        multi: true,
        includeAll: true,
      },
    ]);
  });

  test("its panels", () => {
    const datasource = { type: "prometheus", uid: "${datasource}" };
    expect(rendered.panels).toMatchObject([
      {
        id: 1,
        type: "timeseries",
        title: "Carts",
        description: "Open carts",
        datasource,
        interval: "30s",
        gridPos: { x: 0, y: 0, w: 12, h: 8 },
        fieldConfig: {
          defaults: {
            unit: "reqps",
            min: 0,
            thresholds: {
              mode: "absolute",
              steps: [
                { color: "green", value: null },
                { color: "red", value: 100 },
              ],
            },
          },
        },
        targets: [{ refId: "A", expr: "sum(shop_carts)", legendFormat: "__auto", range: true, datasource }],
      },
      {
        id: 2,
        type: "stat",
        gridPos: { x: 12, y: 0, w: 6, h: 8 },
        fieldConfig: { defaults: { unit: "short", max: 5 } },
        targets: [
          { refId: "A", legendFormat: "all" },
          { refId: "B", expr: "max(shop_capacity)" },
        ],
      },
      { id: 3, type: "gauge", gridPos: { x: 18, y: 0, w: 3, h: 8 }, fieldConfig: { defaults: { min: -1 } } },
    ]);
    expect(rendered.panels[0]?.fieldConfig.defaults).not.toHaveProperty("max");
    expect(rendered.panels).toHaveLength(3);
  });

  test("options and queries have the members that Grafana's own builders give", () => {
    const keys = (value: object | undefined): string[] => Object.keys(value ?? {}).sort();
    expect(keys(rendered.panels[0]?.options)).toEqual(keys(timeseries.defaultOptions()));
    expect(keys(rendered.panels[1]?.options)).toEqual(keys(stat.defaultOptions()));
    expect(keys(rendered.panels[2]?.options)).toEqual(keys(gauge.defaultOptions()));
    const query = new prometheus.DataqueryBuilder()
      .refId("A")
      .expr("sum(shop_carts)")
      .range()
      .legendFormat("__auto")
      .datasource({ type: "prometheus", uid: "${datasource}" })
      .build();
    const { instant, ...expected } = JSON.parse(JSON.stringify(query)) as Record<string, unknown>;
    expect(instant).toBe(false);
    expect(rendered.panels[0]?.targets[0]).toEqual(expected);
  });
});
