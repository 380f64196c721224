import {
  type AddressRangeArgs,
  checkAddressRange,
  checkCidr,
  checkedInput,
  checkedPort,
  checkLinks,
  checkPortRange,
  type Endpoint,
  type PodSelectorArgs,
  type PortRange,
  type Problem,
  Protocol,
  throwIfAny,
} from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { type Input, output } from "@pulumi/pulumi";
import type { AdmissionArgs } from "./admission.ts";

type Peer = k8s.networking.v1.NetworkPolicyPeer;

/** Selects namespaces by the label that the API server maintains: any other label may be missing or forged. */
export function podPeer({ namespace, labels }: PodSelectorArgs): Peer {
  return {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
    podSelector: labels ? { matchLabels: labels } : undefined,
  };
}

/** A range of addresses, each checked as it resolves. */
export function addressPeer(subject: string, { cidr, except }: AddressRangeArgs): Peer {
  const checked = (range: Input<string>): Input<string> => checkedInput(range, (range) => checkCidr(subject, range));
  return { ipBlock: { cidr: checked(cidr), except: except?.map(checked) } };
}

interface Peers {
  name: string;
  pods?: PodSelectorArgs;
  addresses?: AddressRangeArgs[];
}

function peers(subject: string, { name, pods, addresses = [] }: Peers): Peer[] {
  return [
    ...(pods ? [podPeer(pods)] : []),
    ...addresses.map((range) => addressPeer(`${subject}.${name}.addresses`, range)),
  ];
}

/** Refuses an admission without peers, whose rule would admit everyone. */
function checkPeers(subject: string, { pods, addresses = [] }: Omit<Peers, "name">): Problem[] {
  if (pods !== undefined || addresses.length > 0) return [];
  return [
    {
      subject,
      message: "the rule has no peers, and in Kubernetes a rule without peers admits everyone",
      expected: "pods, addresses or both",
    },
  ];
}

/** The port or the range of ports of a rule. */
export function policyPorts(subject: string, range: PortRange): Input<k8s.networking.v1.NetworkPolicyPort>[] {
  const { protocol = Protocol.Tcp, endPort } = range;
  return [{ protocol, port: checkedPort(subject, range), ...(endPort !== undefined && { endPort }) }];
}

/** Checks clients that are admitted without a link. */
export function checkAdmissions(subject: string, admits: AdmissionArgs[]): Problem[] {
  return admits.flatMap(({ name, pods, addresses = [], ...range }) => [
    // An Output is checked by ingressRule, as it resolves.
    ...(Array.isArray(addresses) ? checkPeers(`${subject}.${name}`, { pods, addresses }) : []),
    ...checkPortRange(`${subject}.${name}`, range),
    ...(Array.isArray(addresses)
      ? addresses.flatMap((one) => checkAddressRange(`${subject}.${name}.addresses`, one))
      : []),
  ]);
}

/** Checks links from pods: their names, ports and addresses, and that a network policy can allow them. */
export function checkPodLinks(subject: string, links: Endpoint[]): Problem[] {
  return [
    ...links
      .filter(({ pods, addresses = [] }) => pods === undefined && addresses.length === 0)
      .map((link) => unreachable(`${subject}.${link.name}`, link)),
    ...checkLinks(subject, links),
  ];
}

/** Why pods cannot reach an endpoint that has neither pods nor addresses. */
function unreachable(subject: string, { cloudSql, securityGroup }: Endpoint): Problem {
  if (cloudSql)
    return {
      subject,
      message: "the endpoint is a Cloud SQL socket, which only Cloud Run can mount",
      expected: "the private address of the instance",
      fix: 'give the endpoint its address: { ...endpoint, addresses: [{ cidr: "10.20.0.5/32" }] }',
    };
  if (securityGroup)
    return {
      subject,
      message: "the endpoint has only a security group, which a network policy cannot select",
      expected: "addresses: the ranges of the server's subnets",
      fix: 'give the endpoint its addresses: { ...endpoint, addresses: [{ cidr: "10.20.0.0/24" }] }',
    };
  return {
    subject,
    message: "the link has no peers, and in Kubernetes a rule without peers allows every destination",
    expected: "pods, addresses or both",
    fix: "for a server anywhere on the internet, use internet(name, port)",
  };
}

/** The rule that admits clients. Addresses that are an Output are checked as they resolve. */
export function ingressRule(
  subject: string,
  { addresses = [], ...admission }: AdmissionArgs,
): k8s.networking.v1.NetworkPolicyIngressRule {
  const { name, pods } = admission;
  const ports = policyPorts(`${subject}.${name}`, admission);
  if (Array.isArray(addresses)) return { from: peers(subject, { name, pods, addresses }), ports };
  const from = output(addresses).apply((resolved) => {
    throwIfAny(checkPeers(`${subject}.${name}`, { pods, addresses: resolved }));
    return peers(subject, { name, pods, addresses: resolved });
  });
  return { from, ports };
}

/** The rule that lets pods reach a server. */
export function egressRule(subject: string, endpoint: Endpoint): k8s.networking.v1.NetworkPolicyEgressRule {
  return { to: peers(subject, endpoint), ports: policyPorts(`${subject}.${endpoint.name}`, endpoint) };
}
