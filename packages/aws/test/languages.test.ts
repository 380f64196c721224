import * as aws from "@gatehouse/aws";
import type { AnalyzeResult } from "@pulumi/pulumi/provider/experimental/analyzer.js";
import { beforeAll, describe, expect, test } from "vitest";
import { analyze, componentNames } from "../../../test/support/analyzer.ts";

const components = componentNames(aws);

/** The outputs of each component. */
const outputs: Record<string, string[]> = {
  AlarmTopic: ["topic"],
  AuditBucket: ["arn", "bucketName"],
  BackupBucket: ["arn", "bucketName"],
  CloudWatchAlarms: ["alarmArns"],
  EncryptionKey: ["aliasName", "arn", "keyId"],
  LogBucket: ["accessLogs", "arn", "bucketName"],
  LoadBalancer: [
    "arn",
    "certificateArn",
    "dnsName",
    "monitored",
    "securityGroupId",
    "targetGroupArns",
    "url",
    "zoneId",
  ],
  RdsPostgres: [
    "address",
    "arn",
    "endpoint",
    "identifier",
    "kmsKeyArn",
    "masterSecretArn",
    "monitored",
    "secretArn",
    "securityGroupId",
  ],
  RegionalDns: ["healthCheckId", "regionalUrl", "url"],
  SecretBundle: ["arns", "refs"],
  SecurityGroup: ["groupId"],
  SharedFileSystem: ["fileSystemId", "securityGroupId", "volumeHandles"],
  StsAccessProvider: ["roleArn", "roleName", "settings"],
  WorkloadRole: ["cloudIdentity", "roleArn", "roleName"],
};

let result: AnalyzeResult;
beforeAll(() => {
  result = analyze("aws", components);
});

describe("Pulumi's analyzer can give the components to other languages", () => {
  test.each(Object.entries(outputs))("%s has the outputs %o and shows no field of its own", (name, expected) => {
    expect(Object.keys(result.components[name]?.outputs ?? {}).sort()).toEqual(expected);
  });

  test("all of them", () => {
    expect(Object.keys(result.components).sort()).toEqual(components.sort());
    expect(components.sort()).toEqual(Object.keys(outputs).sort());
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
