import { type Input, Output } from "@pulumi/pulumi";
import { type AddressRangeArgs, checkAddressRange } from "../values/addressRange.ts";
import { checkPortNumber, repeated } from "../values/count.ts";
import type { EnvironmentArgs } from "./environment.ts";
import { checkedInput } from "../errors/checkedInput.ts";
import type { Problem } from "../errors/problem.ts";

/** Transport protocols of a port. */
export const Protocol = { Tcp: "TCP", Udp: "UDP" } as const;
export type Protocol = (typeof Protocol)[keyof typeof Protocol];

/** Pods of one namespace, selected by their labels. */
export interface PodSelectorArgs {
  /** Namespace of the pods. */
  namespace: Input<string>;
  /**
   * Labels that the pods carry.
   *
   * @default every pod of the namespace
   */
  labels?: Record<string, string>;
}

/** A security group of an AWS VPC. */
export interface SecurityGroupRefArgs {
  /** Id of the group: `sg-0123456789abcdef0`. */
  id: Input<string>;
}

/** The Unix socket by which Cloud Run reaches a Cloud SQL instance. */
export interface CloudSqlSocketArgs {
  /** Connection name of the instance: `project:region:instance`. */
  connectionName: Input<string>;
  /**
   * Variables of a client that uses the socket, such as a host of `/cloudsql/...`. They override those of the
   * endpoint's own `environment`, which a client by address gets.
   *
   * @default the endpoint's own
   */
  environment?: EnvironmentArgs;
}

/**
 * A server that other programs connect to. Give it to a client's `connectsTo`: the link opens the network between the
 * two and gives the client the variables that carry the address.
 *
 * An endpoint says what is true of the server, on every platform. Each platform uses the parts it understands; an
 * endpoint without any such part is an error.
 */
export interface Endpoint {
  /** Name of the server, which names the policies and rules of the link: `redis`. */
  name: string;
  /** Port that the server's process listens on. In Kubernetes that is the pod's port, not the Service's. */
  port: Input<number>;
  /**
   * Last port of a range that begins with `port`.
   *
   * @default none: one port
   */
  endPort?: number;
  /**
   * Transport protocol.
   *
   * @default TCP
   */
  protocol?: Protocol;
  /**
   * Variables that tell the client the address and the credentials.
   *
   * @default none
   */
  environment?: EnvironmentArgs;
  /**
   * Pods that serve it.
   *
   * @default none: the server is outside the cluster
   */
  pods?: PodSelectorArgs;
  /**
   * Addresses that serve it.
   *
   * @default none
   */
  addresses?: AddressRangeArgs[];
  /**
   * Security group of the server, which a rule for the client is added to.
   *
   * @default none
   */
  securityGroup?: SecurityGroupRefArgs;
  /**
   * Socket of a Cloud SQL instance, for clients on Cloud Run.
   *
   * @default none
   */
  cloudSql?: CloudSqlSocketArgs;
  /**
   * Set this when another team owns the server and manages its network policies and rules. The link then opens the
   * client's side only.
   *
   * @default false
   */
  managedElsewhere?: boolean;
}

/** Ports of one protocol: of an endpoint, or of clients that are admitted. */
export interface PortRange {
  port: Input<number>;
  endPort?: number;
  protocol?: Protocol;
}

/** How messages call a port or a range of ports. */
function portText(port: number, endPort: number | undefined): string {
  return endPort === undefined ? String(port) : `${port} to ${endPort}`;
}

function checkPlainRange(subject: string, port: number, endPort: number | undefined): Problem[] {
  const numbers = [
    ...checkPortNumber(`${subject}.port`, port),
    ...(endPort === undefined ? [] : checkPortNumber(`${subject}.endPort`, endPort)),
  ];
  if (numbers.length > 0 || endPort === undefined || endPort >= port) return numbers;
  return [
    {
      subject: `${subject}.endPort`,
      message: "endPort is less than port",
      value: portText(port, endPort),
      expected: `${port} or more`,
    },
  ];
}

/** Checks the numbers of a port or a range of ports. An Output is checked by {@link checkedPort}. */
export function checkPortRange(subject: string, { port, endPort, protocol }: PortRange): Problem[] {
  const known: string[] = Object.values(Protocol);
  return [
    ...(typeof port === "number"
      ? checkPlainRange(subject, port, endPort)
      : checkPortNumber(`${subject}.endPort`, endPort)),
    ...(protocol === undefined || known.includes(protocol)
      ? []
      : [
          {
            subject: `${subject}.protocol`,
            message: "not a protocol that a link can have",
            value: protocol,
            expected: known.join(" or "),
          },
        ]),
  ];
}

/** The port, checked as it resolves. Use the result in place of the port that was given. */
export function checkedPort(subject: string, { port, endPort }: PortRange): Input<number> {
  if (!Output.isInstance(port) && !(port instanceof Promise)) return port;
  return checkedInput(port, (resolved) => checkPlainRange(subject, resolved, endPort));
}

/**
 * Checks links on what is the same on every platform: their names, ports and addresses.
 *
 * @param subject Where the links are given: `shop.connectsTo`.
 */
export function checkLinks(subject: string, links: Endpoint[]): Problem[] {
  return [
    ...links.flatMap(({ name, addresses = [], ...link }) => [
      ...checkPortRange(`${subject}.${name}`, link),
      ...addresses.flatMap((range) => checkAddressRange(`${subject}.${name}.addresses`, range)),
    ]),
    ...repeated(links.map(({ name }) => name)).map((name) => ({
      subject,
      message: "two links have the same name",
      value: name,
      expected: "a different name for each server and port",
      fix: `remove one, or rename one: { ...endpoint, name: "${name}-2" }`,
    })),
  ];
}

/**
 * A server outside the platform, at known addresses.
 *
 * @param name Name of the server: `warehouse`.
 * @param cidrs Ranges of its addresses: `["10.20.0.0/16"]`.
 * @param environment Variables that tell the client the address.
 */
export function external(
  name: string,
  port: Input<number>,
  cidrs: Input<string>[],
  environment?: EnvironmentArgs,
): Endpoint {
  return { name, port, addresses: cidrs.map((cidr) => ({ cidr })), environment };
}

/** IPv4 ranges that are not the internet: private, shared, loopback, and link-local with the clouds' metadata services. */
const privateIpv4 = ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/** IPv6 ranges that are not the internet: loopback, unique local with AWS' metadata service, link-local, multicast. */
const privateIpv6 = ["::1/128", "fc00::/7", "fe80::/10", "ff00::/8"];

/** Options of {@link internet}. */
export interface InternetOptions {
  /**
   * Whether IPv6 addresses are opened as well. Set it in a dual-stack cluster, where programs try IPv6 first.
   *
   * @default false: some network plugins fail on IPv6 ranges in a cluster that has only IPv4
   */
  ipv6?: boolean;
}

/**
 * A server anywhere on the internet, such as an OAuth provider whose addresses are not known. Private, shared,
 * link-local and loopback ranges are left out.
 */
export function internet(name: string, port: number, { ipv6 = false }: InternetOptions = {}): Endpoint {
  const ranges = [
    { cidr: "0.0.0.0/0", except: [...privateIpv4] },
    ...(ipv6 ? [{ cidr: "::/0", except: [...privateIpv6] }] : []),
  ];
  return { name, port, addresses: ranges };
}
