import {
  type AddressRangeArgs,
  checkAddressRange,
  checkCidr,
  checkPortRange,
  type Endpoint,
  networkAddress,
  parseCidr,
  type PortRange,
  type Problem,
  Protocol,
  type SecurityGroupRefArgs,
} from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";

/** The other end of a rule: a security group, or a range of addresses. */
export type Peer =
  { kind: "group"; value: pulumi.Input<string> } | { kind: "ipv4" | "ipv6"; value: pulumi.Input<string> };

/** A rule of a security group, before it is a resource. */
export interface Rule {
  /** Names of the links or peers that ask for it. */
  reasons: string[];
  ports: PortRange;
  peer: Peer;
  /** Port and peer as the program gave them, by which equal rules are told. */
  given: { port: unknown; peer: unknown };
}

/** A quota of AWS, for each direction: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
export const mostRules = 60;

/** What a server or a client has that a security group can name. */
interface Named extends PortRange {
  name: string;
  addresses?: AddressRangeArgs[];
  securityGroup?: SecurityGroupRefArgs;
}

/**
 * The rules for servers or clients: one for a security group, else one for each range. Equal rules are folded into one,
 * because AWS refuses a second rule of the same ports and peer. Two Outputs are equal if they are the same one.
 *
 * @param given The servers or clients as the program gave them: an Output that is checked is another one.
 */
export function rulesFor(checked: Named[], given: Named[]): Rule[] {
  const kept: Rule[] = [];
  for (const rule of checked.flatMap((named, index) => unfolded(named, given[index] ?? named))) {
    const same = kept.find((one) => isSame(one, rule));
    if (same) same.reasons = [...new Set([...same.reasons, ...rule.reasons])];
    else kept.push(rule);
  }
  return kept;
}

function unfolded({ name, addresses = [], securityGroup, port, endPort, protocol }: Named, given: Named): Rule[] {
  const rule = { reasons: [name], ports: { port, endPort, protocol } };
  if (securityGroup) {
    const peer: Peer = { kind: "group", value: securityGroup.id };
    return [{ ...rule, peer, given: { port: given.port, peer: given.securityGroup?.id } }];
  }
  return addresses.map(({ cidr }, index) => ({
    ...rule,
    peer: { kind: familyOf(cidr), value: cidr },
    given: { port: given.port, peer: given.addresses?.[index]?.cidr },
  }));
}

/** An Output is taken as IPv4, and checked as it resolves. */
function familyOf(cidr: pulumi.Input<string>): "ipv4" | "ipv6" {
  return (typeof cidr === "string" && parseCidr(cidr)?.family) || "ipv4";
}

function isSame(one: Rule, other: Rule): boolean {
  const { protocol = Protocol.Tcp, port, endPort = port } = one.ports;
  const { protocol: otherProtocol = Protocol.Tcp, port: otherPort, endPort: otherEnd = otherPort } = other.ports;
  return (
    protocol === otherProtocol &&
    (endPort === otherEnd || one.ports.endPort === other.ports.endPort) &&
    one.given.port === other.given.port &&
    one.given.peer === other.given.peer
  );
}

/**
 * The part of a rule's logical name that says what it allows: `tcp-5432-10.20.0.0-16`. A rule keeps its name while it
 * allows the same, whatever its place in the program. Where the peer is an Output, the first reason stands for it.
 *
 * @param index Number of the range among those of the same reason.
 */
export function ruleName({ reasons, ports, peer }: Rule, index: number): string {
  const { protocol = Protocol.Tcp, port, endPort } = ports;
  const [reason = ""] = reasons;
  const range = typeof port === "number" ? [port, endPort].filter((end) => end !== undefined).join("-") : "port";
  const fallback = index === 0 ? reason : `${reason}-${index + 1}`;
  const who = typeof port === "number" && typeof peer.value === "string" ? peer.value.replaceAll("/", "-") : fallback;
  return `${protocol.toLowerCase()}-${range}-${who}`;
}

