import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { parse } from "yaml";
import { eventually } from "../support/eventually.ts";

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid?: string;
    generation?: number;
    resourceVersion?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: { kind: string; name: string; uid: string; controller?: boolean }[];
    [field: string]: unknown;
  };
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [field: string]: unknown;
}

/** What an API server says no with. */
export class KubernetesError extends Error {
  readonly code: number;
  readonly reason: string;

  constructor({ code = 0, reason = "", message = "" }: { code?: number; reason?: string; message?: string }) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

interface ApiResource {
  name: string;
  kind: string;
  namespaced: boolean;
}

interface Kubeconfig {
  clusters: { cluster: { server: string; "certificate-authority": string } }[];
  users: { user: { token: string } }[];
}

export interface ApplyOptions {
  dryRun?: boolean;
  fieldManager?: string;
  /** Takes fields over from other managers. */
  force?: boolean;
}

/** An API server, as far as tests and stand-ins need one. */
export class KubernetesApi {
  readonly #server: URL;
  readonly #token: string;
  readonly #agent: Agent;
  readonly #resources = new Map<string, ApiResource[]>();

  /** @param kubeconfig Text of a kubeconfig as the test cluster writes it. */
  constructor(kubeconfig: string) {
    const { clusters, users } = parse(kubeconfig) as Kubeconfig;
    const { server = "", "certificate-authority": authority = "" } = clusters[0]?.cluster ?? {};
    this.#server = new URL(server);
    this.#token = users[0]?.user.token ?? "";
    this.#agent = new Agent({ keepAlive: true, ca: readFileSync(authority) });
  }

  /**
   * One request. A body that is a text is sent as it is.
   * @throws KubernetesError where the server refuses it.
   */
  async call<Answer = KubernetesObject>(
    method: string,
    path: string,
    body?: unknown,
    type = "application/json",
  ): Promise<Answer> {
    const { status, text } = await this.#send(method, path, body, type);
    if (status >= 400) throw new KubernetesError(readStatus(status, text));
    return (text.startsWith("{") ? JSON.parse(text) : text) as Answer;
  }

  /** Creates or changes an object by server-side apply, every field known to the server. */
  async apply(object: KubernetesObject, options: ApplyOptions = {}): Promise<KubernetesObject> {
    return this.applyText(object, JSON.stringify(object), options);
  }

  /** As `apply`, but the server is sent the object's YAML as it stands in a manifest. */
  async applyText(
    object: Reference,
    text: string,
    { dryRun, fieldManager = "gatehouse", force = true }: ApplyOptions = {},
  ): Promise<KubernetesObject> {
    const query = new URLSearchParams({ fieldManager, force: String(force), fieldValidation: "Strict" });
    if (dryRun) query.set("dryRun", "All");
    const path = await this.path(object);
    return this.call("PATCH", `${path}?${query.toString()}`, text, "application/apply-patch+yaml");
  }

  async get(object: Reference): Promise<KubernetesObject | undefined> {
    try {
      return await this.call("GET", await this.path(object));
    } catch (error) {
      if (error instanceof KubernetesError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** Deletes an object, and waits until it and what it owns are gone. */
  async remove(object: Reference, timeout = 60_000): Promise<void> {
    try {
      await this.call("DELETE", await this.path(object), { propagationPolicy: "Foreground" });
    } catch (error) {
      if (!(error instanceof KubernetesError) || error.code !== 404) throw error;
    }
    try {
      await eventually(
        `${object.kind} ${object.metadata.name} is gone`,
        async () => (await this.get(object)) === undefined,
        timeout,
      );
    } catch (error) {
      throw new Error(await this.#remains(object), { cause: error });
    }
  }

  /** What keeps an object from going: of a namespace, what is still in it. */
  async #remains({ kind, metadata: { name } }: Reference): Promise<string> {
    if (kind !== "Namespace") return `${kind} ${name} is still there`;
    const inside = await this.listAll(name);
    return `Namespace ${name} is still there, with ${inside.map((each) => `${each.kind} ${each.metadata.name}`).join(", ")}`;
  }

  async list(apiVersion: string, kind: string, namespace?: string, query = ""): Promise<KubernetesObject[]> {
    const base = await this.path({ apiVersion, kind, metadata: { name: "", namespace: namespace ?? "" } });
    const { items } = await this.call<{ items: KubernetesObject[] }>("GET", base.replace(/\/$/, "") + query);
    return items.map((item) => ({ ...item, apiVersion, kind }));
  }

  /** Every object of a namespace, events aside. */
  async listAll(namespace: string): Promise<KubernetesObject[]> {
    const groups = await this.call<{ groups: { preferredVersion: { groupVersion: string } }[] }>("GET", "/apis");
    const versions = ["v1", ...groups.groups.map(({ preferredVersion }) => preferredVersion.groupVersion)];
    const lists = versions.map(async (version) => {
      const { resources } = await this.call<{ resources: (ApiResource & { verbs: string[] })[] }>(
        "GET",
        groupPath(version),
      );
      const listable = resources.filter(
        ({ namespaced, verbs, kind }) => namespaced && verbs.includes("list") && kind !== "Event",
      );
      return Promise.all(listable.map(({ kind }) => this.list(version, kind, namespace)));
    });
    return (await Promise.all(lists)).flat(2);
  }

  /** The path of an object. */
  async path({ apiVersion, kind, metadata: { name, namespace } }: Reference): Promise<string> {
    const { name: plural, namespaced } = await this.#resource(apiVersion, kind);
    const scope = namespaced && namespace !== "" ? `/namespaces/${namespace ?? "default"}` : "";
    return `${groupPath(apiVersion)}${scope}/${plural}/${name}`;
  }

  async isNamespaced({ apiVersion, kind }: Pick<Reference, "apiVersion" | "kind">): Promise<boolean> {
    return (await this.#resource(apiVersion, kind)).namespaced;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #resource(apiVersion: string, kind: string): Promise<ApiResource> {
    let known = this.#resources.get(apiVersion)?.find((resource) => resource.kind === kind);
    if (known === undefined) {
      const { resources } = await this.call<{ resources: ApiResource[] }>("GET", groupPath(apiVersion));
      this.#resources.set(
        apiVersion,
        resources.filter(({ name }) => !name.includes("/")),
      );
      known = this.#resources.get(apiVersion)?.find((resource) => resource.kind === kind);
    }
    if (known === undefined)
      throw new KubernetesError({ code: 404, message: `the server knows no ${kind} of ${apiVersion}` });
    return known;
  }

  async #send(method: string, path: string, body: unknown, type: string): Promise<{ status: number; text: string }> {
    const url = new URL(path, this.#server);
    const text = typeof body === "string" ? body : body === undefined ? "" : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${this.#token}`,
      accept: "application/json",
      "content-type": type,
      "content-length": Buffer.byteLength(text),
    };
    return new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent: this.#agent }, (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (part: string) => (answer += part));
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, text: answer });
        });
        response.on("error", reject);
      });
      sent.on("error", reject);
      sent.end(text);
    });
  }
}

export type Reference = Pick<KubernetesObject, "apiVersion" | "kind"> & {
  metadata: { name: string; namespace?: string };
};

function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

function readStatus(code: number, text: string): { code: number; reason?: string; message?: string } {
  try {
    return { ...(JSON.parse(text) as object), code };
  } catch {
    return { code, message: text };
  }
}
