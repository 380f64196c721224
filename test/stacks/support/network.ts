import { BlockList, isIPv6 } from "node:net";
import type { StackGraph, Value } from "@gatehouse/preview";
import { at, type StackRecord } from "./record.ts";

/** Somebody on the network: pods of a namespace by their labels, or an address outside the cluster. */
export interface Party {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  address?: string;
}

type Members = Record<string, Value>;

interface Policy {
  namespace: string;
  spec: Members;
}

/** The pods that a workload of a stack makes. */
export function podsOf(stack: StackRecord, kind: string, workload: string, name = workload): Party {
  const template = kind === "CronJob" ? "spec.jobTemplate.spec.template" : "spec.template";
  const namespace = stack.value(kind, workload, "metadata.namespace") as string;
  const labels = stack.value(kind, workload, `${template}.metadata.labels`) as Record<string, string>;
  return { name, namespace, labels };
}

/** Numbers of all ports that the containers of a workload declare. */
export function portsOf(stack: StackRecord, kind: string, workload: string): number[] {
  const pod = stack.value(kind, workload, "spec.template.spec") ?? null;
  const containers = ["containers", "initContainers"].flatMap((list) => (at(pod, list) ?? []) as Value[]);
  return containers.flatMap((one) =>
    ((at(one, "ports") ?? []) as Value[]).map((port) => at(port, "containerPort")),
  ) as number[];
}

/**
 * What the network policies of a stack allow, by the rules of Kubernetes: a pod that a policy of a direction selects may
 * do in that direction what one of them names, and any other pod everything.
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class Network {
  readonly policies: Policy[];

  constructor({ resources }: StackGraph) {
    this.policies = resources
      .filter(({ inputs }) => inputs.kind === "NetworkPolicy")
      .map(({ inputs }) => ({
        namespace: at(inputs, "metadata.namespace") as string,
        spec: inputs.spec as Members,
      }));
  }

  /** Whether a connection gets through: the one side may open it, and the other take it. */
  allows(from: Party, to: Party, port: number, protocol = "TCP"): boolean {
    return this.permits("Egress", from, to, port, protocol) && this.permits("Ingress", to, from, port, protocol);
  }

  private permits(
    direction: "Egress" | "Ingress",
    subject: Party,
    other: Party,
    port: number,
    protocol: string,
  ): boolean {
    const [rules, peers] = direction === "Egress" ? ["egress", "to"] : ["ingress", "from"];
    const applying = this.policies.filter(
      ({ namespace, spec }) =>
        namespace === subject.namespace &&
        (spec.policyTypes as Value[]).includes(direction) &&
        selects(spec.podSelector, subject.labels),
    );
    if (applying.length === 0) return true;
    return applying.some(({ namespace, spec }) =>
      ((spec[rules] ?? []) as Members[]).some(
        (rule) => includesPort(rule.ports, port, protocol) && includesPeer(rule[peers], other, namespace),
      ),
    );
  }
}

/** No ports are all ports. */
function includesPort(ports: Value | undefined, port: number, protocol: string): boolean {
  if (ports === undefined) return true;
  return (ports as Members[]).some((one) => (one.protocol ?? "TCP") === protocol && (one.port ?? port) === port);
}

/** No peers are everybody. */
function includesPeer(peers: Value | undefined, party: Party, namespace: string): boolean {
  if (peers === undefined) return true;
  return (peers as Members[]).some(({ ipBlock, namespaceSelector, podSelector }) => {
    if (ipBlock !== undefined) return party.address !== undefined && inBlock(ipBlock, party.address);
    if (party.namespace === undefined) return false;
    const namespaces = { "kubernetes.io/metadata.name": party.namespace };
    const here =
      namespaceSelector === undefined ? party.namespace === namespace : selects(namespaceSelector, namespaces);
    return here && (podSelector === undefined || selects(podSelector, party.labels));
  });
}

function selects(selector: Value | undefined, labels: Record<string, string> = {}): boolean {
  const { matchLabels = {}, ...others } = (selector ?? {}) as Members;
  if (Object.keys(others).length > 0) throw new Error(`a selector that is not understood: ${JSON.stringify(selector)}`);
  return Object.entries(matchLabels as Record<string, string>).every(([key, value]) => labels[key] === value);
}

function inBlock(block: Value, address: string): boolean {
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const contains = (cidr: string): boolean => {
    const [network = "", prefix] = cidr.split("/");
    if (isIPv6(network) !== (family === "ipv6")) return false;
    const list = new BlockList();
    list.addSubnet(network, Number(prefix), family);
    return list.check(address, family);
  };
  return contains(at(block, "cidr") as string) && !((at(block, "except") ?? []) as string[]).some(contains);
}
