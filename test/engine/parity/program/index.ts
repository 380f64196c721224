/** Uses every option of a resource, and every way in which a program talks with the engine. */
import * as pulumi from "@pulumi/pulumi";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as random from "@pulumi/random";

class Thing extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;
  declare readonly computed: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;

  constructor(name: string, args: Record<string, unknown> = {}, options: pulumi.CustomResourceOptions = {}) {
    super("test:index:Thing", name, { value: undefined, ...args, computed: undefined, token: undefined }, options);
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name: string, args: Record<string, unknown> = {}, options: pulumi.ComponentResourceOptions = {}) {
    super("test:index:Group", name, args, options);
    this.registerOutputs({ name, secret: pulumi.secret(name) });
  }
}

class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: Record<string, unknown> = {}) {
    super("test", name, args);
  }
}

export default pulumi.getStack() === "base" ? base : full;

function base(): object {
  return { address: "base.example.com", key: pulumi.secret("base key"), list: [1, { deep: true }] };
}

async function full(): Promise<object> {
  const config = new pulumi.Config();
  const anchor = new Thing("anchor", { region: config.require("region"), sizes: config.requireObject("sizes") });
  const group = new Group("group", {}, { protect: true, retainOnDelete: true, deletedWith: anchor });
  const inner = new Group("inner", {}, { parent: group });
  new Thing("heir", {}, { parent: inner });
  new Thing("free", {}, { parent: group, protect: false, retainOnDelete: false });
  new Thing(
    "options",
    { value: "v", list: [{ a: 1 }] },
    {
      aliases: [
        "urn:pulumi:full::parity::test:index:Thing::older",
        { name: "old" },
        { type: "test:old:Thing", parent: pulumi.rootStackResource },
        { parent: group },
        { stack: "elsewhere", project: "other" },
      ],
      ignoreChanges: ["value", "list[*].a"],
      replaceOnChanges: ["value"],
      deleteBeforeReplace: true,
      customTimeouts: { create: "5m", update: "6m", delete: "10m" },
      additionalSecretOutputs: ["token"],
      dependsOn: [anchor, group],
      hooks: { onError: [new pulumi.ErrorHook("on-error", () => false)] },
    },
  );

  const provider = new Provider("custom", {
    endpoint: "https://custom.example.com",
    key: pulumi.secret("provider key"),
  });
  new Thing("provided", {}, { provider });
  const provided = new Group("provided-group", {}, { providers: [provider] });
  new Thing("provided-child", {}, { parent: provided });

  const password = new random.RandomPassword("password", { length: 20 });
  new Thing("values", {
    plain: { b: 1, a: [true, null, "text"] },
    unknown: anchor.computed,
    nested: ["known", anchor.id, { inner: pulumi.interpolate`${anchor.id}-${group.urn}` }],
    secret: pulumi.secret("plain secret"),
    nestedSecret: { inner: pulumi.secret({ key: "nested secret" }) },
    password: password.result,
    late: pulumi.output(new Promise<string>((resolve) => setTimeout(resolve, 5, "late"))),
    resource: anchor,
    component: group,
    asset: new pulumi.asset.StringAsset("text"),
    archive: new pulumi.asset.AssetArchive({ file: new pulumi.asset.StringAsset("inner") }),
    absent: undefined,
  });

  const named = new core.ConfigMap("named", { metadata: { name: "named", namespace: "ns" }, data: { a: "b" } });
  new core.Secret("secret", {
    metadata: { name: "secret", namespace: named.metadata.namespace },
    stringData: { password: password.result, plain: "text" },
  });
  new Thing("kubernetes", { id: named.id, name: named.metadata.name, uid: named.metadata.uid, data: named.data });

  pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
    type === "test:index:Thing" && "order" in props
      ? { props: { ...props, order: pulumi.interpolate`${props.order as string},stack` }, opts }
      : undefined,
  );
  const append =
    (word: string): pulumi.ResourceTransform =>
    ({ props, opts }) =>
      "order" in props
        ? { props: { ...props, order: pulumi.interpolate`${props.order as string},${word}` }, opts }
        : undefined;
  const outer = new Group("outer", {}, { transforms: [append("outer")] });
  new Thing(
    "transformed",
    { order: "start", from: anchor.computed, secret: pulumi.secret("a secret") },
    {
      parent: outer,
      transforms: [
        append("own"),
        ({ props, opts }) => ({
          props: { ...props, added: [1] },
          opts: pulumi.mergeOptions(opts, { ignoreChanges: ["added"] }),
        }),
      ],
    },
  );
  new Thing(
    "transformation",
    { value: "before" },
    {
      transformations: [({ props, opts }) => ({ props: { ...props, value: "after" }, opts })],
    },
  );

  pulumi.runtime.registerInvokeTransform(({ args, opts }) =>
    args.name === "via-transform" ? { args: { ...args, name: "a" }, opts } : undefined,
  );
  const zone = (name: pulumi.Input<string>) =>
    pulumi.runtime.invokeOutput<{ id: string }>("test:index:getZone", { name });
  const account = (await pulumi.runtime.invoke("test:index:getAccount", {})) as { id: string };
  new Thing("invokes", {
    known: zone("a").id,
    transformed: zone("via-transform").id,
    unknown: zone(anchor.computed).id,
    account: `account ${account.id}`,
  });

  const read = new Thing("read", {}, { id: "existing" });
  const reference = new pulumi.StackReference("organization/parity/base");
  new Thing("references", {
    read: read.id,
    address: reference.requireOutput("address"),
    key: reference.getOutput("key"),
    list: reference.getOutput("list"),
  });

  pulumi.output("late").apply((name) => new Thing(`${name}-in-apply`));
  setTimeout(() => new Thing("late-in-timer"), 20);
  return {
    anchor: anchor.id,
    plain: "text",
    secret: pulumi.secret("output secret"),
    whole: { list: [anchor.computed, 1] },
  };
}
