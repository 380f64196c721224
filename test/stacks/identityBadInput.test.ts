import { describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";
import { stackRefusal } from "./support/refusal.ts";

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

describe("each config that cannot work is one clear error", () => {
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
    const error = await stackRefusal("identity-prod", `identity:${key}=${text}`);
    expect(error.slice(0, expected.length)).toBe(expected);
  });
});
