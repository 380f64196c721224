import {
  checkCount,
  checkedArgs,
  childOptions,
  describe,
  ignored,
  knownAfter,
  ownName,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import { Firewall } from "@pulumi/gcp/compute/firewall.js";
import { GlobalAddress } from "@pulumi/gcp/compute/globalAddress.js";
import { Network } from "@pulumi/gcp/compute/network.js";
import { Subnetwork } from "@pulumi/gcp/compute/subnetwork.js";
import * as servicenetworking from "@pulumi/gcp/servicenetworking/index.js";
import * as vpcaccess from "@pulumi/gcp/vpcaccess/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { checkPrivateRange } from "./privateRange.ts";
import { type VpcAccessArgs, VpcEgress } from "../run/vpcAccess.ts";

/** How containers on Cloud Run access a network. */
export const VpcAccessKind = {
  /** Through a Serverless VPC Access connector. */
  Connector: "connector",
  /** By an address in a subnet for each instance (direct VPC egress). */
  Direct: "direct",
} as const;
export type VpcAccessKind = (typeof VpcAccessKind)[keyof typeof VpcAccessKind];

export interface PrivateNetworkArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /** Region of the connector or subnet: `us-central1`. */
  region: pulumi.Input<string>;
  /**
   * Name of the network.
   * @default the component's name
   */
  networkName?: string;
  /**
   * Id of an existing network: `projects/shop/global/networks/default`.
   * @default a new network
   */
  existingNetwork?: pulumi.Input<string>;
  /**
   * Range of the existing network's private services connection. A network has one connection, and a second owner would
   * remove the first one's ranges.
   * @default a new range and connection
   */
  existingServicesCidr?: string;
  /**
   * Prefix length of the range that Google's services (Cloud SQL, Memorystore) get their addresses from.
   * @default 20
   */
  servicesPrefixLength?: number;
  /**
   * How containers access the network.
   * @default VpcAccessKind.Connector
   */
  access?: VpcAccessKind;
  /**
   * Name of the connector.
   * @default the component's name with `-connector`
   */
  connectorName?: string;
  /**
   * Range of the connector's machines, a /28.
   * @default "10.8.0.0/28"
   */
  connectorCidr?: string;
  /**
   * Range of the subnet for direct egress, a /26 or larger. The default is large enough for 4 addresses an instance in a
   * rollout, as Google recommends, for 30 instances.
   * @default "10.8.1.0/24"
   */
  subnetCidr?: string;
  /**
   * TCP ports at which containers reach Google's services: 3307 is that of Cloud SQL's connectors, 5432 PostgreSQL's
   * own, 6378 Memorystore's with TLS. All other egress from the containers into the network is denied.
   * @default [3307, 5432, 6378]
   */
  servicePorts?: number[];
}

/** The range in which Google's services have their addresses. */
interface ServicesRange {
  cidr: pulumi.Input<string>;
  /** The connection, unless it exists already. */
  connection?: servicenetworking.Connection;
}

/** Ranges of Google's side of a connector. https://cloud.google.com/vpc/docs/configure-serverless-vpc-access */
const serverlessRanges = ["35.199.224.0/19", "107.178.230.64/26"];

/**
 * A network in which Cloud Run reaches Cloud SQL and Memorystore at private addresses: the range and the connection of
 * Google's services, the VPC access of Cloud Run, and firewall rules that let containers reach only those services.
 *
 * @example
 * ```ts
 * const { network, vpcAccess } = new PrivateNetwork("shop", { project: "shop-prod", region: "us-central1" });
 * ```
 */
export class PrivateNetwork extends pulumi.ComponentResource {
  /** Id of the network. It is known once the connection of Google's services exists. */
  public readonly network: pulumi.Output<string>;
  /** Access to the network, for Cloud Run. */
  public readonly vpcAccess: VpcAccessArgs;

  /** @throws InputError for arguments that Google refuses or that have no effect. */
  constructor(name: string, args: PrivateNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "PrivateNetworkArgs", `${name} (PrivateNetwork)`, args);
    super("gatehouse:gcp:PrivateNetwork", name, {}, opts);
    throwIfAny(checkNetwork(describe(name, this), args));

