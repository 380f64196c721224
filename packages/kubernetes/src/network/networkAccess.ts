import { checkedArgs, describe, type Endpoint, type Problem, throwIfAny } from "@gatehouse/core";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { objectMeta } from "../meta/objectMeta.ts";
import type { AdmissionArgs } from "./admission.ts";
import { dnsEgress } from "./dns.ts";
import { checkAdmissions, checkPodLinks, egressRule, ingressRule, podPeer, policyPorts } from "./networkPolicyRules.ts";

export interface NetworkAccessArgs {
  /** Namespace of the pods. */
  namespace: pulumi.Input<string>;
  /** Labels that select the pods. */
  podLabels: Record<string, string>;
  /**
   * Name of the policy in the cluster, and of the client in the names of the policies on the servers' side.
   * @default the component's name
   */
  policyName?: string;
  /**
   * Labels of the policies themselves.
   * @default none
   */
  labels?: Record<string, string>;
  /**
   * Servers that the pods connect to. Each link is one egress rule here and, for a server in the cluster, one ingress
   * policy beside the server, unless it is `managedElsewhere`.
   * @default none: only DNS
   */
  connectsTo?: Endpoint[];
  /**
   * Clients that connect to the pods without declaring a link: the edge, monitoring.
   * @default none
   */
  admits?: AdmissionArgs[];
}

/**
 * The NetworkPolicies of some pods: what they may reach and who may reach them. Everything else is denied in both
 * directions, except DNS: kube-dns and NodeLocal DNSCache, or what `RestrictedNamespace.dns` and `DnsAccess` add.
 * Policies add up, so a server need not know its clients.
 */
export class NetworkAccess extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "NetworkAccessArgs", `${name} (NetworkAccess)`, args);
    super("gatehouse:kubernetes:NetworkAccess", name, {}, opts);
    const { connectsTo = [], admits = [] } = args;
    const subject = describe(name, this);
    throwIfAny(checkNetworkAccess(subject, connectsTo, admits));

    this.ownPolicy(name, args);
    for (const server of connectsTo) if (server.pods && !server.managedElsewhere) this.serverPolicy(name, args, server);
    this.registerOutputs();
  }

  private ownPolicy(name: string, args: NetworkAccessArgs): void {
    const { namespace, podLabels, policyName = name, labels, connectsTo = [], admits = [] } = args;
    const subject = describe(name, this);
    const metadata = objectMeta(name, this, { kind: "NetworkPolicy", name: policyName, namespace, labels });
    const spec = {
      podSelector: { matchLabels: podLabels },
      policyTypes: ["Ingress", "Egress"],
      ingress: admits.map((admission) => ingressRule(`${subject}.admits`, admission)),
      egress: [...dnsEgress(subject), ...connectsTo.map((server) => egressRule(`${subject}.connectsTo`, server))],
    };
    new networking.NetworkPolicy(`${name}-policy`, { metadata, spec }, { parent: this });
  }

  private serverPolicy(name: string, args: NetworkAccessArgs, server: Endpoint): void {
    if (!server.pods) return;
    const { namespace, podLabels, policyName = name, labels } = args;
    const subject = describe(name, this);
    const metadata = objectMeta(name, this, {
      kind: "NetworkPolicy",
      name: `${server.name}-from-${policyName}`,
      namespace: server.pods.namespace,
      labels,
    });
    const spec = {
      podSelector: { matchLabels: server.pods.labels },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [podPeer({ namespace, labels: podLabels })],
          ports: policyPorts(`${subject}.connectsTo.${server.name}`, server),
        },
      ],
    };
    new networking.NetworkPolicy(`${name}-to-${server.name}`, { metadata, spec }, { parent: this });
  }
}

/** Checks links and admissions that a NetworkAccess would be given. */
export function checkNetworkAccess(subject: string, connectsTo: Endpoint[], admits: AdmissionArgs[]): Problem[] {
  return [...checkPodLinks(`${subject}.connectsTo`, connectsTo), ...checkAdmissions(`${subject}.admits`, admits)];
}
