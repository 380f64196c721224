import { beforeAll, describe, expect, test } from "vitest";
import { previewAll } from "../../src/index.ts";
import type { Graph, Resource, StackGraph } from "../../src/index.ts";
import { readFixtures } from "../../src/project/fixturesFile.ts";
import { errors, program, resource } from "../support.ts";

const project = program("everything");
let graph: Graph;
let full: StackGraph;

beforeAll(async () => {
  graph = await previewAll({ project, fixtures: readFixtures(`${project}/fixtures.yaml`), secretKey: "a-key" });
  const [, stack] = graph.stacks;
  if (stack === undefined) throw new Error("no stack");
  full = stack;
});

const urn = (typeAndName: string): string => `urn:pulumi:full::everything::${typeAndName}`;
const root = urn("pulumi:pulumi:Stack::everything-full");
const anchor = urn("test:index:Thing::anchor");
const group = urn("test:index:Group::group");
const inner = urn("test:index:Group$test:index:Group::inner");
const heir = urn("test:index:Group$test:index:Group$test:index:Thing::heir");
const free = urn("test:index:Group$test:index:Thing::free");
const defaultProvider = urn("pulumi:providers:test::default");
const digest: unknown = expect.stringMatching(/^[0-9a-f]{64}$/);

test("all stacks are there, and none has failed", () => {
  expect(graph.version).toBe(1);
  expect(graph.stacks.map(({ stack }) => stack)).toEqual(["base", "full"]);
  expect(graph.stacks.flatMap(errors)).toEqual([]);
});

test("parents come first, then the order is by URN", () => {
  const depths = new Map<string, number>();
  for (const { urn: own, parent } of full.resources) {
    depths.set(own, parent === null ? 0 : (depths.get(parent) ?? Number.NaN) + 1);
  }
  const sorted = [...full.resources].sort(
    (a, b) => Number(depths.get(a.urn)) - Number(depths.get(b.urn)) || (a.urn < b.urn ? -1 : 1),
  );
  expect([...depths.values()].some(Number.isNaN)).toBe(false);
  expect(full.resources.map((one) => one.urn)).toEqual(sorted.map((one) => one.urn));
});

test("URNs have the types of all parents but the root", () => {
  expect(
    full.resources.filter(({ name }) => ["everything-full", "group", "inner", "heir"].includes(name)),
  ).toMatchObject([
    { urn: root, parent: null, custom: false, provider: null },
    { urn: group, parent: root, custom: false, provider: null },
    { urn: inner, parent: group, custom: false, provider: null },
    { urn: heir, parent: inner, custom: true, provider: defaultProvider },
  ]);
});

test("config: the stack's value over the project's default, structure, and encrypted values unknown", () => {
  expect(resource(full, "config").inputs).toEqual({
    region: "north",
    size: 3,
    tags: { levels: [1, 2], team: "gate" },
    password: { $secret: null },
    database: { $secret: null },
  });
});

