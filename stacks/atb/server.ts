import type { Endpoint, EnvironmentArgs, MetricsArgs, ProbeArgs, SpiffeArgs } from "@gatehouse/kubernetes";
import type { AtbConfig } from "./config.ts";

// What the broker and AgentAuth have in common.

/** User and group of the processes: "nobody", as the guide has it. */
export const identity = { user: 65_534 };

/** The labels by which the guide's commands find the pods. */
export function labels(app: string): Record<string, string> {
  return { app, "app.kubernetes.io/part-of": "atb" };
}

/** TLS that asks for no certificate on this path, since the kubelet has none. */
export const health: ProbeArgs = { path: "/health", https: true, periodSeconds: 10, timeoutSeconds: 5 };

export function logging({ logLevel }: AtbConfig): EnvironmentArgs {
  return { values: { LOG_FORMAT: "json", LOG_LEVEL: logLevel } };
}

/** Metrics have a port of their own: Prometheus has no certificate for the API. */
export function monitored({ monitoring }: AtbConfig): MetricsArgs {
  const { namespace, scrapeInterval, selectorLabels } = monitoring;
  return {
    port: "metrics",
    interval: scrapeInterval,
    prometheusNamespace: namespace,
    monitorLabels: selectorLabels,
  };
}

/**
 * The identity of a workload: `spiffe://example.org/atb/broker`. Registrations belong to the whole cluster, so that
 * another environment has others.
 */
export function spiffe({ spire }: AtbConfig, namespace: string, workload: string): SpiffeArgs {
  const { trustDomain, className, agentSocket } = spire;
  return {
    trustDomain,
    className,
    agentSocket,
    path: `/${namespace}/${workload}`,
    registrationName: `${namespace}-${workload}`,
  };
}

/** The trace collector, if there is one; its owners admit the pods. */
export function telemetry({ tracingCollector }: AtbConfig): Endpoint[] {
  if (!tracingCollector) return [];
  const { endpoint, namespace, port } = tracingCollector;
  const environment = { values: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } };
  return [{ name: "trace-collector", port, pods: { namespace }, unmanaged: true, environment }];
}
