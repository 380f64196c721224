import { checkedArgs, childOptions, type Endpoint } from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";
import { objectMeta } from "../meta/objectMeta.ts";
import { Workload } from "../workload/workload.ts";
import type { PodOptionsArgs } from "../pod/options/podOptions.ts";
import { argsSchema } from "../argsSchema.ts";

export interface DevelopmentRedisArgs {
  /** Namespace of the objects. */
  namespace: pulumi.Input<string>;
  /**
   * Image of the server.
   * @default "redis:7.2.11-alpine"
   */
  image?: pulumi.Input<string>;
  /**
   * Number of the database that clients use.
   * @default 0
   */
  database?: number;
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

const port = 6379;

/**
 * One Redis server in memory, for development: a restart loses everything it holds. Clients get `REDIS_URL`.
 */
export class DevelopmentRedis extends pulumi.ComponentResource {
  /** Where clients reach it: give it to their `connectsTo`. */
  public readonly endpoint: Endpoint;

  constructor(name: string, args: DevelopmentRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "DevelopmentRedisArgs", `${name} (DevelopmentRedis)`, args);
    super("gatehouse:kubernetes:DevelopmentRedis", name, {}, opts);
    const secret = this.createSecret(name, args);
    const server = this.createServer(name, args, secret, opts);
    this.endpoint = {
      ...server.endpoint,
      environment: {
        secrets: { REDIS_PASSWORD: { secret: secret.metadata.name, key: "password" } },
        values: {
          REDIS_URL: pulumi.interpolate`redis://:$(REDIS_PASSWORD)@${server.serviceName}:${port}/${args.database ?? 0}`,
        },
      },
    };
    this.registerOutputs({ endpoint: this.endpoint });
  }

  /** The password as clients need it, and as the server reads it: in a file, not in its arguments. */
  private createSecret(name: string, { namespace, labels }: DevelopmentRedisArgs): core.Secret {
    // A password of letters and digits needs no escaping in a URL or in the server's configuration.
    const password = new RandomPassword(`${name}-password`, { length: 32, special: false }, { parent: this }).result;
    const configuration = pulumi.interpolate`port ${port}\nrequirepass ${password}\nsave ""\nappendonly no\n`;
    return new core.Secret(
      `${name}-secret`,
      {
        metadata: objectMeta(name, this, { kind: "Secret", name, namespace, labels }),
        stringData: { password, "redis.conf": configuration },
      },
      { parent: this },
    );
  }

  private createServer(
    name: string,
    args: DevelopmentRedisArgs,
    secret: core.Secret,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): Workload {
    const { namespace, image = "redis:7.2.11-alpine", labels, pods } = args;
    const secretName = secret.metadata.name;
    return new Workload(
      name,
      {
        namespace,
        image,
        labels,
        pods,
        // Two servers would each hold a part of the data.
        replicas: 1,
        command: ["redis-server", "/etc/redis/redis.conf"],
        ports: [{ name: "redis", port }],
        environment: { secrets: { REDISCLI_AUTH: { secret: secretName, key: "password" } } },
        identity: { user: 999 },
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
        readiness: { command: ["redis-cli", "ping"], timeoutSeconds: 5 },
        temporaryDirectories: ["/data"],
        volumes: [{ name: "configuration", mountPath: "/etc/redis", secret: secretName }],
      },
      childOptions(this, opts),
    );
  }
}
