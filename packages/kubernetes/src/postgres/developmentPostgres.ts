import { checkedArgs, childOptions, type Endpoint } from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { objectMeta } from "../meta/objectMeta.ts";
import { Workload } from "../workload/workload.ts";
import type { PodOptionsArgs } from "../pod/options/podOptions.ts";
import { argsSchema } from "../argsSchema.ts";

export interface DevelopmentPostgresArgs {
  /** Namespace of the objects. */
  namespace: pulumi.Input<string>;
  /** Name of the database that is created. */
  database: string;
  /**
   * Image of the server.
   * @default "postgres:15.14"
   */
  image?: pulumi.Input<string>;
  /**
   * Settings of the pods that follow from the cluster or the organization.
   * @default those of `podDefaults`
   */
  pods?: PodOptionsArgs;
  /**
   * Labels of the objects.
   * @default none
   */
  labels?: Record<string, string>;
}

const port = 5432;
const user = "postgres";

/**
 * One PostgreSQL server on scratch space, for development: when its pod goes, everything it holds goes. Clients get
 * `DATABASE_URL`.
 */
export class DevelopmentPostgres extends pulumi.ComponentResource {
  /** Where clients reach it: give it to their `connectsTo`. */
  public readonly endpoint: Endpoint;

  constructor(name: string, args: DevelopmentPostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "DevelopmentPostgresArgs", `${name} (DevelopmentPostgres)`, args);
    super("gatehouse:kubernetes:DevelopmentPostgres", name, {}, opts);
    const secret = this.createSecret(name, args);
    const server = this.createServer(name, args, secret, opts);
    this.endpoint = {
      ...server.endpoint,
      environment: {
        secrets: { DATABASE_PASSWORD: { secret: secret.metadata.name, key: "password" } },
        values: {
          DATABASE_URL: pulumi.interpolate`postgresql://${user}:$(DATABASE_PASSWORD)@${server.serviceName}:${port}/${args.database}`,
        },
      },
    };
    this.registerOutputs({ endpoint: this.endpoint });
  }

  private createSecret(name: string, { namespace, labels }: DevelopmentPostgresArgs): core.Secret {
    // Letters and digits need no escaping in a URL.
    const password = new RandomPassword(`${name}-password`, { length: 32, special: false }, { parent: this }).result;
    const metadata = objectMeta(name, this, { kind: "Secret", name, namespace, labels });
    return new core.Secret(`${name}-secret`, { metadata, stringData: { password } }, { parent: this });
  }

  private createServer(
    name: string,
    args: DevelopmentPostgresArgs,
    secret: core.Secret,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): Workload {
    const { namespace, database, image = "postgres:15.14", labels, pods } = args;
    return new Workload(
      name,
      {
        namespace,
        image,
        labels,
        pods,
        // Two servers would each hold a part of the data.
        replicas: 1,
        ports: [{ name: "postgres", port }],
        environment: {
          values: { POSTGRES_DB: database, POSTGRES_USER: user, PGDATA: "/var/lib/postgresql/data/pgdata" },
          secrets: { POSTGRES_PASSWORD: { secret: secret.metadata.name, key: "password" } },
        },
        identity: { user: 999 },
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } },
        readiness: { command: ["pg_isready", "-U", user], periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 5 },
        temporaryDirectories: ["/tmp", "/var/lib/postgresql/data", "/var/run/postgresql"],
      },
      childOptions(this, opts),
    );
  }
}
