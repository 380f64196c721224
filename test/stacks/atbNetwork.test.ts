import { beforeAll, describe, expect, test } from "vitest";
import { Network, type Party, podsOf, portsOf } from "./support/network.ts";
import { recordStack, type StackRecord } from "./support/record.ts";

let stack: StackRecord;
let network: Network;
let broker: Party;
let agentauth: Party;
let redis: Party;
let proxy: Party;
let backup: Party;
let restoreCheck: Party;
beforeAll(async () => {
  const tracingCollector = { endpoint: "http://collector.observability:4317", namespace: "observability" };
  stack = await recordStack("atb-prod", { "atb:tracingCollector": JSON.stringify(tracingCollector) });
  network = new Network(stack.graph);
  broker = podsOf(stack, "Deployment", "atb-broker", "broker");
  agentauth = podsOf(stack, "Deployment", "atb-agentauth", "agentauth");
  redis = podsOf(stack, "StatefulSet", "atb-redis-server", "redis");
  proxy = podsOf(stack, "Deployment", "atb-redis", "proxy");
  backup = podsOf(stack, "CronJob", "atb-redis-backup", "backup");
  restoreCheck = podsOf(stack, "CronJob", "atb-redis-restore-check", "restore-check");
});

const pods = (name: string, namespace: string, labels: Record<string, string> = { app: name }): Party => ({
  name,
  namespace,
  labels,
});
const edge = pods("edge", "ingress-nginx");
const monitoring = pods("monitoring", "monitoring");
const agents = pods("agents", "agents");
const enterprise = pods("enterprise", "enterprise");
const auditSink = pods("audit-sink", "logging");
const collector = pods("collector", "observability");
const stranger = pods("stranger", "default");
const intruder = pods("intruder", "atb", { app: "intruder" });
const internet: Party = { name: "internet", address: "8.8.8.8" };
const metadata: Party = { name: "cloud-metadata", address: "169.254.169.254" };
const dns = pods("dns", "kube-system", { "k8s-app": "kube-dns" });
const nodeDns: Party = { name: "node-dns", address: "169.254.20.10" };

/** What a port is, in the words of the architecture. */
const services: Record<number, string> = {
  443: "https",
  4317: "traces",
  6379: "redis",
  8181: "decisions",
  8282: "opa-metrics",
  8404: "proxy-metrics",
  8443: "api",
  9090: "metrics",
  9121: "redis-metrics",
  9355: "sentinel-metrics",
  24224: "forward",
  24231: "forwarder-metrics",
  26379: "sentinel",
};

/** Every connection that gets through, between two of ours or one of ours and somebody else. */
function connections(of = network): string[] {
  const ours = [broker, agentauth, redis, proxy, backup, restoreCheck];
  const others = [edge, monitoring, agents, enterprise, auditSink, collector, stranger, intruder, internet, metadata];
  const all = [...ours, ...others];
  return all.flatMap((from) =>
    all
      .filter((to) => ours.includes(from) || ours.includes(to))
      .flatMap((to) =>
        Object.entries(services)
          .filter(([port]) => of.allows(from, to, Number(port)))
          .map(([, service]) => `${from.name} -> ${to.name} ${service}`),
      ),
  );
}

test("the ports that are tried are all that the pods listen on, and OPA's own, which is only on localhost", () => {
  const declared = [
    ...portsOf(stack, "Deployment", "atb-broker"),
    ...portsOf(stack, "Deployment", "atb-agentauth"),
    ...portsOf(stack, "StatefulSet", "atb-redis-server"),
    ...portsOf(stack, "Deployment", "atb-redis"),
  ];
  const outside = [443, 4317, 24224, 8181].map(String);
  expect([...new Set([...declared.map(String), ...outside])].sort()).toEqual(Object.keys(services).sort());
});

test("the solver pods of an HTTP-01 challenge answer the edge and nobody else", async () => {
  const issued = await recordStack("atb-prod", { "atb:certificate": '{"clusterIssuer":"letsencrypt"}' });
  const solver = pods("solver", "atb", { "acme.cert-manager.io/http01-solver": "true" });
  const [before, after] = [network, new Network(issued.graph)];
  const others = [edge, monitoring, agents, stranger, intruder, internet];
  const reaching = (of: Network) => others.filter((from) => of.allows(from, solver, 8089)).map(({ name }) => name);
  expect(reaching(before)).toEqual([]);
  expect(reaching(after)).toEqual(["edge"]);
  expect([before, after].map((of) => of.allows(solver, dns, 53))).toEqual([false, true]);
});

test("with a resolver declared for the namespace, every pod reaches it, by its port alone", async () => {
  const resolved = await recordStack("atb-prod", { "atb:dns": '{"presets":["gkeCloudDns"]}' });
  const [before, after] = [network, new Network(resolved.graph)];
  for (const from of [broker, agentauth, redis, proxy, backup, restoreCheck, intruder]) {
    expect(before.allows(from, metadata, 53)).toBe(false);
    expect(after.allows(from, metadata, 53)).toBe(true);
    expect(after.allows(from, metadata, 80)).toBe(false);
  }
});

