import {
  type BrokerArgs,
  type CloudIdentityArgs,
  cloudIdentityAnnotations,
  type Endpoint,
  external,
  internet,
  podIdentityAgent,
  type UpstreamSidecarArgs,
  type VolumeArgs,
} from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { configFileName } from "./configFile.ts";
import { type AirlockConfig, SpoolKind } from "./settings/config.ts";
import { directories, healthPaths, labels, name, ports, selectorLabels, variables } from "./settings/names.ts";
import { policyArgs } from "./settings/policy.ts";
import { authorityVolume } from "./data/authority.ts";
import type { AirlockSecrets } from "./data/secrets.ts";

/** What the pods need that is made before them. */
export interface ServiceParts {
  namespace: { name: string; made: Input<string> };
  /** ConfigMap with the config file. */
  configMap: Input<string>;
  secrets: AirlockSecrets;
  database: Endpoint;
  roots: VolumeArgs[];
  /** Role that the pods assume by their token; EKS Pod Identity needs nothing here. */
  identity: CloudIdentityArgs;
}

const user = 65_534;

/** Airlock, with the values of the deployment guide where config does not say otherwise. */
export function serviceArgs(config: AirlockConfig, parts: ServiceParts): BrokerArgs {
  const { image, resources, scaling, minAvailable, zones, requestTimeoutSeconds, spool } = config;
  const { namespace, secrets, database, roots, identity } = parts;
  const volume = { name: "spool", mountPath: directories.spool };
  return {
    namespace: namespace.made,
    image,
    arguments: ["-config", `${directories.config}/${configFileName}`],
    labels,
    selectorLabels,
    networkPolicyName: `${name}-network-policy`,
    ports: [
      { name: "http", port: ports.http },
      { name: "metrics", port: ports.metrics },
    ],
    environment: {
      secrets: { [variables.databaseUrl]: secrets.databaseUrl, [variables.clientSecret]: secrets.clientSecret },
    },
    resources,
    identity: { user, group: user },
    readiness: { path: healthPaths.ready, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    liveness: { path: healthPaths.live, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    startup: { path: healthPaths.live, periodSeconds: 5, failureThreshold: 24 },
    scaling,
    disruptionBudget: { minAvailable },
    zones: { rule: zones },
    shutdown: { requestTimeoutSeconds },
    policy: policyArgs(config.policy.reload),
    upstreams: upstreamSidecars(config),
    claims:
      spool.kind === SpoolKind.Durable
        ? [{ ...volume, size: spool.size, storageClass: spool.storageClass }]
        : undefined,
    volumes: [
      { name: "config", mountPath: directories.config, configMap: parts.configMap },
      authorityVolume(config),
      ...(spool.kind === SpoolKind.Ephemeral
        ? [{ ...volume, ephemeralClaim: { size: spool.size, storageClass: spool.storageClass } }]
        : []),
      ...roots,
    ],
    connectsTo: [database, ...https(config), podIdentityAgent, ...tracingCollector(config, namespace.name)],
    serviceAccountAnnotations: cloudIdentityAnnotations(identity),
    metrics: {
      port: "metrics",
      interval: config.monitoring.scrapeInterval,
      prometheusNamespace: config.monitoring.namespace,
      monitorNamespace: config.monitoring.namespace,
      monitorName: namespace.name,
      monitorLabels: config.monitoring.selectorLabels,
    },
  };
}

/** The issuer, S3 and STS: on the internet, and at the private addresses that config names. */
function https({ httpsCidrs }: AirlockConfig): Endpoint[] {
  return [internet("https", 443), ...(httpsCidrs ? [external("private-https", 443, httpsCidrs)] : [])];
}

/** The upstreams that are containers of their own. Others are processes of the application. */
function upstreamSidecars({ upstreams }: AirlockConfig): UpstreamSidecarArgs[] | undefined {
  const sidecars = upstreams.flatMap((upstream) => {
    if (upstream.type !== "unix") return [];
    const { name, image, socket, command, env, resources } = upstream;
    return [{ name, image, socket, command, environment: { values: env }, resources }];
  });
  return sidecars.length > 0 ? sidecars : undefined;
}

/** The trace collector; its owners admit the pods. */
function tracingCollector({ tracing }: AirlockConfig, ownNamespace: string): Endpoint[] {
  if (!tracing.enabled) return [];
  const { namespace = ownNamespace, port = endpointPort(tracing.endpoint) } = tracing;
  return [{ name: "trace-collector", port, pods: { namespace }, managedElsewhere: true }];
}

function endpointPort(endpoint: string): number {
  const { port, protocol } = new URL(endpoint);
  return port === "" ? ({ "http:": 80, "https:": 443 }[protocol] ?? 443) : Number(port);
}
