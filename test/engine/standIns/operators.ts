import { setTimeout as delay } from "node:timers/promises";
import { KubernetesApi, KubernetesError, type KubernetesObject } from "../cluster/kubernetesApi.ts";

const fieldManager = "operators";

/**
 * What a cluster has beside Kubernetes itself: the External Secrets Operator, which fills Secrets, an ingress
 * controller, which gives each Ingress an address, and a provisioner, which gives each claim a volume.
 */
export class Operators {
  readonly #api: KubernetesApi;
  #running = true;
  readonly #loop: Promise<void>;

  constructor(kubeconfig: string) {
    this.#api = new KubernetesApi(kubeconfig);
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#running = false;
    await this.#loop;
    this.#api.close();
  }

  async #run(): Promise<void> {
    while (this.#running) {
      try {
        const [secrets, ingresses, claims, volumes] = await Promise.all([
          this.#api.list("external-secrets.io/v1", "ExternalSecret"),
          this.#api.list("networking.k8s.io/v1", "Ingress"),
          this.#api.list("v1", "PersistentVolumeClaim"),
          this.#api.list("v1", "PersistentVolume"),
        ]);
        await Promise.all([
          ...secrets.filter((secret) => secret.status === undefined).map((secret) => this.#fill(secret)),
          ...claims.filter(({ spec }) => spec?.volumeName === undefined).map((claim) => this.#provision(claim)),
          ...volumes.filter(isReleased).map((volume) => this.#api.remove(volume)),
          ...ingresses.filter(({ status }) => !hasAddress(status)).map((ingress) => this.#admit(ingress)),
        ]);
      } catch (error) {
        // What is being deleted meanwhile needs nothing any more.
        if (!(error instanceof KubernetesError)) throw error;
      }
      await delay(200);
    }
  }

  async #fill(external: KubernetesObject): Promise<void> {
    const { apiVersion, kind, metadata, spec = {} } = external;
    if (metadata.deletionTimestamp !== undefined) return;
    const { target, data } = spec as unknown as ExternalSecretSpec;
    const keys = Object.keys(target.template?.data ?? Object.fromEntries(data.map(({ secretKey }) => [secretKey, ""])));
    await this.#api.apply(
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: target.name,
          namespace: metadata.namespace,
          ownerReferences: [
            { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? "", controller: true } as never,
          ],
        },
        stringData: Object.fromEntries(keys.map((key) => [key, `value of ${key}`])),
      },
      { fieldManager },
    );
    const conditions = [{ type: "Ready", status: "True", reason: "SecretSynced", message: "secret synced" }];
    await this.#status(external, { conditions });
  }

  /** A volume that a pod has for its own life goes with it; others are kept. */
  async #provision({ metadata, spec = {} }: KubernetesObject): Promise<void> {
    const { name, namespace, uid = "", ownerReferences = [] } = metadata;
    const isEphemeral = ownerReferences.some(({ kind }) => kind === "Pod");
    const { storageClassName, accessModes, resources } = spec as {
      storageClassName?: string;
      accessModes: string[];
      resources: { requests: Record<string, string> };
    };
    await this.#api.apply(
      {
        apiVersion: "v1",
        kind: "PersistentVolume",
        metadata: { name: `volume-${uid}` },
        spec: {
          storageClassName,
          accessModes,
          capacity: resources.requests,
          claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
          persistentVolumeReclaimPolicy: isEphemeral ? "Delete" : "Retain",
          csi: { driver: "test", volumeHandle: uid },
        },
      },
      { fieldManager },
    );
  }

  async #admit(ingress: KubernetesObject): Promise<void> {
    await this.#status(ingress, { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } });
  }

  async #status(object: KubernetesObject, status: Record<string, unknown>): Promise<void> {
    const path = `${await this.#api.path(object)}/status?fieldManager=${fieldManager}`;
    await this.#api.call("PATCH", path, { status }, "application/merge-patch+json");
  }
}

interface ExternalSecretSpec {
  target: { name: string; template?: { data: Record<string, string> } };
  data: { secretKey: string }[];
}

/** A volume that its driver would delete now. */
function isReleased({ spec, status }: KubernetesObject): boolean {
  return spec?.persistentVolumeReclaimPolicy === "Delete" && ["Released", "Failed"].includes(String(status?.phase));
}

function hasAddress(status: KubernetesObject["status"]): boolean {
  return ((status?.loadBalancer ?? {}) as { ingress?: unknown[] }).ingress !== undefined;
}
