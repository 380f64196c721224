/** Uses every option of a resource, and every way in which a program talks with the engine. */
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as random from "@pulumi/random";
import { options } from "./options.ts";
import { Group, Provider, Remote, Thing } from "./things.ts";

export default pulumi.getStack() === "base" ? base : full;

function base(): object {
  return { address: "base.example.com", key: pulumi.secret("base key"), list: [1, { deep: true }] };
}

async function full(): Promise<object> {
  const config = new pulumi.Config();
  const anchor = new Thing("anchor", { region: config.require("region"), sizes: config.requireObject("sizes") });
  const group = new Group("group", {}, { protect: true, retainOnDelete: true, deletedWith: anchor });
  const provider = new Provider("custom", {
    endpoint: "https://custom.example.com",
    key: pulumi.secret("provider key"),
  });
  options(anchor, group, provider);

  const password = new random.RandomPassword("password", { length: 20 });
  new Thing("values", {
    plain: { b: 1, a: [true, null, "text"] },
    unknown: anchor.computed,
    nested: ["known", anchor.id, { inner: pulumi.interpolate`${anchor.id}-${group.urn}` }],
    secret: pulumi.secret("plain secret"),
    nestedSecret: { inner: pulumi.secret({ key: "nested secret" }), list: [[pulumi.secret(7)]] },
    partlySecret: pulumi.all([pulumi.secret("a part"), anchor.computed]),
    password: password.result,
    late: pulumi.output(new Promise<string>((resolve) => setTimeout(resolve, 5, "late"))),
    resource: anchor,
    component: group,
    resources: { list: [anchor, group], later: pulumi.output(anchor) },
    asset: new pulumi.asset.StringAsset("text"),
    file: new pulumi.asset.FileAsset("Pulumi.yaml"),
    remoteAsset: new pulumi.asset.RemoteAsset(pathToFileURL("Pulumi.yaml").href),
    archive: new pulumi.asset.AssetArchive({ file: new pulumi.asset.StringAsset("inner") }),
    files: new pulumi.asset.FileArchive("files"),
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
    options: pulumi.runtime.invokeOutput<{ id: string }>(
      "test:index:getZone",
      { name: pulumi.secret("secret zone") },
      { parent: group, provider, version: "1.0.0", pluginDownloadURL: "https://plugins.example.com/test" },
    ).id,
    after: pulumi.runtime.invokeOutput<{ id: string }>("test:index:getZone", { name: "a" }, { dependsOn: [anchor] }).id,
  });

  const later = new Group("later", {}, { protect: true });
  const remote = new Remote(
    "remote",
    { value: anchor.computed, secret: pulumi.secret("remote secret"), thing: anchor },
    { parent: later, providers: [provider], dependsOn: [password], aliases: [{ name: "local" }] },
  );
  const ofRemote = remote.describe({ from: anchor.computed, secret: pulumi.secret("a call's secret") });
  new Thing("of-remote", { url: remote.url, text: ofRemote.text }, { dependsOn: [remote] });

  const read = new Thing("read", {}, { id: "existing" });
  new Thing(
    "read-with-options",
    { value: "given" },
    { id: pulumi.output("existing"), parent: later, provider, dependsOn: [anchor], additionalSecretOutputs: ["token"] },
  );
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
    resource: anchor,
    component: group,
  };
}