test("between each pair of components, what the architecture needs gets through both policies, and nothing else", () => {
  expect(connections().sort()).toEqual(
    [
      "agents -> broker api",
      "edge -> broker api",
      "broker -> agentauth api",
      // The broker asks the Sentinels for the master, and then the master itself.
      "broker -> redis redis",
      "broker -> redis sentinel",
      "broker -> enterprise https",
      "broker -> internet https",
      "broker -> collector traces",
      // AgentAuth knows one address, which leads to the master.
      "agentauth -> proxy redis",
      "agentauth -> collector traces",
      "proxy -> redis redis",
      "proxy -> redis sentinel",
      // Replication, and the Sentinels among each other.
      "redis -> redis redis",
      "redis -> redis sentinel",
      // Hourly copies to a bucket, and their proof, which needs the bucket alone.
      "backup -> redis redis",
      "backup -> internet https",
      "restore-check -> internet https",
      "monitoring -> broker metrics",
      "monitoring -> broker opa-metrics",
      "monitoring -> broker forwarder-metrics",
      "monitoring -> agentauth metrics",
      "monitoring -> redis redis-metrics",
      "monitoring -> redis sentinel-metrics",
      "monitoring -> proxy proxy-metrics",
    ].sort(),
  );
});

test("no policy is there in vain: without any one of them other connections get through", () => {
  const without = (left: object): Network =>
    Object.assign(new Network({ ...stack.graph, resources: [] }), {
      policies: network.policies.filter((policy) => policy !== left),
    });
  const unneeded = network.policies.filter(
    (policy) => connections(without(policy)).join() === connections().join() && Object.keys(policy.spec).length > 2,
  );
  expect(unneeded).toEqual([]);
  expect(network.policies.length).toBeGreaterThan(10);
});

describe("names are resolved over UDP and TCP", () => {
  test.each(["UDP", "TCP"])("%s", (protocol) => {
    for (const from of [broker, agentauth, redis, proxy, backup, restoreCheck])
      for (const to of [dns, nodeDns])
        expect(network.allows(from, to, 53, protocol), `${from.name} ${to.name}`).toBe(true);
    expect(network.allows(broker, { ...dns, labels: { app: "other" } }, 53, protocol)).toBe(false);
    expect(network.allows(intruder, dns, 53, protocol)).toBe(false);
  });
});

test("a policy is placed only in the stack's own namespace: it would deny the pods of others what it does not name", () => {
  const namespaces = network.policies.map(({ namespace }) => namespace);
  expect([...new Set(namespaces)]).toEqual(["atb"]);
});

describe("the rules of the evaluation itself", () => {
  const policy = (spec: Record<string, object | string[] | undefined>) =>
    ({ namespace: "a", spec: { podSelector: {}, ...spec } }) as (typeof network.policies)[number];
  const one = pods("one", "a");
  const other = pods("other", "b");
  const withPolicies = (...policies: (typeof network.policies)[number][]): Network =>
    Object.assign(new Network({ ...stack.graph, resources: [] }), { policies });

  test("without a policy everything is allowed, and an empty one denies its direction alone", () => {
    expect(withPolicies().allows(one, other, 80)).toBe(true);
    const egress = withPolicies(policy({ policyTypes: ["Egress"] }));
    expect(egress.allows(one, other, 80)).toBe(false);
    expect(egress.allows(other, one, 80)).toBe(true);
  });

  test("policies add up", () => {
    const deny = policy({ policyTypes: ["Ingress"] });
    const allow = policy({ policyTypes: ["Ingress"], ingress: [{ ports: [{ protocol: "TCP", port: 80 }] }] });
    expect(withPolicies(deny, allow).allows(other, one, 80)).toBe(true);
    expect(withPolicies(deny, allow).allows(other, one, 81)).toBe(false);
    expect(withPolicies(deny, allow).allows(other, one, 80, "UDP")).toBe(false);
  });

  test("a peer without a namespace is in the policy's own; addresses are not pods", () => {
    const here = policy({ policyTypes: ["Ingress"], ingress: [{ from: [{ podSelector: {} }] }] });
    expect(withPolicies(here).allows(pods("two", "a"), one, 80)).toBe(true);
    expect(withPolicies(here).allows(other, one, 80)).toBe(false);
    const block = { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] };
    const outside = policy({ policyTypes: ["Egress"], egress: [{ to: [{ ipBlock: block }] }] });
    expect(withPolicies(outside).allows(one, internet, 443)).toBe(true);
    expect(withPolicies(outside).allows(one, metadata, 80)).toBe(false);
    expect(withPolicies(outside).allows(one, other, 443)).toBe(false);
  });
});
