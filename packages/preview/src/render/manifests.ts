import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UsageError } from "../errors.ts";
import { compareText, hasFailed, isPlainObject, isSecret, isUnknown } from "../graph/graph.ts";
import type { Graph, Properties, Resource, StackGraph, Value } from "../graph/graph.ts";
import { isKubernetesObject } from "./manifestObject.ts";
import { syncWaveAnnotation, syncWaves } from "./syncWaves.ts";
import type { SyncWave } from "./syncWaves.ts";
import { yamlText } from "./yamlText.ts";

/** A Kubernetes object as a file for `kubectl apply`. */
export interface Manifest {
  /** The file's name. In the order of their names, the files can be applied. */
  file: string;
  text: string;
  /** Argo CD's sync wave: everything that the object depends on is in an earlier one. */
  wave: number;
  /** Differences from the program, each with the path of the property. */
  gaps: Gap[];
}

export interface Gap {
  path: string;
  reason: "secret" | "unknown" | "name" | "order";
}

/** Stands for a value that is not known offline: a valid name, so that an API server can check the rest. */
export const unknownPlaceholder = "gatehouse-unknown";
/** Stands for a secret, which is never written. */
export const secretPlaceholder = "gatehouse-secret";

/** Kinds that others need come first; kinds that are not listed (custom resources) come last. */
const kindOrder = [
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "StorageClass",
  "IngressClass",
  "GatewayClass",
  "ResourceQuota",
  "LimitRange",
  "NetworkPolicy",
  "ServiceAccount",
  "Secret",
  "ConfigMap",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "Service",
  "PodDisruptionBudget",
  "DaemonSet",
  "Pod",
  "ReplicaSet",
  "Deployment",
  "StatefulSet",
  "HorizontalPodAutoscaler",
  "Job",
  "CronJob",
  "Ingress",
];

/** The Kubernetes objects of a stack, in the order in which they can be applied: by wave, then by kind. */
export function manifests(stack: StackGraph): Manifest[] {
  const waves = syncWaves(stack);
  const objects = stack.resources
    .filter(isKubernetesObject)
    .map((resource) => {
      const syncWave = waves.get(resource.urn) ?? { wave: 0, isTooEarly: false };
      return { resource, wave: syncWave.wave, kind: kindOf(resource), ...prepare(resource, syncWave) };
    })
    .sort(
      (a, b) =>
        a.wave - b.wave || rank(a.kind) - rank(b.kind) || compareText(a.kind, b.kind) || compareText(a.title, b.title),
    );
  const digits = Math.max(3, String(objects.length).length);
  return objects.map(({ resource, wave, kind, title, object, gaps }, index) => ({
    file: `${String(index + 1).padStart(digits, "0")}-${fileName(`${kind}-${title}`)}.yaml`,
    text: render(resource, object, gaps),
    wave,
    gaps,
  }));
}

function kindOf({ inputs: { kind } }: Resource): string {
  return typeof kind === "string" ? kind : "";
}

function rank(kind: string): number {
  const index = kindOrder.indexOf(kind);
  return index === -1 ? kindOrder.length : index;
}

