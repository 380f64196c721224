import type {
  AuthServiceArgs,
  BrokerArgs,
  EnvironmentArgs,
  MetricsArgs,
  ProbeArgs,
  SpiffeArgs,
} from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";

// What the broker and AgentAuth have in common.

type Served = Pick<
  AuthServiceArgs & BrokerArgs,
  | "namespace"
  | "image"
  | "labels"
  | "selectorLabels"
  | "ports"
  | "resources"
  | "identity"
  | "readiness"
  | "startup"
  | "spiffe"
  | "metrics"
>;

/** User and group of the processes: "nobody", as the guide has it. */
const identity = { user: 65_534 };

/** The labels by which the guide's commands find the pods. */
export function labels(app: string): Record<string, string> {
  return { app, "app.kubernetes.io/part-of": "atb" };
}

/** TLS that asks for no certificate on this path, since the kubelet has none. */
const health: ProbeArgs = { path: "/health", https: true, periodSeconds: 10, timeoutSeconds: 5 };

/** The namespace's name, and the same once it is there. */
export interface Namespace {
  name: string;
  made: Input<string>;
}

/** What both have, whatever else they are given. */
export function server(
  config: AtbConfig,
  { image, port, metricsPort, resources }: AtbConfig["agentauth" | "broker"],
  namespace: Namespace,
  name: string,
): Served {
  return {
    namespace: namespace.made,
    image,
    labels: labels(name),
    selectorLabels: { app: name },
    ports: [
      { name: "https", port },
      { name: "metrics", port: metricsPort },
    ],
    resources,
    identity,
    readiness: health,
    startup: { ...health, periodSeconds: 5, failureThreshold: 12 },
    spiffe: spiffe(config, namespace.name, name.replace(/^atb-/, "")),
    metrics: monitored(config),
  };
}

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
function spiffe({ spire }: AtbConfig, namespace: string, workload: string): SpiffeArgs {
  const { trustDomain, className, agentSocket } = spire;
  return {
    trustDomain,
    className,
    agentSocket,
    path: `/${namespace}/${workload}`,
    registrationName: `${namespace}-${workload}`,
  };
}
