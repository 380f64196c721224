import { contentHash, goDuration } from "@gatehouse/core";
import { keepAliveSeconds } from "@gatehouse/kubernetes";
import { type Input, type Output, output } from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { AirlockConfig } from "./settings/config.ts";
import { directories, ports, variables } from "./settings/names.ts";

/** Name of the config file in its directory. */
export const configFileName = "config.yaml";

/** What only the cloud knows of the application's settings. */
export interface ApplicationPlace {
  /** Bucket of the audit exports. */
  auditBucket: Input<string>;
  /** Region of the bucket. */
  region: string;
}

/** The application's config file, with a hash of it. */
export interface ConfigFile {
  text: Output<string>;
  hash: Output<string>;
}

/** Renders the application's config file. */
export function configFile(config: AirlockConfig, { auditBucket, region }: ApplicationPlace): ConfigFile {
  const text = output(auditBucket).apply((bucket) => stringify(application(config, bucket, region), { lineWidth: 0 }));
  return { text, hash: text.apply((text) => contentHash(text)) };
}

/** The application's settings, as it names them. It reads durations as Go writes them, which knows no days. */
export function application(config: AirlockConfig, auditBucket: string, region: string): Record<string, unknown> {
  const { hosts, requestTimeoutSeconds, auth, policy, roots, dlp, rateLimiting, upstreams, audit } = config;
  return {
    server: {
      addr: `:${ports.http}`,
      public_base_url: `https://${hosts[0] ?? ""}`,
      timeouts: {
        read: `${requestTimeoutSeconds}s`,
        write: `${requestTimeoutSeconds}s`,
        // Longer than the ALB keeps an idle connection, which would otherwise send a request into a closed one.
        idle: `${keepAliveSeconds(requestTimeoutSeconds)}s`,
      },
    },
    auth: {
      oidc_issuer: auth.issuer,
      audience: auth.audience,
      jwks_cache_ttl: goDuration(auth.jwksCacheTtl),
      clock_skew: goDuration(auth.clockSkew),
      required_groups: auth.requiredGroups,
      client_secret_env: variables.clientSecret,
    },
    policy: {
      rego_file: `${directories.policy}/policy.rego`,
      cache_ttl: goDuration(policy.cacheTtl),
      reload_signal: "SIGHUP",
    },
    roots: roots.map(({ name, type, virtual, real, readOnly }) => ({ name, type, virtual, real, read_only: readOnly })),
    dlp: { patterns: dlp.patterns },
    rate_limiting: {
      per_token: rateLimiting.perToken,
      per_ip: rateLimiting.perIp,
      burst: rateLimiting.burst,
      trusted_hops: rateLimiting.trustedHops,
    },
    upstreams: upstreams.map((upstream) => ({
      name: upstream.name,
      type: upstream.type,
      ...(upstream.type === "unix"
        ? { socket: upstream.socket }
        : { command: upstream.command, ...(Object.keys(upstream.env).length > 0 && { env: upstream.env }) }),
      timeout: goDuration(upstream.timeout),
      allow_tools: upstream.allowTools,
    })),
    audit: {
      backend: "postgresql",
      database_env: variables.databaseUrl,
      spool_dir: directories.spool,
      retention: goDuration(audit.retention),
      export_format: "jsonl",
      // Without access keys: the SDK finds the pods' role.
      s3_export: { enabled: true, bucket: auditBucket, prefix: audit.prefix, region },
    },
    observability: observability(config),
  };
}

function observability({ tracing, logging }: AirlockConfig): Record<string, unknown> {
  return {
    metrics: { enabled: true, addr: `:${ports.metrics}`, path: "/metrics" },
    tracing: tracing.enabled ? { enabled: true, endpoint: tracing.endpoint } : { enabled: false },
    logging,
  };
}
