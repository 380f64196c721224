import {
  type DashboardPanel,
  increase,
  PanelKind,
  PanelUnit,
  quantile,
  rate,
  rateInterval,
  ratio,
  ThresholdColor,
} from "@gatehouse/monitoring";

const window = rateInterval;

/** The guide's three panels, and that of the audit log, of one namespace. */
export function panels(namespace: string): DashboardPanel[] {
  const matching = { namespace };
  return [
    {
      title: "Request Rate",
      description: "Requests a second, by HTTP status.",
      queries: [
        { expr: rate({ metric: "airlock_requests_total", matching, by: ["status"], window }), legend: "{{status}}" },
      ],
      unit: PanelUnit.RequestsPerSecond,
    },
    {
      title: "Response Time",
      description: "Durations of requests. The alert fires at a P95 above a tenth of a second.",
      queries: [
        {
          expr: quantile({ metric: "airlock_request_duration_seconds", matching, quantile: 0.95, window }),
          legend: "95th percentile",
        },
      ],
      unit: PanelUnit.Seconds,
      thresholds: [{ color: ThresholdColor.Green }, { color: ThresholdColor.Red, from: 0.1 }],
    },
    {
      title: "Authentication Success Rate",
      description: "The share of tokens that are valid. Nothing is shown where there are no attempts.",
      kind: PanelKind.Stat,
      queries: [
        {
          expr: ratio(
            rate({ metric: "airlock_auth_success_total", matching, window }),
            rate({ metric: "airlock_auth_attempts_total", matching, window }),
          ),
          legend: "Success Rate",
        },
      ],
      unit: PanelUnit.Ratio,
    },
    {
      title: "Audit Failures",
      description: "Rows that the audit log has not taken, within an hour. Always 0.",
      queries: [
        { expr: increase({ metric: "airlock_audit_errors_total", matching, window: "1h" }), legend: "failures" },
      ],
      thresholds: [{ color: ThresholdColor.Green }, { color: ThresholdColor.Red, from: 1 }],
    },
  ];
}
