import { operatorLabels } from "@gatehouse/core";
import { type StackConfig, stackConfig } from "@gatehouse/core/config";
import { EdgeKind, MetricsDiscovery, SecretStoreKind } from "@gatehouse/kubernetes";
import { z } from "zod";
import { bucketAccess, jobOptions, scratchClaim } from "../common/backups.ts";
import { dns } from "../common/dns.ts";
import { pods } from "../common/pods.ts";
import { bytes, cidrs, duration, image, instant, keys, port, resources } from "../common/schema.ts";
import { tracingCollector } from "../common/tracing.ts";
import { checkConfig, DataStoreKind } from "./checks.ts";

const rate = (defaults: { stabilizationSeconds: number; pods: number; periodSeconds: number }) =>
  z
    .strictObject({
      stabilizationSeconds: z.int().min(0).default(defaults.stabilizationSeconds),
      pods: z.int().min(1).default(defaults.pods),
      periodSeconds: z.int().min(1).default(defaults.periodSeconds),
    })
    .prefault({});

const oauthClient = z.strictObject({ clientId: z.string().min(1).describe("The client's id, which is public.") });

const dataStore = (defaultPort: number) => ({
  kind: z.enum(DataStoreKind).default(DataStoreKind.External).describe("Who runs it."),
  cidrs: cidrs().optional().describe("Addresses of an external store: the only ones that the pods may reach."),
  port: port().default(defaultPort).describe("Its TCP port."),
});

const database = z
  .strictObject({
    ...dataStore(5432),
    maxConnections: z.int().min(1).optional().describe("The database's max_connections; the pools must fit."),
    recoveryPoint: duration()
      .optional()
      .describe("The latest loss after a failure of the database, as its point-in-time recovery promises."),
    recoveryTime: duration().optional().describe("How long it takes until the database is there again."),
    regionRecoveryPoint: duration()
      .optional()
      .describe("The latest loss after the failure of a region, as the copy in another region promises."),
    regionRecoveryTime: duration().optional().describe("How long it takes until it is there in the other region."),
  })
  .prefault({});