function prepare(resource: Resource, syncWave: SyncWave): { object: Properties; title: string; gaps: Gap[] } {
  const gaps: Gap[] = [];
  const { apiVersion, kind, metadata, ...rest } = resource.inputs;
  const isSecretKind = kind === "Secret" && apiVersion === "v1";
  const object: Properties = { apiVersion: apiVersion ?? null, kind: kind ?? null };
  object.metadata = prepareMetadata(resource, isPlainObject(metadata) ? metadata : {}, syncWave, gaps);
  for (const [key, value] of Object.entries(rest)) {
    if (isSecretKind && key === "data") object.data = fill(value, key, gaps, toBase64);
    else if (isSecretKind && key === "stringData" && isSecret(value)) {
      gaps.push({ path: key, reason: "secret" });
      object.stringData = {};
    } else object[key] = fill(value, key, gaps);
  }
  const { name, namespace } = object.metadata as Record<string, Value>;
  return { object, title: [namespace, name].filter((part) => typeof part === "string").join("-"), gaps };
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function prepareMetadata(
  resource: Resource,
  metadata: Properties,
  { wave, isTooEarly }: SyncWave,
  gaps: Gap[],
): Properties {
  const { annotations = {}, ...rest } = metadata;
  const filled = fill(rest, "metadata", gaps) as Properties;
  if (filled.name === undefined && filled.generateName === undefined) {
    // The provider makes up a name from the resource's own.
    filled.name = fileName(resource.name);
    gaps.push({ path: "metadata.name", reason: "name" });
  }
  const path = "metadata.annotations";
  if (isTooEarly) gaps.push({ path, reason: "order" });
  if (!isPlainObject(annotations)) fill(annotations, path, gaps);
  const own = Object.entries(isPlainObject(annotations) ? annotations : {}).filter(
    ([key]) => !key.startsWith("pulumi.com/"),
  );
  const all = { ...(wave === 0 ? {} : { [syncWaveAnnotation]: String(wave) }), ...Object.fromEntries(own) };
  if (Object.keys(all).length > 0) filled.annotations = fill(all, path, gaps);
  return filled;
}

/** The value with placeholders for what cannot be written. */
function fill(value: Value, path: string, gaps: Gap[], encode = (text: string): string => text): Value {
  if (isSecret(value) || isUnknown(value)) {
    const reason = isSecret(value) ? "secret" : "unknown";
    gaps.push({ path, reason });
    return encode(reason === "secret" ? secretPlaceholder : unknownPlaceholder);
  }
  if (Array.isArray(value)) return value.map((item, index) => fill(item, `${path}[${String(index)}]`, gaps, encode));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fill(inner, `${path}.${key}`, gaps, encode)]),
  );
}

function render(resource: Resource, object: Properties, gaps: Gap[]): string {
  const notes = gaps.map(({ path, reason }) => ` ${path}: ${explanations[reason]}`);
  const header = [` ${resource.urn}`, ...notes].map((line) => `#${line.replaceAll("\n", "\\n")}\n`).join("");
  return header + yamlText(object);
}

const explanations: Record<Gap["reason"], string> = {
  secret: "secret, a placeholder stands here; set it before use",
  unknown: "known only once it is deployed, a placeholder stands here",
  name: "the provider adds a random suffix to this name",
  order: "with these, Argo CD applies the object before something that it depends on",
};

function fileName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
}

/** Names the files that an earlier run wrote, so that the next one can take them away. */
const listFile = ".gatehouse-manifests.json";

/**
 * Refuses a folder that holds what is not from here.
 *
 * @throws UsageError if it does.
 */
export function checkManifestDirectory(directory: string): void {
  if (!existsSync(directory)) return;
  const content = readdirSync(directory);
  if (content.length > 0 && !content.includes(listFile)) {
    throw new UsageError(
      `${directory} is not empty and was not written by gatehouse\n` +
        "  fix:      name an empty or a new folder, or remove its content",
    );
  }
}

/**
 * Writes the Kubernetes objects of all stacks that did not fail to `<directory>/<stack>/`, in place of what an
 * earlier run wrote there. Gives a warning for each value that is a placeholder.
 */
export function writeManifests(graph: Graph, directory: string): string[] {
  checkManifestDirectory(directory);
  removeEarlier(directory);
  const files: string[] = [];
  const warnings: string[] = [];
  for (const stack of graph.stacks) {
    if (hasFailed(stack)) {
      warnings.push(`${stack.stack}: no manifests, as the program failed`);
      continue;
    }
    for (const { file, text, gaps } of manifests(stack)) {
      const path = join(stack.stack, file);
      mkdirSync(join(directory, stack.stack), { recursive: true });
      writeFileSync(join(directory, path), text);
      files.push(path);
      for (const gap of gaps) warnings.push(`${path}: ${gap.path}: ${explanations[gap.reason]}`);
    }
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, listFile), `${JSON.stringify(files, null, 2)}\n`);
  return warnings;
}

function removeEarlier(directory: string): void {
  const list = join(directory, listFile);
  if (!existsSync(list)) return;
  const files = JSON.parse(readFileSync(list, "utf8")) as string[];
  for (const file of files) rmSync(join(directory, file), { force: true });
  for (const folder of new Set(files.map((file) => join(directory, dirname(file))))) {
    if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
  }
}
