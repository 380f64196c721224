import { operatorLabels } from "@gatehouse/core";
import { type StackConfig, stackConfig } from "@gatehouse/core/config";
import { EdgeKind, SecretStoreKind, ZoneRule } from "@gatehouse/kubernetes";
import { z } from "zod";
import { lock, retention, roleTrust } from "../common/auditBucket.ts";
import { bucketAccess, jobOptions, scratchClaim } from "../common/backups.ts";
import { dns } from "../common/dns.ts";
import { pods } from "../common/pods.ts";
import { bytes, cidrs, duration, image, instant, keys, port, resources } from "../common/schema.ts";
import { tracingCollector } from "../common/tracing.ts";
import { checkConfig } from "./checks.ts";

const secretKey = z.strictObject({
  secret: z.string().describe("Name of a Secret that is there already."),
  key: z.string().describe("Key within it."),
});

const sink = z.strictObject({
  forward: z
    .strictObject({
      host: z.string(),
      port: port().default(24_224),
      tls: z.boolean().default(true),
      sharedKey: secretKey.optional(),
    })
    .optional()
    .describe("A fluentd or Fluent Bit that acknowledges what it has."),
  http: z
    .strictObject({ url: z.url(), authorization: secretKey.optional() })
    .optional()
    .describe("An HTTP endpoint that takes newline-delimited JSON."),
  certificateAuthority: z.string().optional().describe("ConfigMap whose ca.crt the sink's certificate is checked by."),
  namespace: z.string().optional().describe("Namespace of the sink's pods, if it is in the cluster."),
  cidrs: cidrs().optional().describe("Addresses of the sink, if it is outside."),
  port: port().default(24_224).describe("Port that the sink listens on: the pod's, in the cluster."),
});

const store = z.strictObject({
  name: z.string().describe("Name of the bucket, unique among all accounts."),
  region: z.string().describe("Region of the bucket: eu-central-1."),
  prefix: z.string().default("atb/").describe("Where in the bucket the log is, with a slash at its end."),
  retention: retention
    .default({ years: 7 })
    .describe("How long each object is kept: days or years. In production at least 7 years."),
  lock: lock.prefault({}).describe("Lock that keeps each object for the retention: GOVERNANCE or COMPLIANCE."),
  deletionProtection: z.boolean().default(true).describe("Whether Pulumi refuses to delete the bucket."),
  ...roleTrust,
  cidrs: cidrs().optional().describe("Private addresses of S3's and STS' VPC endpoints; else the internet."),
});

const backup = z.strictObject({
  image: image().describe("Image with redis-server and redis-cli, and with the AWS command line for a bucket."),
  schedule: z.string().default("0 * * * *").describe("When a copy is made, in UTC."),
  keep: z.int().min(1).default(24).describe("Copies that are kept."),
  restoreCheckSchedule: z.string().default("30 */6 * * *").describe("When the newest copy is proved, in UTC."),
  bucket: z
    .strictObject({
      name: z.string(),
      prefix: z.string().default("atb-redis").describe("Where in the bucket the copies are."),
      region: z.string(),
      ...bucketAccess,
    })
    .optional()
    .describe("S3 bucket of the copies."),
  claim: z.string().optional().describe("PersistentVolumeClaim of the copies, in place of a bucket."),
  ...jobOptions,
  scratchSize: bytes().default("4Gi").describe("Disk for a copy on its way: more than twice its size."),
  scratchClaim,
  leastEntries: z.int().min(0).default(0).describe("Fewest entries that a restored copy must have."),
});

