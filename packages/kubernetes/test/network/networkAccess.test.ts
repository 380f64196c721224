import {
  type Endpoint,
  external,
  internet,
  NetworkAccess,
  type NetworkAccessArgs,
  Protocol,
} from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { dns, lines } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const client = { namespace: "shop", podLabels: { app: "till" } };
const redis: Endpoint = { name: "redis", port: 6379, pods: { namespace: "data", labels: { app: "redis" } } };

const recordAccess = (args: Partial<NetworkAccessArgs> = {}) =>
  record(() => new NetworkAccess("till", { ...client, ...args }));
const refusalOf = (args: Partial<NetworkAccessArgs>) =>
  refusal(() => new NetworkAccess("till", { ...client, ...args }));

describe("policies", () => {
  test("without a link nothing is allowed but DNS, over UDP and TCP", async () => {
    const recording = await recordAccess();
    expect(recording.objects()).toEqual(["NetworkPolicy till"]);
    expect(recording.object("NetworkPolicy", "till")).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "till", namespace: "shop" },
      spec: {
        podSelector: { matchLabels: { app: "till" } },
        policyTypes: ["Ingress", "Egress"],
        ingress: [],
        egress: [dns],
      },
    });
  });

  test("a link to pods is one rule on either side, by the namespaces' own labels", async () => {
    const recording = await recordAccess({ connectsTo: [redis], labels: { team: "checkout" } });
    expect(recording.objects()).toEqual(["NetworkPolicy redis-from-till", "NetworkPolicy till"]);
    expect(recording.object("NetworkPolicy", "till").spec.egress).toEqual([
      dns,
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "data" } },
            podSelector: { matchLabels: { app: "redis" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 6379 }],
      },
    ]);
    expect(recording.object("NetworkPolicy", "redis-from-till")).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "redis-from-till", namespace: "data", labels: { team: "checkout" } },
      spec: {
        podSelector: { matchLabels: { app: "redis" } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
                podSelector: { matchLabels: { app: "till" } },
              },
            ],
            ports: [{ protocol: "TCP", port: 6379 }],
          },
        ],
      },
    });
    expect(recording.family()).toEqual([
      "gatehouse:kubernetes:NetworkAccess till",
      "till > kubernetes:networking.k8s.io/v1:NetworkPolicy till-policy",
      "till > kubernetes:networking.k8s.io/v1:NetworkPolicy till-to-redis",
    ]);
  });

  test("a link to pods that are managed elsewhere has no other side", async () => {
    const [managed, elsewhere] = [
      await recordAccess({ connectsTo: [redis] }),
      await recordAccess({ connectsTo: [{ ...redis, managedElsewhere: true }] }),
    ];
    expect(elsewhere.objects()).toEqual(["NetworkPolicy till"]);
    expect(elsewhere.object("NetworkPolicy", "till")).toEqual(managed.object("NetworkPolicy", "till"));
  });

  test("addresses outside the cluster, with exceptions, have no other side", async () => {
    const recording = await recordAccess({
      policyName: "till-pods",
      connectsTo: [
        {
          name: "bank",
          port: 443,
          addresses: [{ cidr: "203.0.113.0/24", except: ["203.0.113.9/32"] }, { cidr: pulumi.output("2001:db8::/32") }],
        },
      ],
    });
    expect(recording.objects()).toEqual(["NetworkPolicy till-pods"]);
    expect(recording.object("NetworkPolicy", "till-pods").spec.egress).toEqual([
      dns,
      {
        to: [
          { ipBlock: { cidr: "203.0.113.0/24", except: ["203.0.113.9/32"] } },
          { ipBlock: { cidr: "2001:db8::/32" } },
        ],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
  });

  test("a database whose port and address only the cloud can tell", async () => {
    const rds = external("postgres", pulumi.output(5432), [pulumi.output("10.20.0.5/32")]);
    const recording = await recordAccess({ connectsTo: [{ ...rds, securityGroup: { id: "sg-1" } }] });
    expect(recording.object("NetworkPolicy", "till").spec.egress).toEqual([
      dns,
      { to: [{ ipBlock: { cidr: "10.20.0.5/32" } }], ports: [{ protocol: "TCP", port: 5432 }] },
    ]);
  });

  test("the internet is every address but private, shared, link-local and loopback ones", async () => {
    const recording = await recordAccess({ connectsTo: [internet("providers", 443)] });
    expect(recording.object("NetworkPolicy", "till").spec.egress.slice(1)).toEqual([
      {
        to: [
          {
            ipBlock: {
              cidr: "0.0.0.0/0",
              except: [
                "10.0.0.0/8",
                "100.64.0.0/10",
                "127.0.0.0/8",
                "169.254.0.0/16",
                "172.16.0.0/12",
                "192.168.0.0/16",
              ],
            },
          },
        ],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
  });

  test("the internet of a dual-stack cluster has IPv6 beside it", async () => {
    const recording = await recordAccess({ connectsTo: [internet("providers", 443, { ipv6: true })] });
    const [, rule] = recording.object("NetworkPolicy", "till").spec.egress;
    expect(rule?.to.map(({ ipBlock }) => ipBlock.cidr)).toEqual(["0.0.0.0/0", "::/0"]);
    expect(rule?.to[1]).toEqual({
      ipBlock: { cidr: "::/0", except: ["::1/128", "fc00::/7", "fe80::/10", "ff00::/8"] },
    });
  });

  test("UDP and ranges of ports, on both sides of a link and in an admission", async () => {
    const statsd: Endpoint = { name: "statsd", port: 8125, protocol: Protocol.Udp, pods: { namespace: "telemetry" } };
    const ftp: Endpoint = { name: "ftp", port: 50000, endPort: 50100, addresses: [{ cidr: "203.0.113.9/32" }] };
    const recording = await recordAccess({
      connectsTo: [statsd, ftp],
      admits: [{ name: "voice", pods: { namespace: "pbx" }, port: 10000, endPort: 20000, protocol: Protocol.Udp }],
    });
    const { spec } = recording.object("NetworkPolicy", "till");
    expect(spec.egress.map(({ ports }) => ports)).toEqual([
      dns.ports,
      [{ protocol: "UDP", port: 8125 }],
      [{ protocol: "TCP", port: 50000, endPort: 50100 }],
    ]);
    expect(spec.ingress.map(({ ports }) => ports)).toEqual([[{ protocol: "UDP", port: 10000, endPort: 20000 }]]);
    expect(recording.object("NetworkPolicy", "statsd-from-till").spec.ingress.map(({ ports }) => ports)).toEqual([
      [{ protocol: "UDP", port: 8125 }],
    ]);
  });

  test("who is admitted: pods, all pods of a namespace, addresses", async () => {
    const recording = await recordAccess({
      admits: [
        { name: "edge", pods: { namespace: "edge", labels: { app: "nginx" } }, port: 8080 },
        { name: "monitoring", pods: { namespace: pulumi.output("monitoring") }, port: 9090 },
        { name: "alb", addresses: [{ cidr: "10.0.1.0/24" }, { cidr: "10.0.2.0/24" }], port: 8080 },
      ],
    });
    expect(recording.objects()).toEqual(["NetworkPolicy till"]);
    expect(recording.object("NetworkPolicy", "till").spec.ingress).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } },
            podSelector: { matchLabels: { app: "nginx" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }],
        ports: [{ protocol: "TCP", port: 9090 }],
      },
      {
        from: [{ ipBlock: { cidr: "10.0.1.0/24" } }, { ipBlock: { cidr: "10.0.2.0/24" } }],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ]);
  });
});

