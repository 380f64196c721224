import { checkedString } from "@gatehouse/core/config";
import { z } from "zod";
import { duration, image, resources } from "../../common/schema.ts";
import { checkPattern } from "./pattern.ts";
import { checkRate } from "./rate.ts";

// What the application itself is told. Each default is the deployment guide's.

const pattern = () => checkedString(checkPattern);
const rate = () => checkedString(checkRate);
const name = () => z.string().regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "lower-case letters, digits and dashes");

export const auth = z
  .strictObject({
    issuer: z
      .url()
      .default("https://your-org.auth0.com/")
      .describe("Issuer of the tokens, exactly as they name it. The discovery document is found below it."),
    audience: z.string().min(1).default("mcp-airlock-prod").describe("Audience that a token must have."),
    requiredGroups: z
      .array(z.string().min(1))
      .min(1)
      .default(["mcp.users", "mcp.writers", "mcp.power_users"])
      .describe("Groups of which a token must have one. The policy decides what each may do."),
    jwksCacheTtl: duration().default("5m").describe("How long the issuer's keys are kept."),
    clockSkew: duration().default("2m").describe("How far clocks may differ."),
  })
  .prefault({})
  .describe("OIDC.");

const fsRoot = z.strictObject({
  name: name().describe("Name of the root; the volume is called after it."),
  type: z.literal("fs"),
  virtual: z.string().describe("Address that clients use: mcp://repo/."),
  real: z
    .string()
    .regex(/^\/[^:]*[^/:]$/, "an absolute path")
    .describe("Directory that the root is mounted at."),
  readOnly: z.boolean().default(true).describe("Whether clients may only read. The volume is then read-only as well."),
  fileSystem: z
    .strictObject({
      id: z.string().regex(/^fs-[0-9a-f]+$/, "the id of an EFS file system: fs-0123456789abcdef0"),
      accessPoint: z
        .string()
        .regex(/^fsap-[0-9a-f]+$/, "the id of an access point: fsap-0123456789abcdef0")
        .optional(),
    })
    .describe("The EFS file system, which the cluster's EFS CSI driver mounts."),
});

const s3Root = z.strictObject({
  name: name().describe("Name of the root."),
  type: z.literal("s3"),
  virtual: z.string().describe("Address that clients use: mcp://artifacts/."),
  real: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+\/([\w!.*'()-]+\/)*$/, "s3://bucket/ or s3://bucket/prefix/")
    .describe("Bucket and prefix. The pods' role gets that prefix and nothing else."),
  readOnly: z.boolean().default(true).describe("Whether clients may only read. The role may then not write."),
  kmsKeyArn: z.string().optional().describe("KMS key that the bucket encrypts with, if it has one."),
});

export const roots = z
  .array(z.discriminatedUnion("type", [fsRoot, s3Root]))
  .min(1)
  .describe("What clients may read and write, by addresses of its own.");

export const dlp = z
  .strictObject({
    patterns: z
      .array(
        z.strictObject({
          name: z.string().regex(/^[a-z][a-z0-9_]*$/, "lower-case letters, digits and underscores"),
          regex: pattern().describe("Expression of RE2."),
          replace: z.string().min(1).describe("Text in place of what is found."),
        }),
      )
      .default([
        {
          name: "email",
          regex: String.raw`(?i)[A-Z0-9._%+-]+@[A-Z0-9.-]+\.[A-Z]{2,}`,
          replace: "[redacted-email]",
        },
        { name: "bearer_token", regex: String.raw`(?i)bearer\s+[a-z0-9._-]+`, replace: "[redacted-token]" },
        { name: "aws_key", regex: "AKIA[0-9A-Z]{16}", replace: "[redacted-aws-key]" },
        { name: "ssh_key", regex: "-----BEGIN [A-Z ]+PRIVATE KEY-----", replace: "[redacted-ssh-key]" },
      ])
      .describe("What is taken out of answers and of the audit log."),
  })
  .prefault({})
  .describe("Data loss prevention.");

export const rateLimiting = z
  .strictObject({
    perToken: rate().default("200/min").describe("Requests of one token."),
    perIp: rate().default("1000/min").describe("Requests of one client address."),
    burst: z.int().min(1).default(50).describe("Requests beyond the rate that may come at once."),
    trustedHops: z
      .int()
      .min(0)
      .default(1)
      .describe("Proxies in front whose X-Forwarded-For entries are trusted: 1 for the ALB, 2 with a CDN before it."),
  })
  .prefault({})
  .describe("Limits that each pod counts for itself: with ten pods up to ten times as many requests pass.");

const allowTools = z
  .array(z.string().min(1))
  .min(1)
  .describe("Tools that clients may call. Without a list an upstream would allow every tool that it has.");

const unixUpstream = z.strictObject({
  name: name().describe("Name of the upstream and of its container."),
  type: z.literal("unix"),
  socket: z.string().describe("Socket that it listens on: /run/mcp/docs.sock."),
  image: image().describe("Its image: a full version, or a digest."),
  command: z.array(z.string()).optional().describe("Command in place of the image's entry point."),
  env: z.record(z.string(), z.string()).default({}).describe("Its variables."),
  resources: resources({ cpu: "100m", memory: "128Mi" }, { cpu: "500m", memory: "256Mi" }),
  timeout: duration().default("30s").describe("How long a call may take."),
  allowTools,
});

const stdioUpstream = z.strictObject({
  name: name().describe("Name of the upstream."),
  type: z.literal("stdio"),
  command: z.array(z.string()).min(1).describe("Command that the application runs, from its own image."),
  env: z.record(z.string(), z.string()).default({}).describe("Its variables, which stand in the config file."),
  timeout: duration().default("30s").describe("How long a call may take."),
  allowTools,
});

export const upstreams = z
  .array(z.discriminatedUnion("type", [unixUpstream, stdioUpstream]))
  .min(1)
  .describe("MCP servers: unix beside the application in each pod, stdio as a process of it.");

export const audit = z
  .strictObject({
    retention: duration().default("90d").describe("How long rows stay in the database."),
    prefix: z
      .string()
      .regex(/^([\w!.*'()-]+\/)+$/, "a prefix that ends in a slash")
      .default("mcp-airlock/")
      .describe("Prefix of the exports in the bucket."),
  })
  .prefault({})
  .describe("Audit log.");

export const tracing = z
  .strictObject({
    enabled: z.boolean().default(true),
    endpoint: z
      .url()
      .default("http://jaeger-collector:14268/api/traces")
      .describe("Where traces go. Prefer a collector of OTLP: http://otel-collector.monitoring.svc:4318/v1/traces."),
    namespace: z
      .string()
      .optional()
      .describe("Namespace of the collector's pods, whose owners admit Airlock; by default Airlock's own."),
    port: z.int().min(1).max(65_535).optional().describe("Port of the collector's pods, if it is not the endpoint's."),
  })
  .prefault({})
  .describe("Traces.");

export const logging = z
  .strictObject({
    level: z.enum(["debug", "info", "warn", "error"]).default("info"),
    format: z.enum(["json", "text"]).default("json"),
  })
  .prefault({})
  .describe("The application's own log.");
