import { type Endpoint, external, internet, SecurityGroup, type SecurityGroupArgs } from "@gatehouse/aws";
import { Later } from "../../../kubernetes/test/support/record.ts";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { record, type Recording, refusal, region, unknown } from "../support/record.ts";

const make = (args: Partial<SecurityGroupArgs>) => () =>
  new SecurityGroup("orders", { region, vpcId: "vpc-1", ...args });

const database: Endpoint = { name: "orders-db", port: 5432, securityGroup: { id: "sg-db" } };
const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const egressType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** The rules by their names. */
function rules(recording: Recording): Record<string, unknown> {
  return Object.fromEntries(
    recording.resources
      .filter(({ type }) => type === ingressType || type === egressType)
      .map(({ name, type, inputs, deleteBeforeReplace }) => {
        expect(deleteBeforeReplace).toBe(true);
        expect(inputs.region).toBe(region);
        const { region: _, ...rest } = inputs;
        return [`${type === ingressType ? "in" : "out"} ${name}`, rest];
      }),
  );
}

test("a group without links has no rule, a fixed description and an automatic name", async () => {
  const recording = await record(make({ tags: { team: "checkout" } }));
  expect(recording.family()).toEqual([
    "gatehouse:aws:SecurityGroup orders",
    "orders > aws:ec2/securityGroup:SecurityGroup orders",
  ]);
  expect(recording.resource("aws:ec2/securityGroup:SecurityGroup", "orders").inputs).toEqual({
    region,
    vpcId: "vpc-1",
    description: "Rules follow from declared links",
    revokeRulesOnDelete: true,
    tags: { Name: "orders", team: "checkout" },
  });
});

test("a link to a server's group makes a rule at both ends", async () => {
  expect(rules(await record(make({ connectsTo: [database] })))).toEqual({
    "out orders-egress-tcp-5432-sg-db": {
      securityGroupId: "orders-id",
      description: "To orders-db",
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      referencedSecurityGroupId: "sg-db",
    },
    "in orders-server-tcp-5432-sg-db": {
      securityGroupId: "sg-db",
      description: "From orders",
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      referencedSecurityGroupId: "orders-id",
    },
  });
});

test("a server that another team manages gets no rule", async () => {
  const found = rules(await record(make({ connectsTo: [{ ...database, managedElsewhere: true }] })));
  expect(Object.keys(found)).toEqual(["out orders-egress-tcp-5432-sg-db"]);
});

test("a server at addresses is reached at each of them, by IPv4 and IPv6", async () => {
  const server: Endpoint = {
    name: "dns",
    port: 53,
    endPort: 54,
    protocol: "UDP",
    addresses: [{ cidr: "10.0.0.0/24" }, { cidr: "fd00::/64" }],
  };
  expect(rules(await record(make({ connectsTo: [server] })))).toEqual({
    "out orders-egress-udp-53-54-10.0.0.0-24": {
      securityGroupId: "orders-id",
      description: "To dns",
      ipProtocol: "udp",
      fromPort: 53,
      toPort: 54,
      cidrIpv4: "10.0.0.0/24",
    },
    "out orders-egress-udp-53-54-fd00::-64": {
      securityGroupId: "orders-id",
      description: "To dns",
      ipProtocol: "udp",
      fromPort: 53,
      toPort: 54,
      cidrIpv6: "fd00::/64",
    },
  });
});

test("the security group is taken where a server has addresses too", async () => {
  const both = { ...database, addresses: [{ cidr: "10.0.0.0/24" }] };
  expect(Object.keys(rules(await record(make({ connectsTo: [both] }))))).toEqual([
    "out orders-egress-tcp-5432-sg-db",
    "in orders-server-tcp-5432-sg-db",
  ]);
});

test("clients are admitted by group and by address", async () => {
  const admits = [
    { name: "load balancer", port: 8080, securityGroup: { id: "sg-alb" } },
    { name: "office", port: 8080, addresses: [{ cidr: "203.0.113.0/24" }] },
  ];
  expect(rules(await record(make({ admits })))).toEqual({
    "in orders-ingress-tcp-8080-sg-alb": {
      securityGroupId: "orders-id",
      description: "From load balancer",
      ipProtocol: "tcp",
      fromPort: 8080,
      toPort: 8080,
      referencedSecurityGroupId: "sg-alb",
    },
    "in orders-ingress-tcp-8080-203.0.113.0-24": {
      securityGroupId: "orders-id",
      description: "From office",
      ipProtocol: "tcp",
      fromPort: 8080,
      toPort: 8080,
      cidrIpv4: "203.0.113.0/24",
    },
  });
});

describe("equal links", () => {
  test("are one rule, which names both", async () => {
    const recording = await record(make({ connectsTo: [database, { ...database, name: "reports-db" }] }));
    expect(Object.keys(rules(recording))).toEqual([
      "out orders-egress-tcp-5432-sg-db",
      "in orders-server-tcp-5432-sg-db",
    ]);
    expect(recording.resource(egressType, "orders-egress-tcp-5432-sg-db").inputs.description).toBe(
      "To orders-db, reports-db",
    );
  });

  test("are one rule if they name the same Output", async () => {
    const id = pulumi.output("sg-db");
    const link = (name: string): Endpoint => ({ name, port: 5432, securityGroup: { id } });
    expect(Object.keys(rules(await record(make({ connectsTo: [link("orders-db"), link("reports-db")] }))))).toEqual([
      "out orders-egress-tcp-5432-orders-db",
      "in orders-server-tcp-5432-orders-db",
    ]);
  });
});

