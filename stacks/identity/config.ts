import { secret, type StackConfig, stackConfig } from "@gatehouse/core/config";
import { Availability, Edition, PublicAccess, RedisTier, VpcAccessKind } from "@gatehouse/gcp";
import { z } from "zod";
import { bytes, cpu, duration, image } from "../common/schema.ts";
import { checkConfig } from "./checks.ts";

const count = (least: number) => z.int().min(least);
const version = () => count(1);

const network = z
  .strictObject({
    existing: z
      .string()
      .optional()
      .describe("Id of a network that exists already: projects/<project>/global/networks/<name>."),
    existingServicesCidr: z
      .cidrv4()
      .optional()
      .describe("Range of the private services connection that it has already."),
    access: z.enum(VpcAccessKind).default(VpcAccessKind.Connector).describe("How Cloud Run gets into the network."),
    connectorCidr: z.cidrv4().default("10.8.0.0/28").describe("Range of the connector."),
    subnetCidr: z.cidrv4().default("10.8.1.0/24").describe("Range of the subnet, for direct access."),
  })
  .prefault({});

const database = z
  .strictObject({
    version: z.string().default("POSTGRES_15").describe("Version of PostgreSQL."),
    edition: z.enum(Edition).optional().describe("Edition of Cloud SQL; required from PostgreSQL 16 on."),
    tier: z.string().default("db-f1-micro").describe("Machine."),
    maxConnections: count(14).optional().describe("max_connections; without it, that of the machine."),
    poolSize: count(1).default(5).describe("Connections in the service's pool, for each instance."),
    maxOverflow: count(0).default(10).describe("Connections beyond the pool under load, for each instance."),
    diskSizeGb: count(10).default(10).describe("Size of the disk at the start; it grows by itself."),
    availability: z.enum(Availability).default(Availability.Regional).describe("Whether a standby takes over."),
    backups: z.boolean().default(true).describe("Whether there are daily backups."),
    backupStartTime: z.string().default("02:00").describe("When a backup begins, UTC."),
    pointInTimeRecovery: z.boolean().default(true).describe("Whether any moment of the last 7 days can be restored."),
    maintenance: z
      .strictObject({ day: z.int().optional(), hour: z.int().optional() })
      .default({ day: 7, hour: 3 })
      .describe("When Google may restart it: day (1 for Monday to 7 for Sunday) and hour, UTC."),
    deletionProtection: z.boolean().default(true).describe("Whether nobody can delete it."),
  })
  .prefault({});

const redis = z
  .strictObject({
    tier: z.enum(RedisTier).default(RedisTier.StandardHa).describe("Whether it has a replica."),
    memorySizeGb: count(1).default(1).describe("Memory."),
    version: z.string().default("REDIS_7_0").describe("Version of Redis."),
    port: z.int().optional().describe("The port that the service expects; without it, the instance's own."),
    caVariable: z.string().default("REDIS_CA_CERT").describe("Variable that carries the server's CA certificates."),
    passwordVariable: z.string().default("REDIS_PASSWORD").describe("Variable that carries the password."),
    deletionProtection: z.boolean().default(true).describe("Whether Pulumi refuses to delete it."),
  })
  .prefault({});

const schema = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/)
    .describe("Id of the Google Cloud project."),
  region: z
    .string()
    .regex(/^[a-z]+-[a-z]+\d+$/)
    .default("us-central1")
    .describe("Region."),
  image: image().describe("The service's image, by digest in production."),
  storage: z
    .enum(["prod", "dev"])
    .default("prod")
    .describe("IDENTITY_ENVIRONMENT: prod keeps everything in the database and Redis, dev in the instance's memory."),
  logLevel: z.enum(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]).default("INFO").describe("LOG_LEVEL."),
  logFormat: z.enum(["json", "text"]).default("json").describe("LOG_FORMAT."),
  network: network.describe("The network of the database and Redis."),
  database: database.describe("PostgreSQL."),
  redis: redis.describe("Redis."),
  githubClientId: secret().describe("Client id of the GitHub OAuth app."),
  githubClientSecret: secret().describe("Client secret of the GitHub OAuth app."),
  tokenKeys: z
    .strictObject({
      current: version().describe("The version that encrypts."),
      next: version().optional().describe("The version that will encrypt; it is made, and nobody uses it yet."),
      previous: version().optional().describe("The version that encrypted before, and still decrypts."),
      dropped: z
        .array(version())
        .optional()
        .describe("Versions with which, as you know, nothing is encrypted any more."),
      disabled: z.array(version()).optional().describe("Dropped versions that nobody can read any more."),
    })
    .default({ current: 1 })
    .describe("Versions of the key that GitHub tokens are encrypted with."),
  jwtSecret: z
    .strictObject({
      generation: count(1)
        .default(1)
        .describe("A higher one is another secret: all tokens die, and all users sign in again."),
      invalidatesAllTokens: z.boolean().default(false).describe("Acknowledges that, for a generation above 1."),
    })
    .prefault({})
    .describe("The secret that the service's tokens are signed with."),
  migration: z
    .strictObject({
      image: image().optional().describe("Image of the migrations; without it, the service's."),
      attempt: count(1).default(1).describe("Raise it to run a failed migration again."),
      timeoutSeconds: count(1).default(600).describe("How long it may take."),
    })
    .prefault({})
    .describe("The database's migrations."),
  resources: z
    .strictObject({ cpu: cpu().default("1"), memory: bytes().default("512Mi") })
    .prefault({})
    .describe("CPU and memory of one instance."),
  minInstances: count(0).default(1).describe("Instances that wait for requests."),
  maxInstances: count(1).default(10).describe("The most instances."),
  concurrency: count(1).default(80).describe("Requests that an instance takes at once."),
  timeoutSeconds: count(1).default(60).describe("How long a request may take."),
  publicAccess: z.enum(PublicAccess).default(PublicAccess.AllUsers).describe("Whether anybody may call the service."),
  deletionProtection: z.boolean().default(true).describe("Whether Pulumi refuses to delete the service."),
  uptime: z
    .strictObject({
      host: z.hostname().optional().describe("Host under which users reach the service; without it, that on run.app."),
      path: z.string().default("/healthz").describe("Path that answers 200 while all is well."),
      periodSeconds: z.int().default(60).describe("Seconds between two checks."),
      timeoutSeconds: z.int().default(10).describe("Seconds that an answer may take."),
    })
    .prefault({})
    .describe("The check from outside."),
  monitoring: z
    .strictObject({
      emails: z.array(z.email()).min(1).describe("Who is told of alerts."),
      runbooks: z.url().describe("Where it is written what to do."),
      errorRatio: z.number().gt(0).lt(1).default(0.05).describe("The part of 5xx answers above which an alert fires."),
      errorsFor: duration().default("5m").describe("How long it must be exceeded."),
      latencyMilliseconds: count(1).default(500).describe("95th percentile above which an alert fires."),
      latencyFor: duration().default("5m").describe("How long it must be exceeded."),
      connectionsPercent: z.int().min(1).max(99).default(80).describe("Part of max_connections above which one fires."),
      connectionsFor: duration().default("5m").describe("How long it must be exceeded."),
      redisAbsentFor: duration().default("5m").describe("How long Redis must be gone."),
    })
    .describe("Alerts."),
  audit: z
    .boolean()
    .default(false)
    .describe(
      "Whether the stack owns the project's data access audit logs. It overwrites the project's setting, so only one stack of a project may.",
    ),
});

export type IdentityConfig = z.output<typeof schema>;

/** The config of Identity's stacks. */
export const config: StackConfig<IdentityConfig> = stackConfig("identity", schema, { check: checkConfig });
