import { setTimeout as delay } from "node:timers/promises";
import { type KubernetesApi, type KubernetesObject, type Reference } from "../cluster/kubernetesApi.ts";
import { conditionOf } from "../cluster/cluster.ts";
import { title } from "../proofs/objects.ts";
import type { PulumiProject, StateResource } from "../pulumi/project.ts";
import type { CloudObject } from "../standIns/cloud.ts";
import { isObject, type WireObject } from "../standIns/plugin.ts";
import type { CloudPlace, Life, Place } from "./life.ts";
import { eventually } from "../support/eventually.ts";

const mergePatch = "application/merge-patch+json";

/** What a stack's objects are in, the cluster and the cloud: looked at, and changed by hand. */
export class Surroundings {
  readonly #life: Life;
  readonly #api: KubernetesApi;
  readonly #project: PulumiProject;

  constructor(life: Life, api: KubernetesApi, project: PulumiProject) {
    this.#life = life;
    this.#api = api;
    this.#project = project;
  }

  /** The images that answer requests: for each service, that of each of its instances. */
  async serving(): Promise<string[][]> {
    return Promise.all(this.#life.services.map(({ object }) => this.#servingOf(object)));
  }

  /** What runs an image whose reference has this text, or has run it and is still there. */
  async running(text: string): Promise<string[]> {
    const objects = [...(await this.#list("batch/v1", "Job")), ...(await this.#list("v1", "Pod"))];
    const inCluster = objects.filter(({ spec }) => JSON.stringify(spec).includes(text)).map(title);
    const inCloud = this.#project.cloud
      .list()
      .filter(({ state }) => JSON.stringify(state.template ?? {}).includes(text));
    return [...inCluster, ...inCloud.map(cloudTitle)];
  }

  /** Changes an object behind Pulumi's back. */
  async change(place: Place, patch: Record<string, unknown>): Promise<void> {
    if (!isCloudPlace(place)) {
      await this.#api.call("PATCH", await this.#api.path(place), patch, mergePatch);
      return;
    }
    const object = this.#found(place);
    this.#project.cloud.put({ ...object, state: merged(object.state, patch as WireObject) });
  }

  /** Does what the autoscalers do. */
  async scale(): Promise<void> {
    for (const { object, scaledTo } of this.#life.services)
      if (scaledTo !== undefined && !isCloudPlace(object)) {
        const path = `${await this.#api.path(object)}/scale`;
        await this.#api.call("PATCH", path, { spec: { replicas: scaledTo } }, mergePatch);
      }
  }

  /**
   * Makes the end of a version that is no good come at once, where Kubernetes would try it again for minutes. What is
   * answered takes that back.
   */
  async giveUpEarly(version: string): Promise<() => Promise<void>> {
    if (this.#life.namespace === undefined) return () => Promise.resolve();
    const owner = await this.#ownerOfPods(version);
    const isJob = owner.kind === "Job";
    if (isJob) await this.change(owner, { spec: { backoffLimit: 0 } });
    else await this.#exceedDeadline(owner);
    return async () => {
      if (!isJob) await this.change(owner, { spec: { progressDeadlineSeconds: null } });
    };
  }

  /** Shortens a rollout's deadline until its controller has seen it pass. Each change makes the controller look again. */
  async #exceedDeadline(deployment: Reference): Promise<void> {
    let seconds = 1;
    await eventually(`${this.#life.stack}: the rollout of ${deployment.metadata.name} gives up`, async () => {
      await this.change(deployment, { spec: { progressDeadlineSeconds: seconds } });
      seconds = seconds === 1 ? 2 : 1;
      await delay(2000);
      return conditionOf(await this.#get(deployment), "Progressing") === "False";
    });
  }

  /** What there still is: of what was in the stack's state, of its volumes, and in the cloud. */
  async left(resources: StateResource[]): Promise<string[]> {
    const references = resources.flatMap(({ type, custom, outputs }) =>
      custom && type.startsWith("kubernetes:") ? [outputs as unknown as KubernetesObject] : [],
    );
    const objects = await Promise.all(references.map((reference) => this.#api.get(reference)));
    const volumes = (await this.#api.list("v1", "PersistentVolume")).map(
      ({ spec }) => spec?.claimRef as { namespace: string; name: string },
    );
    return [
      ...objects.filter((object) => object !== undefined).map(title),
      ...volumes.filter(({ namespace }) => namespace === this.#life.namespace).map(({ name }) => `volume of ${name}`),
      ...this.#project.cloud.list().map(cloudTitle),
    ].sort();
  }

  async #servingOf(place: Place): Promise<string[]> {
    if (isCloudPlace(place)) return [mainImage(this.#found(place).state.template)];
    const { spec } = await this.#get(place);
    const { matchLabels } = spec?.selector as { matchLabels: Record<string, string> };
    const pods = (await this.#list("v1", "Pod")).filter(
      (pod) =>
        Object.entries(matchLabels).every(([key, value]) => pod.metadata.labels?.[key] === value) &&
        pod.metadata.deletionTimestamp === undefined &&
        conditionOf(pod, "Ready") === "True",
    );
    return pods.map(({ spec }) => mainImage(spec)).sort();
  }

  async #ownerOfPods(version: string): Promise<Reference> {
    let pod: KubernetesObject | undefined;
    await eventually(`${this.#life.stack}: there are pods of ${version}`, async () => {
      const pods = await this.#list("v1", "Pod");
      pod = pods.find(({ spec }) => JSON.stringify(spec).includes(`:${version}`));
      return pod !== undefined;
    });
    return this.#controllerOf(pod);
  }

  /** What made an object, and what made that: a Job or a Deployment. */
  async #controllerOf(object: KubernetesObject | undefined): Promise<Reference> {
    const { kind = "", name = "" } = object?.metadata.ownerReferences?.[0] ?? {};
    const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
    const owner = { apiVersion, kind, metadata: { name, namespace: this.#life.namespace } };
    return kind === "ReplicaSet" ? this.#controllerOf(await this.#get(owner)) : owner;
  }

  async #get(reference: Reference): Promise<KubernetesObject> {
    const object = await this.#api.get(reference);
    if (object === undefined) throw new Error(`${this.#life.stack}: ${reference.metadata.name} is not there`);
    return object;
  }

  async #list(apiVersion: string, kind: string): Promise<KubernetesObject[]> {
    const { namespace } = this.#life;
    return namespace === undefined ? [] : this.#api.list(apiVersion, kind, namespace);
  }

  #find({ type, name }: CloudPlace): CloudObject | undefined {
    return this.#project.cloud.list().find((object) => object.type === type && object.name === name);
  }

  #found(place: CloudPlace): CloudObject {
    const object = this.#find(place);
    if (object === undefined) throw new Error(`${this.#life.stack}: ${cloudTitle(place)} is not there`);
    return object;
  }
}

function isCloudPlace(place: Place): place is CloudPlace {
  return "type" in place;
}

function cloudTitle({ type, name }: CloudPlace): string {
  return `${type} ${name}`;
}

/** The image of the container that serves, in what describes instances. */
function mainImage(spec: unknown): string {
  return (spec as { containers: { image: string }[] }).containers[0]?.image ?? "";
}

/** https://datatracker.ietf.org/doc/html/rfc7386 */
function merged(object: WireObject, patch: WireObject): WireObject {
  const result = { ...object };
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    if (value === null) Reflect.deleteProperty(result, key);
    else result[key] = isObject(value) ? merged(isObject(before) ? before : {}, value) : value;
  }
  return result;
}