describe("options", () => {
  test("every option is recorded as given, aliases as URNs", () => {
    expect(resource(full, "options").options).toEqual({
      aliases: [
        urn("test:index:Thing::older"),
        urn("test:index:Thing::old"),
        urn("test:old:Thing::options"),
        urn("test:index:Group$test:index:Thing::options"),
        "urn:pulumi:elsewhere::other::test:index:Thing::options",
      ],
      ignoreChanges: ["value", "list[*].a"],
      replaceOnChanges: ["value"],
      deleteBeforeReplace: true,
      customTimeouts: { create: "5m", delete: "10m" },
      additionalSecretOutputs: ["token"],
    });
  });

  test("dependsOn a component means its custom resources", () => {
    expect(resource(full, "options").dependencies).toEqual([heir, free, anchor]);
    expect(resource(full, "options").propertyDependencies).toEqual({});
  });

  test("protect, retainOnDelete and deletedWith are inherited; a child may set its own", () => {
    const inherited = { protect: true, retainOnDelete: true, deletedWith: anchor };
    expect(resource(full, "group").options).toEqual(inherited);
    expect(resource(full, "inner").options).toEqual(inherited);
    expect(resource(full, "heir").options).toEqual(inherited);
    expect(resource(full, "free").options).toEqual({ protect: false, retainOnDelete: false, deletedWith: anchor });
  });

  test("what a transform sets on a component is inherited too, which only the engine can know", () => {
    expect(resource(full, "guarded").options).toMatchObject({ protect: true, deletedWith: anchor });
    expect(resource(full, "guarded-child").options).toEqual({
      protect: true,
      retainOnDelete: false,
      deletedWith: anchor,
    });
  });

  test("a transform sees every option, inherited ones as well", () => {
    expect(resource(full, "observed").inputs.seen).toEqual({
      protect: true,
      retainOnDelete: true,
      create: "5m",
      deletedWith: anchor,
      replaceWith: [anchor],
      hooks: ["before"],
    });
    expect(resource(full, "observed").options).toMatchObject({
      protect: true,
      retainOnDelete: true,
      deletedWith: anchor,
    });
  });

  test("a transform may take away what is inherited", () => {
    expect(resource(full, "released").options).toEqual({});
  });

  test("ignoreChanges and customTimeouts stay with the component", () => {
    expect(resource(full, "silent").options).toEqual({ ignoreChanges: ["value"], customTimeouts: { create: "1h" } });
    expect(resource(full, "silent-child").options).toEqual({});
  });
});

describe("providers", () => {
  test("a default provider is made for each version, with the config of its package", () => {
    const inputs = { endpoint: "https://default.example.com", token: { $secret: null } };
    expect(resource(full, "default")).toMatchObject({ urn: defaultProvider, parent: null, custom: true, inputs });
    expect(resource(full, "default_1_2_3").inputs).toEqual({ ...inputs, version: "1.2.3" });
    expect(resource(full, "options").provider).toBe(urn("pulumi:providers:test::default_1_2_3"));
  });

  test("a default provider is made for each place that plugins come from, and taken for children of its resources", () => {
    const provider = urn("pulumi:providers:test::default_1_2_3_https_/plugins.example.com/a");
    expect(resource(full, "elsewhere").provider).toBe(provider);
    expect(resource(full, "elsewhere-child").provider).toBe(provider);
    expect(full.resources.find((one) => one.urn === provider)?.inputs).toMatchObject({
      version: "1.2.3",
      __internal: { pluginDownloadURL: "https://plugins.example.com/a" },
    });
  });

  test("a provider of the program has the version and the place of its plugin among its inputs", () => {
    expect(resource(full, "of-version").inputs).toEqual({
      endpoint: "https://other.example.com",
      version: "1.2.3",
      __internal: {
        envVarMappings: { OUR_TOKEN: "TOKEN" },
        pluginDownloadURL: "https://plugins.example.com/a",
      },
    });
  });

  test("a given provider is taken, also from the parent", () => {
    const custom = urn("pulumi:providers:test::custom");
    expect(resource(full, "custom")).toMatchObject({ urn: custom, parent: root, provider: null });
    expect(resource(full, "provided").provider).toBe(custom);
    expect(resource(full, "provided-child").provider).toBe(custom);
  });
});

test("values: unknowns with their origins in each leaf, secrets as digests", () => {
  const { inputs, dependencies, propertyDependencies } = resource(full, "values");
  expect(inputs).toEqual({
    plain: { a: [true, null, "text"], b: 1 },
    fromComputed: { $unknown: [anchor] },
    list: ["known", { $unknown: [anchor] }, { nested: { $unknown: [group, anchor].sort() } }],
    secret: { $secret: digest },
    nestedSecret: { inner: { $secret: digest } },
    fromToken: { $secret: null },
    known: "xy",
    resource: { $unknown: [anchor] },
    component: group,
    asset: { text: "asset text" },
  });
  const token = urn("test:index:Thing::with-secret-output");
  expect(dependencies).toEqual([heir, free, anchor, token]);
  expect(propertyDependencies).toEqual({
    component: [heir, free],
    fromComputed: [anchor],
    fromToken: [token],
    list: [heir, free, anchor],
    resource: [anchor],
  });
});

