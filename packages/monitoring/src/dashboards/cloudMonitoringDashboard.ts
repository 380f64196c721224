import { checkDuration, parseDuration, throwIfAny } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";
import { PanelKind, PanelUnit, ThresholdColor, checkPanels } from "./panel.ts";
import type { DashboardPanel, PanelQuery } from "./panel.ts";
import { rateInterval } from "../promql/queries.ts";

export interface CloudMonitoringDashboardArgs {
  /** Title, by which people find it. */
  title: string;
  /** The panels, as for Grafana. */
  panels: DashboardPanel[];
  /** The metrics that the queries may use. */
  catalogue: MetricsCatalogue;
  /**
   * Interval at which Google samples the metrics.
   *
   * @default "60s"
   */
  sampleInterval?: string;
}

const columns = 48;
const tileHeight = 16;
const colors: Partial<Record<ThresholdColor, string>> = {
  [ThresholdColor.Yellow]: "YELLOW",
  [ThresholdColor.Red]: "RED",
};
/** https://ucum.org, as Cloud Monitoring takes it. */
const units: Partial<Record<PanelUnit, string>> = {
  [PanelUnit.Ratio]: "10^2.%",
  [PanelUnit.Seconds]: "s",
  [PanelUnit.Bytes]: "By",
  [PanelUnit.BytesPerSecond]: "By/s",
  [PanelUnit.RequestsPerSecond]: "1/s",
  [PanelUnit.OperationsPerSecond]: "1/s",
};

/**
 * Renders a dashboard of Cloud Monitoring from panels as for Grafana: the JSON of a mosaic layout. Queries are checked
 * as for Grafana; variables of a dashboard are not rendered, except `$__rate_interval`.
 *
 * Source: https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
 *
 * @throws InputError with everything that is wrong with the panels.
 */
export function cloudMonitoringDashboard(args: CloudMonitoringDashboardArgs): string {
  const { title, panels, catalogue, sampleInterval = "60s" } = args;
  throwIfAny(checkDuration(sampleInterval, `${title}.sampleInterval`));
  const scrapeInterval = parseDuration(sampleInterval);
  const problems = [
    ...checkPanels(panels, { catalogue, variables: [], scrapeInterval }),
    ...panels.flatMap(checkSayable),
  ];
  throwIfAny(problems.map((problem) => ({ ...problem, subject: `${title}: ${problem.subject}` })));
  const window = `${(4 * scrapeInterval) / 1000}s`;
  const tiles = layOut(panels).map(({ panel, ...place }) => ({ ...place, widget: widget(panel, window) }));
  return JSON.stringify({ displayName: title, mosaicLayout: { columns, tiles } }, null, 2);
}

interface PlacedPanel {
  xPos: number;
  yPos: number;
  width: number;
  height: number;
  panel: DashboardPanel;
}

/** From left to right, and in a new row where the next does not fit. A panel's width is in 24 columns. */
function layOut(panels: DashboardPanel[]): PlacedPanel[] {
  let [x, y] = [0, 0];
  return panels.map((panel) => {
    const width = 2 * (panel.width ?? ((panel.kind ?? PanelKind.TimeSeries) === PanelKind.TimeSeries ? 12 : 6));
    if (x + width > columns) [x, y] = [0, y + tileHeight];
    const place = { xPos: x, yPos: y, width, height: tileHeight, panel };
    x += width;
    return place;
  });
}

function widget(panel: DashboardPanel, window: string): object {
  const { title, kind = PanelKind.TimeSeries, queries, unit = PanelUnit.Number, thresholds = [] } = panel;
  const lines = thresholds.flatMap(({ color, from }) => {
    const known = colors[color];
    return known === undefined || from === undefined ? [] : [{ value: from, color: known }];
  });
  const data = queries.map((query) => timeSeries(query, unit, window));
  if (kind === PanelKind.TimeSeries) {
    const dataSets = data.map((timeSeriesQuery, index) => ({
      timeSeriesQuery,
      plotType: "LINE",
      targetAxis: "Y1",
      ...(queries[index]?.legend !== undefined && { legendTemplate: legend(queries[index].legend) }),
    }));
    return {
      title,
      xyChart: {
        dataSets,
        thresholds: lines.map(({ value }) => ({ value, targetAxis: "Y1" })),
        yAxis: { scale: "LINEAR" },
      },
    };
  }
  const view =
    kind === PanelKind.Gauge
      ? { gaugeView: { lowerBound: panel.min ?? 0, upperBound: panel.max ?? 1 } }
      : { sparkChartView: { sparkChartType: "SPARK_LINE" } };
  const directed = lines.map((line) => ({ ...line, direction: "ABOVE" }));
  return { title, scorecard: { timeSeriesQuery: data[0], ...view, thresholds: directed } };
}

function timeSeries({ expr }: PanelQuery, unit: PanelUnit, window: string): object {
  const unitOverride = units[unit];
  return {
    prometheusQuery: expr.replaceAll(rateInterval, window),
    ...(unitOverride !== undefined && { unitOverride }),
  };
}

/** A label's value is `{{status}}` for Grafana and `${metric.labels.status}` here. */
function legend(text: string): string {
  return text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => `\${metric.labels.${label}}`);
}

/** A scorecard of Cloud Monitoring shows one query. */
function checkSayable({ title, kind = PanelKind.TimeSeries, queries }: DashboardPanel): Problem[] {
  if (kind === PanelKind.TimeSeries || queries.length === 1) return [];
  return [
    {
      subject: `panel ${JSON.stringify(title)}`,
      message: `a ${kind} of Cloud Monitoring shows one query`,
      value: `${queries.length} queries`,
      expected: "one, or a panel for each",
    },
  ];
}
