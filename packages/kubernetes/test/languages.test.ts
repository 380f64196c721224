import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as kubernetes from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Analyzer, type AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The analyzer reads a folder's tsconfig.json, and types as a program in another language would get them.
const source = resolve(import.meta.dirname, "../src/index.ts");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-analyzer-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const components = Object.entries(kubernetes)
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
  test("all of them", () => {
    expect(Object.keys(result.components).sort()).toEqual(components.sort());
    expect(components).toContain("AuthService");
  });

  test.each([
    ["AuthService", ["endpoint", "serviceName"]],
    ["Broker", ["endpoint", "serviceName"]],
    ["DevelopmentPostgres", ["endpoint"]],
    ["DevelopmentRedis", ["endpoint"]],
    ["ExternalSecrets", ["secretName"]],
    ["LogForwarder", ["endpoint", "sidecar", "volume"]],
    ["MigrationJob", ["jobName"]],
    ["NetworkAccess", []],
    ["RestrictedNamespace", ["namespace"]],
    ["SigningKeys", ["environment", "volumes"]],
    ["Workload", ["deploymentName", "endpoint", "serviceName"]],
  ])("%s has the outputs %o and shows no field of its own", (name, outputs) => {
    expect(Object.keys(result.components[name]?.outputs ?? {}).sort()).toEqual(outputs);
  });

  test("with Inputs, plain values, maps, lists and enumerations as they are meant", () => {
    const { inputs = {} } = result.components.Workload ?? {};
    expect(inputs.namespace).toMatchObject({ type: "string" });
    expect(inputs.namespace).not.toHaveProperty("plain");
    expect(inputs.replicas).toMatchObject({ type: "number", optional: true, plain: true });
    expect(inputs.ports).toMatchObject({ type: "array", items: { $ref: "#/types/gatehouse:index:PortArgs" } });
    expect(inputs.podAnnotations).toMatchObject({ type: "object", additionalProperties: { type: "string" } });
    expect(result.typeDefinitions.MetricsDiscovery?.enum?.map(({ value }) => value)).toEqual([
      "annotations",
      "serviceMonitor",
    ]);
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
