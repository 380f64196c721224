import type { AddressRangeArgs, PodSelectorArgs, Protocol } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";

/** Clients that may connect to a workload's ports without declaring a link to it. */
export interface AdmissionArgs {
  /** Name of the clients, for messages: `edge`, `monitoring`. */
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
  addresses?: Input<AddressRangeArgs[]>;
  /** Number of the container's port, not of the Service's. */
  port: number;
  /**
   * Last port of a range that begins with `port`.
   * @default none: one port
   */
  endPort?: number;
  /**
   * Transport protocol.
   * @default TCP
   */
  protocol?: Protocol;
}
