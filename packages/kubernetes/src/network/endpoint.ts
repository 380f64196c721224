import type { Input } from "@pulumi/pulumi";
import type { EnvironmentArgs } from "../pod/environment.ts";

/** Pods of one namespace, by their labels. */
export interface PodSelectorArgs {
  /** Namespace of the pods. */
  namespace: Input<string>;
  /**
   * Labels that the pods carry.
   * @default every pod of the namespace
   */
  labels?: Record<string, string>;
}

/** A range of addresses outside the cluster. */
export interface AddressRangeArgs {
  /** The range, for example `10.20.0.0/16`. */
  cidr: Input<string>;
  /**
   * Ranges within it that are left out.
   * @default none
   */
  except?: Input<string>[];
}

/**
 * Somewhere a program connects to: pods of the cluster, or addresses outside it. Given in `connectsTo`, it makes the
 * client's egress rule, the server's ingress rule and the variables that carry the address.
 */
export interface Endpoint {
  /** Name of the server, from which the policies are named: `redis`. */
  name: string;
  /** TCP port that the server's process listens on (of the pod, not of a Service before it). */
  port: number;
  /**
   * The pods that serve it.
   * @default none: it is outside the cluster
   */
  pods?: PodSelectorArgs;
  /**
   * The addresses that serve it.
   * @default none: it is inside the cluster
   */
  addresses?: AddressRangeArgs[];
  /**
   * Variables that tell the client the address.
   * @default none
   */
  environment?: EnvironmentArgs;
  /**
   * Whether the pods are somebody else's, who admits the client by policies of his own. A policy of ours would deny the
   * pods that it selects everything that it does not name.
   * @default false
   */
  unmanaged?: boolean;
}

/** Who may connect to a workload's ports beside those that declare a link to it. */
export interface AdmissionArgs {
  /** Why they connect, for example "edge" or "monitoring". */
  name: string;
  /**
   * Pods that may connect.
   * @default none
   */
  pods?: PodSelectorArgs;
  /**
   * Addresses that may connect, such as a load balancer's subnets.
   * @default none
   */
  addresses?: AddressRangeArgs[];
  /** Number of the container's port. */
  port: number;
}

/** Ranges that are never "the internet": private, shared, link-local with the clouds' metadata services, loopback. */
const notTheInternet = [
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
];

/**
 * A service anywhere on the internet, such as an OAuth provider whose addresses are not known. Private and link-local
 * ranges are left out.
 */
export function internet(name: string, port: number): Endpoint {
  return { name, port, addresses: [{ cidr: "0.0.0.0/0", except: notTheInternet }] };
}
