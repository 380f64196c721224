import type { KubernetesApi, KubernetesObject } from "../cluster/kubernetesApi.ts";

/** "ready", why it cannot become so, or what is still missing. */
export type Readiness = { ready: true } | { ready: false; failed: boolean; message: string };

const ready: Readiness = { ready: true };
const waiting = (message: string): Readiness => ({ ready: false, failed: false, message });
const failed = (message: string): Readiness => ({ ready: false, failed: true, message });

interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
}

function condition({ status }: KubernetesObject, type: string): Condition | undefined {
  return ((status?.conditions ?? []) as Condition[]).find((condition) => condition.type === type);
}

/** Whether an object does what it is for, by the rules of the provider for Kubernetes. */
export async function readiness(api: KubernetesApi, object: KubernetesObject): Promise<Readiness> {
  const annotations = object.metadata.annotations ?? {};
  if (annotations["pulumi.com/skipAwait"] === "true") return ready;
  const waitFor = annotations["pulumi.com/waitFor"];
  if (waitFor !== undefined) return meets(object, waitFor);
  switch (object.kind) {
    case "Deployment":
    case "StatefulSet":
      return rolledOut(object);
    case "Job":
      return ended(object);
    case "Service":
      return hasEndpoints(api, object);
    case "Ingress":
      return hasAddress(object);
    default:
      return ready;
  }
}

function meets(object: KubernetesObject, waitFor: string): Readiness {
  const [, type = "", status = "True"] = /^condition=([^=]+)(?:=(.+))?$/.exec(waitFor) ?? [];
  if (type === "") return failed(`pulumi.com/waitFor: ${waitFor} is not understood`);
  const found = condition(object, type);
  return found?.status === status ? ready : waiting(`condition ${type} is ${found?.status ?? "not there"}`);
}

function rolledOut({ kind, metadata, spec = {}, status = {}, ...rest }: KubernetesObject): Readiness {
  const object = { kind, metadata, spec, status, ...rest };
  const { observedGeneration = 0, updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status as Counts;
  // Until then the conditions tell of the former rollout.
  if (observedGeneration < (metadata.generation ?? 0)) return waiting("the rollout has not begun");
  const refused = condition(object, "ReplicaFailure");
  if (refused?.status === "True") return failed(refused.message ?? "no pod can be created");
  const stuck = condition(object, "Progressing");
  if (stuck?.status === "False") return failed(stuck.message ?? "the rollout makes no progress");
  const wanted = (spec.replicas as number | undefined) ?? 1;
  const isDone = updatedReplicas === wanted && availableReplicas === wanted && replicas === wanted;
  return isDone ? ready : waiting(`${availableReplicas} of ${wanted} pods are available, ${updatedReplicas} updated`);
}

type Counts = Partial<Record<"observedGeneration" | "updatedReplicas" | "availableReplicas" | "replicas", number>>;

function ended(job: KubernetesObject): Readiness {
  const failure = condition(job, "Failed");
  if (failure?.status === "True") return failed(`Job ${job.metadata.name} failed: ${failure.message ?? ""}`);
  return condition(job, "Complete")?.status === "True" ? ready : waiting("it has not ended");
}

async function hasEndpoints(api: KubernetesApi, service: KubernetesObject): Promise<Readiness> {
  const { selector, type, clusterIP } = service.spec ?? {};
  if (selector === undefined || type === "ExternalName" || clusterIP === "None") return ready;
  return (await endpoints(api, service)).length > 0 ? ready : waiting("no ready pod matches its selector");
}

/** The addresses of the ready pods of a Service. */
export async function endpoints(api: KubernetesApi, { metadata }: KubernetesObject): Promise<string[]> {
  const query = `?labelSelector=kubernetes.io/service-name%3D${metadata.name}`;
  const slices = await api.list("discovery.k8s.io/v1", "EndpointSlice", metadata.namespace, query);
  return slices
    .flatMap((slice) => (slice.endpoints ?? []) as { addresses: string[]; conditions: { ready?: boolean } }[])
    .filter(({ conditions }) => conditions.ready === true)
    .flatMap(({ addresses }) => addresses);
}

function hasAddress({ status }: KubernetesObject): Readiness {
  const { ingress = [] } = (status?.loadBalancer ?? {}) as { ingress?: unknown[] };
  return ingress.length > 0 ? ready : waiting("no controller has given it an address");
}
