import type { Input } from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import type { Problem } from "@gatehouse/core";
import type { AddressRangeArgs, AdmissionArgs, Endpoint, PodSelectorArgs } from "./endpoint.ts";

type Peer = k8s.networking.v1.NetworkPolicyPeer;

/** Namespaces are selected by the label that the API server itself maintains, since another may be missing or forged. */
export function podPeer({ namespace, labels }: PodSelectorArgs): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: labels ? { matchLabels: labels } : undefined,
  };
}

function addressPeer({ cidr, except }: AddressRangeArgs): Peer {
  return { ipBlock: { cidr, except } };
}

function peers({ pods, addresses = [] }: { pods?: PodSelectorArgs; addresses?: AddressRangeArgs[] }): Peer[] {
  return [...(pods ? [podPeer(pods)] : []), ...addresses.map(addressPeer)];
}

function tcp(port: number): Input<k8s.networking.v1.NetworkPolicyPort>[] {
  return [{ protocol: "TCP", port }];
}

/** A link or an admission that names nobody, or a range that cannot be meant. */
export function checkPeers(subject: string, all: (Endpoint | AdmissionArgs)[]): Problem[] {
  return all
    .filter((one) => peers(one).length === 0)
    .map(({ name }) => ({
      subject: `${subject}.${name}`,
      message: "the rule names nobody, and an empty rule would admit everybody",
      expected: "pods, addresses or both",
    }));
}

export function ingressRule(admission: AdmissionArgs): k8s.networking.v1.NetworkPolicyIngressRule {
  return { from: peers(admission), ports: tcp(admission.port) };
}

export function egressRule(endpoint: Endpoint): k8s.networking.v1.NetworkPolicyEgressRule {
  return { to: peers(endpoint), ports: tcp(endpoint.port) };
}

/**
 * Names are resolved by the cluster's DNS pods, or by the node-local cache at its well-known address; answers over 512
 * bytes come over TCP.
 */
export const dnsEgress: k8s.networking.v1.NetworkPolicyEgressRule = {
  to: [
    podPeer({ namespace: "kube-system", labels: { "k8s-app": "kube-dns" } }),
    { ipBlock: { cidr: "169.254.20.10/32" } },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};
