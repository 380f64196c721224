import type { KubernetesObject } from "../cluster/kubernetesApi.ts";
import {
  type LabelSelector,
  matches,
  type PodSpec,
  type PodTemplate,
  podTemplates,
  type StackObjects,
  title,
} from "./objects.ts";

interface Peer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
}

interface PolicySpec {
  podSelector: LabelSelector;
  ingress?: { from?: Peer[]; ports?: Port[] }[];
  egress?: { to?: Peer[]; ports?: Port[] }[];
}

interface Port {
  port?: number | string;
}

/** What selects pods selects those that it means: of Services, budgets, autoscalers and network policies. */
export function proveSelectors({ stack, objects }: StackObjects): string[] {
  const templates = [...podTemplates(objects), ...solverPods(objects)];
  const problems = objects.flatMap((object) => {
    switch (object.kind) {
      case "Service":
        return serviceProblems(object, templates);
      case "PodDisruptionBudget":
        return budgetProblems(object, templates);
      case "HorizontalPodAutoscaler":
        return targetProblems(object, objects);
      case "NetworkPolicy":
        return policyProblems(object, templates, objects);
      default:
        return [];
    }
  });
  return [...problems, ...isolationProblems(templates, objects)].map((problem) => `${stack}: ${problem}`);
}

/**
 * The pods that cert-manager runs for HTTP-01 challenges, in each namespace in which an issuer makes a certificate.
 * Label and port are those of its `pkg/issuer/acme/http`.
 */
function solverPods(objects: KubernetesObject[]): PodTemplate[] {
  const issued = objects.filter(
    ({ kind, metadata: { annotations = {} } }) =>
      kind === "Certificate" || annotations["cert-manager.io/cluster-issuer"] !== undefined,
  );
  return [...new Set(issued.map(({ metadata: { namespace } }) => namespace))].map((namespace) => ({
    owner: { apiVersion: "v1", kind: "Pod", metadata: { name: "cm-acme-http-solver", namespace } },
    metadata: { labels: { "acme.cert-manager.io/http01-solver": "true" } },
    spec: { containers: [{ name: "acmesolver", ports: [{ name: "http", containerPort: 8089 }] }] },
  }));
}

function selected(selector: LabelSelector, namespace: string | undefined, templates: PodTemplate[]): PodTemplate[] {
  return templates.filter(
    (template) =>
      template.owner.metadata.namespace === namespace &&
      podLabels(template).some((labels) => matches(selector, labels)),
  );
}

/** The labels of the pods that a template makes. Those of a StatefulSet carry their names as well. */
function podLabels({ owner, metadata: { labels = {} } }: PodTemplate): Record<string, string>[] {
  if (owner.kind !== "StatefulSet") return [labels];
  return Array.from({ length: Number(owner.spec?.replicas ?? 1) }, (_, ordinal) => ({
    ...labels,
    "statefulset.kubernetes.io/pod-name": `${owner.metadata.name}-${ordinal}`,
  }));
}

function serviceProblems(service: KubernetesObject, templates: PodTemplate[]): string[] {
  const { selector, ports = [] } = (service.spec ?? {}) as {
    selector?: Record<string, string>;
    ports?: { port: number; targetPort?: number | string }[];
  };
  if (selector === undefined) return [];
  const pods = selected({ matchLabels: selector }, service.metadata.namespace, templates);
  const owners = pods.map(({ owner }) => title(owner));
  if (pods.length !== 1)
    return [`${title(service)}: its selector selects ${owners.length === 0 ? "no pods" : owners.join(" and ")}`];
  return ports
    .filter(({ port, targetPort = port }) => !pods.some(({ spec }) => listensOn(spec, targetPort)))
    .map(({ port, targetPort = port }) => `${title(service)}: ${owners.join()} has no port ${targetPort}`);
}

