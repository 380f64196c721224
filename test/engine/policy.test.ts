import { type ChildProcess, execFile, spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";
import { at, recordStack, text } from "../stacks/support/record.ts";
import { eventually } from "./support/eventually.ts";
import { goTool } from "./tools/goTools.ts";

const policyTest = join(import.meta.dirname, "../../stacks/atb/policy_test.rego");

let opa: string;
/** The policy as the pods of atb-prod have it. */
let mounted: string;
beforeAll(async () => {
  opa = join(await goTool("opa"), "opa");
  mounted = mkdtempSync(join(tmpdir(), "gatehouse-policy-"));
  const stack = await recordStack("atb-prod");
  const pod = stack.value("Deployment", "atb-broker", "spec.template.spec") ?? null;
  const volume = (at(pod, "volumes") as { name: string; configMap?: { name: string } }[]).find(
    ({ name }) => name === "policy",
  );
  const files = stack.value("ConfigMap", text(volume?.configMap?.name), "data") as Record<string, string>;
  for (const [name, source] of Object.entries(files)) writeFileSync(join(mounted, name), source);
});
afterAll(() => {
  rmSync(mounted, { recursive: true, force: true });
});

interface Result {
  status: number | undefined;
  output: string;
}

function run(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(opa, args, { cwd: mounted }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

test("opa check --strict accepts the policy as it is mounted", async () => {
  expect(await run("check", "--strict", ".")).toEqual({ status: 0, output: "" });
});

describe("with its tests beside it", () => {
  beforeAll(() => {
    copyFileSync(policyTest, join(mounted, "policy_test.rego"));
  });
  afterAll(() => {
    rmSync(join(mounted, "policy_test.rego"));
  });

  test("opa test passes, and covers every line", async () => {
    const { status, output } = await run("test", "--coverage", "--format=json", ".");
    expect(status).toBe(0);
    const { files } = JSON.parse(output) as { files: Record<string, { coverage: number; not_covered?: object[] }> };
    const { coverage, not_covered: missed = [] } = files["policy.rego"] ?? {};
    expect(missed).toEqual([]);
    expect(coverage).toBe(100);
  });

  test("it has as many tests as there are, none skipped", async () => {
    const { output } = await run("test", "--verbose", ".");
    expect(output).toMatch(/^PASS: 28\/28$/m);
  });

  test.each([
    ["allow if count(denials) == 0", "allow if true"],
    ["input.replay.seen == false", "not input.replay.seen"],
    ["now < input.poa.exp", "now < input.poa.exp + 60"],
    ['every start in ["iat", "nbf"]', 'every start in ["iat"]'],
    ['every start in ["iat", "nbf"]', 'every start in ["nbf"]'],
    ["+ clock_skew_seconds", "+ 3600"],
    ["value >= least", "true"],
    ["input.poa.sub == input.agent.spiffe_id", "true"],
    ['object.keys(constraints) - {"params"} == set()', "true"],
  ])("it fails when %j becomes %j", async (right, wrong) => {
    const weakened = mkdtempSync(join(tmpdir(), "gatehouse-weakened-"));
    const stack = await recordStack("atb-prod");
    const [policy = ""] = stack.graph.resources
      .filter(({ name }) => name === "atb-broker-policy")
      .map(({ inputs }) => (inputs.data as Record<string, string>)["policy.rego"] ?? "");
    expect(policy).toContain(right);
    writeFileSync(join(weakened, "policy.rego"), policy.replace(right, wrong));
    copyFileSync(policyTest, join(weakened, "policy_test.rego"));
    const { status } = await run("test", weakened);
    rmSync(weakened, { recursive: true });
    expect(status).not.toBe(0);
  });
});

test("the entry point that the broker asks is defined, and denies what it does not know", async () => {
  const { output } = await run("eval", "--data", "policy.rego", "--format=json", "data.atb.poa.decision");
  const { result } = JSON.parse(output) as { result: { expressions: { value: { allow: boolean } }[] }[] };
  expect(result[0]?.expressions[0]?.value.allow).toBe(false);
});

describe("OPA as the broker's pods run it", () => {
  const [api, diagnostics] = ["http://127.0.0.1:18181", "http://127.0.0.1:18282"];
  let server: ChildProcess;
  beforeAll(async () => {
    const stack = await recordStack("atb-prod");
    const args = stack.value("Deployment", "atb-broker", "spec.template.spec.initContainers.0.args") as string[];
    const here = args.map((arg) =>
      arg.replace("127.0.0.1:8181", "127.0.0.1:18181").replace("=:8282", "=127.0.0.1:18282"),
    );
    server = spawn(opa, [...here.slice(0, -1), mounted], { stdio: "ignore" });
    await eventually("OPA is healthy", async () => {
      const response = await fetch(`${diagnostics}/health`).catch(() => undefined);
      return response?.ok ?? false;
    });
  });
  afterAll(() => {
    server.kill();
  });

  test("it decides, and denies what it does not know", async () => {
    const response = await fetch(`${api}/v1/data/atb/poa/decision`, { method: "POST", body: '{"input":{}}' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ result: { allow: false } });
  });

  test.each([
    ["PUT", "/v1/policies/policy.rego", 'package atb.poa\n\ndecision := {"allow": true}\n'],
    ["DELETE", "/v1/policies/policy.rego", undefined],
    ["PUT", "/v1/policies/system-authz.rego", "package system.authz\n\nallow := true\n"],
    ["PUT", "/v1/data/atb/poa/audience", '"other"'],
    ["PATCH", "/v1/data/atb", '[{"op":"add","path":"/x","value":1}]'],
    ["POST", "/v1/data/system", '{"input":{}}'],
    ["POST", "/v1/query", '{"query":"data.atb.poa.decision"}'],
    ["POST", "/v1/compile", '{"query":"data.atb.poa.allow == true"}'],
    ["POST", "/", '{"input":{}}'],
    ["GET", "/v1/data", undefined],
    ["GET", "/v1/policies", undefined],
    ["GET", "/v1/config", undefined],
  ])("the program beside it cannot %s %s", async (method, path, body) => {
    for (const origin of [api, diagnostics]) {
      const { status } = await fetch(`${origin}${path}`, { method, body });
      expect([401, 404, 405]).toContain(status);
    }
    expect((await fetch(`${api}${path}`, { method, body })).status).toBe(401);
  });

  test("Prometheus and the kubelet read metrics and health", async () => {
    for (const path of ["/metrics", "/health"]) expect((await fetch(`${diagnostics}${path}`)).status).toBe(200);
  });
});

test("with the command on the PATH, a policy that is well-formed and does not compile is refused in OPA's words", async () => {
  const path = process.env.PATH;
  process.env.PATH = `${join(opa, "..")}:${path ?? ""}`;
  const { status, stderr } = await gatehouse("preview", "-C", "test/programs/badInput", "policy-type");
  process.env.PATH = path;
  expect(stderr.slice(stderr.indexOf("error: ")).trim()).toMatch(
    /^error: policy-type: shop \(Broker\)\.policy\.files: the policy does not compile\n {2}value: {4}1 error occurred: checkout\.rego:6: rego_type_error: /,
  );
  expect(status).toBe(2);
});
