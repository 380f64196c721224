import {
  type AddressRangeArgs,
  checkAddressRange,
  checkPortNumber,
  type PodSelectorArgs,
  type Problem,
  Protocol,
  repeated,
} from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";
import { addressPeer, podPeer } from "./networkPolicyRules.ts";

type EgressRule = k8s.networking.v1.NetworkPolicyEgressRule;

/** The resolvers of clusters in wide use. */
export const DnsPreset = {
  /** CoreDNS or kube-dns as pods in `kube-system`, which most clusters have. */
  KubeDns: "kubeDns",
  /** NodeLocal DNSCache at its default address, 169.254.20.10. */
  NodeLocalDns: "nodeLocalDns",
  /**
   * Cloud DNS for GKE, at 169.254.169.254. That is the metadata server's address too; only the DNS port is opened. Autopilot
   * uses it.
   */
  GkeCloudDns: "gkeCloudDns",
  /**
   * EKS Auto Mode, where CoreDNS runs on the node and answers at the address of the DNS Service: 172.20.0.10 or
   * 10.100.0.10. For another service range, set `addresses`.
   */
  EksAutoMode: "eksAutoMode",
  /** OpenShift's DNS pods in `openshift-dns`, which listen on 5353. */
  OpenShift: "openShift",
} as const;
export type DnsPreset = (typeof DnsPreset)[keyof typeof DnsPreset];

/** The resolvers that pods ask for names. */
export interface DnsArgs {
  /**
   * Resolvers of well-known clusters.
   * @default kubeDns and nodeLocalDns
   */
  presets?: DnsPreset[];
  /**
   * Pods of a further resolver.
   * @default none
   */
  pods?: PodSelectorArgs;
  /**
   * Addresses of a further resolver, such as the ClusterIP of the DNS Service. Some network plugins compare a policy
   * with the Service's address, not with that of the pod behind it.
   * @default none
   */
  addresses?: AddressRangeArgs[];
  /**
   * Port of `pods` and `addresses`.
   * @default 53
   */
  port?: number;
}

/** The resolvers of one preset. */
interface Resolver {
  pods?: PodSelectorArgs;
  addresses?: AddressRangeArgs[];
  port?: number;
}

const resolvers: Record<DnsPreset, Resolver> = {
  [DnsPreset.KubeDns]: { pods: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } } },
  [DnsPreset.NodeLocalDns]: { addresses: [{ cidr: "169.254.20.10/32" }] },
  [DnsPreset.GkeCloudDns]: { addresses: [{ cidr: "169.254.169.254/32" }] },
  [DnsPreset.EksAutoMode]: { addresses: [{ cidr: "172.20.0.10/32" }, { cidr: "10.100.0.10/32" }] },
  [DnsPreset.OpenShift]: {
    pods: { namespace: "openshift-dns", labels: { "dns.operator.openshift.io/daemonset-dns": "default" } },
    port: 5353,
  },
};

const defaultPresets: DnsPreset[] = [DnsPreset.KubeDns, DnsPreset.NodeLocalDns];

/** Checks that pods can ask a resolver at all, and that its addresses and port are ones. */
export function checkDns(
  subject: string,
  { presets = defaultPresets, pods, addresses = [], port }: DnsArgs,
): Problem[] {
  const own = pods !== undefined || addresses.length > 0;
  return [
    ...repeated(presets).map((preset) => ({
      subject: `${subject}.presets`,
      message: "the preset is listed twice",
      value: preset,
      expected: "each preset once",
    })),
    ...(presets.length > 0 || own
      ? []
      : [
          {
            subject,
            message: "there is no resolver, so no pod can resolve a name",
            expected: "presets, pods or addresses",
          },
        ]),
    ...(port !== undefined && !own
      ? [
          {
            subject: `${subject}.port`,
            message: "the port belongs to pods and addresses, and neither is set",
            value: String(port),
            expected: "pods or addresses of the resolver",
          },
        ]
      : checkPortNumber(`${subject}.port`, port)),
    ...addresses.flatMap((range) => checkAddressRange(`${subject}.addresses`, range)),
  ];
}

/** Egress to the resolvers, over UDP, and over TCP for answers that do not fit a datagram. One rule for each port. */
export function dnsEgress(subject: string, { presets = defaultPresets, ...own }: DnsArgs = {}): EgressRule[] {
  const all = [...presets.map((preset) => resolvers[preset]), own];
  const ports = [...new Set(all.map(({ port = 53 }) => port))];
  return ports.flatMap((number) => {
    const to = all
      .filter(({ port = 53 }) => port === number)
      .flatMap(({ pods, addresses = [] }) => [
        ...(pods ? [podPeer(pods)] : []),
        ...addresses.map((range) => addressPeer(`${subject}.addresses`, range)),
      ]);
    if (to.length === 0) return [];
    return [{ to, ports: [Protocol.Udp, Protocol.Tcp].map((protocol) => ({ protocol, port: number })) }];
  });
}
