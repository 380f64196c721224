import {
  type DashboardPanel,
  errorRatio,
  increase,
  PanelKind,
  PanelUnit,
  quantile,
  rate,
  rateInterval,
  restarts,
  series,
  ThresholdColor,
} from "@gatehouse/monitoring";

const window = rateInterval;

/** A dashboard, and what of the product it shows. */
export interface AtbDashboard {
  part: string;
  title: string;
  panels: DashboardPanel[];
}

/** The four dashboards of one namespace. */
export function dashboards(namespace: string): AtbDashboard[] {
  return [
    { part: "broker", title: "ATB Broker", panels: [...requests(namespace), ...program(namespace, "atb-broker")] },
    { part: "agentauth", title: "ATB AgentAuth", panels: program(namespace, "atb-agentauth") },
    { part: "redis", title: "ATB Redis", panels: redis(namespace) },
    { part: "opa", title: "ATB OPA", panels: [...decisions(namespace), ...use(namespace, "opa")] },
  ];
}

function alarm(from: number): DashboardPanel["thresholds"] {
  return [{ color: ThresholdColor.Green }, { color: ThresholdColor.Red, from }];
}

/** The guide's key metrics, each red where its alert fires. */
function requests(namespace: string): DashboardPanel[] {
  const matching = { namespace };
  return [
    {
      title: "Request Rate",
      description: "Requests a second, by status.",
      queries: [
        { expr: rate({ metric: "atb_requests_total", matching, by: ["status"], window }), legend: "{{status}}" },
      ],
      unit: PanelUnit.RequestsPerSecond,
    },
    {
      title: "Error Rate",
      description: "The part of requests that fail. The alert fires above 1 %: check the upstream's health.",
      queries: [
        {
          expr: errorRatio({ metric: "atb_requests_total", matching, errors: { status: "error" }, window }),
          legend: "errors",
        },
      ],
      unit: PanelUnit.Ratio,
      thresholds: alarm(0.01),
    },
    {
      title: "Invalid POAs",
      description: "The part of tokens that are invalid. The alert fires above 5 %: check the signing keys.",
      queries: [
        {
          expr: errorRatio({ metric: "atb_poa_validations_total", matching, errors: { result: "invalid" }, window }),
          legend: "invalid",
        },
      ],
      unit: PanelUnit.Ratio,
      thresholds: alarm(0.05),
    },
    {
      title: "Latency",
      description: "Durations of requests. The alert fires at a P99 above half a second: scale the brokers.",
      queries: [0.5, 0.95, 0.99].map((part) => ({
        expr: quantile({ metric: "atb_request_duration_seconds", matching, quantile: part, window }),
        legend: `p${part * 100}`,
      })),
      unit: PanelUnit.Seconds,
      thresholds: alarm(0.5),
    },
  ];
}

/** What the platform says of a Deployment and its pods. */
function program(namespace: string, name: string): DashboardPanel[] {
  const deployment = { namespace, deployment: name };
  return [
    {
      title: "Available Pods",
      description: "Pods that take requests.",
      kind: PanelKind.Stat,
      queries: [
        { expr: `max(${series("kube_deployment_status_replicas_available", deployment)})`, legend: "available" },
        { expr: `max(${series("kube_deployment_spec_replicas", deployment)})`, legend: "wanted" },
      ],
    },
    {
      title: "Restarts",
      description: "Restarts of each pod within an hour. The alert fires above 3: check the logs.",
      queries: [{ expr: restarts({ namespace, pods: `${name}-.*`, window: "1h" }), legend: "{{pod}}" }],
      thresholds: alarm(3),
    },
    ...use(namespace, name),
  ];
}

/** What a container takes in each pod. */
function use(namespace: string, container: string): DashboardPanel[] {
  const matching = { namespace, container };
  return [
    {
      title: "CPU",
      description: "Cores that each pod uses.",
      queries: [
        {
          expr: rate({ metric: "container_cpu_usage_seconds_total", matching, by: ["pod"], window }),
          legend: "{{pod}}",
        },
      ],
    },
    {
      title: "Memory",
      description: "Memory that each pod uses, and what it may use.",
      queries: [
        { expr: `sum by (pod) (${series("container_memory_working_set_bytes", matching)})`, legend: "{{pod}}" },
        { expr: `max(${series("container_spec_memory_limit_bytes", matching)})`, legend: "limit" },
      ],
      unit: PanelUnit.Bytes,
    },
  ];
}

function redis(namespace: string): DashboardPanel[] {
  const matching = { namespace };
  const of = (metric: string): string => series(metric, matching);
  return [
    {
      title: "Masters",
      description: "Servers that say they are the master; always one, but for a moment during a failover.",
      kind: PanelKind.Stat,
      queries: [{ expr: `sum(${series("redis_instance_info", { namespace, role: "master" })})`, legend: "masters" }],
    },
    {
      title: "Replicas",
      description: "Replicas that the Sentinels find well; without one, no write is taken.",
      kind: PanelKind.Stat,
      queries: [{ expr: `min(${of("redis_sentinel_master_ok_slaves")})`, legend: "replicas" }],
    },
    {
      title: "Quorum",
      description: "1 if the Sentinels are enough to elect a master.",
      kind: PanelKind.Stat,
      queries: [{ expr: `min(${of("redis_sentinel_master_ckquorum_status")})`, legend: "quorum" }],
    },
    {
      title: "Copies on Disk",
      description: "1 if the last copy of every server to its disk succeeded.",
      kind: PanelKind.Stat,
      queries: [{ expr: `min(${of("redis_rdb_last_bgsave_status")})`, legend: "copies" }],
    },
    {
      title: "Memory",
      description: "Memory of each server, and its maxmemory, beyond which writes are refused.",
      queries: [
        { expr: `max by (pod) (${of("redis_memory_used_bytes")})`, legend: "{{pod}}" },
        { expr: `min(${of("redis_memory_max_bytes")})`, legend: "maxmemory" },
      ],
      unit: PanelUnit.Bytes,
    },
    {
      title: "Commands",
      description: "Commands a second of each server.",
      queries: [
        {
          expr: rate({ metric: "redis_commands_processed_total", matching, by: ["pod"], window }),
          legend: "{{pod}}",
        },
      ],
      unit: PanelUnit.OperationsPerSecond,
    },
    {
      title: "Clients",
      description: "Connections to each server.",
      queries: [{ expr: `max by (pod) (${of("redis_connected_clients")})`, legend: "{{pod}}" }],
    },
    {
      title: "Evictions",
      description:
        "Entries that were evicted within an hour; each could be a used token that is taken again. Always 0.",
      queries: [{ expr: increase({ metric: "redis_evicted_keys_total", matching, window: "1h" }), legend: "evicted" }],
      thresholds: alarm(1),
    },
  ];
}

/** Decisions are asked at OPA's handler `v1/data`. */
function decisions(namespace: string): DashboardPanel[] {
  const matching = { namespace, handler: "v1/data" };
  const metric = "http_request_duration_seconds";
  return [
    {
      title: "Decision Rate",
      description: "Decisions a second, by HTTP status.",
      queries: [{ expr: rate({ metric: `${metric}_count`, matching, by: ["code"], window }), legend: "{{code}}" }],
      unit: PanelUnit.RequestsPerSecond,
    },
    {
      title: "Decision Latency",
      description: "Durations of decisions; a slow policy slows every request.",
      queries: [0.5, 0.99].map((part) => ({
        expr: quantile({ metric, matching, quantile: part, window }),
        legend: `p${part * 100}`,
      })),
      unit: PanelUnit.Seconds,
    },
  ];
}
