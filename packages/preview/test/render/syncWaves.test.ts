import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sortResources } from "../../src/index.ts";
import type { Properties, Resource, StackGraph } from "../../src/index.ts";
import { manifests } from "../../src/render/manifests.ts";

function resource(name: string, overrides: Partial<Resource>): Resource {
  return {
    urn: name,
    type: "kubernetes:core/v1:Any",
    name,
    parent: null,
    custom: true,
    provider: null,
    inputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
    ...overrides,
  };
}

function object(kind: string, name: string, after: string[] = [], others: Partial<Resource> = {}): Resource {
  const inputs = { apiVersion: "v1", kind, metadata: { name } };
  return resource(name, { inputs, dependencies: after, ...others });
}

function stackOf(...resources: Resource[]): StackGraph {
  return { stack: "dev", resources: sortResources(resources), outputs: {}, diagnostics: [] };
}

interface Metadata {
  metadata: { name: string; annotations?: Record<string, string> };
}

/** The wave that Argo CD reads in each manifest, by the object's name, in the manifests' order. */
function waves(...resources: Resource[]): [name: string, wave: string | undefined][] {
  return manifests(stackOf(...resources)).map(({ text, wave }) => {
    const { metadata } = parse(text) as Metadata;
    const written = metadata.annotations?.["argocd.argoproj.io/sync-wave"];
    expect(written ?? "0").toBe(String(wave));
    return [metadata.name, written];
  });
}

test("an object is in the wave after the last that it depends on, and manifests are in that order", () => {
  expect(
    waves(
      object("Deployment", "program", ["secret", "migrate"]),
      object("Job", "migrate", ["secret"]),
      object("Secret", "secret"),
      object("ConfigMap", "other"),
      object("Ingress", "edge", ["other"]),
    ),
  ).toEqual([
    ["secret", undefined],
    ["other", undefined],
    ["migrate", "1"],
    ["edge", "1"],
    ["program", "2"],
  ]);
});

describe("a dependency counts", () => {
  const secret = object("Secret", "secret");

  test("that comes through one property", () => {
    expect(waves(secret, object("Job", "job", [], { propertyDependencies: { spec: ["secret"] } }))).toEqual([
      ["secret", undefined],
      ["job", "1"],
    ]);
  });

  test("that is no object itself, for the objects that it waits for", () => {
    const password = resource("password", {
      type: "random:index/randomPassword:RandomPassword",
      dependencies: ["secret"],
    });
    expect(waves(secret, password, object("Job", "job", ["password"]))).toEqual([
      ["secret", undefined],
      ["job", "1"],
    ]);
  });

  test("that is the provider, for what the provider needs", () => {
    const provider = resource("provider", { type: "pulumi:providers:kubernetes", dependencies: ["secret"] });
    expect(waves(secret, provider, object("Job", "job", [], { provider: "provider" }))).toEqual([
      ["secret", undefined],
      ["job", "1"],
    ]);
  });

  test("that is a parent, unless it is a component", () => {
    const component = resource("component", { type: "a:b:C", custom: false, dependencies: [] });
    expect(
      waves(
        secret,
        component,
        object("Job", "child", [], { parent: "secret" }),
        object("Job", "part", [], { parent: "component" }),
      ),
    ).toEqual([
      ["secret", undefined],
      ["part", undefined],
      ["child", "1"],
    ]);
  });

  test("that Kubernetes itself has: the namespace and the definition of a kind", () => {
    const definition: Properties = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "things.example.com" },
      spec: { group: "example.com", names: { kind: "Thing" } },
    };
    expect(
      waves(
        resource("definition", { inputs: definition }),
        object("Namespace", "shop", ["definition"]),
        resource("thing", {
          inputs: { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "thing", namespace: "shop" } },
        }),
        resource("other", {
          inputs: { apiVersion: "example.org/v1", kind: "Thing", metadata: { name: "other", namespace: "default" } },
        }),
      ),
    ).toEqual([
      ["things.example.com", undefined],
      ["other", undefined],
      ["shop", "1"],
      ["thing", "2"],
    ]);
  });
});

test("a claim is in the wave of the first object that uses it, since it may be bound only then", () => {
  expect(
    waves(
      object("Secret", "secret"),
      object("PersistentVolumeClaim", "claim"),
      object("Deployment", "first", ["claim", "secret"]),
      object("Deployment", "second", ["claim", "first"]),
      object("PersistentVolumeClaim", "unused"),
    ),
  ).toEqual([
    ["secret", undefined],
    ["unused", undefined],
    ["claim", "1"],
    ["first", "1"],
    ["second", "2"],
  ]);
});

describe("annotations of the program", () => {
  const annotated = (name: string, annotations: Properties, after: string[] = []): Resource =>
    resource(name, { inputs: { apiVersion: "v1", kind: "Job", metadata: { name, annotations } }, dependencies: after });
  const gaps = (...resources: Resource[]): unknown[] =>
    manifests(stackOf(...resources)).flatMap((manifest) => manifest.gaps);

  test("a wave stays, and what depends on the object comes after it", () => {
    const own = annotated("own", { "argocd.argoproj.io/sync-wave": "7" });
    const all = [own, object("Job", "job", ["own"])];
    expect(waves(...all)).toEqual([
      ["own", "7"],
      ["job", "8"],
    ]);
    expect(gaps(...all)).toEqual([]);
  });

  test("a wave before a dependency's is a warning", () => {
    const own = annotated("own", { "argocd.argoproj.io/sync-wave": "0" }, ["secret"]);
    expect(gaps(object("Secret", "secret"), own)).toEqual([{ path: "metadata.annotations", reason: "order" }]);
  });

  test("so is a PreSync hook that depends on anything", () => {
    const hook = (after: string[]): Resource => annotated("hook", { "argocd.argoproj.io/hook": "PreSync" }, after);
    expect(gaps(object("Secret", "secret"), hook(["secret"]))).toEqual([
      { path: "metadata.annotations", reason: "order" },
    ]);
    expect(gaps(object("Secret", "secret"), hook([]))).toEqual([]);
  });

  test("that are unknown as a whole are named, and the wave is written", () => {
    const unknown = resource("job", {
      inputs: { apiVersion: "v1", kind: "Job", metadata: { name: "job", annotations: { $unknown: [] } } },
      dependencies: ["secret"],
    });
    const all = [object("Secret", "secret"), unknown];
    expect(waves(...all).at(-1)).toEqual(["job", "1"]);
    expect(gaps(...all)).toEqual([{ path: "metadata.annotations", reason: "unknown" }]);
  });
});
