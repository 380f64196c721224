import {
  type AlertRule,
  cloudMonitoringDashboard,
  cloudMonitoringPolicies,
  cloudRunMetrics,
  type DashboardPanel,
  errorRatio,
  metricsCatalogue,
  PanelKind,
  PanelUnit,
  quantile,
  rate,
  rateInterval,
  Severity,
  ThresholdColor,
} from "@gatehouse/monitoring";
import { describe, expect, test } from "vitest";

const catalogue = metricsCatalogue(cloudRunMetrics);
const requests = "run_googleapis_com:request_count";

const rule: AlertRule = {
  name: "ShopErrors",
  expr: `${errorRatio({ metric: requests, errors: { response_code_class: "5xx" } })} > 0.05`,
  for: "5m",
  severity: Severity.Critical,
  summary: "The shop fails",
  description: "Nobody can buy anything.",
  runbookUrl: "https://runbooks.example/shop",
  labels: { team: "shop" },
};

const policies = (change: Partial<AlertRule> = {}, evaluationInterval?: string) =>
  cloudMonitoringPolicies({ name: "shop", rules: [{ ...rule, ...change }], catalogue, evaluationInterval });

describe("an alert rule as for Prometheus becomes a policy of Cloud Monitoring", () => {
  test("expression, duration, texts and labels as they are", () => {
    expect(policies()).toEqual([
      {
        name: "ShopErrors",
        query: rule.expr,
        durationSeconds: 300,
        evaluationSeconds: 60,
        severity: "CRITICAL",
        summary: "The shop fails",
        description: "Nobody can buy anything.",
        runbookUrl: "https://runbooks.example/shop",
        labels: { team: "shop", severity: "critical" },
      },
    ]);
  });

  test.each([
    [Severity.Critical, "CRITICAL"],
    [Severity.Warning, "WARNING"],
    [Severity.Info, undefined],
  ])("severity %s", (severity, expected) => {
    expect(policies({ severity })[0]?.severity).toBe(expected);
  });

  test("an alert without a duration fires at once", () => {
    const { for: _, ...atOnce } = rule;
    expect(cloudMonitoringPolicies({ name: "shop", rules: [atOnce], catalogue })[0]?.durationSeconds).toBe(0);
  });

  test.each<[string, Partial<AlertRule>, RegExp]>([
    [
      "a metric that Google does not have",
      { expr: "sum(run_googleapis_com:request_cuont) > 1" },
      /nothing exports the metric/,
    ],
    ["a syntax error", { expr: "sum(" }, /PromQL syntax error/],
    ["a counter that is not made a rate", { expr: `sum(${requests}) > 1` }, /raw-counter/],
    ["a rate over less than four samples", { expr: `${rate({ metric: requests, window: "2m" })} > 1` }, /short-window/],
    ["a template", { description: "{{ $value }} requests fail" }, /does not fill in templates/],
    ["a part of a second", { for: "1500ms" }, /counts in seconds/],
  ])("%s is an error", (_, change, expected) => {
    expect(() => policies(change)).toThrow(expected);
  });

  test.each(["45s", "0"])("conditions cannot be looked at every %s", (interval) => {
    expect(() => policies({}, interval)).toThrow(/does not evaluate that often/);
  });
});

test("a latency that no request can have is no threshold", () => {
  const expr = (limit: number): string =>
    `${quantile({ metric: "run_googleapis_com:request_latencies", quantile: 0.95 })} > ${limit}`;
  expect(policies({ expr: expr(500) })).toHaveLength(1);
  expect(() => policies({ expr: expr(3_600_000) })).toThrow(/unreachable-threshold/);
});

describe("panels as for Grafana become a dashboard of Cloud Monitoring", () => {
  const panel: DashboardPanel = {
    title: "Requests",
    description: "Requests a second.",
    queries: [
      {
        expr: rate({ metric: requests, by: ["response_code_class"], window: rateInterval }),
        legend: "{{response_code_class}}",
      },
    ],
    unit: PanelUnit.RequestsPerSecond,
    thresholds: [{ color: ThresholdColor.Green }, { color: ThresholdColor.Red, from: 100 }],
  };
  const render = (...panels: DashboardPanel[]): unknown =>
    JSON.parse(cloudMonitoringDashboard({ title: "Shop", panels, catalogue }));

  test("lines, with the window of a rate filled in, the unit, the legend and the threshold", () => {
    expect(render(panel)).toEqual({
      displayName: "Shop",
      mosaicLayout: {
        columns: 48,
        tiles: [
          {
            xPos: 0,
            yPos: 0,
            width: 24,
            height: 16,
            widget: {
              title: "Requests",
              xyChart: {
                dataSets: [
                  {
                    timeSeriesQuery: {
                      prometheusQuery: `sum by (response_code_class) (rate(${requests}[240s]))`,
                      unitOverride: "1/s",
                    },
                    plotType: "LINE",
                    targetAxis: "Y1",
                    legendTemplate: "${metric.labels.response_code_class}",
                  },
                ],
                thresholds: [{ value: 100, targetAxis: "Y1" }],
                yAxis: { scale: "LINEAR" },
              },
            },
          },
        ],
      },
    });
  });

  test("figures and scales are scorecards of a quarter's width", () => {
    const instances = [{ expr: "sum(run_googleapis_com:container_instance_count)" }];
    const rendered = render(
      { ...panel, kind: PanelKind.Stat, queries: instances },
      { ...panel, kind: PanelKind.Gauge, queries: instances, max: 10 },
    ) as { mosaicLayout: { tiles: { xPos: number; width: number; widget: { scorecard: object } }[] } };
    expect(rendered.mosaicLayout.tiles.map(({ xPos, width }) => [xPos, width])).toEqual([
      [0, 12],
      [12, 12],
    ]);
    expect(rendered.mosaicLayout.tiles.map(({ widget }) => widget.scorecard)).toMatchObject([
      {
        sparkChartView: { sparkChartType: "SPARK_LINE" },
        thresholds: [{ value: 100, color: "RED", direction: "ABOVE" }],
      },
      { gaugeView: { lowerBound: 0, upperBound: 10 } },
    ]);
  });

  test("what fits beside the last panel stands beside it, and else below", () => {
    const rendered = render(panel, { ...panel, width: 24 }, panel, panel) as {
      mosaicLayout: { tiles: { xPos: number; yPos: number }[] };
    };
    expect(rendered.mosaicLayout.tiles.map(({ xPos, yPos }) => [xPos, yPos])).toEqual([
      [0, 0],
      [0, 16],
      [0, 32],
      [24, 32],
    ]);
  });

  test("a figure of two queries is an error", () => {
    const queries = [...panel.queries, ...panel.queries];
    expect(() => render({ ...panel, kind: PanelKind.Stat, queries })).toThrow(/shows one query/);
  });
});
