import { type Endpoint, SecretStoreType } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";
import { port } from "./databaseChecks.ts";
import type { RdsPostgresArgs } from "./rdsPostgresArgs.ts";

/** What the clients of a database need to know of it. */
export interface DatabaseFacts {
  address: pulumi.Output<string>;
  securityGroupId: pulumi.Output<string>;
  secretArn: pulumi.Output<string>;
}

/** The database for a client's `connectsTo`. */
export function databaseEndpoint(
  name: string,
  { subnets, databaseName, userName, variablePrefix: prefix = "POSTGRES" }: RdsPostgresArgs,
  { address, securityGroupId, secretArn }: DatabaseFacts,
): Endpoint {
  return {
    name,
    port,
    securityGroup: { id: securityGroupId },
    addresses: subnets.map(({ cidr }) => ({ cidr })),
    environment: {
      values: {
        [`${prefix}_HOST`]: address,
        [`${prefix}_PORT`]: String(port),
        [`${prefix}_DB`]: databaseName,
        [`${prefix}_USER`]: userName,
        // To verify the server as well, mount AWS' bundle and use verify-full.
        [`${prefix}_SSLMODE`]: "require",
      },
      secrets: {
        [`${prefix}_PASSWORD`]: { store: SecretStoreType.AwsSecretsManager, secret: secretArn, key: "password" },
      },
    },
  };
}
