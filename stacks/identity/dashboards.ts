import { type DashboardPanel, PanelUnit, quantile, rate, ratio, series, ThresholdColor } from "@gatehouse/monitoring";
import { connectionsTo, requestsOf, uptimeOf } from "./alerts.ts";
import type { IdentityConfig } from "./config.ts";
import type { PhysicalNames } from "./names.ts";

const requests = "run_googleapis_com:request_count";

/** What the alerts look at, over time. */
export function panels(config: IdentityConfig, names: PhysicalNames, maxConnections: number): DashboardPanel[] {
  const { monitoring } = config;
  const matching = requestsOf(names);
  const above = (from: number): DashboardPanel["thresholds"] => [
    { color: ThresholdColor.Green },
    { color: ThresholdColor.Red, from },
  ];
  return [
    {
      title: "Requests",
      description: "Requests a second, by class of answer.",
      queries: [
        { expr: rate({ metric: requests, matching, by: ["response_code_class"] }), legend: "{{response_code_class}}" },
      ],
      unit: PanelUnit.RequestsPerSecond,
    },
    {
      title: "Error ratio",
      description: "The part of requests that were answered with 5xx.",
      queries: [
        {
          expr: ratio(
            rate({ metric: requests, matching: { ...matching, response_code_class: "5xx" } }),
            rate({ metric: requests, matching }),
          ),
          legend: "5xx",
        },
      ],
      unit: PanelUnit.Ratio,
      thresholds: above(monitoring.errorRatio),
    },
    {
      title: "P95 latency",
      description: "Nineteen of twenty requests are faster.",
      queries: [
        {
          expr: `${quantile({ metric: "run_googleapis_com:request_latencies", matching, quantile: 0.95 })} / 1000`,
          legend: "p95",
        },
      ],
      unit: PanelUnit.Seconds,
      thresholds: above(monitoring.latencyMilliseconds / 1000),
    },
    {
      title: "Instances",
      description: `Instances of all revisions; a revision has ${config.maxInstances} at most.`,
      queries: [
        {
          expr: `sum by (state) (${series("run_googleapis_com:container_instance_count", matching)})`,
          legend: "{{state}}",
        },
      ],
    },
    {
      title: "Database connections",
      description: `Of the ${maxConnections} that the database allows.`,
      queries: [{ expr: `sum(${connectionsTo(config, names)})`, legend: "connections" }],
      thresholds: above(Math.floor((maxConnections * monitoring.connectionsPercent) / 100)),
    },
    {
      title: "Redis uptime",
      description: "Seconds since the primary started; a gap is an outage.",
      queries: [{ expr: `max(${uptimeOf(names)})`, legend: "primary" }],
      unit: PanelUnit.Seconds,
    },
  ];
}
