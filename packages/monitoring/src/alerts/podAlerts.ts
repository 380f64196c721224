import { series } from "../promql/queries.ts";
import { type AlertRule, Severity } from "./alertRule.ts";
import type { AlertsForArgs } from "./alertsFor.ts";

/** Alerts on every pod of a namespace. */
export function podAlerts({ prefix, namespace, runbooks }: AlertsForArgs): AlertRule[] {
  const name = `${prefix}PodUnschedulable`;
  return [
    {
      name,
      expr: `max by (namespace, pod) (${series("kube_pod_status_unschedulable", { namespace })}) == 1`,
      for: "10m",
      severity: Severity.Warning,
      summary: "A pod cannot be scheduled",
      description: "No node has taken {{ $labels.pod }} for 10 minutes, so the service runs with too few pods.",
      runbookUrl: `${runbooks}#${name.toLowerCase()}`,
    },
  ];
}
