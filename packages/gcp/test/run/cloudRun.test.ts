import { SecretStoreType } from "@gatehouse/core";
import { describe, expect, test } from "vitest";
import { runToken, waitFor } from "../../src/run/cloudRunJob.ts";
import { checkConcurrency, checkContainerResources, normalCpu } from "../../src/run/containerResources.ts";
import { checkEnvironment } from "../../src/run/environment.ts";
import { checkStartupProbe } from "../../src/run/probe.ts";
import { checkSecretRef } from "../../src/secret/secretRef.ts";
import { checkUptimePath } from "../../src/monitoring/uptimeCheck.ts";
import { checkVpcAccess, renderVpcAccess } from "../../src/run/vpcAccess.ts";

describe("CPU and memory", () => {
  test.each([
    ["1", "512Mi"],
    ["1", "4Gi"],
    ["2", "8Gi"],
    ["4", "2Gi"],
    ["8", "32Gi"],
    ["0.5", "512Mi"],
    ["1000m", "512Mi"],
  ])("%s and %s go together", (cpu, memory) => {
    expect(checkContainerResources("s", { cpu, memory })).toEqual([]);
  });

  test.each([
    ["1", "4097Mi", "s.memory: the memory is too large for the CPU"],
    ["2", "8193Mi", "s.memory: the memory is too large for the CPU"],
    ["4", "17Gi", "s.memory: the memory is too large for the CPU"],
    ["6", "25Gi", "s.memory: the memory is too large for the CPU"],
    ["4", "1Gi", "s.memory: the memory is too small for the CPU"],
    ["6", "2Gi", "s.memory: the memory is too small for the CPU"],
    ["3", "4Gi", "s.cpu: Cloud Run does not offer this amount of CPU"],
    ["0.05", "512Mi", "s.cpu: Cloud Run does not offer this amount of CPU"],
    ["1", "256Mi", "s.memory: Cloud Run does not offer this amount of memory"],
    ["8", "33Gi", "s.memory: Cloud Run does not offer this amount of memory"],
  ])("%s and %s do not", (cpu, memory, expected) => {
    const problems = checkContainerResources("s", { cpu, memory });
    expect(problems.map(({ subject, message }) => `${subject}: ${message}`)).toEqual([expected]);
  });

  test("what is no quantity is told as such", () => {
    expect(checkContainerResources("s", { memory: "512MB" }).map(({ subject }) => subject)).toEqual(["s.memory"]);
  });

  test("millicores are CPUs", () => {
    expect(normalCpu("2000m")).toBe("2");
    expect(normalCpu("500m")).toBe("0.5");
  });

  test("less than one CPU takes one request at a time", () => {
    expect(checkConcurrency("c", 80, "1")).toEqual([]);
    expect(checkConcurrency("c", 1001, "1")).toHaveLength(1);
    expect(checkConcurrency("c", 2, "0.5")).toHaveLength(1);
    expect(checkConcurrency("c", undefined, "0.5")).toEqual([]);
  });
});

describe("environment", () => {
  const ref = { secret: "key", version: "1" };

  test.each([
    [{ values: { PORT: "80" } }, "Cloud Run sets the variable itself"],
    [{ values: { K_SERVICE: "x" } }, "Cloud Run sets the variable itself"],
    [{ values: { "A-B": "x" } }, "not the name of an environment variable"],
    [{ values: { A: "x" }, secrets: { A: ref } }, "the variable comes from two sources"],
    [{ fields: { A: "status.podIP" } }, "Cloud Run has no pod whose fields a variable could read"],
    [
      { secrets: { A: { ...ref, key: "k" } } },
      "Cloud Run reads a secret of Secret Manager as a whole, so it cannot read one key",
    ],
    [{ secrets: { A: { ...ref, store: SecretStoreType.Kubernetes } } }, "Cloud Run cannot read a Kubernetes Secret"],
    [{ secrets: { A: { secret: "key" } } }, "the version of the secret is not pinned"],
    [{ secrets: { A: { secret: "a/b", version: "1" } } }, "the name has characters that are not allowed there"],
  ])("%o is an error", (args, expected) => {
    expect(checkEnvironment("s", args).map(({ message }) => message)).toEqual([expected]);
  });

  test.each(["latest", "", "0", "v1", "1.0"])("the version %j is not pinned", (version) => {
    expect(checkSecretRef("s", { secret: "key", version })).toHaveLength(1);
  });
});

describe("startup", () => {
  test.each([
    [{}, []],
    [{ path: "/healthz", periodSeconds: 20, timeoutSeconds: 20, failureThreshold: 12 }, []],
    [{ periodSeconds: 10, timeoutSeconds: 11 }, ["p.timeoutSeconds"]],
    [{ periodSeconds: 20, failureThreshold: 13 }, ["p.failureThreshold"]],
    [{ path: "healthz" }, ["p.path"]],
  ])("%o", (probe, subjects) => {
    expect(checkStartupProbe("p", probe).map(({ subject }) => subject)).toEqual(subjects);
  });
});

test("Pulumi waits for a job as long as it may run, and ten minutes more", () => {
  expect(waitFor(600)).toEqual({ create: "1200s", update: "1200s" });
  expect(waitFor(7200)).toEqual({ create: "7800s", update: "7800s" });
});

test("a run is named by its image and attempt", () => {
  expect(runToken("a@sha256:1")).toMatch(/^r[0-9a-f]{7}$/);
  expect(runToken("a@sha256:1")).toBe(runToken("a@sha256:1", 1));
  expect(runToken("a@sha256:1", 2)).not.toBe(runToken("a@sha256:1"));
  expect(runToken("a@sha256:2")).not.toBe(runToken("a@sha256:1"));
});

describe("the way into the network", () => {
  test("is a connector or a subnet", () => {
    expect(checkVpcAccess("v", { connector: "c" })).toEqual([]);
    expect(checkVpcAccess("v", { subnetwork: "s" })).toEqual([]);
    expect(checkVpcAccess("v", undefined)).toEqual([]);
    expect(checkVpcAccess("v", {})).toHaveLength(1);
    expect(checkVpcAccess("v", { connector: "c", subnetwork: "s" })).toHaveLength(1);
  });

  test("takes private ranges only", () => {
    expect(renderVpcAccess({ connector: "c" })).toEqual({ connector: "c", egress: "PRIVATE_RANGES_ONLY" });
    expect(renderVpcAccess({ network: "n", subnetwork: "s", tags: ["t"] })).toEqual({
      egress: "PRIVATE_RANGES_ONLY",
      networkInterfaces: [{ network: "n", subnetwork: "s", tags: ["t"] }],
    });
  });
});

describe("paths that Google's front end answers itself", () => {
  test.each(["/healthz", "/api/z", "/eventlog", "/_ah/health"])("%s on run.app", (path) => {
    expect(checkUptimePath("u", "orders-abc123-ew.a.run.app", path)).toHaveLength(1);
    expect(checkUptimePath("u", "orders-123456789012.europe-west1.run.app", path)).toHaveLength(1);
    expect(checkUptimePath("u", "orders.example.com", path)).toEqual([]);
  });

  test("others reach the service", () => {
    expect(checkUptimePath("u", "orders-abc123-ew.a.run.app", "/health")).toEqual([]);
    expect(checkUptimePath("u", "myrun.app.example.com", "/healthz")).toEqual([]);
  });
});
