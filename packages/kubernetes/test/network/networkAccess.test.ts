import { type Endpoint, internet, NetworkAccess, type NetworkAccessArgs } from "@gatehouse/kubernetes";
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

  test("a link to pods of somebody else has no other side", async () => {
    const [managed, unmanaged] = [
      await recordAccess({ connectsTo: [redis] }),
      await recordAccess({ connectsTo: [{ ...redis, unmanaged: true }] }),
    ];
    expect(unmanaged.objects()).toEqual(["NetworkPolicy till"]);
    expect(unmanaged.object("NetworkPolicy", "till")).toEqual(managed.object("NetworkPolicy", "till"));
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
    ["connectsTo", { connectsTo: [{ name: "bank", port: 443 }] }],
    ["connectsTo", { connectsTo: [{ name: "bank", port: 443, addresses: [] }] }],
    ["admits", { admits: [{ name: "bank", port: 443 }] }],
  ])("a rule of %s that names nobody", async (list, args) => {
    expect(await refusalOf(args)).toBe(
      lines(
        `till (NetworkAccess).${list}.bank: the rule names nobody, and an empty rule would admit everybody`,
        "  expected: pods, addresses or both",
      ),
    );
  });

  test("a range without a prefix, and one that is none", async () => {
    const connectsTo = (cidr: pulumi.Input<string>) => ({
      connectsTo: [{ name: "bank", port: 443, addresses: [{ cidr }] }],
    });
    expect(await refusalOf(connectsTo("203.0.113.9"))).toBe(
      lines(
        "till (NetworkAccess).connectsTo.bank.addresses: not a range of addresses",
        "  value:    203.0.113.9",
        "  expected: an address and the length of its prefix, such as 10.20.0.0/16",
        "  fix:      for one address, 203.0.113.9/32",
      ),
    );
    const late = lines(
      "the addresses of a network policy: not a range of addresses",
      "  value:    203.0.113.0/33",
      "  expected: an address and the length of its prefix, such as 10.20.0.0/16",
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
        "till (NetworkAccess).connectsTo.redis.port: not the number of a port",
        `  value:    ${port}`,
        "  expected: a whole number from 1 to 65535",
      ),
    );
  });

  test("two links of one name", async () => {
    expect(await refusalOf({ connectsTo: [redis, { ...redis, port: 26379 }] })).toBe(
      lines(
        "till (NetworkAccess).connectsTo: two links have the same name",
        "  value:    redis",
        "  expected: each server once, by a name of its own",
        '  fix:      remove one; if they are two servers or ports, give one another name: { ...endpoint, name: "redis-2" }',
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
