import { operatorLabels } from "@gatehouse/core";
import { type StackConfig, stackConfig } from "@gatehouse/core/config";
import { AlbScheme, SecretStoreKind, ZoneRule } from "@gatehouse/kubernetes";
import { z } from "zod";
import { lock, retention, roleTrust } from "../../common/auditBucket.ts";
import { bucketAccess, jobOptions, scratchClaim } from "../../common/backups.ts";
import { dns } from "../../common/dns.ts";
import { pods } from "../../common/pods.ts";
import { bytes, cidrs, duration, image, resources } from "../../common/schema.ts";
import { checkConfig } from "./checks.ts";
import { healthPaths } from "./names.ts";
import * as settings from "./application.ts";

/** Where the rows of the audit log wait for the database. */
export const SpoolKind = {
  /** A volume of each pod, which is deleted with it: rows that are not in the database yet are lost with the pod. */
  Ephemeral: "ephemeral",
  /** A volume that outlives its pod. The pods are then a StatefulSet. */
  Durable: "durable",
} as const;
export type SpoolKind = (typeof SpoolKind)[keyof typeof SpoolKind];

const edge = z
  .strictObject({
    certificateArn: z.string().describe("ACM certificate of the hosts, in the load balancer's region. ACM renews it."),
    subnetCidrs: cidrs().describe("Ranges of the load balancer's subnets, from which requests reach the pods."),
    scheme: z.enum(AlbScheme).default(AlbScheme.InternetFacing).describe("Who reaches the load balancer."),
    healthPath: z.string().default(healthPaths.ready).describe("Path of the health check: the readiness path."),
    className: z.string().optional().describe("IngressClass of the AWS Load Balancer Controller."),
    wafAclArn: z.string().optional().describe("WAF web ACL of the load balancer."),
    annotations: z.record(z.string(), z.string()).default({}).describe("Further annotations of the Ingress."),
    deletionProtection: z.boolean().default(true).describe("Whether AWS refuses to delete the load balancer."),
  })
  .describe("The load balancer, which the AWS Load Balancer Controller makes.");

const database = z
  .strictObject({
    vpcId: z
      .string()
      .regex(/^vpc-[0-9a-f]+$/, "the id of a VPC: vpc-0123456789abcdef0")
      .describe("VPC of the database."),
    subnets: z
      .array(
        z.strictObject({
          id: z.string().regex(/^subnet-[0-9a-f]+$/, "the id of a subnet: subnet-0123456789abcdef0"),
          zone: z.string().describe("Availability zone: us-west-2a."),
          cidr: z.cidrv4().describe("Range of its addresses."),
        }),
      )
      .describe("Private subnets, one in each of at least two zones: the only addresses that the pods reach on 5432."),
    clusterSecurityGroupId: z
      .string()
      .regex(/^sg-[0-9a-f]+$/, "the id of a security group: sg-0123456789abcdef0")
      .describe("Security group of the cluster's nodes, which the database admits."),
    engineVersion: z.string().default("17").describe("Major version of PostgreSQL."),
    allowMajorVersionUpgrade: z.boolean().default(false).describe("Whether another major version is installed."),
    instanceClass: z.string().default("db.t4g.medium").describe("Class of the instance."),
    name: z.string().min(1).default("airlock").describe("Name of the database."),
    multiAz: z.boolean().default(true).describe("Whether a standby in another zone takes over."),
    allocatedStorage: z.int().min(20).default(100).describe("Initial storage in GiB; it grows automatically."),
    backupRetentionDays: z.int().min(1).max(35).default(7).describe("Days that can be restored to any moment."),
    backupReplication: z
      .strictObject({ region: z.string(), kmsKeyArn: z.string().describe("KMS key there.") })
      .optional()
      .describe("Copies of the automated backups in another region."),
    passwordVersion: z.int().min(1).default(1).describe("Number of the application user's password: docs/airlock.md."),
    applyImmediately: z.boolean().default(false).describe("Whether changes are made before the maintenance window."),
    deletionProtection: z.boolean().default(true).describe("Whether Pulumi and AWS refuse to delete the database."),
    clientImage: image().default("postgres:17.6").describe("Image with psql, which makes the application's user."),
    authority: z
      .string()
      .default("rds-ca")
      .describe("ConfigMap whose key bundle.pem holds the authorities that the server's certificate is verified by."),
  })
  .describe("RDS for PostgreSQL: the audit log. The stack makes it.");

const backup = z.strictObject({
  image: image().describe("Image with pg_dump, pg_restore and the AWS command line."),
  postgresImage: image().default("postgres:17.6").describe("Image of the server that a restore is proved on."),
  schedule: z.string().default("0 1 * * *").describe("When the backup runs, in UTC."),
  restoreCheckSchedule: z.string().default("0 4 * * *").describe("When a restore is proved, in UTC."),
  bucket: z.string().default("your-backup-bucket").describe("S3 bucket."),
  prefix: z.string().default("airlock").describe("Where in the bucket the copies are."),
  ...bucketAccess,
  ...jobOptions,
  scratchSize: bytes().default("20Gi").describe("Disk that the restored database may take: twice its size."),
  scratchClaim,
  setup: z
    .string()
    .default("create role airlock")
    .describe("SQL run before a restore is proved, for roles that the dump names."),
  checkQuery: z
    .string()
    .optional()
    .describe(
      "SQL with one true value as its answer, asked of the restored database; by default whether it has a row.",
    ),
});

