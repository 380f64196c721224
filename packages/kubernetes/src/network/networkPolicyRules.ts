import { checkedInput, type Problem } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { checkAddressRange, checkCidr } from "./addressRange.ts";
import { checkPortNumber, repeated } from "../meta/count.ts";
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
  const checked = (range: Input<string>): Input<string> =>
    checkedInput(range, (range) => checkCidr("the addresses of a network policy", range));
  return { ipBlock: { cidr: checked(cidr), except: except?.map(checked) } };
}

function peers({ pods, addresses = [] }: { pods?: PodSelectorArgs; addresses?: AddressRangeArgs[] }): Peer[] {
  return [...(pods ? [podPeer(pods)] : []), ...addresses.map(addressPeer)];
}

function tcp(port: number): Input<k8s.networking.v1.NetworkPolicyPort>[] {
  return [{ protocol: "TCP", port }];
}

/** A link or an admission that names nobody, or a port or range that cannot be meant. */
export function checkPeers(subject: string, all: (Endpoint | AdmissionArgs)[]): Problem[] {
  return all.flatMap(({ name, port, pods, addresses = [] }) => [
    ...(pods !== undefined || addresses.length > 0
      ? []
      : [
          {
            subject: `${subject}.${name}`,
            message: "the rule names nobody, and an empty rule would admit everybody",
            expected: "pods, addresses or both",
          },
        ]),
    ...checkPortNumber(`${subject}.${name}.port`, port),
    ...addresses.flatMap((range) => checkAddressRange(`${subject}.${name}.addresses`, range)),
  ]);
}

/** Policies are named after the servers, so that two links of one name would be one. */
export function checkLinkNames(subject: string, links: Endpoint[]): Problem[] {
  return repeated(links.map(({ name }) => name)).map((name) => ({
    subject,
    message: "two links have the same name",
    value: name,
    expected: "each server once, by a name of its own",
    fix: `remove one; if they are two servers or ports, give one another name: { ...endpoint, name: "${name}-2" }`,
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
