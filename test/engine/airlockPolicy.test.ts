import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { recordStack, type StackRecord, text } from "../stacks/support/record.ts";
import { goTool } from "./tools/goTools.ts";

const policyTest = join(import.meta.dirname, "../../stacks/airlock/policy_test.rego");

let opa: string;
let stack: StackRecord;
/** The policy as the pods of airlock-prod have it. */
let policy: string;
let directory: string;

/** The file of a ConfigMap that is mounted under the volume's name. */
function mounted(volume: string, file: string): string {
  const volumes = stack.value("Deployment", "mcp-airlock", "spec.template.spec.volumes") as {
    name: string;
    configMap?: { name: string };
  }[];
  const map = text(volumes.find(({ name }) => name === volume)?.configMap?.name);
  return (stack.value("ConfigMap", map, "data") as Record<string, string>)[file] ?? "";
}

beforeAll(async () => {
  opa = join(await goTool("opa"), "opa");
  stack = await recordStack("airlock-prod");
  policy = mounted("policy", "policy.rego");
  directory = mkdtempSync(join(tmpdir(), "gatehouse-airlock-policy-"));
  writeFileSync(join(directory, "policy.rego"), policy);
});
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface Result {
  status: number | undefined;
  output: string;
}

function run(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(opa, args, { cwd: directory }, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

test("opa check --strict accepts the policy as it is mounted", async () => {
  expect(await run("check", "--strict", ".")).toEqual({ status: 0, output: "" });
});

test("without input it decides, and denies", async () => {
  const { output } = await run("eval", "--data", "policy.rego", "--format=json", "data.airlock.authz.allow");
  const { result } = JSON.parse(output) as { result: { expressions: { value: boolean }[] }[] };
  expect(result[0]?.expressions[0]?.value).toBe(false);
});

describe("with its tests beside it", () => {
  beforeAll(() => {
    copyFileSync(policyTest, join(directory, "policy_test.rego"));
  });
  afterAll(() => {
    rmSync(join(directory, "policy_test.rego"));
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
    expect(output).toMatch(/^PASS: 21\/21$/m);
  });

  // Each hole of the guide's policy, and each guard, taken away.
  test.each([
    ["	not rate_limited\n", ""],
    ["default rate_limited := true", "default rate_limited := false"],
    ["requests_per_minute >= 0", "requests_per_minute >= -1000"],
    ["requests_per_minute <= most_requests_per_minute", "requests_per_minute < most_requests_per_minute"],
    ['{"..", ".", ".git"}', '{".", ".git"}'],
    ['{"..", ".", ".git"}', '{"..", ".git"}'],
    ['{"..", ".", ".git"}', '{"..", "."}'],
    ["lower(segment)", "segment"],
    ["^/|//|[%", "^/|//|["],
    ["^/|//|[%", "^/|[%"],
    ["^/|//|[%", "//|[%"],
    ["?#[:cntrl:]]", "?#]"],
    ["?#[:cntrl:]]", "[:cntrl:]]"],
    ['	not input.tool in writer_tools\n	plain_path("mcp://repo/")', '	plain_path("mcp://repo/")'],
    ['	plain_path("mcp://artifacts/")', '	startswith(input.resource, "mcp://artifacts/")'],
    ['	some group in ["mcp.writers", "mcp.power_users"]\n	member(group)\n', ""],
    ["	input.tool in tools_without_resource\n", ""],
    ['without_resource if input.resource == ""', "without_resource if false"],
    ["	is_array(input.groups)\n", ""],
    ['	member("mcp.power_users")\n', '	member("mcp.power_users")\n	member("mcp.users")\n'],
    ['writer_tools := {"write_file"}', "writer_tools := set()"],
    ['reader_tools := {"search_docs", ', "reader_tools := {"],
  ])("it fails when %j becomes %j", async (right, wrong) => {
    expect(policy).toContain(right);
    const weakened = mkdtempSync(join(tmpdir(), "gatehouse-weakened-"));
    writeFileSync(
      join(weakened, "policy.rego"),
      policy.replace(right, () => wrong),
    );
    copyFileSync(policyTest, join(weakened, "policy_test.rego"));
    expect((await run("check", weakened)).status).toBe(0);
    const { status } = await run("test", weakened);
    rmSync(weakened, { recursive: true });
    expect(status).not.toBe(0);
  });
});

test("the patterns compile in Go's own regular expressions", async () => {
  const { dlp } = parse(mounted("config", "config.yaml")) as { dlp: { patterns: { name: string; regex: string }[] } };
  expect(dlp.patterns.map(({ name }) => name)).toEqual(["email", "bearer_token", "aws_key", "ssh_key"]);
  const valid = async (regex: string): Promise<unknown> => {
    const { output } = await run("eval", "--format=raw", `regex.is_valid(${JSON.stringify(regex)})`);
    return JSON.parse(output);
  };
  for (const { regex } of dlp.patterns) expect(await valid(regex), regex).toBe(true);
  expect(await valid("(?<!x)token")).toBe(false);
});
