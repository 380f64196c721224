import { nearest } from "@gatehouse/core";
import type { Problem } from "@gatehouse/core";
import { checkExpression } from "../checks/expression.ts";
import { datasourceVariable, fillVariables } from "./grafanaVariables.ts";
import type { DashboardVariable } from "./grafanaVariables.ts";
import { findSeries, nearestSeries } from "../metrics/metricsCatalogue.ts";
import type { MetricsCatalogue } from "../metrics/metricsCatalogue.ts";
import { targetLabels } from "../metrics/metric.ts";

/** Kind of panel. */
export const PanelKind = {
  /** Lines over time. */
  TimeSeries: "timeseries",
  /** The last value in large figures. */
  Stat: "stat",
  /** The last value on a scale. */
  Gauge: "gauge",
} as const;
export type PanelKind = (typeof PanelKind)[keyof typeof PanelKind];

/** Unit of a panel's numbers, by Grafana's names. */
export const PanelUnit = {
  Number: "short",
  /** 0 to 1, shown as 0 % to 100 %. */
  Ratio: "percentunit",
  Seconds: "s",
  Bytes: "bytes",
  BytesPerSecond: "binBps",
  RequestsPerSecond: "reqps",
  OperationsPerSecond: "ops",
} as const;
export type PanelUnit = (typeof PanelUnit)[keyof typeof PanelUnit];

/** Colours of values. */
export const ThresholdColor = {
  Green: "green",
  Yellow: "yellow",
  Red: "red",
  Blue: "blue",
} as const;
export type ThresholdColor = (typeof ThresholdColor)[keyof typeof ThresholdColor];

/** The colour of the values from some value on. */
export interface PanelThreshold {
  color: ThresholdColor;
  /**
   * The lowest value of this colour.
   *
   * @default for the first threshold: all values below the next
   */
  from?: number;
}

/** One of the queries of a panel. */
export interface PanelQuery {
  /** PromQL, in which `$__rate_interval` and the dashboard's variables may stand. */
  expr: string;
  /**
   * Name of each series: `{{status}}` for the value of a label.
   *
   * @default all labels
   */
  legend?: string;
  /**
   * Checks that the query knowingly does not meet, by id, each with the reason.
   *
   * @default none
   */
  accept?: Record<string, string>;
}

/** A panel of a dashboard. */
export interface DashboardPanel {
  title: string;
  /** Description of what the panel shows, and of good values. */
  description: string;
  /** @default "timeseries" */
  kind?: PanelKind;
  queries: PanelQuery[];
  /** @default "short": a plain number */
  unit?: PanelUnit;
  /**
   * Colours by value, from the lowest on.
   *
   * @default all values green
   */
  thresholds?: PanelThreshold[];
  /**
   * Lowest value of the axis or scale.
   *
   * @default 0
   */
  min?: number;
  /**
   * Highest value of the axis or scale.
   *
   * @default as the values need it
   */
  max?: number;
  /**
   * Columns that the panel takes, of 24.
   *
   * @default 12 for time series, 6 for the others
   */
  width?: number;
}

/** Context in which panels are checked. */
export interface PanelContext {
  catalogue: MetricsCatalogue;
  variables: DashboardVariable[];
  /** Milliseconds between two scrapes of a target. */
  scrapeInterval: number;
}

/** Checks the panels of a dashboard and the variables that they use. */
export function checkPanels(panels: DashboardPanel[], context: PanelContext): Problem[] {
  return [
    ...(panels.length === 0 ? [{ subject: "panels", message: "the dashboard has no panels" }] : []),
    ...context.variables.flatMap((variable, index) => checkVariable(variable, index, context)),
    ...panels.flatMap((panel) => checkPanel(panel, context)),
  ];
}

