import {
  checkCount,
  checkedArgs,
  childOptions,
  describe,
  ignored,
  ownName,
  type Problem,
  protection,
  throwIfAny,
  type Endpoint,
  type SecretRef,
} from "@gatehouse/core";
import * as redis from "@pulumi/gcp/redis/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { SecretBundle } from "../secret/secretBundle.ts";

/** Tiers of Memorystore. */
export const RedisTier = {
  /** One node: its data is lost when it fails, and at each update. */
  Basic: "BASIC",
  /** A replica in another zone takes over when the node fails. */
  StandardHa: "STANDARD_HA",
} as const;
export type RedisTier = (typeof RedisTier)[keyof typeof RedisTier];

export interface MemorystoreRedisArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** Region: `us-central1`. */
  region: pulumi.Input<string>;
  /** Network in which the instance gets its address: a PrivateNetwork's `network`. */
  network: pulumi.Input<string>;
  /**
   * Name of the instance.
   * @default the component's name
   */
  instanceName?: string;
  /**
   * Tier, which decides whether there is a replica. A change of `tier`, `tls` or `network` replaces the instance, so its
   * data is lost.
   * @default RedisTier.StandardHa
   */
  tier?: RedisTier;
  /**
   * Memory in GB.
   * @default 1, the smallest
   */
  memorySizeGb?: number;
  /**
   * Version of Redis. Before Redis 7, an instance of 1 GB accepts at most 1,000 connections with TLS.
   * @default "REDIS_7_2"
   */
  redisVersion?: string;
  /**
   * Whether clients must use TLS.
   * @default true
   */
  tls?: boolean;
  /**
   * Whether clients must give a password.
   * @default true
   */
  auth?: boolean;
  /**
   * Port that clients expect. Memorystore listens on 6378 with TLS and on 6379 without; another port is an error.
   * @default the instance's own
   */
  port?: number;
  /**
   * Whether Pulumi refuses to delete or replace the instance.
   * @default true
   */
  deletionProtection?: boolean;
  /**
   * Id in Secret Manager of the password.
   * @default the component's name with `-password`
   */
  passwordSecret?: string;
  /**
   * E-mail addresses of the service accounts that may read the password, by a name that you choose. A CloudRunService or
   * CloudRunJob that makes its own account needs no entry.
   * @default none
   */
  passwordAccessors?: Record<string, pulumi.Input<string>>;
  /**
   * Prefix of the variables of `endpoint`: `REDIS_HOST`, `_PORT` and `_TLS_ENABLED`.
   * @default "REDIS"
   */
  variablePrefix?: string;
  /**
   * Name of the variable with the CA certificates, PEM.
   * @default "REDIS_CA_CERT"
   */
  caVariable?: string;
  /**
   * Name of the variable with the password.
   * @default "REDIS_PASSWORD"
   */
  passwordVariable?: string;
}

/**
 * A Redis of Memorystore with a private address, TLS and a password, which is kept in Secret Manager.
 *
 * @example
 * ```ts
 * const sessions = new MemorystoreRedis("sessions", {
 *   project: "shop-prod",
 *   region: "us-central1",
 *   network: network.network,
 * });
 * new CloudRunService("orders", { ...service, connectsTo: [sessions.endpoint] });
 * ```
 * @throws InputError for arguments that Memorystore refuses, or with which no client could connect.
 */
export class MemorystoreRedis extends pulumi.ComponentResource {
  /** Private address of the instance. */
  public readonly host: pulumi.Output<string>;
  /** Port of the instance. */
  public readonly port: pulumi.Output<number>;
  /** CA certificates that clients must trust, PEM; empty without TLS. */
  public readonly caCertificates: pulumi.Output<string>;
  /**
   * The instance, for a client's `connectsTo`. A client gets `REDIS_HOST`, `_PORT`, `_TLS_ENABLED`, `_CA_CERT` and
   * `_PASSWORD`.
   */
  public readonly endpoint: Endpoint;

  constructor(name: string, args: MemorystoreRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "MemorystoreRedisArgs", `${name} (MemorystoreRedis)`, args);
    super("gatehouse:gcp:MemorystoreRedis", name, {}, opts);
    throwIfAny(checkRedis(describe(name, this), args));

