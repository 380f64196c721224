import { ignored, type Problem } from "@gatehouse/core";
import type * as gcp from "@pulumi/gcp/types/input.js";
import type * as pulumi from "@pulumi/pulumi";

/** Traffic that a container on Cloud Run sends through the network. */
export const VpcEgress = {
  /** Traffic to private addresses. */
  PrivateRangesOnly: "PRIVATE_RANGES_ONLY",
  /** All traffic. For the internet, the network then needs Cloud NAT. */
  AllTraffic: "ALL_TRAFFIC",
} as const;
export type VpcEgress = (typeof VpcEgress)[keyof typeof VpcEgress];

/** Access of a container on Cloud Run to a VPC network: through a connector, or by an address in a subnet. */
export interface VpcAccessArgs {
  /**
   * Id of a Serverless VPC Access connector; excludes `subnetwork`.
   * @default none
   */
  connector?: pulumi.Input<string>;
  /**
   * Network of the subnet.
   * @default that of the subnet
   */
  network?: pulumi.Input<string>;
  /**
   * Subnet in which each instance gets an address (direct VPC egress), of at least 64 addresses; excludes `connector`.
   * @default none
   */
  subnetwork?: pulumi.Input<string>;
  /**
   * Network tags of the instances in the subnet, by which firewall rules find them.
   * @default none
   */
  tags?: string[];
  /**
   * Traffic that goes through the network.
   * @default VpcEgress.PrivateRangesOnly
   */
  egress?: VpcEgress;
}

/** Checks that there is either a connector or a subnetwork. */
export function checkVpcAccess(subject: string, access: VpcAccessArgs | undefined): Problem[] {
  if (!access) return [];
  if ((access.connector === undefined) !== (access.subnetwork === undefined))
    return ignored(subject, "a connector has a network and tags of its own", access.connector === undefined, {
      network: access.network,
      tags: access.tags,
    });
  const both = access.connector !== undefined;
  return [
    {
      subject,
      message: both ? "both connector and subnetwork are set" : "neither connector nor subnetwork is set",
      expected: "either a connector or a subnetwork",
      fix: both ? "remove one of them" : "give the vpcAccess of a PrivateNetwork",
    },
  ];
}

/** The access as Cloud Run's API takes it. */
export function renderVpcAccess(
  access: VpcAccessArgs | undefined,
): gcp.cloudrunv2.ServiceTemplateVpcAccess | undefined {
  if (!access) return undefined;
  const { connector, network, subnetwork, tags, egress = VpcEgress.PrivateRangesOnly } = access;
  if (connector !== undefined) return { connector, egress };
  return { egress, networkInterfaces: [{ network, subnetwork, tags }] };
}
