import {
  edgeHosts,
  type Endpoint,
  type EnvironmentArgs,
  internet,
  keepAliveSeconds,
  type OAuthClientArgs,
  type SamlArgs,
  type SigningKeyOptionsArgs,
} from "@gatehouse/kubernetes";
import type { ShieldConfig } from "./config.ts";
import type { SecretKeys } from "./secrets.ts";

/** Port that Gunicorn listens on. */
export const port = 8000;

/** Port under which the Service offers it. */
export const servicePort = 80;

/** Where Gunicorn's workers keep their metrics, so that whichever is scraped answers for all. */
export const metricsDirectory = "/var/run/prometheus";

/** The image's own command, with the numbers that the config sets. */
export function command({ workers, threads, requestTimeoutSeconds }: ShieldConfig): string[] {
  return [
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
export function environment(config: ShieldConfig, secret: SecretKeys): EnvironmentArgs {
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

/** Whom Shield connects to beside its data stores: OAuth and SAML providers, mail submission, the trace collector. */
export function otherServices({ tracingCollector }: ShieldConfig): Endpoint[] {
  const collector = tracingCollector && {
    name: "trace-collector",
    port: tracingCollector.port,
    pods: { namespace: tracingCollector.namespace },
    // A policy beside it would shut out everybody else who sends it traces.
    managedElsewhere: true,
    environment: { values: { OTEL_EXPORTER_OTLP_ENDPOINT: tracingCollector.endpoint } },
  };
  return [internet("identity-providers", 443), internet("mail-submission", 587), ...(collector ? [collector] : [])];
}

/** OAuth providers that are configured. */
export function oauthClients({ oauth }: ShieldConfig, secret: SecretKeys): Record<string, OAuthClientArgs> {
  return Object.fromEntries(
    Object.entries(oauth).map(([provider, { clientId }]) => [
      provider,
      { clientId, clientSecret: secret(`${provider}-client-secret`) },
    ]),
  );
}

/** Shield as a SAML service provider, if it is one. */
export function samlProvider({ saml }: ShieldConfig, secret: SecretKeys): SamlArgs | undefined {
  return (
    saml && {
      entityId: saml.entityId,
      certificate: secret("saml-sp-x509-cert"),
      privateKey: secret("saml-sp-private-key"),
    }
  );
}

/** The keys that tokens are signed with; a refresh token is what lives longest. */
export function signingKeys(config: ShieldConfig, secret: SecretKeys): SigningKeyOptionsArgs {
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
