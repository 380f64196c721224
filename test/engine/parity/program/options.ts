/** Every option of a resource, what children inherit, and what a transform sees of them. */
import * as pulumi from "@pulumi/pulumi";
import { Group, Provider, Thing } from "./things.ts";

/** Also what a program of today has seldom any use for. */
export function options(anchor: Thing, group: Group, provider: Provider): void {
  const inner = new Group("inner", {}, { parent: group });
  new Thing("heir", {}, { parent: inner });
  new Thing("free", {}, { parent: group, protect: false, retainOnDelete: false });

  const before = new pulumi.ResourceHook("before", () => undefined);
  const after = new pulumi.ResourceHook("after", () => undefined, { ignoreErrors: true });
  const every: pulumi.CustomResourceOptions = {
    aliases: [
      "urn:pulumi:full::parity::test:index:Thing::older",
      pulumi.interpolate`${anchor.urn}-older`,
      { name: "old" },
      { name: pulumi.output("old-in-output") },
      { type: "test:old:Thing", parent: pulumi.rootStackResource },
      { parent: group },
      { parent: anchor.urn },
      { stack: "elsewhere", project: "other" },
      {},
    ],
    ignoreChanges: ["value", "list[*].a"],
    replaceOnChanges: ["value"],
    // No secret: one makes this release of the engine fall over as it prints the preview.
    replacementTrigger: { of: anchor.computed, since: 1 },
    deleteBeforeReplace: true,
    customTimeouts: { create: "5m", update: "6m", delete: "10m", read: "90s" },
    additionalSecretOutputs: ["token"],
    dependsOn: [anchor, pulumi.output(group)],
    replaceWith: [inner],
    hideDiffs: ["list"],
    version: "1.0.0",
    pluginDownloadURL: "https://plugins.example.com/test",
    hooks: {
      beforeCreate: [before, () => undefined],
      afterCreate: [after],
      beforeUpdate: [before],
      afterUpdate: [after],
      beforeDelete: [before],
      afterDelete: [after],
      onError: [new pulumi.ErrorHook("on-error", () => false)],
    },
  };
  new Thing("options", { value: "v", list: [{ a: 1 }] }, every);
  new Thing("imported", {}, { import: "existing", protect: true });
  const ofVersion = new Thing("of-version", {}, { version: "1.0.0" });
  new Thing("of-version-child", {}, { parent: ofVersion });
  anchor.urn.apply((urn) => new Thing("looked-up", {}, { urn }));

  new Thing("provided", {}, { provider });
  const provided = new Group("provided-group", {}, { providers: [provider] });
  new Thing("provided-child", {}, { parent: provided });
  new Thing("depends-on-one", {}, { dependsOn: provided });
  new Provider("of-environment", {}, { envVarMappings: { GATEHOUSE_ENDPOINT: "ENDPOINT" }, version: "1.0.0" });

  const seeing = { transforms: [showOptions] };
  new Thing("seen", { value: "v", from: anchor.id }, { ...every, ...seeing });
  new Thing("seen-heir", {}, { parent: inner, ...seeing });
  new Group("seen-group", {}, { parent: group, provider, ...seeing });
  new Thing("dropped", {}, { parent: inner, transforms: [({ props }) => ({ props, opts: {} })] });
  new Thing("changed", {}, { parent: inner, transforms: [changeOptions(anchor)] });
}

/** Puts what a transform sees of the options among the inputs, and leaves the options as they are. */
const showOptions: pulumi.ResourceTransform = async ({ props, opts }) => ({
  props: { ...props, options: JSON.stringify(await plain(opts)) },
  opts,
});

function changeOptions(anchor: Thing): pulumi.ResourceTransform {
  return async ({ props, opts }) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const changed: pulumi.CustomResourceOptions = {
      protect: false,
      retainOnDelete: false,
      deletedWith: anchor,
      dependsOn: [anchor],
      aliases: [{ name: "was" }],
      ignoreChanges: ["a"],
      replaceOnChanges: ["b"],
      customTimeouts: { create: "1m" },
      deleteBeforeReplace: false,
      additionalSecretOutputs: ["value"],
      replaceWith: [anchor],
      hooks: opts.hooks,
    };
    return { props, opts: changed };
  };
}

async function plain(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) return plain(await new Promise((resolve) => value.apply(resolve)));
  if (pulumi.Resource.isInstance(value)) return new Promise((resolve) => value.urn.apply(resolve));
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return value ?? "undefined";
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(await Promise.all(entries.map(async ([key, inner]) => [key, await plain(inner)] as const)));
}
