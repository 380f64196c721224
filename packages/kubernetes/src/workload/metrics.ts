import { checkDuration, type Problem } from "@gatehouse/core";
import type { PortArgs } from "../pod/container.ts";
import type { AdmissionArgs } from "../network/endpoint.ts";

/** How Prometheus learns of the pods. */
export const MetricsDiscovery = {
  /** `prometheus.io/*` annotations, for a Prometheus configured to look for them. */
  Annotations: "annotations",
  /** A ServiceMonitor, for the Prometheus Operator. */
  ServiceMonitor: "serviceMonitor",
} as const;
export type MetricsDiscovery = (typeof MetricsDiscovery)[keyof typeof MetricsDiscovery];

/** Where Prometheus scrapes a program, and who scrapes. */
export interface MetricsArgs {
  /**
   * Name of the port.
   * @default the first port
   */
  port?: string;
  /**
   * Path of the metrics.
   * @default "/metrics"
   */
  path?: string;
  /**
   * How Prometheus learns of the pods; one way only, or each sample is counted twice.
   * @default serviceMonitor
   */
  discovery?: MetricsDiscovery;
  /**
   * How often a ServiceMonitor has the pods scraped.
   * @default "30s"
   */
  interval?: string;
  /**
   * Namespace that Prometheus runs in; its pods are admitted.
   * @default "monitoring"
   */
  prometheusNamespace?: string;
  /**
   * Labels by which the Prometheus Operator selects the ServiceMonitor. kube-prometheus-stack selects only what
   * carries `release: <name of the Helm release>`.
   * @default none
   */
  monitorLabels?: Record<string, string>;
}

function scraped({ port }: MetricsArgs, ports: PortArgs[]): PortArgs | undefined {
  return port === undefined ? ports[0] : ports.find(({ name }) => name === port);
}

/** A port that no container declares, and what Prometheus could not read. */
export function checkMetrics(subject: string, args: MetricsArgs, ports: PortArgs[]): Problem[] {
  const { path = "/metrics", interval = "30s" } = args;
  return [
    ...(scraped(args, ports) || ports.length === 0
      ? []
      : [
          {
            subject: `${subject}.metrics.port`,
            message: "metrics are scraped from a port that is not declared",
            value: args.port,
            expected: `one of ${ports.map(({ name }) => name).join(", ")}`,
          },
        ]),
    ...(path.startsWith("/")
      ? []
      : [{ subject: `${subject}.metrics.path`, message: "not a path", value: path, expected: `/${path}` }]),
    ...checkDuration(interval, `${subject}.metrics.interval`),
  ];
}

/** Number of the port that is scraped. */
export function metricsPort(args: MetricsArgs, ports: PortArgs[]): number {
  return scraped(args, ports)?.port ?? 0;
}

/** The pod annotations that a Prometheus with annotation-based discovery looks for. */
export function scrapeAnnotations({ path = "/metrics", discovery }: MetricsArgs, port: number): Record<string, string> {
  if (discovery !== MetricsDiscovery.Annotations) return {};
  return { "prometheus.io/scrape": "true", "prometheus.io/port": String(port), "prometheus.io/path": path };
}

/** The scraper, which reaches the pods' port directly. */
export function scrapeAdmission({ prometheusNamespace = "monitoring" }: MetricsArgs, port: number): AdmissionArgs {
  return { name: "monitoring", pods: { namespace: prometheusNamespace }, port };
}

/** The endpoint of a ServiceMonitor. */
export function scrapeEndpoint(args: MetricsArgs, ports: PortArgs[]): Record<string, string> {
  const { path = "/metrics", interval = "30s" } = args;
  return { port: scraped(args, ports)?.name ?? "", path, interval };
}