    const network = this.createNetwork(name, args, opts);
    const services: ServicesRange =
      args.existingServicesCidr === undefined
        ? this.connectServices(name, network, this.reserveServices(name, args, network, opts), opts)
        : { cidr: args.existingServicesCidr };
    this.vpcAccess =
      (args.access ?? VpcAccessKind.Connector) === VpcAccessKind.Connector
        ? this.createConnector(name, args, network, opts)
        : this.createSubnet(name, args, network, opts);
    this.restrictEgress(name, args, network, services.cidr, opts);

    // Resources that use this output wait for the connection.
    this.network = knownAfter(network, [services.connection?.peering]);
    this.registerOutputs({ network: this.network, vpcAccess: this.vpcAccess });
  }

  private createNetwork(
    name: string,
    args: PrivateNetworkArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Output<string> {
    if (args.existingNetwork !== undefined) return pulumi.output(args.existingNetwork);
    const network = new Network(
      name,
      {
        project: args.project,
        name: ownName("gcp:ComputeResource", `${describe(name, this)}.networkName`, args.networkName, name),
        autoCreateSubnetworks: false,
        routingMode: "REGIONAL",
      },
      childOptions(this, opts),
    );
    return network.id;
  }

  private reserveServices(
    name: string,
    { project, servicesPrefixLength = 20, networkName }: PrivateNetworkArgs,
    network: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): GlobalAddress {
    return new GlobalAddress(
      `${name}-services`,
      {
        project,
        name: ownName("gcp:ComputeResource", describe(name, this), undefined, `${networkName ?? name}-services`),
        description: "Addresses of Cloud SQL and Memorystore",
        purpose: "VPC_PEERING",
        addressType: "INTERNAL",
        prefixLength: servicesPrefixLength,
        network,
      },
      childOptions(this, opts),
    );
  }

  private connectServices(
    name: string,
    network: pulumi.Output<string>,
    range: GlobalAddress,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): ServicesRange {
    const connection = new servicenetworking.Connection(
      `${name}-services`,
      {
        network,
        service: "servicenetworking.googleapis.com",
        reservedPeeringRanges: [range.name],
        // The API refuses to delete a connection for days after the last instance in it is gone.
        deletionPolicy: "ABANDON",
      },
      childOptions(this, opts),
    );
    return { cidr: pulumi.interpolate`${range.address}/${range.prefixLength}`, connection };
  }

  private createConnector(
    name: string,
    args: PrivateNetworkArgs,
    network: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): VpcAccessArgs {
    const { project, region, connectorCidr = "10.8.0.0/28" } = args;
    const connector = new vpcaccess.Connector(
      `${name}-connector`,
      {
        project,
        region,
        name: this.connectorName(name, args),
        // Of the network, this API takes only the name.
        network: network.apply((id) => id.slice(id.lastIndexOf("/") + 1)),
        ipCidrRange: connectorCidr,
        minInstances: 2,
        maxInstances: 3,
      },
      childOptions(this, opts),
    );
    return { connector: connector.id, egress: VpcEgress.PrivateRangesOnly };
  }

  private connectorName(name: string, { connectorName }: PrivateNetworkArgs): string {
    return ownName("gcp:VpcConnector", `${describe(name, this)}.connectorName`, connectorName, `${name}-connector`);
  }

  /** The tag that the machines of this connector have and no others. Source: as above. */
  private connectorTag(name: string, args: PrivateNetworkArgs): pulumi.Output<string> {
    return pulumi.interpolate`vpc-connector-${args.region}-${this.connectorName(name, args)}`;
  }

  private createSubnet(
    name: string,
    { project, region, networkName, subnetCidr = "10.8.1.0/24" }: PrivateNetworkArgs,
    network: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): VpcAccessArgs {
    const subnetName = ownName("gcp:ComputeResource", describe(name, this), undefined, `${networkName ?? name}-run`);
    const subnet = new Subnetwork(
      `${name}-run`,
      {
        project,
        region,
        name: subnetName,
        network,
        ipCidrRange: subnetCidr,
        privateIpGoogleAccess: true,
        logConfig: { aggregationInterval: "INTERVAL_10_MIN", flowSampling: 0.5, metadata: "INCLUDE_ALL_METADATA" },
      },
      childOptions(this, opts),
    );
    return { network, subnetwork: subnet.id, tags: [subnetName], egress: VpcEgress.PrivateRangesOnly };
  }

  private restrictEgress(
    name: string,
    args: PrivateNetworkArgs,
    network: pulumi.Output<string>,
    services: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const { project, networkName, servicePorts = [3307, 5432, 6378] } = args;
    const targetTags = this.vpcAccess.tags ?? [this.connectorTag(name, args)];
    const rule = (part: string, content: Omit<ConstructorParameters<typeof Firewall>[1], "network">): Firewall =>
      new Firewall(
        `${name}-${part}`,
        {
          project,
          name: ownName("gcp:ComputeResource", describe(name, this), undefined, `${networkName ?? name}-${part}`),
          network,
          direction: "EGRESS",
          targetTags,
          ...content,
        },
        childOptions(this, opts),
      );

    rule("egress-services", {
      description: "Containers reach Cloud SQL and Memorystore",
      priority: 1000,
      destinationRanges: [services],
      allows: [{ protocol: "tcp", ports: servicePorts.map(String) }],
    });
    if (this.vpcAccess.connector !== undefined)
      rule("egress-serverless", {
        description: "The connector reaches Google's side of itself",
        priority: 1000,
        destinationRanges: serverlessRanges,
        allows: [{ protocol: "tcp", ports: ["667"] }, { protocol: "udp", ports: ["665-666"] }, { protocol: "icmp" }],
      });
    rule("egress-deny", {
      description: "Containers reach nothing else in the network",
      priority: 65_000,
      destinationRanges: ["0.0.0.0/0"],
      denies: [{ protocol: "all" }],
      logConfig: { metadata: "INCLUDE_ALL_METADATA" },
    });
  }
}