const schema = z.strictObject({
  image: image().describe("The application's image: a full version, or a digest."),
  hosts: z
    .array(z.hostname())
    .min(1)
    .default(["mcp-airlock.your-org.com"])
    .describe("Hosts under which clients reach Airlock."),
  region: z.string().default("us-west-2").describe("Region of the load balancer, the database and the buckets."),
  edge,
  dns,
  pods,
  requestTimeoutSeconds: z
    .int()
    .min(1)
    .default(30)
    .describe("Seconds that a request may take; the load balancer waits 5 longer, and the time to stop follows it."),
  resources: resources({ cpu: "500m", memory: "512Mi" }, { cpu: "1000m", memory: "1Gi" }).describe("Of one pod."),
  scaling: z
    .strictObject({
      minReplicas: z.int().min(1).default(3),
      maxReplicas: z.int().min(1).default(10),
      cpuPercent: z.int().min(1).max(100).default(70),
      memoryPercent: z.int().min(1).max(100).default(80),
    })
    .prefault({})
    .describe("The autoscaler."),
  minAvailable: z.int().min(0).default(2).describe("Pods that a drain of nodes leaves."),
  zones: z.enum(ZoneRule).default(ZoneRule.Preferred).describe("How pods share the zones."),
  auth: settings.auth,
  policy: z
    .strictObject({
      cacheTtl: duration().default("1m").describe("How long a decision is kept."),
      reload: z
        .strictObject({ image: image().describe("Image with a shell, such as busybox:1.37.0.") })
        .optional()
        .describe(
          "Loads a new policy at SIGHUP, in place of new pods. A sidecar then sees the application's processes.",
        ),
    })
    .prefault({})
    .describe("The policy, which the application evaluates itself."),
  roots: settings.roots,
  dlp: settings.dlp,
  rateLimiting: settings.rateLimiting,
  upstreams: settings.upstreams,
  audit: settings.audit,
  auditBucket: z
    .strictObject({
      name: z.string().default("your-org-audit-logs").describe("Name of the bucket."),
      existing: z.boolean().default(false).describe("Whether the bucket is there already; its parts are made then."),
      retention: retention.default({ years: 1 }).describe("How long exports are kept: days or years."),
      lock: lock
        .optional()
        .describe("Lock that keeps each export for the retention. It can be given only when the bucket is made."),
      deletionProtection: z.boolean().default(true).describe("Whether Pulumi refuses to delete the bucket."),
    })
    .prefault({})
    .describe("Bucket that audit rows are exported to. The stack makes it."),
  identity: z
    .strictObject({
      ...roleTrust,
      partition: z.enum(["aws", "aws-cn", "aws-us-gov"]).default("aws").describe("Partition of the buckets of roots."),
    })
    .describe("How the pods assume their role: irsa or podIdentity. The stack makes the role."),
  httpsCidrs: cidrs()
    .optional()
    .describe("Private ranges that the pods reach on 443 beside the internet, such as VPC endpoints of STS and S3."),
  spool: z
    .strictObject({
      kind: z.enum(SpoolKind).default(SpoolKind.Ephemeral).describe("What becomes of it when its pod is gone."),
      size: bytes().default("100Gi").describe("Size of each pod's volume."),
      storageClass: z.string().default("gp3").describe("StorageClass of the volumes."),
    })
    .prefault({})
    .describe("Volume of each pod, on which audit rows wait for the database."),
  database,
  backup: backup.nullable().default(null).describe("Daily dump beside RDS' own backups; required in production."),
  alarms: z
    .strictObject({
      emails: z.array(z.email()).default([]).describe("Addresses, each of which confirms the subscription."),
      endpoints: z.record(z.string(), z.url()).default({}).describe("HTTPS endpoints, such as a pager's, by a name."),
    })
    .nullable()
    .default(null)
    .describe("Who is told by CloudWatch of the database and of the certificate's end; required in production."),
  tracing: settings.tracing,
  logging: settings.logging,
  secrets: z
    .strictObject({
      store: z.string().default("aws-secrets-manager").describe("Name of the store of the External Secrets Operator."),
      storeKind: z.enum(SecretStoreKind).default(SecretStoreKind.ClusterSecretStore).describe("Kind of the store."),
      databaseVersion: z
        .string()
        .optional()
        .describe("Pinned version of the database's secret, uuid/ and its id: a change rolls the pods."),
      oidc: z
        .string()
        .default("airlock-oidc")
        .describe("Remote name of the OIDC client: a JSON object with client-secret."),
      oidcVersion: z.string().optional().describe("Pinned version of it: a change rolls the pods."),
    })
    .prefault({})
    .describe("Where secret values come from."),
  monitoring: z
    .strictObject({
      namespace: z.string().default("monitoring").describe("Namespace of Prometheus and of the ServiceMonitor."),
      selectorLabels: z
        .record(z.string(), z.string())
        .default(operatorLabels)
        .describe("Labels by which the Prometheus Operator selects rules and monitors."),
      scrapeInterval: duration().default("30s").describe("How often Prometheus scrapes."),
      runbooks: z.url().default("https://docs.your-org.com/airlock/runbook").describe("Where runbooks are."),
    })
    .prefault({})
    .describe("Metrics, alerts and the dashboard."),
});

export type AirlockConfig = z.output<typeof schema>;

/** The config of Airlock's stacks. */
export const config: StackConfig<AirlockConfig> = stackConfig("airlock", schema, { check: checkConfig });
