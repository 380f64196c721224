import { expect, test } from "vitest";
import { preview } from "../../src/index.ts";
import { pureInvoke } from "../../src/record/pureInvokes.ts";
import { unknownSentinel } from "../../src/record/wire.ts";
import { errors, plainProject, temporaryProject } from "../support.ts";

const text = `
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: ConfigMap, metadata: { name: a }, data: { "on": "yes", off: 1 } }
  - { apiVersion: v1, kind: Namespace, metadata: { name: shop } }
---
---
apiVersion: v1
kind: ConfigMap
metadata: { name: b, namespace: own }
`;

test("kubernetes:yaml:decode gives the objects of all documents and lists", () => {
  expect(pureInvoke("kubernetes:yaml:decode", { text, defaultNamespace: "default-one" })).toEqual({
    result: [
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "a", namespace: "default-one" },
        data: { on: "yes", false: 1 },
      },
      { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "b", namespace: "own" } },
    ],
  });
});

test("other functions, and unknown arguments, have no answer", () => {
  expect(pureInvoke("aws:index/getRegion:getRegion", {})).toBeUndefined();
  expect(pureInvoke("toString", {})).toBeUndefined();
  expect(pureInvoke("kubernetes:yaml:decode", { text: unknownSentinel })).toBeUndefined();
});

test("yaml.ConfigGroup and yaml.ConfigFile are expanded, with their transformations and prefix", async () => {
  const project = temporaryProject({
    "Pulumi.yaml": plainProject,
    "package.json": '{"type":"module"}',
    "objects.yaml": text,
    "index.ts": `
      import * as k8s from "@pulumi/kubernetes";
      new k8s.yaml.ConfigGroup("group", { yaml: [${JSON.stringify(text)}] });
      new k8s.yaml.ConfigFile("file", {
        file: "objects.yaml",
        resourcePrefix: "pre",
        transformations: [(object: { metadata: { labels?: object } }) => { object.metadata.labels = { a: "b" }; }],
      });
    `,
  });
  const stack = await preview({ project, stack: "dev" });
  expect(errors(stack)).toEqual([]);
  const objects = stack.resources.filter(({ inputs }) => typeof inputs.kind === "string");
  expect(objects.map(({ name }) => name).sort()).toEqual(["a", "own/b", "pre-a", "pre-own/b", "pre-shop", "shop"]);
  expect(objects.find(({ name }) => name === "pre-a")?.inputs.metadata).toEqual({ name: "a", labels: { a: "b" } });
});

test("an error after an unknown answer names the function and how to answer it", async () => {
  const project = temporaryProject({
    "Pulumi.yaml": plainProject,
    "package.json": '{"type":"module"}',
    "index.ts": `
      import * as pulumi from "@pulumi/pulumi";
      const found = await pulumi.runtime.invoke("test:index:getParts", {});
      export const parts = found.parts.map((part) => part + 1);
    `,
  });
  const [error = "", ...others] = errors(await preview({ project, stack: "dev" }));
  expect(others).toEqual([]);
  expect(error).toContain("TypeError: found.parts.map is not a function");
  expect(error).toMatch(
    /\n {2}unknown: {2}test:index:getParts, which only its provider can answer\n {2}fix: {6}give its result under `invokes` in a file of --fixtures, if the error comes of it$/,
  );
  const fixtures = { invokes: { "test:index:getParts": { parts: [1, 2] } } };
  expect((await preview({ project, stack: "dev", fixtures })).outputs).toEqual({ parts: [2, 3] });
});
