// What programs ask of the SDK in every release since the oldest supported one.
import * as pulumi from "@pulumi/pulumi";

class Thing extends pulumi.CustomResource {
  constructor(name, args, opts) {
    super("test:index:Thing", name, { made: undefined, ...args }, opts);
  }
  static get(name, id, state, opts) {
    return new Thing(name, state, { ...opts, id });
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("test:index:Group", name, {}, opts);
    this.thing = new Thing(`${name}-thing`, { size: 1 }, { parent: this });
    this.registerOutputs({ made: this.thing.made });
  }
}

const region = new pulumi.Config().require("region");
const group = new Group("group", {
  protect: true,
  transformations: [
    ({ type, props, opts }) => (type === "test:index:Thing" ? { props: { ...props, touched: true }, opts } : undefined),
  ],
});
const found = Thing.get("found", "thing-1", { size: 2 });
const other = new pulumi.StackReference("organization/other/dev");
const plain = await pulumi.runtime.invoke("test:index:getPlain", { region });
const last = new Thing(
  "last",
  {
    region,
    made: group.thing.made,
    password: pulumi.secret("hunter2"),
    found: found.made,
    address: other.getOutput("address"),
    answer: plain.answer,
  },
  {
    dependsOn: [group],
    ignoreChanges: ["size"],
    aliases: [{ name: "first" }],
    customTimeouts: { create: "5m" },
    deleteBeforeReplace: true,
  },
);

export const made = last.made;