test("rules are named by what they allow, so the order of links does not matter", async () => {
  const links = [database, external("warehouse", 443, ["203.0.113.0/24", "198.51.100.0/24"])];
  const names = async (connectsTo: Endpoint[]) => Object.keys(rules(await record(make({ connectsTo })))).sort();
  expect(await names(links)).toEqual(await names(links.toReversed()));
});

test("ranges that are not known yet are named by their link and checked as they resolve", async () => {
  const later = (cidr: string) =>
    make({ connectsTo: [external("db", 5432, [pulumi.output(cidr), pulumi.output("10.1.0.0/24")])] });
  expect(Object.keys(rules(await record(later("10.0.0.0/24"))))).toEqual([
    "out orders-egress-tcp-5432-db",
    "out orders-egress-tcp-5432-db-2",
  ]);
  expect(await refusal(later("fd00::/64"))).toBe(
    'orders (SecurityGroup).db: an IPv6 range is given as an Output\n  value:    fd00::/64\n  expected: an IPv4 range, or an IPv6 range as plain text\n  fix:      write the range out: "fd00::/64"',
  );
  const unknownYet = await record(() => make({ connectsTo: [external("db", 5432, [new Later("subnet").value])] })(), {
    preview: true,
  });
  expect(unknownYet.resource(egressType, "orders-egress-tcp-5432-db").inputs.cidrIpv4).toBe(unknown);
});

test("rules are added to an existing group", async () => {
  const recording = await record(
    () => new SecurityGroup("orders", { region, existingGroupId: "sg-pods", connectsTo: [database] }),
  );
  expect(recording.names("aws:ec2/securityGroup:SecurityGroup")).toEqual([]);
  expect(rules(recording)).toMatchObject({
    "out orders-egress-tcp-5432-sg-db": { securityGroupId: "sg-pods" },
    "in orders-server-tcp-5432-sg-db": { referencedSecurityGroupId: "sg-pods" },
  });
});

describe("what a security group cannot do", () => {
  const pods = { name: "cache", port: 6379, pods: { namespace: "shop" } };
  const many = (count: number) => Array.from({ length: count }, (_, index) => `10.0.${index}.0/24`);

  test("60 rules in a direction pass", async () => {
    expect(Object.keys(rules(await record(make({ connectsTo: [external("warehouse", 443, many(60))] }))))).toHaveLength(
      60,
    );
  });

  test.each<[string, Partial<SecurityGroupArgs>, string]>([
    [
      "select pods",
      { connectsTo: [pods] },
      'orders (SecurityGroup).connectsTo.cache: the endpoint has only pods, which a security group cannot select\n  expected: securityGroup or addresses of the pods\' nodes\n  fix:      name the group of the pods: { ...endpoint, securityGroup: { id: "sg-0123456789abcdef0" } }',
    ],
    [
      "mount a socket",
      { connectsTo: [{ name: "db", port: 5432, cloudSql: { connectionName: "a:b:c" } }] },
      'orders (SecurityGroup).connectsTo.db: the endpoint is a Cloud SQL socket, which only Cloud Run can mount\n  expected: the address of the instance\n  fix:      give the endpoint its address: { ...endpoint, addresses: [{ cidr: "10.20.0.5/32" }] }',
    ],
    [
      "guess an address",
      { connectsTo: [{ name: "db", port: 5432 }] },
      'orders (SecurityGroup).connectsTo.db: the endpoint has no address\n  expected: securityGroup or addresses\n  fix:      for a server anywhere on the internet, use external(name, port, ["0.0.0.0/0"])',
    ],
    [
      "leave addresses out",
      { connectsTo: [internet("oauth", 443)] },
      'orders (SecurityGroup).connectsTo.oauth.addresses: a security group cannot leave addresses out of a range\n  value:    0.0.0.0/0 except 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16\n  expected: ranges without exceptions\n  fix:      allow the whole range: external("oauth", 443, ["0.0.0.0/0"])',
    ],
    [
      "have 61 rules in a direction",
      { connectsTo: [external("warehouse", 443, many(61))] },
      "orders (SecurityGroup).connectsTo: the group has more egress rules than AWS allows\n  value:    61\n  expected: at most 60 in each direction\n  fix:      name security groups instead of addresses, or join neighbouring ranges",
    ],
    [
      "admit nobody in particular",
      { admits: [{ name: "clients", port: 80 }] },
      'orders (SecurityGroup).admits.clients: the peer has no address\n  expected: securityGroup or addresses\n  fix:      name the security group of the clients: securityGroup: { id: "sg-0123456789abcdef0" }',
    ],
    [
      "describe a rule by any text",
      { connectsTo: [{ ...database, name: "größe" }] },
      "orders (SecurityGroup).connectsTo.größe: the name cannot stand in the description of a rule\n  value:    größe\n  expected: at most 200 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
    ],
    [
      "be made without a VPC",
      { vpcId: undefined },
      "orders (SecurityGroup).vpcId: a new group needs its VPC\n  expected: vpcId, or existingGroupId",
    ],
    [
      "move to a VPC",
      { existingGroupId: "sg-1" },
      "orders (SecurityGroup).vpcId: vpcId has no effect because existingGroupId is set\n  fix:      remove vpcId",
    ],
    [
      "have a port of 0",
      { admits: [{ name: "clients", port: 0, securityGroup: { id: "sg-1" } }] },
      "orders (SecurityGroup).admits.clients.port: not a port number\n  value:    0\n  expected: a whole number from 1 to 65535",
    ],
  ])("is to %s", async (_, args, message) => {
    expect(await refusal(make(args))).toBe(message);
  });
});
