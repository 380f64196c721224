import { DnsAccess, type DnsAccessArgs, DnsPreset, RestrictedNamespace } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { dns, lines } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const recordDns = (args: Partial<DnsAccessArgs> = {}) =>
  record(() => new DnsAccess("dns", { namespace: "shop", ...args }));
const refusalOf = (args: Partial<DnsAccessArgs>) => refusal(() => new DnsAccess("dns", { namespace: "shop", ...args }));
const both = (port: number) => ["UDP", "TCP"].map((protocol) => ({ protocol, port }));

describe("resolvers of a namespace", () => {
  test("by default those that every workload's own policy has, for every pod", async () => {
    const recording = await recordDns();
    expect(recording.object("NetworkPolicy", "dns")).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "dns",
        namespace: "shop",
        labels: { "app.kubernetes.io/name": "dns", "app.kubernetes.io/managed-by": "pulumi" },
      },
      spec: { podSelector: {}, policyTypes: ["Egress"], egress: [dns] },
    });
  });

  test.each([
    [DnsPreset.NodeLocalDns, [{ ipBlock: { cidr: "169.254.20.10/32" } }], 53],
    [DnsPreset.GkeCloudDns, [{ ipBlock: { cidr: "169.254.169.254/32" } }], 53],
    [DnsPreset.EksAutoMode, [{ ipBlock: { cidr: "172.20.0.10/32" } }, { ipBlock: { cidr: "10.100.0.10/32" } }], 53],
    [
      DnsPreset.OpenShift,
      [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "openshift-dns" } },
          podSelector: { matchLabels: { "dns.operator.openshift.io/daemonset-dns": "default" } },
        },
      ],
      5353,
    ],
  ])("%s", async (preset, to, port) => {
    const recording = await recordDns({ presets: [preset] });
    expect(recording.object("NetworkPolicy", "dns").spec.egress).toEqual([{ to, ports: both(port) }]);
  });

  test("the Service's address beside the default, and pods at another port by a rule of their own", async () => {
    const addresses = [{ cidr: pulumi.output("10.96.0.10/32") }];
    const beside = await recordDns({ addresses });
    expect(beside.object("NetworkPolicy", "dns").spec.egress).toEqual([
      { to: [...dns.to, { ipBlock: { cidr: "10.96.0.10/32" } }], ports: both(53) },
    ]);
    const pods = { namespace: "dns", labels: { app: "unbound" } };
    const apart = await recordDns({ presets: [DnsPreset.NodeLocalDns], pods, port: 5353 });
    expect(apart.object("NetworkPolicy", "dns").spec.egress).toEqual([
      { to: [{ ipBlock: { cidr: "169.254.20.10/32" } }], ports: both(53) },
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "dns" } },
            podSelector: { matchLabels: { app: "unbound" } },
          },
        ],
        ports: both(5353),
      },
    ]);
  });

  test("a RestrictedNamespace makes the policy if it is told to", async () => {
    const recording = await record(
      () => new RestrictedNamespace("shop", { dns: { presets: [DnsPreset.GkeCloudDns] } }),
    );
    expect(recording.objects()).toEqual(["Namespace shop", "NetworkPolicy allow-dns", "NetworkPolicy default-deny"]);
    const policy = recording.object("NetworkPolicy", "allow-dns");
    expect(policy.metadata.namespace).toBe("shop");
    expect(policy.spec.egress).toEqual([{ to: [{ ipBlock: { cidr: "169.254.169.254/32" } }], ports: both(53) }]);
    expect(recording.family()).toContain("shop > gatehouse:kubernetes:DnsAccess shop-dns");
  });
});

describe("refused", () => {
  test("no resolver at all", async () => {
    expect(await refusalOf({ presets: [] })).toBe(
      lines(
        "dns (DnsAccess): there is no resolver, so no pod can resolve a name",
        "  expected: presets, pods or addresses",
      ),
    );
  });

  test("a preset twice, a port of nothing, and a wrong range, all at once", async () => {
    expect(await refusalOf({ presets: [DnsPreset.KubeDns, DnsPreset.KubeDns], port: 5353 })).toBe(
      lines(
        "2 problems",
        "",
        "dns (DnsAccess).presets: the preset is listed twice",
        "  value:    kubeDns",
        "  expected: each preset once",
        "",
        "dns (DnsAccess).port: the port belongs to pods and addresses, and neither is set",
        "  value:    5353",
        "  expected: pods or addresses of the resolver",
      ),
    );
    expect(await refusalOf({ addresses: [{ cidr: "10.96.0.10" }], port: 0 })).toBe(
      lines(
        "2 problems",
        "",
        "dns (DnsAccess).port: not a port number",
        "  value:    0",
        "  expected: a whole number from 1 to 65535",
        "",
        "dns (DnsAccess).addresses: not an address range",
        "  value:    10.96.0.10",
        "  expected: an address and a prefix length, such as 10.20.0.0/16",
        "  fix:      for one address, 10.96.0.10/32",
      ),
    );
  });
});
