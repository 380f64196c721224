import * as gcp from "@gatehouse/gcp";
import type { AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { beforeAll, describe, expect, test } from "vitest";
import { analyze, componentNames } from "../../../test/support/analyzer.ts";

const components = componentNames(gcp);

let result: AnalyzeResult;
beforeAll(() => {
  result = analyze("gcp", components);
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
