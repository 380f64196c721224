import { describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";
import { stackRefusal } from "./support/refusal.ts";

/** What the command says of a failed stack, from the error on. */
function errorText(stderr: string): string {
  return stderr.slice(stderr.indexOf("error: ")).trim();
}

const json = (value: unknown): string => JSON.stringify(value);

describe("each piece of bad input is one clear error", () => {
  test.each<[string, string[], string]>([
    [
      "a misspelt config key",
      ["shield:imgae=gcr.io/materi/shield:2.1.0"],
      `error: shield-prod: 1 problem in the config of shield-prod

shield:imgae: there is no such key
  expected: shield:image, which is the nearest known key
  fix:      rename it to shield:image`,
    ],
    [
      "an image that is not pinned",
      ["shield:image=gcr.io/materi/shield:latest"],
      `error: shield-prod: 1 problem in the config of shield-prod

shield:image: the image is not pinned
  value:    gcr.io/materi/shield:latest
  expected: a tag other than "latest", or a digest
  fix:      pulumi config set shield:image gcr.io/materi/shield:VERSION --stack shield-prod`,
    ],
    [
      "a request above the limit",
      [`shield:resources=${json({ requests: { memory: "2Gi" } })}`],
      `error: shield-prod: shield (Workload).shield.resources: the memory request is above the limit
  value:    request 2Gi, limit 1Gi
  expected: a request of at most 1Gi
  fix:      raise the limit or lower the request`,
    ],
    [
      "an autoscaler's minimum above its maximum",
      [`shield:scaling=${json({ minReplicas: 5, maxReplicas: 4 })}`],
      `error: shield-prod: shield (Workload).scaling: minReplicas is greater than maxReplicas
  value:    minReplicas 5, maxReplicas 4
  expected: minReplicas of at most 4
  fix:      lower minReplicas or raise maxReplicas`,
    ],
    [
      "pools larger than the database",
      ["shield:databasePoolSize=50"],
      `error: shield-prod: shield (AuthService).database.poolSize: the connection pools are larger than the database
  value:    50 pool x 4 processes x (10 + 1 instances) = 2200, and 5 reserved: 2205
  expected: at most 500, the database's max_connections
  fix:      a pool of at most 11, fewer instances, or a larger database`,
    ],
    [
      "a previous signing key that is dropped too early",
      ["shield:now=2025-02-14T08:59:59Z"],
      `error: shield-prod: shield-jwt (SigningKeys).keys.previous: key_2024_10 is dropped while tokens that it signed are still valid: key_2025_01 took over at 2025-01-15T09:00:00Z, and a token lives for 30d
  value:    no previous keys
  expected: key_2024_10 among the previous keys until 2025-02-14T09:00:00Z
  fix:      put key_2024_10 back; if it has leaked, name it in invalidateTokensOf`,
    ],
    [
      "development data stores in production",
      [`shield:redis=${json({ kind: "development" })}`],
      `error: shield-prod: 1 problem in the config of shield-prod

shield:redis.kind: a data store that loses everything with its pod cannot serve production
  value:    development
  expected: external`,
    ],
    [
      "a pinned version of a key that the Secret does not have",
      [`shield:secrets=${json({ versions: { "secret-kye": "3" } })}`],
      `error: shield-prod: 1 problem in the config of shield-prod

shield:secrets.versions.secret-kye: the Secret has no such key
  value:    secret-kye
  expected: one of database-url, redis-url, secret-key, google-client-secret, github-client-secret, microsoft-client-secret, saml-sp-x509-cert, saml-sp-private-key
  fix:      rename it to secret-key`,
    ],
    [
      "a pinned version of a Secret that the stack does not fill",
      [`shield:secrets=${json({ existing: "shield-secrets", versions: { "secret-key": "3" } })}`],
      `error: shield-prod: 1 problem in the config of shield-prod

shield:secrets.versions.secret-key: the version has no effect because the stack does not fill an existing Secret
  value:    3
  expected: no versions with shield:secrets.existing, which is shield-secrets
  fix:      remove shield:secrets.versions, or remove shield:secrets.existing`,
    ],
    [
      "tracing without a collector",
      ["shield:tracing=true"],
      `error: shield-prod: 1 problem in the config of shield-prod

shield:tracing: tracing is on, and there is no collector to send traces to
  value:    true
  expected: shield:tracingCollector, with endpoint and namespace, or no tracing
  fix:      set shield:tracingCollector, or run: pulumi config rm shield:tracing`,
    ],
    [
      "settings of another kind of edge",
      [`shield:edge=${json({ kind: "nginx", wafAclArn: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b" })}`],
      `error: shield-prod: 1 problem in the config of shield-prod

shield:edge.wafAclArn: an edge of kind nginx does not read it
  value:    arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b
  expected: none, or edge.kind alb
  fix:      pulumi config rm --path shield:edge.wafAclArn`,
    ],
    [
      "an edge that cannot limit requests",
      [
        `shield:edge=${json({
          kind: "alb",
          certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-0000-4000-8000-000000000000",
          subnetCidrs: ["10.30.0.0/24"],
        })}`,
      ],
      `error: shield-prod: shield (Edge).rateLimit: ALBs have no rate limiting; use a WAF rate-based rule
  expected: alb.wafAclArn, the web ACL with the rule
  fix:      create the web ACL and set its ARN, or choose kind nginx or gateway`,
    ],
  ])("%s", async (_, config, expected) => {
    const error = `error: shield-prod: ${await stackRefusal("shield-prod", ...config)}`;
    expect(error.slice(0, expected.length)).toBe(expected);
  });
});

describe.concurrent("the command says so on stderr, without a stack trace, and ends with status 2", () => {
  test("several problems are reported at once", async () => {
    const config = ["shield:imgae=x", "shield:image=shield", "shield:workers=0", "shield:debug=true"];
    const { status, stderr } = await gatehouse("preview", "shield-prod", ...config.flatMap((one) => ["-c", one]));
    expect(errorText(stderr)).toMatch(/^error: shield-prod: 4 problems in the config of shield-prod\n/);
    expect(status).toBe(2);
  });

  test.each([
    [
      "two components with the same physical name",
      "same-name",
      `error: same-name: shop (Workload): shop (Workload) has already made the ServiceAccount of this name
  value:    shop/shop
  expected: one owner for each object
  fix:      give one of the two components another name or another namespace`,
    ],
    [
      "two components with the same URN, which Pulumi refuses itself",
      "same-urn",
      `error: same-urn: Duplicate resource URN 'urn:pulumi:same-urn::bad-input::gatehouse:kubernetes:Workload::shop'; try giving it a unique name
  resource: urn:pulumi:same-urn::bad-input::gatehouse:kubernetes:Workload::shop`,
    ],
    [
      "a secret in a plain variable",
      "secret-variable",
      `error: secret-variable: shop (Workload).shop.environment.API_TOKEN: a secret is placed in a plain variable, where everybody who may read the pod can read it
  value:    [secret]
  expected: a plain value, or a reference to a Secret
  fix:      put the value into a Secret and name it: environment.secrets.API_TOKEN = { secret, key }`,
    ],
    [
      "an alert with a syntax error",
      "alert-syntax",
      `error: alert-syntax: shop: alert ShopDown expr: PromQL syntax error: the expression ends too early
  value:    sum(rate(up[5m]) > 1
                                ^
  expected: ")"`,
    ],
    [
      "an alert on an unknown metric",
      "alert-metric",
      `error: alert-metric: shop: alert ShopDown expr: nothing exports the metric kube_deployment_status_replicas_availabel (unknown-metric)
  value:    max(kube_deployment_status_replicas_availabel) < 1
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  expected: a metric of the catalogue
  fix:      did you mean kube_deployment_status_replicas_available? Else add the metric to the catalogue, with the program that exports it`,
    ],
  ])("%s", async (_, stack, expected) => {
    const { status, stdout, stderr } = await gatehouse("preview", "-C", "test/programs/badInput", stack);
    expect(errorText(stderr).slice(0, expected.length)).toBe(expected);
    expect(stdout + stderr).not.toContain("correct-horse-battery-staple");
    expect(errorText(stderr)).not.toContain("    at ");
    expect(status).toBe(2);
  });
});
