import { checkedArgs, describe, recommendedLabels, throwIfAny } from "@gatehouse/core";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import { checkDns, type DnsArgs, dnsEgress } from "./dns.ts";

export interface DnsAccessArgs extends DnsArgs {
  /** Namespace whose pods may resolve names. */
  namespace: pulumi.Input<string>;
  /**
   * Name of the policy in the cluster.
   * @default the component's name
   */
  policyName?: string;
  /**
   * Labels of the policy.
   * @default none
   */
  labels?: Record<string, string>;
}

/**
 * A NetworkPolicy that lets every pod of a namespace reach the cluster's resolvers, also pods that other tools create
 * there. Every `NetworkAccess` already lets its own pods reach kube-dns and NodeLocal DNSCache; a cluster with another
 * resolver needs this one declaration for all of them.
 *
 * For a namespace that you make with `RestrictedNamespace`, set its `dns` instead.
 */
export class DnsAccess extends pulumi.ComponentResource {
  constructor(name: string, args: DnsAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "DnsAccessArgs", `${name} (DnsAccess)`, args);
    super("gatehouse:kubernetes:DnsAccess", name, {}, opts);
    throwIfAny(checkDns(describe(name, this), args));
    this.createPolicy(name, args);
    this.registerOutputs();
  }

  private createPolicy(name: string, args: DnsAccessArgs): void {
    const { namespace, policyName = name, labels, ...dns } = args;
    const subject = describe(name, this);
    const metadata = objectMeta(name, this, {
      kind: "NetworkPolicy",
      name: policyName,
      namespace,
      labels: { ...recommendedLabels({ name: policyName }), ...labels },
    });
    const spec = { podSelector: {}, policyTypes: ["Egress"], egress: dnsEgress(subject, dns) };
    new networking.NetworkPolicy(`${name}-policy`, { metadata, spec }, { parent: this });
  }
}
