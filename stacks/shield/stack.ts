import { parseStackName } from "@gatehouse/core/config";
import {
  AuthService,
  type AuthServiceArgs,
  BackupCronJob,
  Edge,
  EdgeKind,
  type Endpoint,
  MetricsDiscovery,
  podDefaults,
  RestrictedNamespace,
} from "@gatehouse/kubernetes";
import { AlertRules, Dashboard } from "@gatehouse/monitoring";
import * as pulumi from "@pulumi/pulumi";
import { dnsArgs } from "../dns.ts";
import { namespaceOf } from "../environment.ts";
import { alerts } from "./alerts.ts";
import { backup } from "./backup.ts";
import { config, type ShieldConfig } from "./config.ts";
import { panels } from "./dashboard.ts";
import { databaseEndpoint, redisEndpoint } from "./dataStores.ts";
import { edge } from "./edge.ts";
import { metrics } from "./metrics.ts";
import { type SecretKeys, serviceSecrets } from "./secrets.ts";
import * as server from "./server.ts";

const labels = { app: "shield", component: "auth" };

/** Shield, the authentication service, in one environment. */
export function shield(): Record<string, pulumi.Input<unknown>> {
  const settings = config.load();
  podDefaults(settings.pods);
  const { monitoring } = settings;
  const namespaceName = namespaceOf("shield", parseStackName("shield", pulumi.getStack()));
  const { namespace } = createNamespace(settings, namespaceName);
  const secret = serviceSecrets(settings, namespace);
  const database = databaseEndpoint(settings, namespace, secret);
  const redis = redisEndpoint(settings, namespace, secret);

  const service = new AuthService("shield", authService(settings, namespace, secret, { database, redis }));
  const { url } = new Edge("shield", { ...edge(settings, namespace, service.target), labels });

  const backups = settings.backup && new BackupCronJob("shield", backup(settings.backup, namespace, secret, database));
  const shared = { namespace, catalogue: metrics, scrapeInterval: monitoring.scrapeInterval };
  const rules = alerts(settings, namespaceName, backups ? [backups.monitored] : []);
  warnOfAnnotations(settings);
  new AlertRules("shield", { ...shared, rules, labels: monitoring.selectorLabels });
  new Dashboard("shield", { ...shared, title: "Shield", panels: panels(namespaceName) });

  return { url };
}

/** Rules are the Prometheus Operator's, which does not read annotations. */
function warnOfAnnotations({ monitoring }: ShieldConfig): void {
  if (monitoring.discovery !== MetricsDiscovery.Annotations) return;
  void pulumi.log.warn(
    "shield:monitoring.discovery is annotations, which the Prometheus Operator does not read: the alerts fire only if " +
      "another scrape configuration reads them, and ShieldDown is left out. Use serviceMonitor to have all alerts",
  );
}

function createNamespace({ edge, dns }: ShieldConfig, namespace: string): RestrictedNamespace {
  return new RestrictedNamespace("shield", {
    namespace,
    // Targets of an ALB are pods, so a pod counts as ready only once the ALB sends requests to it.
    albReadinessGate: edge.kind === EdgeKind.Alb,
    dns: dnsArgs(dns),
  });
}

/** The Gunicorn server, with the values of the deployment guide where config does not say otherwise. */
function authService(
  settings: ShieldConfig,
  namespace: pulumi.Input<string>,
  secret: SecretKeys,
  { database, redis }: { database: Endpoint; redis: Endpoint },
): AuthServiceArgs {
  const { image, resources, scaling, requestTimeoutSeconds, workers, databasePoolSize, monitoring } = settings;
  return {
    namespace,
    image,
    labels,
    selectorLabels: { app: "shield" },
    command: server.command(settings),
    ports: [{ name: "http", port: server.port, servicePort: server.servicePort }],
    environment: server.environment(settings, secret),
    resources,
    identity: { user: 1000 },
    temporaryDirectories: ["/tmp", server.metricsDirectory],
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
    signingKeys: server.signingKeys(settings, secret),
    oauth: server.oauthClients(settings, secret),
    saml: server.samlProvider(settings, secret),
    database: {
      endpoint: database,
      poolSize: databasePoolSize,
      processes: workers,
      maxConnections: settings.database.maxConnections,
    },
    connectsTo: [redis, ...server.otherServices(settings)],
    migration: {
      connectsTo: [redis],
      command: ["python", "manage.py", "migrate", "--noinput"],
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
      backoffLimit: 3,
    },
  };
}