function listensOn({ containers, initContainers = [] }: PodSpec, port: number | string): boolean {
  const sidecars = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  const ports = [...containers, ...sidecars].flatMap(
    ({ ports = [] }) => ports as { name?: string; containerPort: number }[],
  );
  return ports.some(({ name, containerPort }) => name === port || containerPort === port);
}

function budgetProblems(budget: KubernetesObject, templates: PodTemplate[]): string[] {
  const pods = selected(budget.spec?.selector ?? {}, budget.metadata.namespace, templates);
  if (pods.length === 1) return [];
  const owners = pods.map(({ owner }) => title(owner));
  return [`${title(budget)}: its selector selects ${owners.length === 0 ? "no pods" : owners.join(" and ")}`];
}

function targetProblems(autoscaler: KubernetesObject, objects: KubernetesObject[]): string[] {
  const { kind, name } = autoscaler.spec?.scaleTargetRef as { kind: string; name: string };
  const { namespace } = autoscaler.metadata;
  const exists = objects.some(
    (object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace,
  );
  return exists ? [] : [`${title(autoscaler)}: its target ${kind} ${name} is not in the stack`];
}

function policyProblems(policy: KubernetesObject, templates: PodTemplate[], objects: KubernetesObject[]): string[] {
  const { podSelector, ingress = [], egress = [] } = policy.spec as unknown as PolicySpec;
  const { namespace } = policy.metadata;
  const subjects = selected(podSelector, namespace, templates);
  if (subjects.length === 0 && !isEmpty(podSelector)) return [`${title(policy)}: its selector selects no pods`];
  const peers = [
    ...ingress.flatMap(({ from = [], ports }) =>
      from.map((peer) => ({ peer, ports: undefined, direction: "from", ports_: ports })),
    ),
    ...egress.flatMap(({ to = [], ports }) => to.map((peer) => ({ peer, ports, direction: "to", ports_: undefined }))),
  ];
  const problems = peers.flatMap(({ peer, ports = [], direction }) => {
    const where = ownNamespace(peer, namespace, objects);
    if (peer.podSelector === undefined || where === undefined) return [];
    const pods = selected(peer.podSelector, where, templates);
    if (pods.length === 0) return [`${title(policy)}: a rule "${direction}" selects no pods: ${JSON.stringify(peer)}`];
    return ports
      .filter(({ port }) => port !== undefined && !pods.some(({ spec }) => listensOn(spec, port)))
      .map(({ port }) => `${title(policy)}: a rule "to" allows port ${port ?? ""}, on which no pod listens`);
  });
  const admitted = ingress
    .flatMap(({ ports = [] }) => ports)
    .filter(({ port }) => port !== undefined && !subjects.some(({ spec }) => listensOn(spec, port)))
    .map(({ port }) => `${title(policy)}: a rule "from" admits to port ${port ?? ""}, on which no pod listens`);
  return [...problems, ...admitted];
}

function isEmpty({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** The namespace that a peer is in, if it is one of the stack's own; pods of others are not known. */
function ownNamespace(
  { namespaceSelector }: Peer,
  own: string | undefined,
  objects: KubernetesObject[],
): string | undefined {
  if (namespaceSelector === undefined) return own;
  return objects
    .filter(({ kind }) => kind === "Namespace")
    .find(({ metadata: { name, labels } }) =>
      matches(namespaceSelector, { ...labels, "kubernetes.io/metadata.name": name }),
    )?.metadata.name;
}

/** Pods that no policy but the general one speaks of can reach nobody. */
function isolationProblems(templates: PodTemplate[], objects: KubernetesObject[]): string[] {
  const policies = objects.filter(({ kind }) => kind === "NetworkPolicy");
  if (policies.length === 0) return [];
  return templates
    .filter(({ owner, metadata }) =>
      policies.every(({ metadata: { namespace }, spec }) => {
        const { podSelector } = spec as unknown as PolicySpec;
        return namespace !== owner.metadata.namespace || isEmpty(podSelector) || !matches(podSelector, metadata.labels);
      }),
    )
    .map(({ owner }) => `${title(owner)}: no network policy speaks of its pods`);
}
