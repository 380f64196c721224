/** Resources of a package that no cloud knows. */
import * as pulumi from "@pulumi/pulumi";

type Arguments = Record<string, unknown>;

export class Thing extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;
  declare readonly computed: pulumi.Output<string>;
  declare readonly token: pulumi.Output<string>;

  constructor(name: string, args: Arguments = {}, options: pulumi.CustomResourceOptions = {}) {
    super("test:index:Thing", name, { value: undefined, ...args, computed: undefined, token: undefined }, options);
  }
}

export class Group extends pulumi.ComponentResource {
  constructor(name: string, args: Arguments = {}, options: pulumi.ComponentResourceOptions = {}) {
    super("test:index:Group", name, args, options);
    this.registerOutputs({ name, secret: pulumi.secret(name) });
  }
}

/** A component that its provider makes, in a process of its own. */
export class Remote extends pulumi.ComponentResource {
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, args: Arguments, options: pulumi.ComponentResourceOptions = {}) {
    super("test:index:Remote", name, { ...args, url: undefined }, options, true);
  }

  describe(args: Arguments): pulumi.Output<{ text: string }> {
    return pulumi.runtime.call("test:index:Remote/describe", { __self__: this, ...args }, this);
  }
}

export class Provider extends pulumi.ProviderResource {
  constructor(name: string, args: Arguments = {}, options: pulumi.ResourceOptions = {}) {
    super("test", name, args, options);
  }
}