    const instance = this.createInstance(name, args, opts);
    const password = (args.auth ?? true) ? this.storePassword(name, args, instance, opts) : undefined;

    this.host = instance.host;
    this.port = instance.port;
    this.caCertificates = instance.serverCaCerts.apply((all) => all.map(({ cert }) => cert.trim()).join("\n"));
    this.endpoint = this.createEndpoint(name, args, password);
    this.registerOutputs({
      host: this.host,
      port: this.port,
      caCertificates: this.caCertificates,
      endpoint: this.endpoint,
    });
  }

  private createInstance(
    name: string,
    args: MemorystoreRedisArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): redis.Instance {
    const { deletionProtection = true } = args;
    return new redis.Instance(
      name,
      {
        project: args.project,
        region: args.region,
        name: ownName("gcp:Memorystore", `${describe(name, this)}.instanceName`, args.instanceName, name),
        tier: args.tier ?? RedisTier.StandardHa,
        memorySizeGb: args.memorySizeGb ?? 1,
        redisVersion: args.redisVersion ?? "REDIS_7_2",
        transitEncryptionMode: (args.tls ?? true) ? "SERVER_AUTHENTICATION" : "DISABLED",
        authEnabled: args.auth ?? true,
        authorizedNetwork: args.network,
        connectMode: "PRIVATE_SERVICE_ACCESS",
        deletionProtection,
      },
      childOptions(this, opts, protection(deletionProtection)),
    );
  }

  private storePassword(
    name: string,
    { project, passwordSecret, passwordAccessors }: MemorystoreRedisArgs,
    { authString }: redis.Instance,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): SecretRef {
    const secretId = passwordSecret ?? `${name}-password`;
    const secrets = { password: { secretId, versions: [{ value: authString }] } };
    const bundle = new SecretBundle(
      name,
      { project, secrets, accessors: passwordAccessors },
      { parent: this, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts },
    );
    return bundle.ref("password");
  }

  private createEndpoint(name: string, args: MemorystoreRedisArgs, password: SecretRef | undefined): Endpoint {
    const { variablePrefix: prefix = "REDIS", tls = true } = args;
    return {
      name,
      port: this.port,
      addresses: [{ cidr: pulumi.interpolate`${this.host}/32` }],
      environment: {
        values: {
          [`${prefix}_HOST`]: this.host,
          [`${prefix}_PORT`]: this.port.apply(String),
          [`${prefix}_TLS_ENABLED`]: String(tls),
          ...(tls && { [args.caVariable ?? `${prefix}_CA_CERT`]: this.caCertificates }),
        },
        secrets: password ? { [args.passwordVariable ?? `${prefix}_PASSWORD`]: password } : {},
      },
    };
  }
}

function checkRedis(
  subject: string,
  { port, tls = true, auth = true, memorySizeGb, redisVersion, ...args }: MemorystoreRedisArgs,
): Problem[] {
  const own = tls ? 6378 : 6379;
  return [
    ...(port !== undefined && port !== own
      ? [
          {
            subject: `${subject}.port`,
            message: `Memorystore listens on ${own} ${tls ? "with" : "without"} TLS only`,
            value: String(port),
            expected: `${own}, or no port: clients get the instance's own`,
            fix: "remove port",
          },
        ]
      : []),
    ...ignored(subject, "auth is false", auth, {
      passwordSecret: args.passwordSecret,
      passwordAccessors: args.passwordAccessors,
      passwordVariable: args.passwordVariable,
    }),
    ...ignored(subject, "tls is false", tls, { caVariable: args.caVariable }),
    // https://cloud.google.com/memorystore/docs/redis/redis-tiers
    ...checkCount(`${subject}.memorySizeGb`, "not a size in GB", memorySizeGb, { least: 1, most: 300 }),
    ...(redisVersion !== undefined && !/^REDIS_\d_[\dX]$/.test(redisVersion)
      ? [
          {
            subject: `${subject}.redisVersion`,
            message: "not a version of Redis",
            value: redisVersion,
            expected: "a version such as REDIS_7_2",
          },
        ]
      : []),
  ];
}