const schema = z.strictObject({
  hosts: z
    .array(z.hostname())
    .min(1)
    .default(["atb.example.com"])
    .describe("Hosts under which agents reach the broker."),
  edge: z
    .strictObject({
      kind: z.enum(EdgeKind).default(EdgeKind.Nginx).describe("What passes the agents' TLS through to the broker."),
      annotations: z
        .record(z.string(), z.string())
        .default({})
        .describe("Further annotations of the Ingress, or of the Gateway and its routes."),
      className: z.string().optional().describe("Ingress class or GatewayClass."),
      namespace: z.string().optional().describe("Namespace of the edge's pods."),
      tlsRouteVersion: z.string().default("v1").describe("Version of TLSRoute that the cluster serves, for gateway."),
    })
    .prefault({})
    .describe("The edge."),
  dns,
  pods,
  certificate: z
    .strictObject({
      secret: z.string().default("atb-tls").describe("Secret of type kubernetes.io/tls."),
      clusterIssuer: z.string().optional().describe("cert-manager's issuer, which fills the Secret."),
      existing: z.boolean().default(false).describe("Whether you make the Secret yourself, in place of an issuer."),
      revision: z.string().optional().describe("A change of it rolls the pods onto a new certificate."),
    })
    .prefault({})
    .describe("The broker's own certificate, with which it terminates mTLS."),
  broker: z
    .strictObject({
      image: image().describe("The broker's image: a full version, or a digest."),
      port: port().default(8443).describe("Port of the API, TLS."),
      metricsPort: port().default(9090).describe("Port of the metrics, plain HTTP."),
      requestTimeoutSeconds: z
        .int()
        .min(1)
        .default(30)
        .describe("Seconds that the broker lets a request take; the time to stop follows it."),
      resources: resources({ cpu: "500m", memory: "512Mi" }, { cpu: "2000m", memory: "2Gi" }),
      scaling: z
        .strictObject({
          minReplicas: z.int().min(1).default(3),
          maxReplicas: z.int().min(1).default(10),
          cpuPercent: z.int().min(1).max(100).default(70),
        })
        .prefault({})
        .describe("The autoscaler."),
      minAvailable: z.int().min(0).default(2).describe("Pods that a drain of nodes leaves."),
      zones: z
        .strictObject({
          rule: z.enum(ZoneRule).default(ZoneRule.Even).describe("How pods share the zones."),
          count: z.int().min(1).default(3).describe("Zones that the nodes are in."),
        })
        .prefault({})
        .describe("Where the pods are."),
    })
    .describe("The broker."),
  agentauth: z
    .strictObject({
      image: image().describe("AgentAuth's image: a full version, or a digest."),
      port: port().default(8443).describe("Port of the API, TLS by the pods' SPIFFE identities."),
      metricsPort: port().default(9090).describe("Port of the metrics, plain HTTP."),
      replicas: z.int().min(1).default(2),
      resources: resources({ cpu: "250m", memory: "256Mi" }, { cpu: "1000m", memory: "1Gi" }),
    })
    .describe("AgentAuth, which challenges agents and signs their tokens."),
  opa: z
    .strictObject({
      image: image().describe("Image of OPA 1.0 or later."),
      resources: resources({ cpu: "100m", memory: "128Mi" }, { cpu: "500m", memory: "512Mi" }),
      entryPoint: z.string().default("atb/poa/decision").describe("The rule that decides, by package and name."),
    })
    .describe("The policy's engine beside each broker."),
  redis: z
    .strictObject({
      replicas: z.int().min(1).default(3).describe("Pods, each with a Redis and a Sentinel."),
      masterSet: z.string().default("atb-master").describe("Name of the set of Redis servers."),
      quorum: z.int().min(1).optional().describe("Sentinels that must find the master gone: a majority by default."),
      downAfter: duration().default("3s").describe("Silence after which a Sentinel finds the master gone."),
      maxmemory: bytes().optional().describe("Memory for data; two thirds of the limit by default."),
      resources: resources({ cpu: "100m", memory: "384Mi" }, { cpu: "1", memory: "384Mi" }),
      storage: bytes().default("4Gi").describe("Size of each pod's volume."),
      storageClass: z.string().optional().describe("StorageClass of the volumes."),
      tlsSecret: z.string().optional().describe("Secret with tls.crt, tls.key and ca.crt: every connection is TLS."),
      deletionProtection: z.boolean().default(true).describe("Whether Pulumi refuses to delete the servers."),
      backup: backup.optional().describe("Hourly copies: to a bucket or a claim."),
    })
    .prefault({})
    .describe("Redis: the ids of used tokens, and the challenges."),
  spire: z
    .strictObject({
      trustDomain: z.string().default("example.org").describe("Trust domain of the SPIRE server."),
      className: z.string().optional().describe("Class of SPIRE's controller manager."),
      agentSocket: z.string().default("/run/spire/sockets/agent.sock").describe("Socket of the Workload API."),
    })
    .prefault({})
    .describe("SPIFFE identities."),
  secrets: z
    .strictObject({
      existing: z.boolean().default(false).describe("Whether somebody else makes the Secrets, without a store."),
      store: z.string().default("azure-keyvault").describe("Name of the store of the External Secrets Operator."),
      storeKind: z.enum(SecretStoreKind).default(SecretStoreKind.ClusterSecretStore).describe("Kind of the store."),
      refreshInterval: duration()
        .optional()
        .describe("How often the store is read again; by default a value changes only with the stack's config."),
      signingKey: z
        .string()
        .default("atb-signing-key-{kid}")
        .describe("Remote name of a signing key; {kid} stands for its key id."),
      redisPassword: z.string().default("atb-redis-password").describe("Remote name of the password of Redis."),
      redisPasswordVersion: z.string().optional().describe("Pinned version of it: a change rolls the pods."),
      redisOtherPasswordVersion: z
        .string()
        .optional()
        .describe("Version of a second password that Redis accepts, while a rotation lasts: docs/redis-ha.md."),
    })
    .prefault({})
    .describe("Where secret values come from."),
  keys: keys.describe("The Ed25519 keys that AgentAuth signs tokens with."),
  tokenLifetime: duration().default("10m").describe("Life of a token."),
  jwksCacheTime: duration().default("10m").describe("How long the broker and others keep the JWKS."),
  now: instant().optional().describe("The instant against which key rotation is checked, in place of the clock."),
  maintenanceMode: z.boolean().default(false).describe("MAINTENANCE_MODE: whether new requests are turned away."),
  logLevel: z.enum(["debug", "info", "warn", "error"]).default("info").describe("LOG_LEVEL."),
  auditLog: z
    .strictObject({
      image: image().describe("Image of fluentd with fluent-plugin-prometheus, and fluent-plugin-s3 for a store."),
      store: store
        .optional()
        .describe("Bucket that keeps the audit log. The stack makes it, locked, with a role to write."),
      sink: sink
        .optional()
        .describe("A sink that is there already, in place of a store; it keeps the log immutable and for 7 years."),
      bufferSize: bytes().default("1Gi").describe("Disk buffer while the sink is away."),
      flushInterval: duration()
        .optional()
        .describe(
          "How long a line may wait for others; by default 1s, and 1m for a store, where each flush is an object.",
        ),
    })
    .nullable()
    .default(null)
    .describe("The broker's audit log; required in production."),
  agents: z
    .strictObject({ namespace: z.string().default("agents") })
    .prefault({})
    .describe("Pods that reach the broker without the edge."),
  enterprise: z
    .strictObject({ namespace: z.string().default("enterprise"), port: port().default(443) })
    .prefault({})
    .describe("The upstream services that the broker reaches; their owners admit it."),
  tracingCollector,
  monitoring: z
    .strictObject({
      namespace: z.string().default("monitoring").describe("Namespace of Prometheus."),
      selectorLabels: z
        .record(z.string(), z.string())
        .default(operatorLabels)
        .describe("Labels by which the Prometheus Operator selects rules and monitors."),
      scrapeInterval: duration().default("15s").describe("How often Prometheus scrapes."),
      runbooks: z.url().default("https://docs.example.com/atb/runbook").describe("Where runbooks are."),
    })
    .prefault({})
    .describe("Metrics, alerts and dashboards."),
});

export type AtbConfig = z.output<typeof schema>;

/** The config of ATB's stacks. */
export const config: StackConfig<AtbConfig> = stackConfig("atb", schema, {
  check: checkConfig,
});
