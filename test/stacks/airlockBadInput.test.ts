import { describe, expect, test } from "vitest";
import { stackRefusal } from "./support/refusal.ts";

const json = (value: unknown): string => JSON.stringify(value);

const edge = {
  certificateArn: "arn:aws:acm:us-west-2:123456789012:certificate/0f1e2d3c-0000-4000-8000-000000000000",
  subnetCidrs: ["10.60.0.0/24"],
};
const artifacts = { name: "artifacts", type: "s3", virtual: "mcp://artifacts/", real: "s3://your-org-mcp-artifacts/" };
const docs = { name: "docs", type: "unix", socket: "/run/mcp/docs.sock", image: "docs:1.4.0", allowTools: ["search"] };
const code = { name: "code", type: "stdio", command: ["python"], allowTools: ["read_file"] };
const pattern = (regex: string) => json({ patterns: [{ name: "token", regex, replace: "[redacted]" }] });

const problem = (text: string): string => `error: airlock-prod: 1 problem in the config of airlock-prod\n\n${text}`;

describe("each piece of bad input is one clear error", () => {
  test.each<[string, string, string]>([
    [
      "a discovery URL given as issuer",
      `airlock:auth=${json({ issuer: "https://your-org.auth0.com/.well-known/openid-configuration" })}`,
      problem(`airlock:auth.issuer: this is the discovery document, not the issuer: no token names it
  value:    https://your-org.auth0.com/.well-known/openid-configuration
  expected: the iss claim of the tokens, to the last slash
  fix:      use https://your-org.auth0.com/`),
    ],
    [
      "an issuer whose keys come over plain HTTP",
      `airlock:auth=${json({ issuer: "http://issuer.example.com/" })}`,
      problem(`airlock:auth.issuer: the issuer is not reached over TLS, so its keys could be exchanged on the way
  value:    http://issuer.example.com/
  expected: https://...`),
    ],
    [
      "a group that the policy does not know",
      `airlock:auth=${json({ requiredGroups: ["mcp.power_user"] })}`,
      problem(`airlock:auth.requiredGroups: the policy allows this group nothing
  value:    mcp.power_user
  expected: some of mcp.users, mcp.writers, mcp.power_users
  fix:      did you mean "mcp.power_users"?`),
    ],
    [
      "a pattern of JavaScript's dialect",
      `airlock:dlp=${pattern("(?<!x)token")}`,
      problem(`airlock:dlp.patterns[0].regex: the pattern does not compile
  value:    (?<!x)token
  expected: an expression of RE2`),
    ],
    [
      "a pattern with a backreference",
      `airlock:dlp=${pattern(String.raw`(a)\1`)}`,
      problem(`airlock:dlp.patterns[0].regex: the pattern does not compile
  value:    (a)\\1
  expected: an expression of RE2`),
    ],
    [
      "a pattern that finds nothing everywhere",
      `airlock:dlp=${pattern("a*")}`,
      problem(`airlock:dlp.patterns[0].regex: the pattern finds the empty text, so it would replace nothing everywhere
  value:    a*
  expected: a pattern that finds at least one character`),
    ],
    [
      "two patterns with one name",
      `airlock:dlp=${json({
        patterns: ["a", "b"].map((regex) => ({ name: "token", regex, replace: "[redacted]" })),
      })}`,
      problem(`airlock:dlp.patterns: two patterns have the same name
  value:    token
  expected: a name for each`),
    ],
    [
      "a rate that is none",
      `airlock:rateLimiting=${json({ perIp: "1000 per minute" })}`,
      problem(`airlock:rateLimiting.perIp: not a rate
  value:    1000 per minute
  expected: a whole number above 0, a slash and s, min or h: 200/min`),
    ],
    [
      "a rate that the policy never lets through",
      `airlock:rateLimiting=${json({ perToken: "5/s" })}`,
      problem(`airlock:rateLimiting.perToken: the policy denies requests of a token long before this limit
  value:    5/s
  expected: at most 200/min, which is most_requests_per_minute in stacks/airlock/policy.rego
  fix:      lower the limit, or raise the policy's`),
    ],
    [
      "a duration that is none",
      `airlock:audit=${json({ retention: "90 days" })}`,
      problem(`airlock:audit.retention: not a duration
  value:    90 days`),
    ],
    [
      "an upstream without tools",
      `airlock:upstreams=${json([docs, { ...code, allowTools: [] }])}`,
      problem("airlock:upstreams[1].allowTools: "),
    ],
    [
      "an upstream without a list of tools",
      `airlock:upstreams=${json([docs, { ...code, allowTools: undefined }])}`,
      problem("airlock:upstreams[1].allowTools: required, but not set"),
    ],
    [
      "an upstream that may take longer than a request",
      `airlock:upstreams=${json([{ ...code, timeout: "2m" }])}`,
      problem(`airlock:upstreams.code.timeout: the request is given up before the upstream is
  value:    2m, and airlock:requestTimeoutSeconds is 30
  expected: at most 30s
  fix:      shorten it, or raise airlock:requestTimeoutSeconds`),
    ],
    [
      "two upstreams with one name",
      `airlock:upstreams=${json([docs, { ...code, name: "docs" }])}`,
      problem(`airlock:upstreams: two upstreams have the same name
  value:    docs
  expected: a name for each`),
    ],
    [
      "an upstream's socket that the application does not see",
      `airlock:upstreams=${json([{ ...docs, socket: "/tmp/docs.sock" }])}`,
      `error: airlock-prod: mcp-airlock (Broker).upstreams.docs.socket: the broker does not see a socket outside the directory that it shares with its upstreams
  value:    /tmp/docs.sock
  expected: a file in /run/mcp: /run/mcp/docs.sock`,
    ],
    [
      "two roots with one virtual path",
      `airlock:roots=${json([artifacts, { ...artifacts, name: "reports", real: "s3://your-org-reports/" }])}`,
      problem(`airlock:roots: two roots have the same virtual address
  value:    mcp://artifacts/, of artifacts and reports
  expected: a value for each`),
    ],
    [
      "a root whose address has no end",
      `airlock:roots=${json([{ ...artifacts, virtual: "mcp://artifacts" }])}`,
      problem(`airlock:roots.artifacts.virtual: not the address of a root
  value:    mcp://artifacts
  expected: mcp://, a name and a slash: mcp://artifacts/`),
    ],
    [
      "an ingress health path that is not the readiness path",
      `airlock:edge=${json({ ...edge, healthPath: "/health/live" })}`,
      problem(`airlock:edge.healthPath: the load balancer and Kubernetes would disagree on which pods take requests
  value:    /health/live
  expected: /health/ready, the readiness path
  fix:      pulumi config rm --path airlock:edge.healthPath`),
    ],
    [
      "production without a backup",
      "airlock:backup=null",
      problem(`airlock:backup: the audit log would have no copy outside the database's own account and engine
  expected: an image and the bucket of a daily dump`),
    ],
    [
      "pods that assume their role in no way",
      "airlock:identity={}",
      `error: airlock-prod: mcp-airlock-role (WorkloadRole): pods assume the role in one of two ways
  value:    neither
  expected: irsa or podIdentity`,
    ],
    [
      "exports that nobody can ever delete, without the written confirmation",
      `airlock:auditBucket=${json({ lock: { mode: "COMPLIANCE" } })}`,
      "error: airlock-prod: airlock-audit (AuditBucket).lock",
    ],
    [
      "a lock asked of a bucket that is there",
      `airlock:auditBucket=${json({ existing: true, lock: {} })}`,
      "error: airlock-prod: airlock-audit (AuditBucket).lock",
    ],
    [
      "production without alarms",
      "airlock:alarms=null",
      problem(`airlock:alarms: nobody would be told when the database is full or fails over
  expected: emails or endpoints`),
    ],
    [
      "alarms that tell nobody",
      "airlock:alarms={}",
      "error: airlock-prod: airlock-alarms (AlarmTopic): there is no subscriber, so alarms notify nobody",
    ],
    [
      "two database subnets in one zone",
      `airlock:database=${json({
        vpcId: "vpc-0123456789abcdef0",
        subnets: ["0", "1"].map((last) => ({ id: `subnet-0${last}`, zone: "us-west-2a", cidr: `10.60.${last}.0/24` })),
        clusterSecurityGroupId: "sg-0123456789abcdef0",
      })}`,
      "error: airlock-prod: airlock-database (RdsPostgres).subnets: two subnets are in the same zone",
    ],
    ["an image that is not pinned", "airlock:image=mcp-airlock/airlock:latest", problem(`airlock:image: `)],
    [
      "a key that there is not",
      "airlock:upstream=1",
      problem(`airlock:upstream: there is no such key
  expected: airlock:upstreams, which is the nearest known key
  fix:      rename it to airlock:upstreams`),
    ],
  ])("%s", async (_, config, expected) => {
    const error = `error: airlock-prod: ${await stackRefusal("airlock-prod", config)}`;
    expect(error.slice(0, expected.length)).toBe(expected);
  });
});