function checkVariable({ name, metric, label }: DashboardVariable, index: number, context: PanelContext): Problem[] {
  const subject = `variable ${name}`;
  const { catalogue, variables } = context;
  const series = findSeries(catalogue, metric);
  const meant = nearestSeries(catalogue, metric);
  const labels = series ? [...series.labels, ...targetLabels] : undefined;
  const nearLabel = labels && nearest(label, labels);
  return [
    ...(/^[A-Za-z]\w*$/.test(name) ? [] : [{ subject, message: "the name is not one word", value: name }]),
    ...(name === datasourceVariable ? [{ subject, message: "every dashboard already has this variable" }] : []),
    ...(variables.findIndex((other) => other.name === name) < index
      ? [{ subject, message: "two variables have this name", fix: "rename one" }]
      : []),
    ...(series
      ? []
      : [
          {
            subject,
            message: `nothing exports the metric ${metric}`,
            value: metric,
            fix: meant === undefined ? "add the metric to the catalogue" : `did you mean ${meant}?`,
          },
        ]),
    ...(labels && !labels.includes(label)
      ? [
          {
            subject,
            message: `${metric} has no label ${label}`,
            value: label,
            expected: labels.join(", "),
            fix: nearLabel === undefined ? undefined : `did you mean ${nearLabel}?`,
          },
        ]
      : []),
  ];
}

function checkPanel(panel: DashboardPanel, context: PanelContext): Problem[] {
  const subject = `panel ${JSON.stringify(panel.title)}`;
  const { title, description, queries, width, min, max } = panel;
  const inGrid = width === undefined || (Number.isInteger(width) && width >= 1 && width <= 24);
  return [
    ...(title.trim() === "" ? [{ subject, message: "the title is empty" }] : []),
    ...(description.trim() === "" ? [{ subject, message: "the description is empty" }] : []),
    ...(queries.length === 0 ? [{ subject, message: "the panel has no queries" }] : []),
    ...(inGrid
      ? []
      : [{ subject, message: "the width is outside the grid", value: String(width), expected: "1 to 24" }]),
    ...(max !== undefined && max <= (min ?? 0)
      ? [{ subject, message: "the highest value is not above the lowest", value: `${min ?? 0} to ${max}` }]
      : []),
    ...checkThresholds(panel, subject),
    ...queries.flatMap((query, index) => checkQuery(query, `${subject} query ${refId(index)}`, context)),
  ];
}

function checkThresholds({ thresholds = [] }: DashboardPanel, subject: string): Problem[] {
  const [first, ...rest] = thresholds;
  const rising = rest.every(({ from }, index) => from !== undefined && from > (rest[index - 1]?.from ?? -Infinity));
  if (first?.from === undefined && rising) return [];
  const value = thresholds.map(({ color, from }) => `${color} from ${from ?? "-"}`).join(", ");
  const expected = "a first colour without from, then each from a higher value on";
  return [{ subject, message: "the thresholds do not rise", value, expected }];
}

function checkQuery({ expr, legend, accept }: PanelQuery, subject: string, context: PanelContext): Problem[] {
  const { catalogue, variables, scrapeInterval } = context;
  const filled = fillVariables(expr, subject, variables, scrapeInterval);
  if (filled.problems.length > 0) return filled.problems;
  const { problems, labels } = checkExpression(filled.text, subject, {
    catalogue,
    scrapeInterval,
    accept,
    alert: false,
    written: expr,
  });
  return [...problems, ...(labels && legend !== undefined ? checkLegend(legend, subject, labels) : [])];
}

function checkLegend(legend: string, subject: string, labels: string[]): Problem[] {
  return [...legend.matchAll(/\{\{\s*(\w+)\s*\}\}/g)]
    .map(([, label = ""]) => label)
    .filter((label) => !labels.includes(label))
    .map((label) => {
      const meant = nearest(label, labels);
      return {
        subject,
        message: `the series have no label ${label} for the legend`,
        value: legend,
        expected: labels.length > 0 ? labels.join(", ") : "no label, as the query aggregates all away",
        fix: meant === undefined ? `keep the label in the query: by (${label})` : `did you mean ${meant}?`,
      };
    });
}

/** Grafana calls the queries of a panel A, B, C ... */
export function refId(index: number): string {
  const letter = String.fromCharCode("A".charCodeAt(0) + (index % 26));
  return index < 26 ? letter : refId(Math.floor(index / 26) - 1) + letter;
}