const schema = z.strictObject({
  image: image().describe("The service's image: a full version, or a digest."),
  hosts: z.array(z.hostname()).min(1).default(["api.materi.dev"]).describe("Hosts under which the service is reached."),
  edge: z
    .strictObject({
      kind: z.enum(EdgeKind).default(EdgeKind.Nginx).describe("What takes requests from outside."),
      clusterIssuer: z.string().default("letsencrypt-prod").describe("cert-manager's issuer of the certificate."),
      tlsSecret: z.string().default("shield-tls").describe("Secret that holds the certificate."),
      requestsPerMinute: z.int().min(1).default(100).describe("Requests of one client a minute."),
      bodySize: bytes().optional().describe("Largest request body, for nginx and gateway: 8Mi."),
      responseHeaderSize: bytes().optional().describe("Largest response headers, for nginx: 16Ki."),
      annotations: z
        .record(z.string(), z.string())
        .default({})
        .describe("Further annotations of the Ingress, or of the Gateway and its routes."),
      className: z.string().optional().describe("Ingress class (nginx, alb) or GatewayClass (eg)."),
      namespace: z.string().optional().describe("Namespace of the edge's pods."),
      certificateArn: z.string().optional().describe("ACM certificate, for alb."),
      wafAclArn: z.string().optional().describe("WAF web ACL with the rate rule, for alb."),
      subnetCidrs: cidrs().optional().describe("Subnets of the load balancer, for alb."),
    })
    .prefault({})
    .describe("The edge."),
  dns,
  pods,
  settingsModule: z.string().default("config.settings.production").describe("DJANGO_SETTINGS_MODULE."),
  debug: z.boolean().default(false).describe("DEBUG."),
  logLevel: z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]).default("INFO").describe("LOG_LEVEL."),
  databasePoolSize: z.int().min(1).default(50).describe("DATABASE_POOL_SIZE: connections of one Gunicorn worker."),
  workers: z.int().min(1).default(4).describe("Gunicorn workers of one pod."),
  threads: z.int().min(1).default(2).describe("Threads of one worker."),
  requestTimeoutSeconds: z
    .int()
    .min(1)
    .default(30)
    .describe("Seconds that a request may take: Gunicorn's timeouts, the edge's, and the time to stop follow it."),
  resources: resources({ cpu: "250m", memory: "512Mi" }, { cpu: "1000m", memory: "1Gi" }).describe("Of one pod."),
  scaling: z
    .strictObject({
      minReplicas: z.int().min(1).default(3),
      maxReplicas: z.int().min(1).default(10),
      cpuPercent: z.int().min(1).max(100).default(70),
      memoryPercent: z.int().min(1).max(100).default(80),
      scaleUp: rate({ stabilizationSeconds: 60, pods: 2, periodSeconds: 60 }),
      scaleDown: rate({ stabilizationSeconds: 300, pods: 1, periodSeconds: 120 }),
    })
    .prefault({})
    .describe("The autoscaler."),
  database: database.describe("PostgreSQL."),
  redis: z.strictObject(dataStore(6379)).prefault({}).describe("Redis."),
  secrets: z
    .strictObject({
      existing: z.string().optional().describe("A Secret that you make yourself, instead of an ExternalSecret."),
      store: z.string().default("shield").describe("Name of the store of the External Secrets Operator."),
      storeKind: z.enum(SecretStoreKind).default(SecretStoreKind.ClusterSecretStore).describe("Kind of the store."),
      prefix: z.string().default("shield/").describe("What the remote names begin with: shield/database-url."),
      refreshInterval: duration()
        .optional()
        .describe("How often the store is read again; by default a value changes only with the stack's config."),
      versions: z
        .record(z.string(), z.string())
        .default({})
        .describe("Pinned remote versions by key: a change of one rolls the pods."),
    })
    .prefault({})
    .describe("Where secret values come from."),
  keys: keys.describe("The keys that tokens are signed with."),
  jwksCacheTime: duration().default("1h").describe("How long clients cache the JWKS."),
  accessTokenLifetime: duration().default("15m").describe("Life of an access token."),
  refreshTokenLifetime: duration().default("30d").describe("Life of a refresh token."),
  now: instant().optional().describe("The instant against which key rotation is checked, in place of the clock."),
  oauth: z
    .strictObject({ google: oauthClient.optional(), github: oauthClient.optional(), microsoft: oauthClient.optional() })
    .default({})
    .describe("OAuth providers."),
  saml: z
    .strictObject({ entityId: z.string().min(1).describe("SAML_SP_ENTITY_ID.") })
    .optional()
    .describe("SAML service provider."),
  tracing: z.boolean().optional().describe("ENABLE_TRACING; by default whether there is a tracingCollector."),
  tracingCollector,
  monitoring: z
    .strictObject({
      metrics: z.boolean().default(true).describe("ENABLE_METRICS."),
      discovery: z
        .enum(MetricsDiscovery)
        .default(MetricsDiscovery.ServiceMonitor)
        .describe("How Prometheus finds pods."),
      namespace: z.string().default("monitoring").describe("Namespace of Prometheus."),
      selectorLabels: z
        .record(z.string(), z.string())
        .default(operatorLabels)
        .describe("Labels by which the Prometheus Operator selects rules and monitors."),
      scrapeInterval: duration().default("30s").describe("How often Prometheus scrapes."),
      runbooks: z.url().default("https://docs.materi.dev/operations/shield-runbook").describe("Where runbooks are."),
    })
    .prefault({})
    .describe("Metrics, alerts and the dashboard."),
  backup: z
    .strictObject({
      image: image().describe("Image with pg_dump, pg_restore and the AWS command line."),
      postgresImage: image().default("postgres:15.14").describe("Image of the server that a restore is proved on."),
      schedule: z.string().default("0 1 * * *").describe("When the backup runs, in UTC."),
      restoreCheckSchedule: z.string().default("0 4 * * *").describe("When a restore is proved, in UTC."),
      bucket: z.string().default("materi-backups").describe("S3 bucket."),
      prefix: z.string().default("shield").describe("Where in the bucket the copies are."),
      region: z.string().default("us-east-1").describe("The bucket's region."),
      ...bucketAccess,
      ...jobOptions,
      scratchSize: bytes().default("10Gi").describe("Disk that the restored database may take: twice its size."),
      scratchClaim,
      setup: z.string().optional().describe("SQL run before a restore is proved, such as: create role app."),
      checkQuery: z
        .string()
        .optional()
        .describe("SQL with one true value as its answer, asked of the restored database."),
    })
    .optional()
    .describe("The daily backup."),
});

export type ShieldConfig = z.output<typeof schema>;

/** The config of Shield's stacks. */
export const config: StackConfig<ShieldConfig> = stackConfig("shield", schema, {
  check: checkConfig,
});