test("Kubernetes objects: what the server fills in is unknown, what is given is not", () => {
  const unnamed = { $unknown: [urn("kubernetes:core/v1:ConfigMap::unnamed")] };
  const service = { $unknown: [urn("kubernetes:core/v1:Service::service")] };
  expect(resource(full, "kubernetes").inputs).toEqual({
    namedId: "ns/named",
    unnamedId: unnamed,
    namespaceId: "cluster-wide",
    name: unnamed,
    labels: { a: "b" },
    uid: { $unknown: [urn("kubernetes:core/v1:ConfigMap::named")] },
    namedName: "named",
    clusterIP: service,
    port: 80,
    ip: service,
  });
  expect(resource(full, "kube-secret").inputs.stringData).toEqual({ pass: { $secret: null }, user: { $secret: null } });
});

test("transforms run from the inside out: own, parent's, the stack's", () => {
  const { inputs, options, propertyDependencies } = resource(full, "transformed");
  expect(inputs).toEqual({
    order: "start,own,outer,stack",
    added: [1],
    from: { $unknown: [anchor] },
    partly: { $unknown: [anchor] },
    secret: { $secret: digest },
  });
  expect(options).toMatchObject({ protect: true, ignoreChanges: ["added"] });
  expect(propertyDependencies).toEqual({ from: [anchor], partly: [anchor] });
});

test("functions answer from fixtures by their arguments, and unknown without", () => {
  expect(resource(full, "invokes").inputs).toEqual({
    a: "zone-a",
    transformed: "zone-a",
    other: "zone-other",
    unknownArgument: { $unknown: [] },
    noAnswer: { $unknown: [] },
    role: { $unknown: [] },
  });
});

test("reads, fixtures, and stacks of the same run and of others", () => {
  const references = resource(full, "references").inputs;
  expect(references).toEqual({
    fixedId: "fixed-id",
    fixed: "fixed-value",
    read: "read-value",
    name: "net-1",
    networkId: { $unknown: [urn("pulumi:pulumi:StackReference::organization/everything/base")] },
    key: { $secret: digest },
    host: "other.example.com",
    missing: { $unknown: [urn("pulumi:pulumi:StackReference::acme/missing/prod")] },
  });
  const reads = full.resources.filter(({ read }: Resource) => read === true).map(({ name }) => name);
  expect(reads).toEqual(["acme/missing/prod", "organization/everything/base", "other", "read"]);
});

test("a secret has the same digest in every stack under one key, and another under another", async () => {
  const keyOf = (stack: StackGraph | undefined, secretOutput: string): unknown => stack?.outputs[secretOutput];
  const again = await previewAll({ project, stacks: ["base"], secretKey: "another-key" });
  expect(keyOf(graph.stacks[0], "key")).toEqual(resource(full, "references").inputs.key);
  expect(keyOf(again.stacks[0], "key")).toEqual({ $secret: digest });
  expect(keyOf(again.stacks[0], "key")).not.toEqual(keyOf(graph.stacks[0], "key"));
  const without = await previewAll({ project, stacks: ["base"], secretKey: "" });
  expect(keyOf(without.stacks[0], "key")).toEqual({ $secret: null });
});

test("a remote component is recorded with its provider, and its outputs are unknown", () => {
  const remote = urn("test:index:Remote::remote");
  expect(resource(full, "remote")).toMatchObject({
    urn: remote,
    custom: false,
    provider: defaultProvider,
    inputs: { value: { $unknown: [anchor] } },
  });
  expect(full.diagnostics).toContainEqual({
    severity: "warning",
    message:
      "resources in remote components are not known offline and not counted, because only a provider makes them: " +
      "remote (test:index:Remote)",
  });
  const ofRemote = { $unknown: [remote] };
  expect(resource(full, "from-remote").inputs).toEqual({ url: ofRemote, text: ofRemote });
});

test("resources that come late are there", () => {
  expect(resource(full, "late-in-apply").parent).toBe(root);
  expect(resource(full, "late-in-timer").parent).toBe(root);
});

test("stack outputs", () => {
  expect(full.outputs).toEqual({
    anchor: { $unknown: [anchor] },
    plain: "text",
    secret: { $secret: digest },
    config: { $secret: null },
    whole: { list: [{ $unknown: [anchor] }, 1] },
  });
});
