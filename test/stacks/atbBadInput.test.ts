import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";
import { stackRefusal } from "./support/refusal.ts";

/** What the command says of a failed stack, from the error on. */
function errorText(stderr: string): string {
  return stderr.slice(stderr.indexOf("error: ")).trim();
}

const json = (value: unknown): string => JSON.stringify(value);

const scalingTo = (maxReplicas: number, zones: object): string =>
  json({ image: "ghcr.io/example/atb-broker:v1.2.0", scaling: { maxReplicas }, zones });

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" });

describe("each piece of bad input is one clear error", () => {
  test.each<[string, string, string]>([
    [
      "TLS passthrough on an edge that cannot do it",
      `atb:edge=${json({ kind: "alb" })}`,
      `error: atb-prod: 1 problem in the config of atb-prod

atb:edge.kind: an ALB terminates TLS, so the broker would not see the agents' certificates
  value:    alb
  expected: nginx or gateway, which can pass TLS through`,
    ],
    [
      "a zone rule that cannot be scheduled at the autoscaler's maximum",
      `atb:broker=${scalingTo(10, { rule: "apart", count: 3 })}`,
      `error: atb-prod: atb-broker (Workload).zones.rule: each pod needs a zone of its own, and there are fewer zones than pods
  value:    10 pods at most + 1 during an update = 11, in 3 zones
  expected: rule even, or at most 2 pods
  fix:      choose even: as many pods as zones still are in a zone each`,
    ],
    [
      "an unknown policy entry point",
      `atb:opa=${json({ image: "openpolicyagent/opa:1.4.2-static", entryPoint: "atb/poa/descision" })}`,
      `error: atb-prod: atb-broker (Broker).policy.entryPoint: the policy does not define this rule, so every request would be denied
  value:    atb/poa/descision
  expected: one of atb/poa/audience, atb/poa/longest_life_seconds, atb/poa/clock_skew_seconds, atb/poa/decision, atb/poa/allow, atb/poa/denials, atb/poa/for_this_broker, atb/poa/held_by_agent, atb/poa/in_force, atb/poa/issued, atb/poa/short_lived, atb/poa/first_use, atb/poa/accountable, atb/poa/action_granted, atb/poa/constraints_understood, atb/poa/parameter_allowed
  fix:      did you mean "atb/poa/decision"?`,
    ],
    [
      "a secret refresh slower than the rotation's overlap",
      `atb:secrets=${json({ signingKey: "atb-signing-key" })}`,
      `error: atb-prod: atb-agentauth-jwt (SigningKeys).privateKey.refreshInterval: all keys are one remote secret, and a rotation is over before it is read again
  value:    read once, and the old key's tokens live for 10m
  expected: at most 10m, or a remoteKey with {kid} in it, which is read as it is named`,
    ],
    [
      "a signing key that is not Ed25519",
      `atb:keys=${json({ current: { kid: "2025-01", publicKey: rsa } })}`,
      `error: atb-prod: atb-agentauth-jwt (SigningKeys).keys.current.publicKey: the key's signature algorithm is not the service's
  value:    2025-01, RS256
  expected: EdDSA`,
    ],
    [
      "an audit log without an image",
      `atb:auditLog=${json({ sink: { forward: { host: "logs" }, namespace: "logging" } })}`,
      `error: atb-prod: 1 problem in the config of atb-prod

atb:auditLog.image: required, but not set`,
    ],
    [
      "production without an audit log",
      "atb:auditLog=null",
      `error: atb-prod: 1 problem in the config of atb-prod

atb:auditLog: what the broker decides would be recorded nowhere
  expected: an image of fluentd, and the store or sink that keeps the log`,
    ],
    [
      "an audit log with neither store nor sink",
      `atb:auditLog=${json({ image: "fluentd:v1.18.0" })}`,
      `error: atb-prod: 1 problem in the config of atb-prod

atb:auditLog: the audit log is kept in one place
  value:    neither store nor sink
  expected: store, a bucket that the stack makes, or sink, one that is there already`,
    ],
    [
      "production with a retention below seven years",
      `atb:auditLog=${json({
        image: "fluentd:v1.18.0",
        store: {
          name: "example-atb-audit",
          region: "eu-central-1",
          retention: { days: 365 },
          podIdentity: { clusterName: "atb" },
        },
      })}`,
      `error: atb-prod: 1 problem in the config of atb-prod

atb:auditLog.store.retention: the deployment guide has audit logs kept for 7 years
  value:    365 days
  expected: 7 years (2555 days) or more`,
    ],
    [
      "an audit log that is kept in two places",
      `atb:auditLog=${json({
        image: "fluentd:v1.18.0",
        sink: { forward: { host: "logs" }, http: { url: "https://logs.example.com" }, namespace: "logging" },
      })}`,
      `error: atb-prod: atb-broker-audit-log (LogForwarder).sink: logs are kept in one place
  value:    forward and http
  expected: one of forward, http, elasticsearch and s3`,
    ],
    [
      "an audit log that no policy lets the broker reach",
      `atb:auditLog=${json({ image: "fluentd:v1.18.0", sink: { forward: { host: "logs" } } })}`,
      `error: atb-prod: atb-broker (Workload).connectsTo.audit-log: the link has no peers, and in Kubernetes a rule without peers allows every destination
  expected: pods, addresses or both
  fix:      for a server anywhere on the internet, use internet(name, port)`,
    ],
    [
      "a certificate that nothing makes",
      "atb:certificate={}",
      `error: atb-prod: 1 problem in the config of atb-prod

atb:certificate: nothing makes the Secret atb-tls, and the broker's pods wait for it
  expected: either clusterIssuer, or existing: true if you make the Secret yourself
  fix:      pulumi config set --path atb:certificate.clusterIssuer ISSUER, or make the Secret as docs/atb.md says`,
    ],
    [
      "a certificate that is made twice",
      `atb:certificate=${json({ existing: true, clusterIssuer: "internal" })}`,
      `error: atb-prod: 1 problem in the config of atb-prod

atb:certificate: the Secret is made twice: by the issuer and by you
  value:    existing true, clusterIssuer internal
  expected: either clusterIssuer, or existing: true if you make the Secret yourself`,
    ],
    [
      "an even number of Sentinels",
      `atb:redis=${json({ replicas: 4 })}`,
      "error: atb-prod: atb-redis (RedisHA).replicas: ",
    ],
    [
      "a single Redis in production",
      `atb:redis=${json({ replicas: 1 })}`,
      `error: atb-prod: 1 problem in the config of atb-prod

atb:redis.replicas: a single Redis forgets which tokens were used when it is lost, and they could be used again
  value:    1
  expected: 3 or more`,
    ],
  ])("%s", async (_, config, expected) => {
    const error = `error: atb-prod: ${await stackRefusal("atb-prod", config)}`;
    expect(error.slice(0, expected.length)).toBe(expected);
  });

  test("a policy that does not compile", async () => {
    const { status, stderr } = await gatehouse("preview", "-C", "test/programs/badInput", "policy-form");
    expect(errorText(stderr))
      .toBe(`error: policy-form: shop (Broker).policy.files.checkout.rego: the bracket is not closed
  value:    { in line 5, column 10
  expected: }`);
    expect(status).toBe(2);
  });
});
