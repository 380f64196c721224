import type { Resource, StackGraph } from "@gatehouse/preview";
import { beforeAll, expect, test } from "vitest";
import { previewExample } from "./support/example.ts";
import { at } from "./support/record.ts";

let graph: StackGraph;
beforeAll(async () => {
  graph = await previewExample("examples/cloud-run-service");
});

function find(kind: string): Resource {
  const found = graph.resources.filter(({ type }) => type.endsWith(`:${kind}`));
  expect(found, kind).toHaveLength(1);
  return found[0] as Resource;
}

test("CloudSqlDb and CloudRunService in a program of one's own are these resources and no others", () => {
  expect(graph.diagnostics).toEqual([]);
  const made = graph.resources.filter(({ custom, type }) => custom && !type.startsWith("pulumi:"));
  expect(made.map(({ type, name }) => `${type.slice(type.lastIndexOf(":") + 1)} ${name}`).sort()).toEqual([
    "Account orders-identity",
    "Database orders-db-database",
    "DatabaseInstance orders-db",
    "IAMMember orders-identity-cloudsql-client",
    "RandomId orders-db-suffix",
    "RandomPassword orders-db-password",
    "Secret orders-db-password",
    "SecretIamMember orders-identity-reads-postgres-password",
    "SecretVersion orders-db-password-1",
    "Service orders",
    "ServiceIamMember orders-public",
    "User orders-db-user",
  ]);
});

test("the service's own account reads its one secret, and is granted that before the revision", () => {
  expect(find("SecretIamMember").inputs).toMatchObject({
    secretId: "orders-db-password",
    role: "roles/secretmanager.secretAccessor",
  });
  expect(find("IAMMember").inputs.role).toBe("roles/cloudsql.client");
  const service = find("Service");
  expect(service.dependencies).toEqual(
    expect.arrayContaining([find("SecretIamMember").urn, find("SecretVersion").urn, find("IAMMember").urn]),
  );
  expect(at(service.inputs, "template.vpcAccess")).toEqual({
    connector: "projects/shop-dev/locations/europe-west1/connectors/shop",
    egress: "PRIVATE_RANGES_ONLY",
  });
});

test("secure without a word: private, protected, backed up, with a standby", () => {
  expect(find("DatabaseInstance").inputs).toMatchObject({
    deletionProtection: true,
    settings: {
      availabilityType: "REGIONAL",
      deletionProtectionEnabled: true,
      backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
      ipConfiguration: { ipv4Enabled: false, sslMode: "TRUSTED_CLIENT_CERTIFICATE_REQUIRED" },
    },
  });
  expect(find("Service").inputs.deletionProtection).toBe(true);
});
