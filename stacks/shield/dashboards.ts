import {
  type DashboardPanel,
  PanelKind,
  PanelUnit,
  pattern,
  quantile,
  rate,
  rateInterval,
  ratio,
  series,
  ThresholdColor,
} from "@gatehouse/monitoring";

const requests = "materi_shield_requests_total";
const attempts = "materi_auth_attempts_total";
const window = rateInterval;

/** The guide's five panels, of one namespace. */
export function panels(namespace: string): DashboardPanel[] {
  const matching = { namespace };
  return [
    {
      title: "Request Rate",
      description: "Requests a second, by status.",
      queries: [{ expr: rate({ metric: requests, matching, by: ["status"], window }), legend: "{{status}}" }],
      unit: PanelUnit.RequestsPerSecond,
    },
    {
      title: "Error Rate",
      description: "Requests a second that failed with a 5xx status.",
      queries: [
        {
          expr: rate({ metric: requests, matching: { ...matching, status: pattern("5..") }, window }),
          legend: "5xx a second",
        },
      ],
      unit: PanelUnit.RequestsPerSecond,
    },
    {
      title: "Auth Success Rate",
      description: "The part of authentication attempts that succeed.",
      queries: [
        {
          expr: ratio(
            rate({ metric: attempts, matching: { ...matching, status: "success" }, window }),
            rate({ metric: attempts, matching, window }),
          ),
          legend: "succeeded",
        },
      ],
      unit: PanelUnit.Ratio,
      max: 1,
    },
    {
      title: "P95 Latency",
      description: "Nineteen of twenty requests are faster. The alert fires above half a second.",
      queries: [
        {
          expr: quantile({ metric: "materi_shield_request_duration_seconds", quantile: 0.95, matching, window }),
          legend: "p95",
        },
      ],
      unit: PanelUnit.Seconds,
      thresholds: [{ color: ThresholdColor.Green }, { color: ThresholdColor.Red, from: 0.5 }],
    },
    {
      title: "Active Tokens",
      description: "Refresh tokens that are valid. Every pod reports the same database, so they are not added up.",
      kind: PanelKind.Stat,
      queries: [{ expr: `max(${series("materi_active_refresh_tokens", matching)})`, legend: "refresh tokens" }],
    },
  ];
}
