import * as kubernetes from "@gatehouse/kubernetes";
import type { AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { beforeAll, describe, expect, test } from "vitest";
import { analyze, componentNames } from "../../../test/support/analyzer.ts";

const components = componentNames(kubernetes);

let result: AnalyzeResult;
beforeAll(() => {
  result = analyze("kubernetes", components);
});

describe("Pulumi's analyzer can give the components to other languages", () => {
  test("all of them", () => {
    expect(Object.keys(result.components).sort()).toEqual(components.sort());
    expect(components).toContain("AuthService");
  });

  test.each([
    ["AcmeSolverAccess", []],
    ["AuthService", ["endpoint", "serviceName", "target"]],
    ["Broker", ["endpoint", "serviceName", "target"]],
    ["DevelopmentPostgres", ["endpoint"]],
    ["DevelopmentRedis", ["endpoint"]],
    ["DnsAccess", []],
    ["ExternalSecrets", ["secretName"]],
    ["LogForwarder", ["endpoint", "sidecar", "volume"]],
    ["MigrationJob", ["jobName"]],
    ["NetworkAccess", []],
    ["OperatorAccess", ["serviceAccountName"]],
    ["RestrictedNamespace", ["namespace"]],
    ["SigningKeys", ["environment", "volumes"]],
    ["Workload", ["deploymentName", "endpoint", "serviceName", "target"]],
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
