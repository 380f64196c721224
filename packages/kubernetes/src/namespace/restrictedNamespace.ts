import { checkedArgs, childOptions, describe, type Problem, recommendedLabels, throwIfAny } from "@gatehouse/core";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { objectMeta } from "../meta/objectMeta.ts";
import { argsSchema } from "../argsSchema.ts";
import type { DnsArgs } from "../network/dns.ts";
import { DnsAccess } from "../network/dnsAccess.ts";

export interface RestrictedNamespaceArgs {
  /**
   * Name of the namespace.
   * @default the component's name
   */
  namespace?: string;
  /**
   * Further labels.
   * @default none
   */
  labels?: Record<string, string>;
  /**
   * Whether the AWS load balancer controller holds back a pod's readiness until the load balancer's target is healthy,
   * so that a rolling update with IP targets loses no request.
   * @default false
   */
  albReadinessGate?: boolean;
  /**
   * Resolvers that every pod of the namespace may reach, also pods that other tools create in it. Set it where the
   * cluster's resolver is neither kube-dns nor NodeLocal DNSCache, which every workload's own policy allows.
   * @default none: only the pods of Gatehouse's components resolve names
   */
  dns?: DnsArgs;
}

const podSecurity = Object.fromEntries(
  ["enforce", "audit", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
);

function checkNotLoosened(subject: string, { labels = {} }: RestrictedNamespaceArgs): Problem[] {
  return Object.entries(labels)
    .filter(([key, value]) => key in podSecurity && value !== podSecurity[key])
    .map(([key, value]) => ({
      subject: `${subject}.labels.${key}`,
      message: "the namespace would no longer be restricted",
      value,
      expected: "restricted",
      fix: "run pods that need more in a namespace of their own, which is not a RestrictedNamespace",
    }));
}

/**
 * A namespace whose pods meet the Pod Security Standard "restricted" or are refused, and in which nothing is reachable
 * and nothing can be reached unless a policy allows it.
 */
export class RestrictedNamespace extends pulumi.ComponentResource {
  /** Name of the namespace, known once it exists. */
  public readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: RestrictedNamespaceArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "RestrictedNamespaceArgs", `${name} (RestrictedNamespace)`, args);
    super("gatehouse:kubernetes:RestrictedNamespace", name, {}, opts);
    throwIfAny(checkNotLoosened(describe(name, this), args));
    const namespace = this.createNamespace(name, args, opts);
    this.namespace = namespace.metadata.name;
    this.denyByDefault(name);
    if (args.dns) this.allowDns(name, args.dns);
    this.registerOutputs({ namespace: this.namespace });
  }

  private createNamespace(
    name: string,
    { namespace = name, labels, albReadinessGate }: RestrictedNamespaceArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): core.Namespace {
    const metadata = objectMeta(name, this, {
      kind: "Namespace",
      name: namespace,
      labels: {
        ...recommendedLabels({ name: namespace }),
        ...podSecurity,
        ...(albReadinessGate && { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" }),
        ...labels,
      },
    });
    return new core.Namespace(`${name}-namespace`, { metadata }, childOptions(this, opts));
  }

  private denyByDefault(name: string): void {
    const metadata = objectMeta(name, this, {
      kind: "NetworkPolicy",
      name: "default-deny",
      namespace: this.namespace,
    });
    const spec = { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
    new networking.NetworkPolicy(`${name}-default-deny`, { metadata, spec }, { parent: this });
  }

  private allowDns(name: string, dns: DnsArgs): void {
    const { namespace } = this;
    new DnsAccess(`${name}-dns`, { ...dns, namespace, policyName: "allow-dns" }, { parent: this });
  }
}
