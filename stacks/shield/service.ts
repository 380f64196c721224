import {
  type AuthServiceArgs,
  edgeHosts,
  type Endpoint,
  type EnvironmentArgs,
  internet,
  keepAliveSeconds,
  MetricsDiscovery,
  type OAuthClientArgs,
  type SamlArgs,
  type SigningKeyOptionsArgs,
} from "@gatehouse/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { traceCollector } from "../common/tracing.ts";
import type { ShieldConfig } from "./config.ts";
import type { SecretKeys } from "./secrets.ts";

/** Labels of every object, by which the guide's commands find them. */
export const labels = { app: "shield", component: "auth" };

/** The data stores that the service connects to. */
export interface DataStores {
  database: Endpoint;
  redis: Endpoint;
}

/** Port that Gunicorn listens on. */
const port = 8000;

/** Port under which the Service offers it. */
const servicePort = 80;

/** Where Gunicorn's workers keep their metrics, so that whichever is scraped answers for all. */
const metricsDirectory = "/var/run/prometheus";

/** The Gunicorn server, with the values of the deployment guide where config does not say otherwise. */
export function serviceArgs(
  settings: ShieldConfig,
  namespace: pulumi.Input<string>,
  secret: SecretKeys,
  { database, redis }: DataStores,
): AuthServiceArgs {
  const { image, resources, scaling, requestTimeoutSeconds, workers, databasePoolSize, monitoring } = settings;
  return {
    namespace,
    image,
    labels,
    selectorLabels: { app: "shield" },
    command: command(settings),
    ports: [{ name: "http", port: port, servicePort: servicePort }],
    environment: environment(settings, secret),
    resources,
    identity: { user: 1000 },
    temporaryDirectories: ["/tmp", metricsDirectory],
    liveness: { path: "/health/", initialDelaySeconds: 10, periodSeconds: 15, timeoutSeconds: 5, failureThreshold: 3 },
    readiness: { path: "/ready/", initialDelaySeconds: 5, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    scaling,
    rollout: { maxSurge: 1, maxUnavailable: 0 },
    shutdown: { requestTimeoutSeconds },
    metrics: {
      path: "/metrics/",
      discovery: monitoring.discovery,
      prometheusNamespace: monitoring.namespace,
      // Annotations carry neither of the two.
      ...(monitoring.discovery === MetricsDiscovery.ServiceMonitor && {
        interval: monitoring.scrapeInterval,
        monitorLabels: monitoring.selectorLabels,
      }),
    },
    signingKeys: signingKeysArgs(settings, secret),
    oauth: oauthClients(settings, secret),
    saml: samlProvider(settings, secret),
    database: {
      endpoint: database,
      poolSize: databasePoolSize,
      processes: workers,
      maxConnections: settings.database.maxConnections,
    },
    connectsTo: [redis, ...otherServices(settings)],
    migration: {
      connectsTo: [redis],
      command: ["python", "manage.py", "migrate", "--noinput"],
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
      backoffLimit: 3,
    },
  };
}

/**
 * The directory outlives the container, so a container that is restarted would go on exporting the gauges of the workers
 * that died with the former one.
 */
const withoutFormerMetrics = ["sh", "-c", 'rm -rf "${PROMETHEUS_MULTIPROC_DIR:?}"/* && exec "$@"', "sh"];

/** The image's own command, with the numbers that the config sets. */
function command({ workers, threads, requestTimeoutSeconds }: ShieldConfig): string[] {
  return [
    ...withoutFormerMetrics,
    "gunicorn",
    "config.wsgi:application",
    ...["--bind", `0.0.0.0:${port}`],
    ...["--workers", String(workers)],
    ...["--worker-class", "gthread"],
    ...["--threads", String(threads)],
    ...["--timeout", String(requestTimeoutSeconds)],
    // Requests in flight may take as long after the signal to stop as before it; Gunicorn's default is 30.
    ...["--graceful-timeout", String(requestTimeoutSeconds)],
    // Gunicorn closes an idle connection after 2 seconds by default, under the next request of the proxy.
    ...["--keep-alive", String(keepAliveSeconds(requestTimeoutSeconds))],
    ...["--access-logfile", "-"],
    ...["--error-logfile", "-"],
    "--capture-output",
    "--enable-stdio-inheritance",
  ];
}

/** The guide's variables, those of the data stores, keys and providers aside. */
function environment(config: ShieldConfig, secret: SecretKeys): EnvironmentArgs {
  const { settingsModule, debug, hosts, databasePoolSize, logLevel, monitoring } = config;
  const { tracingCollector, tracing = tracingCollector !== undefined } = config;
  return {
    values: {
      DJANGO_SETTINGS_MODULE: settingsModule,
      DEBUG: debug ? "True" : "False",
      // The kubelet, Prometheus and an ALB's health check address the pod by its IP and cannot name another host.
      ALLOWED_HOSTS: [...edgeHosts({ hosts }), "$(POD_IP)"].join(","),
      DATABASE_POOL_SIZE: String(databasePoolSize),
      LOG_LEVEL: logLevel,
      ENABLE_METRICS: String(monitoring.metrics),
      ENABLE_TRACING: String(tracing),
      PROMETHEUS_MULTIPROC_DIR: metricsDirectory,
    },
    secrets: { SECRET_KEY: secret("secret-key") },
    fields: { POD_IP: "status.podIP" },
  };
}

/** Services beside the data stores: OAuth and SAML providers, mail submission, the trace collector. */
function otherServices({ tracingCollector }: ShieldConfig): Endpoint[] {
  return [internet("identity-providers", 443), internet("mail-submission", 587), ...traceCollector(tracingCollector)];
}

/** OAuth providers that are configured. */
function oauthClients({ oauth }: ShieldConfig, secret: SecretKeys): Record<string, OAuthClientArgs> {
  return Object.fromEntries(
    Object.entries(oauth).map(([provider, { clientId }]) => [
      provider,
      { clientId, clientSecret: secret(`${provider}-client-secret`) },
    ]),
  );
}

/** Shield as a SAML service provider, if it is one. */
function samlProvider({ saml }: ShieldConfig, secret: SecretKeys): SamlArgs | undefined {
  return (
    saml && {
      entityId: saml.entityId,
      certificate: secret("saml-sp-x509-cert"),
      privateKey: secret("saml-sp-private-key"),
    }
  );
}

/** The keys that tokens are signed with; a refresh token is what lives longest. */
function signingKeysArgs(config: ShieldConfig, secret: SecretKeys): SigningKeyOptionsArgs {
  const { keys, now, jwksCacheTime, refreshTokenLifetime, secrets } = config;
  const { existing, store, storeKind, prefix, refreshInterval } = secrets;
  return {
    keys,
    now,
    rules: { jwksCacheTime, tokenLifetime: refreshTokenLifetime },
    privateKey:
      existing === undefined
        ? { store: { name: store, kind: storeKind }, remoteKey: `${prefix}jwt-private-key/{kid}`, refreshInterval }
        : { existing: secret("jwt-private-key") },
  };
}