const noSubtraction = {
  message: "a security group cannot leave addresses out of a range",
  expected: "ranges without exceptions",
};

/** Checks that security groups can allow links to servers. */
export function checkServers(subject: string, links: Endpoint[]): Problem[] {
  return links.flatMap((link) => checkNamed(`${subject}.${link.name}`, link, unreachable(link)));
}

/** Checks that security groups can name clients. */
export function checkClients(subject: string, clients: Named[]): Problem[] {
  return clients.flatMap((client) => [
    ...checkPortRange(`${subject}.${client.name}`, client),
    ...(client.addresses ?? []).flatMap((range) => checkAddressRange(`${subject}.${client.name}.addresses`, range)),
    ...checkNamed(`${subject}.${client.name}`, client, {
      message: "the peer has no address",
      expected: "securityGroup or addresses",
      fix: 'name the security group of the clients: securityGroup: { id: "sg-0123456789abcdef0" }',
    }),
  ]);
}

function checkNamed(subject: string, named: Named, without: Omit<Problem, "subject">): Problem[] {
  const { name, addresses = [], securityGroup } = named;
  if (!securityGroup && addresses.length === 0) return [{ subject, ...without }];
  const except = securityGroup ? undefined : addresses.find((range) => (range.except ?? []).length > 0);
  return [
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html
    ...(/^[A-Za-z0-9. _:/()#,@[\]+=&;{}!$*-]{1,200}$/.test(name)
      ? []
      : [
          {
            subject,
            message: "the name cannot stand in the description of a rule",
            value: name,
            expected: "at most 200 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
          },
        ]),
    ...(except ? [{ subject: `${subject}.addresses`, ...noSubtraction, ...exceptionDetails(named, except) }] : []),
  ];
}

function exceptionDetails({ name, port }: Named, { cidr, except = [] }: AddressRangeArgs): Partial<Problem> {
  const text = (value: pulumi.Input<string>): string => (typeof value === "string" ? value : "an Output");
  return {
    value: `${text(cidr)} except ${except.map(text).join(", ")}`,
    fix: `allow the whole range: external("${name}", ${typeof port === "number" ? port : "port"}, ["${text(cidr)}"])`,
  };
}

/** Why a security group cannot allow a link. */
function unreachable({ pods, cloudSql }: Endpoint): Omit<Problem, "subject"> {
  if (pods)
    return {
      message: "the endpoint has only pods, which a security group cannot select",
      expected: "securityGroup or addresses of the pods' nodes",
      fix: 'name the group of the pods: { ...endpoint, securityGroup: { id: "sg-0123456789abcdef0" } }',
    };
  if (cloudSql)
    return {
      message: "the endpoint is a Cloud SQL socket, which only Cloud Run can mount",
      expected: "the address of the instance",
      fix: 'give the endpoint its address: { ...endpoint, addresses: [{ cidr: "10.20.0.5/32" }] }',
    };
  return {
    message: "the endpoint has no address",
    expected: "securityGroup or addresses",
    fix: 'for a server anywhere on the internet, use external(name, port, ["0.0.0.0/0"])',
  };
}

/** Checks a range that was an Output. */
export function checkResolvedRange(subject: string, cidr: string): Problem[] {
  const problems = checkCidr(subject, cidr);
  const range = parseCidr(cidr);
  if (problems.length > 0 || range?.family !== "ipv6") return problems;
  return [
    {
      subject,
      message: "an IPv6 range is given as an Output",
      value: cidr,
      expected: "an IPv4 range, or an IPv6 range as plain text",
      fix: `write the range out: "${networkAddress(range)}"`,
    },
  ];
}

/** Checks the number of a group's rules in one direction. */
export function checkRuleCount(subject: string, direction: string, rules: Rule[]): Problem[] {
  if (rules.length <= mostRules) return [];
  return [
    {
      subject,
      message: `the group has more ${direction} rules than AWS allows`,
      value: String(rules.length),
      expected: `at most ${mostRules} in each direction`,
      fix: "name security groups instead of addresses, or join neighbouring ranges",
    },
  ];
}
