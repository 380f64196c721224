/**
 * The order of a stack's Kubernetes objects as Argo CD's sync waves. Argo CD applies a wave once everything in the
 * waves before it is healthy, so each object is in a later wave than all that it depends on.
 */
import { isPlainObject } from "../graph/graph.ts";
import type { Properties, Resource, StackGraph, Value } from "../graph/graph.ts";
import { isKubernetesObject } from "./manifestObject.ts";

export const syncWaveAnnotation = "argocd.argoproj.io/sync-wave";
export const hookAnnotation = "argocd.argoproj.io/hook";

export interface SyncWave {
  wave: number;
  /** The program's own annotations put the object before something that it depends on. */
  isTooEarly: boolean;
}

/** The wave of each Kubernetes object, by URN. A wave that the program sets stays, and others follow from it. */
export function syncWaves({ resources }: StackGraph): Map<string, SyncWave> {
  return new WaveFinder(resources).all();
}

class WaveFinder {
  readonly #resources: Map<string, Resource>;
  readonly #implied: Map<string, string[]>;
  /** The first wave in which a resource's dependencies are all there, by URN. */
  readonly #earliest = new Map<string, number>();

  constructor(resources: Resource[]) {
    this.#resources = new Map(resources.map((resource) => [resource.urn, resource]));
    this.#implied = impliedDependencies(resources.filter(isKubernetesObject));
  }

  all(): Map<string, SyncWave> {
    const objects = [...this.#resources.values()].filter(isKubernetesObject);
    const waves = new Map(objects.map((object) => [object.urn, this.#syncWave(object)]));
    for (const claim of objects.filter(isWaitedForByPods)) {
      const users = objects.filter((object) => this.#dependencies(object).includes(claim.urn));
      const first = Math.min(...users.map(({ urn }) => waves.get(urn)?.wave ?? Infinity));
      if (Number.isFinite(first) && ownWave(claim) === undefined)
        waves.set(claim.urn, { wave: first, isTooEarly: false });
    }
    return waves;
  }

  #syncWave(object: Resource): SyncWave {
    const earliest = this.#earliestWave(object);
    const own = ownWave(object);
    const isPreSync = hooksOf(object).includes("PreSync");
    return { wave: own ?? earliest, isTooEarly: isPreSync ? earliest > 0 : own !== undefined && own < earliest };
  }

  #earliestWave(resource: Resource): number {
    const known = this.#earliest.get(resource.urn);
    if (known !== undefined) return known;
    // Two objects that imply each other do not keep each other waiting.
    this.#earliest.set(resource.urn, 0);
    let earliest = 0;
    for (const urn of this.#dependencies(resource)) {
      const dependency = this.#resources.get(urn);
      if (dependency === undefined) continue;
      const before = this.#earliestWave(dependency);
      // A resource that is no object, such as a password, takes no wave, and passes on what it waits for.
      const takesWave = isKubernetesObject(dependency) && !isWaitedForByPods(dependency);
      earliest = Math.max(earliest, takesWave ? (ownWave(dependency) ?? before) + 1 : before);
    }
    this.#earliest.set(resource.urn, earliest);
    return earliest;
  }

  #dependencies({ urn, dependencies, propertyDependencies, provider, parent }: Resource): string[] {
    const all = [
      ...dependencies,
      ...Object.values(propertyDependencies).flat(),
      provider,
      ...(this.#implied.get(urn) ?? []),
    ];
    // The engine creates what a resource manages after it; a component is no such thing.
    if (parent !== null && this.#resources.get(parent)?.custom === true) all.push(parent);
    return all.filter((dependency) => typeof dependency === "string");
  }
}

/** The Namespace that an object is in, and the definition of its kind, if the stack makes them. */
function impliedDependencies(objects: Resource[]): Map<string, string[]> {
  const makers = new Map<string, string>();
  for (const { urn, inputs } of objects) {
    const { metadata, spec, kind } = inputs;
    if (kind === "Namespace" && isPlainObject(metadata) && typeof metadata.name === "string") {
      makers.set(`namespace ${metadata.name}`, urn);
    }
    if (kind === "CustomResourceDefinition" && isPlainObject(spec) && isPlainObject(spec.names)) {
      makers.set(kindKey(spec.group, spec.names.kind), urn);
    }
  }
  const implied = new Map<string, string[]>();
  for (const { urn, inputs } of objects) {
    const { apiVersion, kind, metadata } = inputs;
    const group = typeof apiVersion === "string" ? apiVersion.split("/")[0] : undefined;
    const namespace = isPlainObject(metadata) ? metadata.namespace : undefined;
    const needed = [
      makers.get(kindKey(group, kind)),
      typeof namespace === "string" ? makers.get(`namespace ${namespace}`) : undefined,
    ];
    implied.set(
      urn,
      needed.filter((maker) => maker !== undefined),
    );
  }
  return implied;
}

function kindKey(...groupAndKind: (Value | undefined)[]): string {
  return `kind ${JSON.stringify(groupAndKind)}`;
}

/**
 * A claim may be bound only once a pod uses it, and Argo CD takes an unbound claim for unhealthy. It goes into the
 * wave of the first object that uses it, in which Argo CD applies claims before pods.
 * https://github.com/argoproj/argo-cd/issues/12840
 */
function isWaitedForByPods({ inputs }: Resource): boolean {
  return inputs.kind === "PersistentVolumeClaim" && inputs.apiVersion === "v1";
}

function ownWave(object: Resource): number | undefined {
  const own = annotationsOf(object)[syncWaveAnnotation];
  const wave = typeof own === "string" ? Number(own) : Number.NaN;
  return Number.isInteger(wave) ? wave : undefined;
}

function hooksOf(object: Resource): string[] {
  const hooks = annotationsOf(object)[hookAnnotation];
  return typeof hooks === "string" ? hooks.split(",").map((hook) => hook.trim()) : [];
}

function annotationsOf({ inputs: { metadata } }: Resource): Properties {
  const annotations = isPlainObject(metadata) ? metadata.annotations : undefined;
  return isPlainObject(annotations) ? annotations : {};
}
