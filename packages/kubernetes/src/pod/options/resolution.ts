import { isIP } from "node:net";
import type { Problem } from "@gatehouse/core";
import type * as k8s from "@pulumi/kubernetes/types/input.js";

/** Base of a pod's resolver configuration. */
export const PodDnsPolicy = {
  /** The cluster's DNS. */
  ClusterFirst: "ClusterFirst",
  /** The node's own configuration, in which Services have no names. */
  Default: "Default",
  /** Only what the options say. */
  None: "None",
} as const;
export type PodDnsPolicy = (typeof PodDnsPolicy)[keyof typeof PodDnsPolicy];

/** Settings of a pod's resolver. */
export interface PodDnsArgs {
  /**
   * Base that the other settings are added to.
   * @default ClusterFirst
   */
  policy?: PodDnsPolicy;
  /**
   * Addresses of further resolvers, up to three. Network policies admit the namespace's resolvers only, so name these in
   * `RestrictedNamespace.dns` too.
   * @default none
   */
  nameservers?: string[];
  /**
   * Further search domains.
   * @default none
   */
  searches?: string[];
  /**
   * Options of the resolver by name; an option without a value has the value "".
   * @default none
   */
  options?: Record<string, string>;
}

/** Names of one address in `/etc/hosts`. */
export interface HostAliasArgs {
  /** IP address. */
  ip: string;
  /** Names of the address. */
  hostnames: string[];
}

/** Checks resolver settings that the API server would refuse. */
export function checkPodDns(subject: string, { policy, nameservers = [] }: PodDnsArgs): Problem[] {
  return [
    ...nameservers.flatMap((address) => checkAddress(`${subject}.nameservers`, address)),
    ...(nameservers.length <= 3
      ? []
      : [
          {
            subject: `${subject}.nameservers`,
            message: "a resolver reads three nameservers",
            value: String(nameservers.length),
            expected: "at most 3",
          },
        ]),
    ...(policy === PodDnsPolicy.None && nameservers.length === 0
      ? [
          {
            subject: `${subject}.nameservers`,
            message: "with the policy None the pods have no resolver",
            value: "none",
            expected: "one address or more",
          },
        ]
      : []),
  ];
}

/** Checks the addresses of host aliases. */
export function checkHostAliases(subject: string, aliases: HostAliasArgs[] = []): Problem[] {
  return aliases.flatMap(({ ip }) => checkAddress(subject, ip));
}

function checkAddress(subject: string, address: string): Problem[] {
  if (isIP(address) !== 0) return [];
  return [{ subject, message: "not an IP address", value: address, expected: "an IPv4 or IPv6 address" }];
}

/** Resolver settings as the API server takes them. */
export function podDns({ policy, nameservers, searches, options }: PodDnsArgs): Partial<k8s.core.v1.PodSpec> {
  const given = nameservers ?? searches ?? options;
  return {
    dnsPolicy: policy,
    dnsConfig: given && {
      nameservers,
      searches,
      options: options && Object.entries(options).map(([name, value]) => (value === "" ? { name } : { name, value })),
    },
  };
}
