import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { conditionOf } from "../cluster/cluster.ts";
import { type KubernetesApi, KubernetesError, type KubernetesObject } from "../cluster/kubernetesApi.ts";
import { readiness } from "../standIns/readiness.ts";
import { eventually } from "../support/eventually.ts";
import { podTemplates, title } from "./objects.ts";

interface Manifest {
  text: string;
  object: KubernetesObject;
}

/** A stack's manifests by Argo CD's sync wave, the first wave first. */
export function readWaves(folder: string): Map<number, Manifest[]> {
  const waves = new Map<number, Manifest[]>();
  for (const file of readdirSync(folder).sort()) {
    const text = readFileSync(join(folder, file), "utf8");
    const object = parse(text, { version: "1.1" }) as KubernetesObject;
    const wave = Number(object.metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
    waves.set(wave, [...(waves.get(wave) ?? []), { text, object }]);
  }
  return new Map([...waves].sort(([a], [b]) => a - b));
}

/**
 * Applies a stack as Argo CD does: a wave at a time, each once all objects of those before are healthy. Gives what is
 * refused, what does not become healthy, and what an object of a wave needs that is not there before it.
 *
 * @param given Secrets that the operators of the cluster put into the stack's namespace once it is there.
 */
export async function applyWaves(
  api: KubernetesApi,
  waves: Map<number, Manifest[]>,
  given: string[] = [],
  timeout = 60_000,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [wave, manifests] of waves) {
    const name = (object: KubernetesObject): string => `wave ${wave}: ${title(object)}`;
    for (const { object } of manifests)
      for (const need of await missingNeeds(api, object)) problems.push(`${name(object)} needs ${need}`);
    for (const { text, object } of manifests) {
      try {
        await api.applyText(object, text);
      } catch (error) {
        if (!(error instanceof KubernetesError)) throw error;
        problems.push(`${name(object)}: ${error.message}`);
      }
    }
    for (const { object } of manifests.filter(({ object }) => object.kind === "Namespace"))
      for (const secret of given) await api.apply(emptySecret(object.metadata.name, secret));
    // A wave that does not get healthy would hold Argo CD for good.
    if (problems.length > 0) return problems;
    await Promise.all(
      manifests.map(async ({ object }) => {
        try {
          await eventually(`${title(object)} is healthy`, () => isHealthy(api, object), timeout);
        } catch (error) {
          problems.push(`wave ${wave}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }),
    );
    if (problems.length > 0) return problems;
  }
  return problems;
}

function emptySecret(namespace: string, name: string): KubernetesObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { namespace, name } };
}

/** Health by Argo CD's rules, as far as it has any for the kind. */
async function isHealthy(api: KubernetesApi, object: KubernetesObject): Promise<true | string> {
  const live = await api.get(object);
  if (live === undefined) return "it is not there";
  switch (object.kind) {
    case "ExternalSecret":
      return conditionOf(live, "Ready") === "True" || "its secret is not there";
    case "PersistentVolumeClaim":
      return live.status?.phase === "Bound" || "it has no volume";
    case "Deployment":
    case "StatefulSet":
    case "Job":
    case "Ingress": {
      const state = await readiness(api, live);
      return state.ready || state.message;
    }
    default:
      return true;
  }
}

/** What the pods of an object name, or its autoscaler scales, and is not there. */
async function missingNeeds(api: KubernetesApi, object: KubernetesObject): Promise<string[]> {
  const { namespace } = object.metadata;
  const needs = podTemplates([object]).flatMap(({ spec }) => namedObjects(spec));
  const target = object.spec?.scaleTargetRef as Target | undefined;
  if (target !== undefined) needs.push(target);
  const missing = await Promise.all(
    needs.map(async ({ apiVersion, kind, name }) => {
      const found = await api.get({ apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } });
      return found === undefined ? [`${kind} ${name}`] : [];
    }),
  );
  return missing.flat();
}

interface Target {
  apiVersion: string;
  kind: string;
  name: string;
}

/** The ServiceAccount, Secrets and ConfigMaps that a pod cannot start without. */
function namedObjects(spec: Record<string, unknown>): Target[] {
  const needs: Target[] = [];
  if (typeof spec.serviceAccountName === "string")
    needs.push({ apiVersion: "v1", kind: "ServiceAccount", name: spec.serviceAccountName });
  const search = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const { name, secretName, optional } = (inner ?? {}) as {
        name?: string;
        secretName?: string;
        optional?: boolean;
      };
      const isNeeded = optional !== true;
      if (["secretKeyRef", "secretRef"].includes(key) && name !== undefined && isNeeded)
        needs.push({ apiVersion: "v1", kind: "Secret", name });
      if (["configMapKeyRef", "configMapRef", "configMap"].includes(key) && name !== undefined && isNeeded)
        needs.push({ apiVersion: "v1", kind: "ConfigMap", name });
      if (key === "secret" && (secretName ?? name) !== undefined && isNeeded)
        needs.push({ apiVersion: "v1", kind: "Secret", name: secretName ?? name ?? "" });
      search(inner);
    }
  };
  search(spec);
  return needs;
}
