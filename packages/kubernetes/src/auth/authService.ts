import { checkedArgs, checkConnections, type ConnectionBudget, type Problem, throwIfAny } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import { checkCount } from "../meta/count.ts";
import type { Endpoint } from "../network/endpoint.ts";
import { type EnvironmentArgs, mergeEnvironments, type SecretRefArgs } from "../pod/environment.ts";
import { MigrationJob } from "../job/migrationJob.ts";
import { describe } from "../meta/objectMeta.ts";
import type { ResourcesArgs } from "../pod/resources.ts";
import { type SigningKeyOptionsArgs, SigningKeys } from "../signing/signingKeys.ts";
import { Workload, type WorkloadArgs } from "../workload/workload.ts";
import { argsSchema } from "../argsSchema.ts";

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

/** The database that the service keeps its users in, and what its pools take of it. */
export interface AuthDatabaseArgs {
  /** Where the database is. */
  endpoint: Endpoint;
  /** Connections in the pool of one process. */
  poolSize: number;
  /**
   * Processes of one pod, each with a pool of its own.
   * @default 1
   */
  processes?: number;
  /**
   * The database's `max_connections`; where it is known, pools that exceed it are an error.
   * @default not known
   */
  maxConnections?: number;
}

/** How the database is brought to the schema that the image needs. */
export interface MigrationArgs {
  /** What migrates; it must be able to run twice. */
  command: pulumi.Input<string>[];
  /** Requests and limits of the Job. */
  resources: ResourcesArgs;
  /**
   * How many times a failed pod is replaced before the Job has failed.
   * @default 3
   */
  backoffLimit?: number;
  /**
   * Seconds after which the Job has failed.
   * @default 600
   */
  activeDeadlineSeconds?: number;
}

export interface AuthServiceArgs extends WorkloadArgs {
  /**
   * Keys that the service signs tokens with.
   * @default none
   */
  signingKeys?: SigningKeyOptionsArgs;
  /**
   * OAuth providers by their name in lower case: `google` sets `GOOGLE_CLIENT_ID` and `GOOGLE_CLIENT_SECRET`. A
   * provider that is not given adds no variable.
   * @default none
   */
  oauth?: Record<string, OAuthClientArgs>;
  /**
   * SAML, as `SAML_SP_ENTITY_ID`, `SAML_SP_X509_CERT` and `SAML_SP_PRIVATE_KEY`.
   * @default none
   */
  saml?: SamlArgs;
  /**
   * The users' database.
   * @default none
   */
  database?: AuthDatabaseArgs;
  /**
   * Migration of the database, which runs with the service's own image and environment before its pods start.
   * @default none
   */
  migration?: MigrationArgs;
}

/**
 * A service that authenticates users or programs and signs tokens: a `Workload` with signing keys, identity providers,
 * a database and its migration.
 * @throws InputError for arguments that would fail only once deployed.
 */
export class AuthService extends pulumi.ComponentResource {
  /** Name of the Service. */
  public readonly serviceName: pulumi.Output<string>;
  /** Where other programs reach the service: give it to their `connectsTo`. */
  public readonly endpoint: Endpoint;

  constructor(name: string, args: AuthServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AuthServiceArgs", `${name} (AuthService)`, args);
    super("gatehouse:kubernetes:AuthService", name, {}, opts);
    throwIfAny([...checkDatabase(describe(name, this), args), ...checkMigration(describe(name, this), args)]);

    const keys = this.createSigningKeys(name, args);
    const workload = completed(args, keys);
    const migration = this.createMigration(name, args, workload, opts);
    const before = { dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts };
    const service = new Workload(
      name,
      workload,
      pulumi.mergeOptions(before, { parent: this, dependsOn: migration ? [migration] : [] }),
    );

    this.serviceName = service.serviceName;
    this.endpoint = service.endpoint;
    this.registerOutputs({ serviceName: this.serviceName, endpoint: this.endpoint });
  }

  private createSigningKeys(
    name: string,
    { namespace, labels, signingKeys }: AuthServiceArgs,
  ): SigningKeys | undefined {
    if (!signingKeys) return undefined;
    return new SigningKeys(`${name}-jwt`, { namespace, labels, ...signingKeys }, { parent: this });
  }

  private createMigration(
    name: string,
    { namespace, labels, image, identity, database, migration }: AuthServiceArgs,
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
        temporaryDirectories,
        volumes,
        environment: mergeEnvironments(...(connectsTo ?? []).map((server) => server.environment), environment),
        connectsTo: database ? [database.endpoint] : [],
      },
      { parent: this, dependsOn: opts?.dependsOn },
    );
  }
}

/** The workload's arguments with what the service's own add to them. */
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

function checkDatabase(subject: string, { database, scaling, replicas = 1, rollout }: AuthServiceArgs): Problem[] {
  if (!database) return [];
  const path = `${subject}.database`;
  const numbers = [
    ...checkCount(`${path}.poolSize`, "not a number of connections", database.poolSize, { least: 1 }),
    ...checkCount(`${path}.processes`, "not a number of processes", database.processes, { least: 1 }),
    ...checkCount(`${path}.maxConnections`, "not a number of connections", database.maxConnections, { least: 1 }),
  ];
  if (numbers.length > 0 || database.maxConnections === undefined) return numbers;
  const budget: ConnectionBudget = {
    poolSize: database.poolSize,
    processes: database.processes,
    instances: scaling?.maxReplicas ?? replicas,
    surge: rollout?.maxSurge ?? 1,
  };
  return checkConnections(`${path}.poolSize`, budget, database.maxConnections);
}

function checkMigration(subject: string, { database, migration }: AuthServiceArgs): Problem[] {
  if (!migration || database) return [];
  return [
    {
      subject: `${subject}.migration`,
      message: "the migration has no database that it may connect to",
      expected: "database, with the endpoint of what is migrated",
    },
  ];
}
