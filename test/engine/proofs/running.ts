import { conditionOf, nodes } from "../cluster/cluster.ts";
import { type KubernetesApi, KubernetesError, type KubernetesObject } from "../cluster/kubernetesApi.ts";
import { endpoints, readiness } from "../standIns/readiness.ts";
import { type StackObjects, title } from "./objects.ts";
import { eventually } from "../support/eventually.ts";

const kindsThatRun = ["Deployment", "StatefulSet", "Job", "Service"];

/** Every workload comes up, every Job ends well, every Service has endpoints. */
export async function proveRunning(
  api: KubernetesApi,
  { stack, objects }: StackObjects,
  timeout = 60_000,
): Promise<string[]> {
  const checked = objects.filter(({ kind }) => kindsThatRun.includes(kind));
  const problems = await Promise.all(
    checked.map(async (object) => {
      const end = Date.now() + timeout;
      for (;;) {
        const live = await api.get(object);
        const state = live === undefined ? undefined : await readiness(api, live);
        if (state?.ready) return [];
        if (state === undefined || state.failed || Date.now() > end)
          return [`${stack}: ${title(object)}: ${state?.message ?? "it is not there"}${await whyPending(api, object)}`];
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }),
  );
  return problems.flat();
}

/** The pods that run no more or not yet, and why. */
async function unreadyPods(api: KubernetesApi, namespace: string): Promise<string[]> {
  const pods = await api.list("v1", "Pod", namespace);
  return pods
    .filter(
      (pod) => !["Succeeded", "Failed"].includes(String(pod.status?.phase)) && conditionOf(pod, "Ready") !== "True",
    )
    .map(({ metadata, spec, status }) => {
      const conditions = (status?.conditions ?? []) as { type: string; status: string; message?: string }[];
      const reasons = conditions
        .filter(({ status }) => status === "False")
        .map(({ type, message }) => `${type} ${message ?? ""}`);
      const node = typeof spec?.nodeName === "string" ? ` on ${spec.nodeName}` : "";
      return `${metadata.name}${node} is ${String(status?.phase)}: ${reasons.join("; ")}`;
    });
}

/** What the scheduler says of pods that no node takes. */
async function whyPending(api: KubernetesApi, { metadata: { namespace } }: KubernetesObject): Promise<string> {
  const pods = await api.list("v1", "Pod", namespace);
  const messages = pods
    .flatMap(({ status }) => (status?.conditions ?? []) as { type: string; status: string; message?: string }[])
    .filter(({ type, status }) => type === "PodScheduled" && status === "False")
    .map(({ message = "" }) => message);
  return messages.length === 0 ? "" : `; ${messages[0] ?? ""}`;
}

/** All pods are scheduled and ready when every autoscaler asks for its maximum, and Services have them all. */
export async function proveMaximum(
  api: KubernetesApi,
  { stack, objects }: StackObjects,
  timeout = 60_000,
): Promise<string[]> {
  const problems: string[] = [];
  for (const autoscaler of objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler")) {
    const { scaleTargetRef, maxReplicas } = autoscaler.spec as { scaleTargetRef: Target; maxReplicas: number };
    const { namespace } = autoscaler.metadata;
    const target = { ...scaleTargetRef, metadata: { name: scaleTargetRef.name, namespace } };
    await api.call(
      "PATCH",
      `${await api.path(target)}/scale`,
      { spec: { replicas: maxReplicas } },
      "application/merge-patch+json",
    );
    const available = async () => Number((await api.get(target))?.status?.availableReplicas ?? 0);
    try {
      await eventually("all pods are available", async () => (await available()) === maxReplicas, timeout);
    } catch {
      const reason = await whyPending(api, autoscaler);
      problems.push(
        `${stack}: ${title(autoscaler)}: at its maximum of ${maxReplicas} only ${await available()} pods run${reason}`,
      );
    }
  }
  if (problems.length > 0) return problems;
  for (const service of objects.filter(({ kind, spec }) => kind === "Service" && spec?.selector !== undefined)) {
    const selector = Object.entries(service.spec?.selector as Record<string, string>);
    const query = `?labelSelector=${encodeURIComponent(selector.map(([key, value]) => `${key}=${value}`).join())}`;
    try {
      await eventually(
        "every pod is an endpoint",
        async () => {
          const pods = await api.list("v1", "Pod", service.metadata.namespace, query);
          return pods.length > 0 && (await endpoints(api, service)).length === pods.length;
        },
        timeout,
      );
    } catch {
      problems.push(`${stack}: ${title(service)}: not every pod that it selects is an endpoint`);
    }
  }
  return problems;
}

interface Target {
  apiVersion: string;
  kind: string;
  name: string;
}

/**
 * Drains one node after the other: each drain ends, and no budget is ever broken.
 * @param timeout Milliseconds for each drain: longer than the two minutes that a budget waits for a pod to go.
 */
export async function proveDrains(
  api: KubernetesApi,
  { stack, objects }: StackObjects,
  timeout = 150_000,
): Promise<string[]> {
  const budgets = objects.filter(({ kind }) => kind === "PodDisruptionBudget");
  const namespaces = [
    ...new Set(objects.map(({ metadata }) => metadata.namespace).filter((name) => name !== undefined)),
  ];
  const problems: string[] = [];
  for (const node of nodes) {
    await cordon(api, node.name, true);
    try {
      await eventually(
        `node ${node.name} is drained`,
        async () => {
          for (const budget of budgets) problems.push(...(await broken(api, stack, budget)));
          const left = await podsOn(api, namespaces, node.name);
          const answers = await Promise.all(left.map((pod) => evict(api, pod)));
          return left.length === 0 || answers.filter((answer) => answer !== "").join("; ");
        },
        timeout,
      );
    } catch (error) {
      const blocking = await blockers(api, budgets);
      const message = error instanceof Error ? error.message : "";
      const states = await Promise.all(namespaces.map((namespace) => unreadyPods(api, namespace)));
      problems.push(
        [
          `${stack}: ${blocking.join(", ") || "no budget"}: a drain of ${node.name} does not end: ${message}`,
          ...states.flat(),
        ].join("\n  "),
      );
    }
    await cordon(api, node.name, false);
    if (problems.length > 0) break;
  }
  return [...new Set(problems)];
}

async function cordon(api: KubernetesApi, name: string, unschedulable: boolean): Promise<void> {
  await api.call("PATCH", `/api/v1/nodes/${name}`, { spec: { unschedulable } }, "application/merge-patch+json");
}

async function podsOn(api: KubernetesApi, namespaces: string[], node: string): Promise<KubernetesObject[]> {
  const lists = namespaces.map((namespace) =>
    api.list("v1", "Pod", namespace, `?fieldSelector=spec.nodeName%3D${node}`),
  );
  const pods = (await Promise.all(lists)).flat();
  return pods.filter(({ status }) => !["Succeeded", "Failed"].includes(String(status?.phase)));
}

/** Asks for a pod's eviction; gives what stands against it. */
async function evict(api: KubernetesApi, { metadata }: KubernetesObject): Promise<string> {
  const { name, namespace } = metadata;
  try {
    await api.call("POST", `/api/v1/namespaces/${namespace ?? ""}/pods/${name}/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name, namespace },
    });
    return "";
  } catch (error) {
    // 404: gone already. 429: the budget says not now.
    if (error instanceof KubernetesError && [404, 429].includes(error.code))
      return error.code === 429 ? error.message : "";
    throw error;
  }
}

async function broken(api: KubernetesApi, stack: string, budget: KubernetesObject): Promise<string[]> {
  const { currentHealthy = 0, desiredHealthy = 0 } = ((await api.get(budget))?.status ?? {}) as BudgetStatus;
  if (currentHealthy >= desiredHealthy) return [];
  return [`${stack}: ${title(budget)}: ${currentHealthy} pods are healthy, and it asks for ${desiredHealthy}`];
}

async function blockers(api: KubernetesApi, budgets: KubernetesObject[]): Promise<string[]> {
  const live = await Promise.all(budgets.map((budget) => api.get(budget)));
  return live
    .filter((budget) => budget !== undefined)
    .filter(({ status }) => ((status ?? {}) as BudgetStatus).disruptionsAllowed === 0)
    .map(title);
}

interface BudgetStatus {
  currentHealthy?: number;
  desiredHealthy?: number;
  disruptionsAllowed?: number;
}