function checkNetwork(subject: string, args: PrivateNetworkArgs): Problem[] {
  const { existingNetwork, existingServicesCidr, access = VpcAccessKind.Connector, connectorCidr, subnetCidr } = args;
  const direct = access === VpcAccessKind.Direct;
  const ports = args.servicePorts ?? [];
  return [
    ...(typeof existingNetwork === "string" && !/^projects\/[^/]+\/global\/networks\/[^/]+$/.test(existingNetwork)
      ? [
          {
            subject: `${subject}.existingNetwork`,
            message: "not the id of a network",
            value: existingNetwork,
            expected: "projects/<project>/global/networks/<network>",
          },
        ]
      : []),
    ...(existingServicesCidr !== undefined && existingNetwork === undefined
      ? [
          {
            subject: `${subject}.existingServicesCidr`,
            message: "existingServicesCidr is set without existingNetwork",
            value: existingServicesCidr,
            expected: "existingNetwork, which has the connection",
          },
        ]
      : []),
    ...(existingServicesCidr !== undefined
      ? checkPrivateRange(`${subject}.existingServicesCidr`, existingServicesCidr, { longest: 24, shortest: 8 })
      : []),
    ...ignored(subject, `access is ${VpcAccessKind.Direct}`, !direct, {
      connectorCidr,
      connectorName: args.connectorName,
    }),
    ...ignored(subject, `access is ${VpcAccessKind.Connector}`, direct, { subnetCidr }),
    ...ignored(subject, "existingServicesCidr is set", existingServicesCidr === undefined, {
      servicesPrefixLength: args.servicesPrefixLength,
    }),
    // 24 is the longest that Cloud SQL accepts: https://cloud.google.com/sql/docs/postgres/configure-private-services-access
    ...checkCount(`${subject}.servicesPrefixLength`, "not the length of a prefix", args.servicesPrefixLength, {
      least: 8,
      most: 24,
    }),
    ...(!direct && connectorCidr !== undefined
      ? checkPrivateRange(`${subject}.connectorCidr`, connectorCidr, { longest: 28, shortest: 28 })
      : []),
    ...(direct && subnetCidr !== undefined
      ? checkPrivateRange(`${subject}.subnetCidr`, subnetCidr, { longest: 26, shortest: 8 })
      : []),
    ...ports.flatMap((port) =>
      checkCount(`${subject}.servicePorts`, "not a port number", port, { least: 1, most: 65_535 }),
    ),
  ];
}
