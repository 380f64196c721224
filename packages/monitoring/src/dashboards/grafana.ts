import { shortHash } from "@gatehouse/core";
import {
  DashboardCursorSync,
  DatasourceVariableBuilder,
  PanelBuilder,
  QueryVariableBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  VariableSort,
  defaultDashboard,
} from "@grafana/grafana-foundation-sdk/dashboard";
import type { GridPos } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  BarGaugeSizing,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  LegendDisplayMode,
  LegendPlacement,
  PercentChangeColorMode,
  SortOrder,
  TooltipDisplayMode,
  VizOrientation,
} from "@grafana/grafana-foundation-sdk/common";
// Of each kind of panel only the types: its module would load the builders of all dashboard versions, 50 ms of them.
import type * as gauge from "@grafana/grafana-foundation-sdk/gauge";
import type * as prometheus from "@grafana/grafana-foundation-sdk/prometheus";
import type * as stat from "@grafana/grafana-foundation-sdk/stat";
import type * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";
import { datasourceVariable } from "./grafanaVariables.ts";
import type { DashboardVariable } from "./grafanaVariables.ts";
import { PanelKind, PanelUnit, ThresholdColor, refId } from "./panel.ts";
import type { DashboardPanel, PanelQuery } from "./panel.ts";

/** A dashboard's content, apart from where it is put. */
export interface DashboardContent {
  uid: string;
  title: string;
  description: string;
  tags: string[];
  timeRange: string;
  refresh: string;
  scrapeInterval: string;
  variables: DashboardVariable[];
  panels: DashboardPanel[];
}

const datasource = { type: "prometheus", uid: `\${${datasourceVariable}}` };
const columns = 24;
const panelHeight = 8;

/**
 * A dashboard as the JSON text that Grafana's provisioning reads from a file: the classic model, which every version
 * accepts there.
 */
export function renderDashboard(content: DashboardContent): string {
  const { uid, title, description, tags, timeRange, refresh, variables, panels, scrapeInterval } = content;
  const positions = layOut(panels.map(widthOf));
  const dashboard = {
    ...defaultDashboard(),
    uid,
    title,
    description,
    tags,
    editable: false,
    graphTooltip: DashboardCursorSync.Crosshair,
    time: { from: `now-${timeRange}`, to: "now" },
    refresh,
    templating: { list: [choiceOfDatasource(), ...variables.map(variableOf)].map((variable) => variable.build()) },
    panels: panels.map((panel, index) => panelOf(panel, index + 1, scrapeInterval, positions[index]).build()),
  } satisfies ReturnType<typeof defaultDashboard>;
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

/** Grafana's limit of a dashboard's uid. */
const uidLimit = 40;

/** The uid of a dashboard: the same for the same namespace and name, and another for others. */
export function dashboardUid(namespace: string, name: string): string {
  const uid = `${namespace}-${name}`.replaceAll(/[^A-Za-z0-9_-]/g, "-");
  // Where a hyphen divides namespace and name cannot be told from the uid alone.
  const hash = shortHash(`${namespace}/${name}`);
  return `${uid.slice(0, uidLimit - hash.length - 1)}-${hash}`;
}

/** Places panels from left to right, and in a new row where the next does not fit. */
export function layOut(widths: number[]): GridPos[] {
  let [x, y] = [0, 0];
  return widths.map((w) => {
    if (x + w > columns) [x, y] = [0, y + panelHeight];
    const position = { x, y, w, h: panelHeight };
    x += w;
    return position;
  });
}

function widthOf({ kind = PanelKind.TimeSeries, width }: DashboardPanel): number {
  return width ?? (kind === PanelKind.TimeSeries ? columns / 2 : columns / 4);
}

function choiceOfDatasource(): DatasourceVariableBuilder {
  return new DatasourceVariableBuilder(datasourceVariable).label("Data source").type("prometheus");
}

function variableOf({ name, metric, label, multi = false }: DashboardVariable): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .datasource(datasource)
    .query({ query: `label_values(${metric}, ${label})`, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(multi)
    .includeAll(multi);
}

function panelOf(panel: DashboardPanel, id: number, interval: string, position?: GridPos): PanelBuilder {
  const { title, description, kind = PanelKind.TimeSeries, unit = PanelUnit.Number, min = 0, max } = panel;
  const { thresholds = [{ color: ThresholdColor.Green }] } = panel;
  const builder = new PanelBuilder()
    .id(id)
    .type(kind)
    .title(title)
    .description(description)
    .datasource(datasource)
    // Grafana makes $__rate_interval from it.
    .interval(interval)
    .unit(unit)
    .min(min)
    .thresholds(
      new ThresholdsConfigBuilder()
        .mode(ThresholdsMode.Absolute)
        .steps(thresholds.map(({ color, from }) => ({ color, value: from ?? null }))),
    )
    .options(options[kind])
    .targets(panel.queries.map((query, index) => ({ build: () => targetOf(query, index) })));
  if (max !== undefined) builder.max(max);
  return position ? builder.gridPos(position) : builder;
}

function targetOf({ expr, legend }: PanelQuery, index: number): prometheus.Dataquery {
  return {
    refId: refId(index),
    datasource,
    expr,
    range: true,
    legendFormat: legend ?? "__auto",
    _implementsDataqueryVariant() {
      // A mark for the compiler; JSON leaves it out.
    },
  };
}

const lastValue = { values: false, calcs: ["lastNotNull"], fields: "" };

const timeSeriesOptions: timeseries.Options = {
  legend: { displayMode: LegendDisplayMode.List, placement: LegendPlacement.Bottom, showLegend: true, calcs: [] },
  tooltip: { mode: TooltipDisplayMode.Multi, sort: SortOrder.Descending },
};

const statOptions: stat.Options = {
  graphMode: BigValueGraphMode.Area,
  colorMode: BigValueColorMode.Value,
  justifyMode: BigValueJustifyMode.Auto,
  textMode: BigValueTextMode.Auto,
  wideLayout: true,
  showPercentChange: false,
  percentChangeColorMode: PercentChangeColorMode.Standard,
  orientation: VizOrientation.Auto,
  reduceOptions: lastValue,
};

const gaugeOptions: gauge.Options = {
  showThresholdLabels: false,
  showThresholdMarkers: true,
  sizing: BarGaugeSizing.Auto,
  minVizWidth: 75,
  minVizHeight: 75,
  orientation: VizOrientation.Auto,
  reduceOptions: lastValue,
};

const options: Record<PanelKind, object> = {
  [PanelKind.TimeSeries]: timeSeriesOptions,
  [PanelKind.Stat]: statOptions,
  [PanelKind.Gauge]: gaugeOptions,
};
