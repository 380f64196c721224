import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { manifests, secretPlaceholder, unknownPlaceholder } from "../../src/render/manifests.ts";
import { sortResources } from "../../src/index.ts";
import type { Properties, Resource, StackGraph } from "../../src/index.ts";
import { gatehouse, program, temporaryFolder } from "../support.ts";

function stackOf(...objects: [name: string, inputs: Properties, type?: string][]): StackGraph {
  const resources = objects.map(([name, inputs, type = "kubernetes:core/v1:Any"]): Resource => ({
    urn: `urn:pulumi:dev::test::${type}::${name}`,
    type,
    name,
    parent: null,
    custom: true,
    provider: null,
    inputs,
    dependencies: [],
    propertyDependencies: {},
    options: {},
  }));
  return { stack: "dev", resources: sortResources(resources), outputs: {}, diagnostics: [] };
}

describe("manifests of a graph", () => {
  test("in an order that can be applied, custom resources last", () => {
    const object = (kind: string): [string, Properties] => [
      kind,
      { apiVersion: "v1", kind, metadata: { name: kind.toLowerCase() } },
    ];
    const kinds = [
      "Deployment",
      "PrometheusRule",
      "Secret",
      "Namespace",
      "Job",
      "ServiceAccount",
      "CustomResourceDefinition",
    ];
    expect(manifests(stackOf(...kinds.map(object))).map(({ file }) => file)).toEqual([
      "001-namespace-namespace.yaml",
      "002-customresourcedefinition-customresourcedefinition.yaml",
      "003-serviceaccount-serviceaccount.yaml",
      "004-secret-secret.yaml",
      "005-deployment-deployment.yaml",
      "006-job-job.yaml",
      "007-prometheusrule-prometheusrule.yaml",
    ]);
  });

  test("what is not one object of its own is left out", () => {
    const patch: Properties = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } };
    const release: Properties = { chart: "redis" };
    expect(
      manifests(
        stackOf(
          ["patch", patch, "kubernetes:core/v1:ConfigMapPatch"],
          ["release", release, "kubernetes:helm.sh/v3:Release"],
          ["bucket", patch, "aws:s3/bucket:Bucket"],
        ),
      ),
    ).toEqual([]);
  });

  test("annotations of the provider are taken out, the others stay", () => {
    const [only, bare] = manifests(
      stackOf(
        [
          "a",
          {
            apiVersion: "v1",
            kind: "A",
            metadata: { name: "a", annotations: { "pulumi.com/skipAwait": "true", own: "yes" } },
          },
        ],
        [
          "b",
          { apiVersion: "v1", kind: "B", metadata: { name: "b", annotations: { "pulumi.com/skipAwait": "true" } } },
        ],
      ),
    );
    expect((parse(only?.text ?? "") as { metadata: object }).metadata).toEqual({
      name: "a",
      annotations: { own: "yes" },
    });
    expect((parse(bare?.text ?? "") as { metadata: object }).metadata).toEqual({ name: "b" });
  });

  test("a line feed in a key or a name does not end the comment that names it", () => {
    const [only] = manifests(
      stackOf([
        "a\nb: c",
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { "k\nx: y": { $secret: null } } },
      ]),
    );
    expect(parse(only?.text ?? "")).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "a" },
      data: { "k\nx: y": secretPlaceholder },
    });
  });

  test("placeholders stand for secrets, unknowns and names, each with a gap", () => {
    const [, only] = manifests(
      stackOf(
        ["a", { apiVersion: "v1", kind: "Secret", metadata: { name: "a" }, stringData: { $secret: null } }],
        [
          "My Thing",
          {
            apiVersion: "v1",
            kind: "Secret",
            metadata: { namespace: { $unknown: [] } },
            data: { key: { $secret: "digest" } },
            stringData: { key: { $secret: null } },
          },
        ],
      ),
    );
    expect(parse(only?.text ?? "")).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { namespace: unknownPlaceholder, name: "my-thing" },
      data: { key: Buffer.from(secretPlaceholder).toString("base64") },
      stringData: { key: secretPlaceholder },
    });
    expect(only?.gaps).toEqual([
      { path: "metadata.namespace", reason: "unknown" },
      { path: "metadata.name", reason: "name" },
      { path: "data.key", reason: "secret" },
      { path: "stringData.key", reason: "secret" },
    ]);
    expect(only?.text).toContain("# data.key: secret, a placeholder stands here; set it before use\n");
  });
});

describe("--yaml DIR", () => {
  let folder: string;
  const run = (stack: string): ReturnType<typeof gatehouse> =>
    gatehouse(["preview", stack, "-C", program("everything"), "--yaml", folder]);

  beforeAll(() => {
    folder = join(temporaryFolder(), "manifests");
  });

  test("writes one file for each object, with a warning for each placeholder", async () => {
    const { status, stderr } = await run("full");
    expect(status).toBe(0);
    expect(readdirSync(join(folder, "full"))).toEqual([
      "001-namespace-cluster-wide.yaml",
      "002-secret-s.yaml",
      "003-configmap-ns-named.yaml",
      "004-configmap-unnamed.yaml",
      "005-service-ns-svc.yaml",
    ]);
    expect(stderr).toContain("warning: full/002-secret-s.yaml: stringData.pass: secret");
    expect(stderr).toContain(
      "warning: full/004-configmap-unnamed.yaml: metadata.name: the provider adds a random suffix",
    );
    expect(parse(readFileSync(join(folder, "full/002-secret-s.yaml"), "utf8"))).toMatchObject({
      stringData: { pass: secretPlaceholder, user: secretPlaceholder },
    });
  });

  test("replaces what it wrote before, and keeps what others put beside it", async () => {
    writeFileSync(join(folder, "full", "mine.yaml"), "a: 1\n");
    expect((await run("base")).status).toBe(0);
    expect(readdirSync(join(folder, "full"))).toEqual(["mine.yaml"]);
  });

  test("refuses a folder with other content, before anything runs", async () => {
    const foreign = temporaryFolder();
    mkdirSync(join(foreign, "src"));
    const { status, stdout, stderr } = await gatehouse(["preview", "-C", program("everything"), "--yaml", foreign]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(`error: ${foreign} is not empty and was not written by gatehouse`);
    expect(readdirSync(foreign)).toEqual(["src"]);
  });
});
