/** Uses every option, and every way in which a program talks with the engine. */
import * as pulumi from "@pulumi/pulumi";
import * as corev1 from "@pulumi/kubernetes/core/v1/index.js";
import { Group, Provider, Remote, Thing } from "./things.ts";

export default pulumi.getStack() === "base" ? base : full;

function base(): object {
  const network = new Thing("network", { value: "net-1" });
  return { name: network.value, networkId: network.id, key: pulumi.secret("base-secret-key") };
}

async function full(): Promise<object> {
  const config = new pulumi.Config();

  // Config
  new Thing("config", {
    region: config.require("region"),
    size: config.requireNumber("size"),
    tags: config.requireObject("tags"),
    password: config.requireSecret("password"),
    database: config.requireSecretObject("database"),
  });

  // Options, and what children inherit
  const anchor = new Thing("anchor");
  const hooks = { beforeCreate: [new pulumi.ResourceHook("before", () => undefined)] };
  const group = new Group("group", {}, { protect: true, retainOnDelete: true, deletedWith: anchor });
  const inner = new Group("inner", {}, { parent: group });
  new Thing("heir", {}, { parent: inner });
  new Thing("free", {}, { parent: group, protect: false, retainOnDelete: false });
  const guarded = new Group(
    "guarded",
    {},
    {
      transforms: [
        ({ custom, props, opts }) =>
          custom ? undefined : { props, opts: pulumi.mergeOptions(opts, { protect: true, deletedWith: anchor }) },
      ],
    },
  );
  new Thing("guarded-child", {}, { parent: guarded });
  const kept = new Group("kept", {}, { protect: true, retainOnDelete: true, deletedWith: anchor });
  new Thing(
    "observed",
    {},
    { parent: kept, customTimeouts: { create: "5m" }, replaceWith: [anchor], hooks, transforms: [observe] },
  );
  new Thing("released", {}, { parent: kept, transforms: [({ props }) => ({ props, opts: {} })] });
  const silent = new Group("silent", {}, { ignoreChanges: ["value"], customTimeouts: { create: "1h" } });
  new Thing("silent-child", {}, { parent: silent });
  new Thing(
    "options",
    { value: "v" },
    {
      aliases: [
        "urn:pulumi:full::everything::test:index:Thing::older",
        { name: "old" },
        { type: "test:old:Thing", parent: pulumi.rootStackResource },
        { parent: group },
        { stack: "elsewhere", project: "other" },
      ],
      ignoreChanges: ["value", "list[*].a"],
      replaceOnChanges: ["value"],
      deleteBeforeReplace: true,
      customTimeouts: { create: "5m", delete: "10m" },
      additionalSecretOutputs: ["token"],
      dependsOn: [anchor, group],
      version: "1.2.3",
      stateMigrations: [() => undefined],
    },
  );

  // Providers
  const provider = new Provider("custom", { endpoint: "https://custom.example.com" });
  new Thing("provided", {}, { provider });
  new Provider(
    "of-version",
    { endpoint: "https://other.example.com" },
    { version: "1.2.3", pluginDownloadURL: "https://plugins.example.com/a", envVarMappings: { OUR_TOKEN: "TOKEN" } },
  );
  const elsewhere = new Thing(
    "elsewhere",
    {},
    { version: "1.2.3", pluginDownloadURL: "https://plugins.example.com/a" },
  );
  new Thing("elsewhere-child", {}, { parent: elsewhere });
  const provided = new Group("provided-group", {}, { providers: [provider] });
  new Thing("provided-child", {}, { parent: provided });

  // Unknowns, also in parts of a value, and secrets
  const options = new Thing("with-secret-output", {}, { additionalSecretOutputs: ["token"] });
  new Thing("values", {
    plain: { b: 1, a: [true, null, "text"] },
    fromComputed: anchor.computed,
    list: ["known", anchor.id, { nested: pulumi.interpolate`${anchor.id}-${group.urn}` }],
    secret: pulumi.secret("plain-secret-value"),
    nestedSecret: { inner: pulumi.secret({ key: "nested-secret-value" }) },
    fromToken: options.token,
    known: pulumi.output("x").apply(async (text) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return text + "y";
    }),
    resource: anchor,
    component: group,
    asset: new pulumi.asset.StringAsset("asset text"),
    undefinedValue: undefined,
  });

  // Kubernetes
  const named = new corev1.ConfigMap("named", { metadata: { name: "named", namespace: "ns" } });
  const unnamed = new corev1.ConfigMap("unnamed", { metadata: { labels: { a: "b" } } });
  const namespace = new corev1.Namespace("namespace", { metadata: { name: "cluster-wide" } });
  const service = new corev1.Service("service", {
    metadata: { name: "svc", namespace: "ns" },
    spec: { ports: [{ port: 80 }] },
  });
  new corev1.Secret("kube-secret", {
    metadata: { name: "s" },
    stringData: { user: "kube-secret-user", pass: config.requireSecret("password") },
  });
  new Thing("kubernetes", {
    namedId: named.id,
    unnamedId: unnamed.id,
    namespaceId: namespace.id,
    name: unnamed.metadata.name,
    labels: unnamed.metadata.labels,
    uid: named.metadata.uid,
    namedName: named.metadata.apply((metadata) => metadata.name),
    clusterIP: service.spec.clusterIP,
    port: service.spec.ports[0]?.port,
    ip: service.status.loadBalancer.ingress[0]?.ip,
  });

  // Transforms: the resource's own, its parent's, the stack's
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    type === "test:index:Thing" && "order" in props
      ? { props: { ...props, order: pulumi.output(props.order as string).apply((order) => `${order},stack`) }, opts }
      : undefined,
  );
  const append =
    (word: string): pulumi.ResourceTransform =>
    ({ props, opts }) => {
      if (!("order" in props)) return undefined;
      return { props: { ...props, order: pulumi.interpolate`${props.order as string},${word}` }, opts };
    };
  const outer = new Group("outer", {}, { transforms: [append("outer")] });
  new Thing(
    "transformed",
    { order: "start", from: anchor.computed, secret: pulumi.secret("transformed-secret"), partly: { id: anchor.id } },
    {
      parent: outer,
      transforms: [
        append("own"),
        ({ props, opts }) => ({
          props: { ...props, added: [1] },
          opts: pulumi.mergeOptions(opts, { ignoreChanges: ["added"], protect: true }),
        }),
      ],
    },
  );

  // Functions
  pulumi.runtime.registerInvokeTransform(({ args, opts }) =>
    args.name === "via-transform" ? { args: { ...args, name: "a" }, opts } : undefined,
  );
  const zone = (name: pulumi.Input<string>): pulumi.Output<{ id: string }> =>
    pulumi.runtime.invokeOutput<{ id: string }>("test:index:getZone", { name });
  const account = await (pulumi.runtime.invoke("test:index:getAccount", {}) as Promise<{ id: string }>);
  new Thing("invokes", {
    a: zone("a").id,
    transformed: zone("via-transform").id,
    other: zone("b").id,
    unknownArgument: zone(anchor.computed).id,
    noAnswer: pulumi.runtime.invokeOutput<{ id: string }>("test:index:getNothing", {}).id,
    role: `arn:${account.id}:role`,
  });

  // What exists already
  const fixed = new Thing("fixed");
  const read = new Thing("read", {}, { id: "existing-id" });
  const baseStack = new pulumi.StackReference("organization/everything/base");
  const other = new pulumi.StackReference("other", { name: "acme/other/prod" });
  const missing = new pulumi.StackReference("acme/missing/prod");
  new Thing("references", {
    fixedId: fixed.id,
    fixed: fixed.computed,
    read: read.computed,
    name: baseStack.requireOutput("name"),
    networkId: baseStack.requireOutput("networkId"),
    key: baseStack.getOutput("key"),
    host: other.requireOutput("host"),
    missing: missing.getOutput("host"),
  });

  // Another process builds it
  const remote = new Remote("remote", { value: anchor.computed });
  new Thing("from-remote", { url: remote.url, text: remote.describe({ secret: pulumi.secret("call-secret") }) });

  // Late ones
  pulumi.output("late").apply((name) => new Thing(`${name}-in-apply`));
  setTimeout(() => new Thing("late-in-timer"), 20);

  return {
    anchor: anchor.id,
    plain: "text",
    secret: pulumi.secret("output-secret-value"),
    config: config.getSecret("password"),
    whole: { list: [anchor.computed, 1] },
  };
}

/** Puts among the inputs what a transform sees of some options. */
const observe: pulumi.ResourceTransform = async ({ props, opts }) => {
  const urnOf = (resource: pulumi.Resource | undefined) =>
    new Promise((resolve) => pulumi.output(resource?.urn).apply(resolve));
  const { protect, retainOnDelete, customTimeouts, deletedWith, replaceWith = [], hooks } = opts;
  const seen = {
    protect,
    retainOnDelete,
    create: customTimeouts?.create,
    deletedWith: await urnOf(deletedWith),
    replaceWith: await Promise.all(replaceWith.map(urnOf)),
    hooks: hooks?.beforeCreate?.map((hook) => (typeof hook === "function" ? "a function" : hook.name)),
  };
  return { props: { ...props, seen }, opts };
};
