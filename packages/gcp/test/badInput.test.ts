import { describe, expect, test } from "vitest";
import { refusal } from "../../kubernetes/test/support/record.ts";
import { programs } from "./programs/badInput.ts";

describe("each piece of bad input is one clear error", () => {
  test.each<[string, string, string]>([
    [
      "a name that Cloud Run refuses",
      "service-name",
      `orders (CloudRunService).serviceName: the name has characters that are not allowed there
  value:    Orders_Service
  expected: lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen
  fix:      use orders-service`,
    ],
    [
      "a name that is too long for Cloud SQL with its suffix",
      "instance-name",
      `orders (CloudSqlDb).instanceName: the name and its random suffix are too long together
  value:    ${"o".repeat(64)}, 64 characters
  expected: at most 62 characters`,
    ],
    [
      "an account id that is too short",
      "account-id",
      `orders (ServiceIdentity).accountId: the name is 4 characters long
  value:    shop
  expected: 6 to 30 characters`,
    ],
    [
      "a job's name that leaves no room for the token",
      "job-name",
      `orders (CloudRunJob).jobName: the name of the job and the 8 characters that name a run are too long together
  value:    ${"o".repeat(55)}, 55 characters
  expected: at most 54 characters`,
    ],
    [
      "a custom machine with an odd number of CPUs",
      "odd-cpus",
      `orders (CloudSqlDb).tier: a machine cannot have 3 CPUs
  value:    db-custom-3-7680
  expected: 1 CPU, or an even number up to 96
  fix:      for example db-custom-4-7680`,
    ],
    [
      "a custom machine with too much memory a CPU",
      "memory-per-cpu",
      `orders (CloudSqlDb).tier: a machine of 2 CPUs cannot have 16384 MB of memory
  value:    db-custom-2-16384
  expected: 3840 to 13312 MB: 0.9 to 6.5 GB a CPU, and at least 3.75 GB
  fix:      for example db-custom-2-13312`,
    ],
    [
      "PostgreSQL 16 without an edition",
      "no-edition",
      `orders (CloudSqlDb).edition: PostgreSQL 16 without an edition becomes ENTERPRISE_PLUS, with other machines at another price
  value:    databaseVersion POSTGRES_16, no edition
  expected: ENTERPRISE or ENTERPRISE_PLUS
  fix:      set edition; db-custom-2-7680 is a machine of ENTERPRISE`,
    ],
    [
      "memory too large for the CPU",
      "memory-for-cpu",
      `orders (CloudRunService).memory: the memory is too large for the CPU
  value:    memory 8Gi, cpu 1
  expected: at least 2 CPUs for more than 4Gi
  fix:      raise cpu to 2, or lower memory to 4Gi`,
    ],
    [
      "regional availability without backups",
      "regional-without-backups",
      `orders (CloudSqlDb).availability: a standby in another zone needs backups and point-in-time recovery
  value:    availability REGIONAL, backups false, pointInTimeRecovery true
  expected: both on, or availability ZONAL
  fix:      turn backups and pointInTimeRecovery on`,
    ],
    [
      "Redis port 6379 with TLS",
      "redis-port",
      `orders (MemorystoreRedis).port: Memorystore listens on 6378 with TLS only
  value:    6379
  expected: 6378, or no port: clients get the instance's own
  fix:      remove port`,
    ],
    [
      "a version of a secret that is not pinned",
      "unpinned-secret",
      `orders (CloudRunService).environment.secrets.API_KEY.version: the version of the secret is not pinned
  value:    latest
  expected: the number of a version, so that a deployment is repeatable and a new value is one
  fix:      for example 1; list them with: gcloud secrets versions list`,
    ],
    [
      "a maintenance hour without a day",
      "maintenance-hour",
      `orders (CloudSqlDb).maintenance: a maintenance hour without a day is ignored
  value:    hour 3
  expected: both day (1 for Monday to 7 for Sunday) and hour (0 to 23, UTC)`,
    ],
    [
      "an uptime path that the front end swallows, once the host is known",
      "uptime-path",
      `orders (UptimeCheck).path: Google's front end answers this path itself on run.app addresses
  value:    https://orders-abc123-ew.a.run.app/healthz
  expected: a path that does not end in z, or a host of one's own
  fix:      check the host under which users reach the service`,
    ],
    [
      "a secret in a plain variable",
      "secret-variable",
      `orders (CloudRunService).environment.API_KEY: a secret is placed where everybody who may see the service can read it
  value:    [secret]
  expected: a plain value, or a variable that reads a version of a secret in Secret Manager
  fix:      keep the value in a SecretBundle and name it in environment.secrets: { secret, version }`,
    ],
    [
      "an image that is not pinned, once it is known",
      "unpinned-image",
      `orders (CloudRunService).image: the image is not pinned
  value:    shop/orders:latest
  expected: a tag other than "latest", or a digest
  fix:      for example shop/orders:VERSION`,
    ],
    [
      "a private database without a way to it",
      "no-way-in",
      `orders (CloudRunService).vpcAccess: there is no way to the private addresses of the servers in connectsTo
  value:    orders-db
  expected: the vpcAccess of a PrivateNetwork`,
    ],
    [
      "connector and subnet together",
      "two-ways-in",
      `orders (CloudRunService).vpcAccess: both connector and subnetwork are set
  expected: either a connector or a subnetwork
  fix:      remove one of them`,
    ],
    [
      "a role over all secrets of the project",
      "wide-role",
      `orders (ServiceIdentity).roles: the role reaches too far
  value:    roles/secretmanager.secretAccessor
  fix:      accessors of a SecretBundle: one grant for each secret`,
    ],
    [
      "a secret that nobody can read",
      "no-readable-version",
      `orders (SecretBundle).secrets.api-key.versions: the secret has no enabled version
  expected: at least one enabled version`,
    ],
  ])("%s", async (_, program, expected) => {
    const error = await refusal(() => programs[program]?.(), { preview: true });
    expect(error.slice(0, expected.length)).toBe(expected);
    expect(error).not.toContain("correct-horse-battery-staple");
  });
});
