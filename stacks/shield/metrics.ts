import { MetricsDiscovery } from "@gatehouse/kubernetes";
import {
  exportedBy,
  type MetricsCatalogue,
  metricsCatalogue,
  MetricType,
  platformMetrics,
} from "@gatehouse/monitoring";
import * as pulumi from "@pulumi/pulumi";
import type { ShieldConfig } from "./config.ts";

/** What Shield exports, as its deployment guide defines it, and what the platform exports about it. */
export const metrics = metricsCatalogue(
  exportedBy("shield", [
    {
      name: "materi_shield_requests_total",
      type: MetricType.Counter,
      help: "Total requests",
      labels: ["method", "endpoint", "status"],
    },
    {
      name: "materi_shield_request_duration_seconds",
      type: MetricType.Histogram,
      help: "Request latency",
      unit: "seconds",
      labels: ["method", "endpoint"],
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0],
    },
    {
      name: "materi_auth_attempts_total",
      type: MetricType.Counter,
      help: "Authentication attempts, by method (email, oauth, saml)",
      labels: ["method", "status"],
    },
    {
      name: "materi_token_operations_total",
      type: MetricType.Counter,
      help: "Token operations (issue, refresh, revoke)",
      labels: ["operation", "status"],
    },
    {
      // The guide's dashboard shows it and its code does not define it: the application must export it.
      name: "materi_active_refresh_tokens",
      type: MetricType.Gauge,
      help: "Refresh tokens that are valid, read from the database that all pods share",
    },
  ]),
  platformMetrics,
);

/** What the alerts and the dashboard share. */
export interface Monitoring {
  namespace: pulumi.Input<string>;
  catalogue: MetricsCatalogue;
  scrapeInterval: string;
  selectorLabels: Record<string, string>;
}

/** Warns of annotations: alert rules are the Prometheus Operator's, which does not read them. */
export function monitoringArgs({ monitoring }: ShieldConfig, namespace: pulumi.Input<string>): Monitoring {
  const { discovery, scrapeInterval, selectorLabels } = monitoring;
  if (discovery === MetricsDiscovery.Annotations)
    void pulumi.log.warn(
      "shield:monitoring.discovery is annotations, which the Prometheus Operator does not read: the alerts fire only if " +
        "another scrape configuration reads them, and ShieldDown is left out. Use serviceMonitor to have all alerts",
    );
  return { namespace, catalogue: metrics, scrapeInterval, selectorLabels };
}