describe("refused", () => {
  test.each([
    { name: "bank", port: 443 },
    { name: "bank", port: 443, addresses: [] },
  ])("a link without peers", async (bank) => {
    expect(await refusalOf({ connectsTo: [bank] })).toBe(
      lines(
        "till (NetworkAccess).connectsTo.bank: the link has no peers, and in Kubernetes a rule without peers allows every destination",
        "  expected: pods, addresses or both",
        "  fix:      for a server anywhere on the internet, use internet(name, port)",
      ),
    );
  });

  test("an admission whose addresses turn out to be none", async () => {
    const addresses = pulumi.output<{ cidr: string }[]>([]);
    expect(await refusalOf({ admits: [{ name: "alb", addresses, port: 443 }] })).toBe(
      lines(
        "till (NetworkAccess).admits.alb: the rule has no peers, and in Kubernetes a rule without peers admits everyone",
        "  expected: pods, addresses or both",
      ),
    );
  });

  test("an admission without peers", async () => {
    expect(await refusalOf({ admits: [{ name: "bank", port: 443 }] })).toBe(
      lines(
        "till (NetworkAccess).admits.bank: the rule has no peers, and in Kubernetes a rule without peers admits everyone",
        "  expected: pods, addresses or both",
      ),
    );
  });

  test("an endpoint that only Cloud Run can reach, by a Cloud SQL socket", async () => {
    const cloudSql = { connectionName: "shop:us-central1:orders" };
    expect(await refusalOf({ connectsTo: [{ name: "postgres", port: 5432, cloudSql }] })).toBe(
      lines(
        "till (NetworkAccess).connectsTo.postgres: the endpoint is a Cloud SQL socket, which only Cloud Run can mount",
        "  expected: the private address of the instance",
        '  fix:      give the endpoint its address: { ...endpoint, addresses: [{ cidr: "10.20.0.5/32" }] }',
      ),
    );
  });

  test("an endpoint that has only a security group", async () => {
    const securityGroup = { id: "sg-0123456789abcdef0" };
    expect(await refusalOf({ connectsTo: [{ name: "postgres", port: 5432, securityGroup }] })).toBe(
      lines(
        "till (NetworkAccess).connectsTo.postgres: the endpoint has only a security group, which a network policy cannot select",
        "  expected: addresses: the ranges of the server's subnets",
        '  fix:      give the endpoint its addresses: { ...endpoint, addresses: [{ cidr: "10.20.0.0/24" }] }',
      ),
    );
  });

  test("a range without a prefix, and one that is none", async () => {
    const connectsTo = (cidr: pulumi.Input<string>) => ({
      connectsTo: [{ name: "bank", port: 443, addresses: [{ cidr }] }],
    });
    expect(await refusalOf(connectsTo("203.0.113.9"))).toBe(
      lines(
        "till (NetworkAccess).connectsTo.bank.addresses: not an address range",
        "  value:    203.0.113.9",
        "  expected: an address and a prefix length, such as 10.20.0.0/16",
        "  fix:      for one address, 203.0.113.9/32",
      ),
    );
    const late = lines(
      "till (NetworkAccess).connectsTo.bank.addresses: not an address range",
      "  value:    203.0.113.0/33",
      "  expected: an address and a prefix length, such as 10.20.0.0/16",
    );
    expect(await refusalOf(connectsTo(pulumi.output("203.0.113.0/33")))).toBe(late);
  });

  test("an exception that is not within its range", async () => {
    const addresses = [{ cidr: "10.0.0.0/8", except: ["10.1.0.0/16", "192.168.0.0/16", "10.0.0.0/8"] }];
    expect(await refusalOf({ connectsTo: [{ name: "bank", port: 443, addresses }] })).toBe(
      lines(
        "2 problems",
        "",
        "till (NetworkAccess).connectsTo.bank.addresses: the exception is not within the range",
        "  value:    192.168.0.0/16 of 10.0.0.0/8",
        "  expected: a smaller range within it",
        "",
        "till (NetworkAccess).connectsTo.bank.addresses: the exception is not within the range",
        "  value:    10.0.0.0/8 of 10.0.0.0/8",
        "  expected: a smaller range within it",
      ),
    );
  });

  test.each([0, 70000, 443.5])("port %d", async (port) => {
    expect(await refusalOf({ connectsTo: [{ ...redis, port }] })).toBe(
      lines(
        "till (NetworkAccess).connectsTo.redis.port: not a port number",
        `  value:    ${port}`,
        "  expected: a whole number from 1 to 65535",
      ),
    );
  });

  test("a port that turns out wrong once it is known", async () => {
    expect(
      await refusalOf({
        connectsTo: [{ ...redis, pods: undefined, addresses: [{ cidr: "10.0.0.0/24" }], port: pulumi.output(0) }],
      }),
    ).toBe(
      lines(
        "till (NetworkAccess).connectsTo.redis.port: not a port number",
        "  value:    0",
        "  expected: a whole number from 1 to 65535",
      ),
    );
  });

  test("two links of one name", async () => {
    expect(await refusalOf({ connectsTo: [redis, { ...redis, port: 26379 }] })).toBe(
      lines(
        "till (NetworkAccess).connectsTo: two links have the same name",
        "  value:    redis",
        "  expected: a different name for each server and port",
        '  fix:      remove one, or rename one: { ...endpoint, name: "redis-2" }',
      ),
    );
  });

  test("two components that make one policy", async () => {
    const program = () => {
      new NetworkAccess("till", client);
      new NetworkAccess("desk", { ...client, policyName: "till" });
    };
    expect(await refusal(program)).toBe(
      lines(
        "desk (NetworkAccess): till (NetworkAccess) has already made the NetworkPolicy of this name",
        "  value:    shop/till",
        "  expected: one owner for each object",
        "  fix:      give one of the two components another name or another namespace",
      ),
    );
  });

  test("the same where the namespace is an Output; in another namespace it is another policy", async () => {
    const twice = (namespace: string) => () => {
      new NetworkAccess("till", { ...client, namespace: pulumi.output("shop") });
      new NetworkAccess("desk", { ...client, namespace: pulumi.output(namespace), policyName: "till" });
    };
    expect(await refusal(twice("shop"))).toContain("has already made the NetworkPolicy of this name");
    expect((await record(twice("desks"))).objects()).toEqual(["NetworkPolicy till", "NetworkPolicy till"]);
  });
});
