import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as gcp from "@gatehouse/gcp";
import * as pulumi from "@pulumi/pulumi";
import { Analyzer, type AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The analyzer reads a folder's tsconfig.json, and types as a program in another language would get them.
const source = resolve(import.meta.dirname, "../src/index.ts");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-analyzer-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const components = Object.entries(gcp)
  .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
  .map(([name]) => name);

let result: AnalyzeResult;
beforeAll(() => {
  const extended = resolve(import.meta.dirname, "../../../tsconfig.base.json");
  const config = { extends: extended, compilerOptions: { noEmit: true, types: [] }, files: [source] };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  result = new Analyzer(folder, "gatehouse", { exports: source }, new Set(components)).analyze();
});

describe("Pulumi's analyzer can give the components to other languages", () => {
  test.each([
    ["AlertPolicies", ["policies"]],
    ["ArtifactRegistry", ["url"]],
    ["AuditLog", []],
    ["CloudRunJob", ["jobName"]],
    ["CloudRunService", ["serviceAccount", "serviceName", "url"]],
    ["CloudSqlDb", ["connectionName", "endpoint", "instanceName", "password", "privateIpAddress"]],
    ["MemorystoreRedis", ["caCertificates", "endpoint", "host", "port"]],
    ["NotificationChannels", ["channels"]],
    ["PrivateNetwork", ["network", "vpcAccess"]],
    ["ProjectServices", ["services"]],
    ["SecretBundle", ["refs", "versions"]],
    ["ServiceIdentity", ["email"]],
    ["UptimeCheck", ["checkId"]],
  ])("%s has the outputs %o and shows no field of its own", (name, outputs) => {
    expect(Object.keys(result.components[name]?.outputs ?? {}).sort()).toEqual(outputs);
  });

  test("all of them", () => {
    expect(Object.keys(result.components).sort()).toEqual(components.sort());
    expect(components).toHaveLength(13);
  });

  test("each input with its doc comment", () => {
    const silent = Object.entries(result.components).flatMap(([component, { inputs }]) =>
      Object.entries(inputs)
        .filter(([, { description }]) => description === undefined)
        .map(([name]) => `${component}.${name}`),
    );
    expect(silent).toEqual([]);
  });
});
