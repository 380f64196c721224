import { checkedArgs, type Problem, throwIfAny } from "@gatehouse/core";
import * as networking from "@pulumi/kubernetes/networking/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AdmissionArgs, Endpoint } from "./endpoint.ts";
import { checkLinkNames, checkPeers, dnsEgress, egressRule, ingressRule, podPeer } from "./networkPolicyRules.ts";
import { describe, objectMeta } from "../meta/objectMeta.ts";
import { argsSchema } from "../argsSchema.ts";

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
   * Whom the pods connect to. Each link is one egress rule here and, for a server in the cluster that is not somebody
   * else's, one ingress policy beside the server.
   * @default nobody: only DNS
   */
  connectsTo?: Endpoint[];
  /**
   * Who connects to the pods without declaring a link: the edge, monitoring.
   * @default nobody
   */
  admits?: AdmissionArgs[];
}

/**
 * What some pods may reach and who may reach them: everything else is denied in both directions, DNS aside.
 * Policies add up, so that a server need not know its clients.
 */
export class NetworkAccess extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "NetworkAccessArgs", `${name} (NetworkAccess)`, args);
    super("gatehouse:kubernetes:NetworkAccess", name, {}, opts);
    const { connectsTo = [], admits = [] } = args;
    const subject = describe(name, this);
    throwIfAny(checkNetworkAccess(subject, connectsTo, admits));

    this.ownPolicy(name, args);
    for (const server of connectsTo) if (server.pods && !server.unmanaged) this.serverPolicy(name, args, server);
    this.registerOutputs();
  }

  private ownPolicy(name: string, args: NetworkAccessArgs): void {
    const { namespace, podLabels, policyName = name, labels, connectsTo = [], admits = [] } = args;
    const metadata = objectMeta(describe(name, this), { kind: "NetworkPolicy", name: policyName, namespace, labels });
    const spec = {
      podSelector: { matchLabels: podLabels },
      policyTypes: ["Ingress", "Egress"],
      ingress: admits.map(ingressRule),
      egress: [dnsEgress, ...connectsTo.map(egressRule)],
    };
    new networking.NetworkPolicy(`${name}-policy`, { metadata, spec }, { parent: this });
  }

  private serverPolicy(name: string, args: NetworkAccessArgs, server: Endpoint): void {
    if (!server.pods) return;
    const { namespace, podLabels, policyName = name, labels } = args;
    const metadata = objectMeta(describe(name, this), {
      kind: "NetworkPolicy",
      name: `${server.name}-from-${policyName}`,
      namespace: server.pods.namespace,
      labels,
    });
    const spec = {
      podSelector: { matchLabels: server.pods.labels },
      policyTypes: ["Ingress"],
      ingress: [{ from: [podPeer({ namespace, labels: podLabels })], ports: [{ protocol: "TCP", port: server.port }] }],
    };
    new networking.NetworkPolicy(`${name}-to-${server.name}`, { metadata, spec }, { parent: this });
  }
}

export function checkNetworkAccess(subject: string, connectsTo: Endpoint[], admits: AdmissionArgs[]): Problem[] {
  return [
    ...checkPeers(`${subject}.connectsTo`, connectsTo),
    ...checkLinkNames(`${subject}.connectsTo`, connectsTo),
    ...checkPeers(`${subject}.admits`, admits),
  ];
}
