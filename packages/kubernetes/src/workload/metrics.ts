import { checkDuration, type Problem } from "@gatehouse/core";
import type { PortArgs } from "../pod/container/container.ts";
import type { AdmissionArgs } from "../network/admission.ts";

/** Way in which Prometheus discovers the pods. */
export const MetricsDiscovery = {
  /** `prometheus.io/*` annotations, for a Prometheus configured to look for them. */
  Annotations: "annotations",
  /** A ServiceMonitor, for the Prometheus Operator. */
  ServiceMonitor: "serviceMonitor",
} as const;
export type MetricsDiscovery = (typeof MetricsDiscovery)[keyof typeof MetricsDiscovery];

/** Metrics that a program offers, and the Prometheus that scrapes them. */
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
   * Way in which Prometheus discovers the pods. It is one way only, because each sample would count twice otherwise.
   * @default serviceMonitor
   */
  discovery?: MetricsDiscovery;
  /**
   * Time between two scrapes, of a ServiceMonitor.
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
   * @default { release: "kube-prometheus-stack" }, as `AlertRules` has it
   */
  monitorLabels?: Record<string, string>;
  /**
   * Namespace of the ServiceMonitor, for a Prometheus Operator that looks for monitors in one namespace only. It must
   * exist, and the monitor's name is taken in it.
   * @default the workload's
   */
  monitorNamespace?: string;
  /**
   * Name of the ServiceMonitor.
   * @default the workload's
   */
  monitorName?: string;
}

/** Path and interval where nothing else is said. */
const defaults = { path: "/metrics", interval: "30s" };

function scraped({ port }: MetricsArgs, ports: PortArgs[]): PortArgs {
  const found = ports.find(({ name }) => port === undefined || name === port);
  if (!found) throw new Error("Metrics of an undeclared port have passed their check.");
  return found;
}

/** Options of a ServiceMonitor, beside annotations, which have none of them. */
function checkDiscovery(
  subject: string,
  { discovery }: MetricsArgs,
  options: Record<string, string | undefined>,
): Problem[] {
  if (discovery !== MetricsDiscovery.Annotations) return [];
  return Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([option, value]) => ({
      subject: `${subject}.metrics.${option}`,
      message: "annotations cannot carry the option, so it would be ignored",
      value,
      expected: `no ${option}, or discovery "${MetricsDiscovery.ServiceMonitor}"`,
      fix: "set it in the configuration of Prometheus",
    }));
}

/** Checks the port, and options that Prometheus cannot read or that the discovery would ignore. */
export function checkMetrics(subject: string, args: MetricsArgs, ports: PortArgs[]): Problem[] {
  const { path, interval, monitorLabels } = { ...defaults, ...args };
  return [
    ...checkDiscovery(subject, args, {
      interval: args.interval,
      monitorLabels: monitorLabels && "given",
      monitorNamespace: args.monitorNamespace,
      monitorName: args.monitorName,
    }),
    ...(ports.length === 0 || ports.some(({ name }) => args.port === undefined || name === args.port)
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
  return scraped(args, ports).port;
}

/** The pod annotations that a Prometheus with annotation-based discovery looks for. */
export function scrapeAnnotations(args: MetricsArgs, ports: PortArgs[]): Record<string, string> {
  if (args.discovery !== MetricsDiscovery.Annotations) return {};
  const { path = defaults.path } = args;
  const port = String(metricsPort(args, ports));
  return { "prometheus.io/scrape": "true", "prometheus.io/port": port, "prometheus.io/path": path };
}

/** The scraper, which reaches the pods' port directly. */
export function scrapeAdmission({ prometheusNamespace = "monitoring" }: MetricsArgs, port: number): AdmissionArgs {
  return { name: "monitoring", pods: { namespace: prometheusNamespace }, port };
}

/** The endpoint of a ServiceMonitor. */
export function scrapeEndpoint(args: MetricsArgs, ports: PortArgs[]): Record<string, string> {
  const { path = defaults.path, interval = defaults.interval } = args;
  return { port: scraped(args, ports).name, path, interval };
}
