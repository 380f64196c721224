import {
  checkConnections,
  checkCount,
  checkedArgs,
  childOptions,
  type ConnectionBudget,
  describe,
  type Endpoint,
  type EnvironmentArgs,
  mergeEnvironments,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { MigrationJob } from "../job/migrationJob.ts";
import type { ServiceTargetArgs } from "../network/target.ts";
import type { ResourcesArgs } from "../pod/container/resources.ts";
import type { SecretRefArgs } from "../pod/container/secretRef.ts";
import { type SigningKeyOptionsArgs, SigningKeys } from "../signing/signingKeys.ts";
import { surgeOf } from "../workload/rollout.ts";
import { Workload } from "../workload/workload.ts";
import type { WorkloadArgs } from "../workload/workloadArgs.ts";
import { mostPods, rolloutOf } from "../workload/workloadPod.ts";

/** The service's registration with an OAuth provider. */
export interface OAuthClientArgs {
  /** The client's id, which is public. */
  clientId: pulumi.Input<string>;
  /** The client's secret. */
  clientSecret: SecretRefArgs;
}

/** The service as a SAML service provider. */
export interface SamlArgs {
  /** Entity id under which the identity providers know the service. */
  entityId: pulumi.Input<string>;
  /** The service provider's X.509 certificate, PEM. */
  certificate: SecretRefArgs;
  /** Private key of the certificate, PEM. */
  privateKey: SecretRefArgs;
}

/** Database of the service's users, and the connections that the service's pools take from it. */
export interface AuthDatabaseArgs {
  /** Endpoint of the database. */
  endpoint: Endpoint;
  /** Connections that the pool of one process keeps. */
  poolSize: number;
  /**
   * Connections that the pool of one process may open beyond `poolSize` under load, such as `max_overflow` of
   * SQLAlchemy.
   * @default 0
   */
  overflow?: number;
  /**
   * Processes of one pod, each with its own pool.
   * @default 1
   */
  processes?: number;
  /**
   * The database's `max_connections`. Pools that exceed it, with the connections that PostgreSQL, a migration and a
   * backup need, are an error.
   * @default not known, so not checked
   */
  maxConnections?: number;
}

/** Migration of the database to the schema of the image. */
export interface MigrationArgs {
  /** Command that migrates. It must be safe to run twice. */
  command: pulumi.Input<string>[];
  /** Requests and limits of the Job. */
  resources: ResourcesArgs;
  /**
   * Servers that the migration needs besides the database, such as the Redis that the program connects to when it
   * starts. The Job has the variables of all of the service's links, but reaches only the database and these.
   * @default none
   */
  connectsTo?: Endpoint[];
  /**
   * How often a failed pod is replaced before the Job fails.
   * @default 3
   */
  backoffLimit?: number;
  /**
   * Seconds after which the Job fails.
   * @default 600
   */
  activeDeadlineSeconds?: number;
}

/** A `Workload` that authenticates users or programs and signs tokens. */
export interface AuthServiceArgs extends WorkloadArgs {
  /**
   * Keys that sign the service's tokens.
   * @default none
   */
  signingKeys?: SigningKeyOptionsArgs;
  /**
   * OAuth providers by name in lower case: `google` sets `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET`. A provider
   * that is not listed adds no variable.
   * @default none
   */
  oauth?: Record<string, OAuthClientArgs>;
  /**
   * SAML service provider, as `SAML_SP_ENTITY_ID`, `SAML_SP_X509_CERT` and `SAML_SP_PRIVATE_KEY`.
   * @default none
   */
  saml?: SamlArgs;
  /**
   * The users' database.
   * @default none
   */
  database?: AuthDatabaseArgs;
  /**
   * Migration of the database. It runs the service's image with the service's environment before its pods start.
   * @default none
   */
  migration?: MigrationArgs;
}

/**
 * A service that authenticates users or programs and signs tokens: a `Workload` with signing keys, identity providers,
 * a database and its migration.
 * @throws InputError for arguments that would otherwise fail only after they are deployed.
 */
export class AuthService extends pulumi.ComponentResource {
  /** Name of the Service. */
  public readonly serviceName: pulumi.Output<string>;
  /** Endpoint of the service, for other programs' `connectsTo`. */
  public readonly endpoint: Endpoint;
  /** The Service and its pods, for the `target` of an Edge. */
  public readonly target: ServiceTargetArgs;

  constructor(name: string, args: AuthServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AuthServiceArgs", `${name} (AuthService)`, args);
    super("gatehouse:kubernetes:AuthService", name, {}, opts);
    throwIfAny([...checkDatabase(describe(name, this), args), ...checkMigration(describe(name, this), args)]);

    const keys = this.createSigningKeys(name, args, opts);
    const workload = completed(args, keys);
    const migration = this.createMigration(name, args, workload, opts);
    const after = { dependsOn: migration ? [migration] : [] };
    const service = new Workload(name, workload, childOptions(this, opts, after));

    this.serviceName = service.serviceName;
    this.endpoint = service.endpoint;
    this.target = service.target;
    this.registerOutputs({ serviceName: this.serviceName, endpoint: this.endpoint, target: this.target });
  }

  private createSigningKeys(
    name: string,
    { namespace, labels, signingKeys }: AuthServiceArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): SigningKeys | undefined {
    if (!signingKeys) return undefined;
    return new SigningKeys(`${name}-jwt`, { namespace, labels, ...signingKeys }, childOptions(this, opts));
  }

  private createMigration(
    name: string,
    { namespace, labels, image, identity, database, migration, pods, environmentFrom }: AuthServiceArgs,
    { environment, temporaryDirectories, volumes, connectsTo }: WorkloadArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): MigrationJob | undefined {
    if (!migration) return undefined;
    return new MigrationJob(
      `${name}-migrate`,
      {
        ...migration,
        namespace,
        labels,
        image,
        identity,
        pods,
        environmentFrom,
        temporaryDirectories,
        volumes,
        environment: mergeEnvironments(...(connectsTo ?? []).map((server) => server.environment), environment),
        connectsTo: [...(database ? [database.endpoint] : []), ...(migration.connectsTo ?? [])],
      },
      childOptions(this, opts),
    );
  }
}

/** The arguments of the workload, completed by the service's own. */
function completed(args: AuthServiceArgs, keys: SigningKeys | undefined): WorkloadArgs {
  const { signingKeys, oauth = {}, saml, database, migration, ...workload } = args;
  const providers = Object.entries(oauth).map(([provider, client]) => oauthEnvironment(provider, client));
  return {
    ...workload,
    environment: mergeEnvironments(
      keys?.environment,
      ...providers,
      saml && samlEnvironment(saml),
      workload.environment,
    ),
    volumes: [...(keys?.volumes ?? []), ...(workload.volumes ?? [])],
    connectsTo: [...(database ? [database.endpoint] : []), ...(workload.connectsTo ?? [])],
  };
}

function oauthEnvironment(provider: string, { clientId, clientSecret }: OAuthClientArgs): EnvironmentArgs {
  const prefix = provider.toUpperCase();
  return {
    values: { [`${prefix}_CLIENT_ID`]: clientId },
    secrets: { [`${prefix}_CLIENT_SECRET`]: clientSecret },
  };
}

function samlEnvironment({ entityId, certificate, privateKey }: SamlArgs): EnvironmentArgs {
  return {
    values: { SAML_SP_ENTITY_ID: entityId },
    secrets: { SAML_SP_X509_CERT: certificate, SAML_SP_PRIVATE_KEY: privateKey },
  };
}

function checkDatabase(subject: string, { database, ...workload }: AuthServiceArgs): Problem[] {
  if (!database) return [];
  const path = `${subject}.database`;
  const numbers = [
    ...checkCount(`${path}.poolSize`, "not a number of connections", database.poolSize, { least: 1 }),
    ...checkCount(`${path}.overflow`, "not a number of connections", database.overflow, { least: 0 }),
    ...checkCount(`${path}.processes`, "not a number of processes", database.processes, { least: 1 }),
    ...checkCount(`${path}.maxConnections`, "not a number of connections", database.maxConnections, { least: 1 }),
  ];
  if (numbers.length > 0 || database.maxConnections === undefined) return numbers;
  const budget: ConnectionBudget = {
    poolSize: database.poolSize,
    overflow: database.overflow,
    processes: database.processes,
    instances: mostPods(workload),
    surge: surgeOf(rolloutOf(workload)),
  };
  return checkConnections(`${path}.poolSize`, budget, database.maxConnections);
}

function checkMigration(subject: string, { database, migration }: AuthServiceArgs): Problem[] {
  if (!migration || database) return [];
  return [
    {
      subject: `${subject}.migration`,
      message: "the migration has no database to connect to",
      expected: "database, with the endpoint that is migrated",
    },
  ];
}
