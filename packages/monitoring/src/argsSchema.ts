// Generated from the interfaces of the components' arguments by `npm run schema`. Do not edit.

import type { ArgsSchema } from "@gatehouse/core";

export const argsSchema: ArgsSchema = {
  AlertRule: {
    type: "object",
    properties: {
      name: { type: "string" },
      expr: { type: "string" },
      for: { type: "string" },
      severity: { type: "string", enum: ["critical", "warning", "info"] },
      summary: { type: "string" },
      description: { type: "string" },
      runbookUrl: { type: "string" },
      labels: { type: "object", additionalProperties: { type: "string" } },
      accept: { type: "object", additionalProperties: { type: "string" } },
    },
    required: ["name", "expr", "severity", "summary", "description", "runbookUrl"],
  },
  AlertRuleGroup: {
    type: "object",
    properties: {
      name: { type: "string" },
      interval: { type: "string" },
      rules: { type: "array", items: { $ref: "AlertRule" } },
    },
    required: ["name", "rules"],
  },
  AlertRulesArgs: {
    type: "object",
    properties: {
      namespace: { type: "string", input: true },
      catalogue: { $ref: "MetricsCatalogue" },
      rules: { type: "array", items: { $ref: "AlertRule" }, input: true },
      groups: { type: "array", items: { $ref: "AlertRuleGroup" }, input: true },
      ruleName: { type: "string" },
      scrapeInterval: { type: "string" },
      labels: { type: "object", additionalProperties: { type: "string", input: true }, input: true },
    },
    required: ["namespace", "catalogue"],
  },
  DashboardArgs: {
    type: "object",
    properties: {
      namespace: { type: "string", input: true },
      title: { type: "string" },
      description: { type: "string" },
      catalogue: { $ref: "MetricsCatalogue" },
      panels: { type: "array", items: { $ref: "DashboardPanel" }, input: true },
      variables: { type: "array", items: { $ref: "DashboardVariable" } },
      configMapName: { type: "string" },
      folder: { type: "string" },
      tags: { type: "array", items: { type: "string" } },
      timeRange: { type: "string" },
      refresh: { type: "string" },
      scrapeInterval: { type: "string" },
      labels: { type: "object", additionalProperties: { type: "string", input: true }, input: true },
    },
    required: ["namespace", "title", "catalogue", "panels"],
  },
  DashboardPanel: {
    type: "object",
    properties: {
      title: { type: "string" },
      description: { type: "string" },
      kind: { type: "string", enum: ["timeseries", "stat", "gauge"] },
      queries: { type: "array", items: { $ref: "PanelQuery" } },
      unit: { type: "string", enum: ["short", "percentunit", "s", "bytes", "binBps", "reqps", "ops"] },
      thresholds: { type: "array", items: { $ref: "PanelThreshold" } },
      min: { type: "number" },
      max: { type: "number" },
      width: { type: "number" },
    },
    required: ["title", "description", "queries"],
  },
  DashboardVariable: {
    type: "object",
    properties: {
      name: { type: "string" },
      metric: { type: "string" },
      label: { type: "string" },
      multi: { type: "boolean" },
    },
    required: ["name", "metric", "label"],
  },
  Metric: {
    type: "object",
    properties: {
      name: { type: "string" },
      type: { type: "string", enum: ["counter", "gauge", "histogram", "summary"] },
      help: { type: "string" },
      source: { type: "string" },
      labels: { type: "array", items: { type: "string" } },
      buckets: { type: "array", items: { type: "number" } },
      unit: { type: "string" },
    },
    required: ["name", "type", "help", "source"],
  },
  MetricsCatalogue: {
    type: "object",
    properties: { metrics: { type: "array", items: { $ref: "Metric" } } },
    required: ["metrics"],
  },
  PanelQuery: {
    type: "object",
    properties: {
      expr: { type: "string" },
      legend: { type: "string" },
      accept: { type: "object", additionalProperties: { type: "string" } },
    },
    required: ["expr"],
  },
  PanelThreshold: {
    type: "object",
    properties: { color: { type: "string", enum: ["green", "yellow", "red", "blue"] }, from: { type: "number" } },
    required: ["color"],
  },
};
