import { describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";

const programs = "packages/gcp/test/programs/badInput";

/** What the command says of a failed stack, from the error on. */
function errorText(stderr: string): string {
  return stderr.slice(stderr.indexOf("error: ")).trim();
}

test("the provider's project must be the stack's", async () => {
  const { status, stderr } = await gatehouse("preview", "identity-prod", "--config", "gcp:project=another-project");
  expect(status).toBe(2);
  expect(errorText(stderr)).toContain(`gcp:project: gcp:project is not identity:project
  value:    gcp:project another-project, identity:project agent-foundry-prod
  expected: the same value in both
  fix:      pulumi config set gcp:project agent-foundry-prod`);
});

describe.concurrent("each piece of bad input is one clear error and exit status 2", () => {
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
  ])("%s", async (_, stack, expected) => {
    const { status, stdout, stderr } = await gatehouse("preview", "-C", programs, stack);
    expect(errorText(stderr).slice(0, `error: ${stack}: ${expected}`.length)).toBe(`error: ${stack}: ${expected}`);
    expect(stdout + stderr).not.toContain("correct-horse-battery-staple");
    expect(errorText(stderr)).not.toContain("    at ");
    expect(status).toBe(2);
  });

  test.each<[string, string, unknown, string]>([
    [
      "pools larger than the guide's machine allows",
      "database",
      {},
      `identity-db (CloudSqlDb).clients[0].poolSize: the connection pools are larger than the database
  value:    (5 pool + 10 overflow) x 1 processes x (10 + 10 instances) = 300, and 5 reserved: 305
  expected: at most 25, the database's max_connections
  fix:      fewer instances or a larger database`,
    ],
    [
      "the same current and previous key",
      "tokenKeys",
      { current: 1, previous: 1 },
      `1 problem in the config of identity-prod

identity:tokenKeys.previous: version 1 is both current and previous
  value:    current 1, previous 1
  expected: another version in each role
  fix:      make a new version: next, and then current`,
    ],
    [
      "an old key that is dropped without a word",
      "tokenKeys",
      { current: 2 },
      `1 problem in the config of identity-prod

identity:tokenKeys.previous: version 1 has no role, so data that is encrypted with it could no longer be read
  value:    current 2
  expected: version 1 as previous, until nothing is encrypted with it
  fix:      name it in previous; if nothing is encrypted with it, name it in dropped`,
    ],
    [
      "another JWT secret without a word",
      "jwtSecret",
      { generation: 2 },
      `1 problem in the config of identity-prod

identity:jwtSecret.generation: with another secret, all tokens die at once, and all users must sign in again
  value:    2
  expected: jwtSecret.invalidatesAllTokens: true, which acknowledges that
  fix:      pulumi config set --path identity:jwtSecret.invalidatesAllTokens true --stack identity-prod`,
    ],
    [
      "an uptime path that the front end swallows, without a host",
      "uptime",
      {},
      `1 problem in the config of identity-prod

identity:uptime.path: Google's front end answers this path itself on run.app addresses
  value:    https://af-identity-service.run.app/healthz
  expected: a path that does not end in z, or a host of one's own
  fix:      check the host under which users reach the service`,
    ],
    [
      "what is kept in memory, in production",
      "storage",
      "dev",
      `1 problem in the config of identity-prod

identity:storage: what is kept in an instance's memory is lost with it, and other instances do not see it
  value:    dev
  expected: prod
  fix:      pulumi config rm identity:storage --stack identity-prod`,
    ],
    [
      "an image by its tag, in production",
      "image",
      "gcr.io/af/identity:0.1.0",
      `1 problem in the config of identity-prod

identity:image: production runs an image by its digest
  value:    gcr.io/af/identity:0.1.0
  expected: gcr.io/af/identity@sha256:...
  fix:      find it with: gcloud artifacts docker images describe gcr.io/af/identity:0.1.0`,
    ],
  ])("%s", async (_, key, value, expected) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const { status, stderr } = await gatehouse("preview", "identity-prod", "-c", `identity:${key}=${text}`);
    const error = `error: identity-prod: ${expected}`;
    expect(errorText(stderr).slice(0, error.length)).toBe(error);
    expect(errorText(stderr)).not.toContain("    at ");
    expect(status).toBe(2);
  });
});
