import { expect, test } from "vitest";
import { isManaged, isRemote } from "../../src/index.ts";
import type { Resource } from "../../src/index.ts";

const bucket: Resource = {
  urn: "urn",
  type: "aws:s3/bucket:Bucket",
  name: "bucket",
  parent: "stack",
  custom: true,
  provider: "provider",
  inputs: {},
  dependencies: [],
  propertyDependencies: {},
  options: {},
};

test.each<[what: string, resource: Resource, managed: boolean, remote: boolean]>([
  ["a resource of a provider", bucket, true, false],
  ["a resource that is only read", { ...bucket, read: true }, false, false],
  ["a component", { ...bucket, custom: false, provider: null }, false, false],
  ["a remote component", { ...bucket, custom: false }, false, true],
  ["a provider of the program", { ...bucket, type: "pulumi:providers:aws", provider: null }, true, false],
  ["a default provider", { ...bucket, type: "pulumi:providers:aws", parent: null, provider: null }, false, false],
])("%s", (_, resource, managed, remote) => {
  expect({ managed: isManaged(resource), remote: isRemote(resource) }).toEqual({ managed, remote });
});
