import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Scope } from "../scope.ts";
import { goModule } from "../tools/goModule.ts";
import { goTool } from "../tools/goTools.ts";
import { customResourceDefinitions } from "./customKinds.ts";
import { KubernetesApi, type KubernetesObject } from "./kubernetesApi.ts";
import { freePorts } from "./ports.ts";
import { deletedPods, failingPods, hangingPods, lingeringPods, standardStages, unreadyPods } from "./stages.ts";
import { eventually } from "../support/eventually.ts";

const token = "gatehouse-test";

/** Six nodes in three zones. */
export const nodes = ["a", "b", "c"].flatMap((zone) =>
  [1, 2].map((number) => ({ name: `node-${zone}${number}`, zone: `zone-${zone}` })),
);

/**
 * A real Kubernetes control plane on loopback. Pods are scheduled and their states come and go, as KWOK says; their
 * containers do not run.
 */
export class Cluster {
  readonly scope: Scope;
  readonly kubeconfigFile: string;
  readonly api: KubernetesApi;

  private constructor(scope: Scope, kubeconfigFile: string) {
    this.scope = scope;
    this.kubeconfigFile = kubeconfigFile;
    this.api = new KubernetesApi(readFileSync(kubeconfigFile, "utf8"));
  }

  /** @param say Is told what takes long. */
  static async start(say?: (line: string) => void): Promise<Cluster> {
    const programs = await findPrograms(say);
    const scope = new Scope("cluster");
    try {
      const server = await startServer(scope, programs);
      const cluster = new Cluster(scope, server.kubeconfigFile);
      await startControllers(scope, programs, server.kubeconfigFile);
      await Promise.all([cluster.#createNodes(), cluster.#defineCustomKinds()]);
      return cluster;
    } catch (error) {
      await scope.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.api.close();
    await this.scope.stop();
  }

  async #createNodes(): Promise<void> {
    await Promise.all(nodes.map((node) => this.api.apply(nodeObject(node))));
    await eventually("all nodes are ready", async () => {
      const states = (await this.api.list("v1", "Node")).map((node) => conditionOf(node, "Ready"));
      return states.length === nodes.length && states.every((status) => status === "True");
    });
  }

  async #defineCustomKinds(): Promise<void> {
    // Where Prometheus runs, and stacks may put what it reads.
    await this.api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "monitoring" } });
    const definitions = await customResourceDefinitions();
    await Promise.all(definitions.map((definition) => this.api.apply(definition)));
    await eventually("all custom kinds are established", async () => {
      const states = (await this.api.list("apiextensions.k8s.io/v1", "CustomResourceDefinition")).map((definition) =>
        conditionOf(definition, "Established"),
      );
      return states.length >= definitions.length && states.every((status) => status === "True");
    });
  }
}

/** The status of one of an object's conditions. */
export function conditionOf({ status }: KubernetesObject, type: string): string | undefined {
  const conditions = (status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.find((condition) => condition.type === type)?.status;
}

type Programs = Record<"etcd" | "apiServer" | "controllerManager" | "scheduler" | "kwok", string>;

async function findPrograms(say?: (line: string) => void): Promise<Programs> {
  const etcd = await goTool("etcd", say);
  const kubernetes = await goTool("kubernetes", say);
  const kwok = await goTool("kwok", say);
  return {
    etcd: join(etcd, "etcd"),
    apiServer: join(kubernetes, "kube-apiserver"),
    controllerManager: join(kubernetes, "kube-controller-manager"),
    scheduler: join(kubernetes, "kube-scheduler"),
    kwok: join(kwok, "kwok"),
  };
}

async function startServer(scope: Scope, { etcd, apiServer }: Programs): Promise<{ kubeconfigFile: string }> {
  const [clientPort = 0, peerPort = 0, port = 0] = await freePorts(3);
  const { directory } = scope;
  const clients = `http://127.0.0.1:${clientPort}`;
  const peers = `http://127.0.0.1:${peerPort}`;
  scope.start("etcd", etcd, [
    "--unsafe-no-fsync",
    `--data-dir=${join(directory, "etcd")}`,
    ...[`--listen-client-urls=${clients}`, `--advertise-client-urls=${clients}`],
    ...[`--listen-peer-urls=${peers}`, `--initial-advertise-peer-urls=${peers}`, `--initial-cluster=default=${peers}`],
  ]);

  const { publicKey, privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  writeFileSync(join(directory, "serviceAccounts.pub"), publicKey);
  writeFileSync(join(directory, "serviceAccounts.key"), privateKey, { mode: 0o600 });
  writeFileSync(join(directory, "tokens.csv"), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  const server = scope.start("kube-apiserver", apiServer, [
    `--etcd-servers=${clients}`,
    ...[`--secure-port=${port}`, "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1"],
    "--endpoint-reconciler-type=none",
    `--cert-dir=${join(directory, "certificates")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    "--service-account-key-file=serviceAccounts.pub",
    "--service-account-signing-key-file=serviceAccounts.key",
    "--token-auth-file=tokens.csv",
    "--authorization-mode=Node,RBAC",
    "--service-cluster-ip-range=10.96.0.0/16",
    "--allow-privileged=true",
  ]);

  const certificate = join(directory, "certificates", "apiserver.crt");
  const kubeconfigFile = join(directory, "kubeconfig");
  writeFileSync(kubeconfigFile, kubeconfig(`https://127.0.0.1:${port}`, certificate), { mode: 0o600 });
  await eventually("the API server is ready", async () => {
    if (server.exitCode !== null) throw new Error(`kube-apiserver ended:\n${scope.lastWords("kube-apiserver")}`);
    return existsSync(certificate) && isReady(kubeconfigFile);
  });
  return { kubeconfigFile };
}

async function isReady(kubeconfigFile: string): Promise<boolean> {
  const api = new KubernetesApi(readFileSync(kubeconfigFile, "utf8"));
  try {
    return (await api.call<string>("GET", "/readyz")) === "ok";
  } catch {
    return false;
  } finally {
    api.close();
  }
}

function kubeconfig(server: string, certificate: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "gatehouse-test", cluster: { server, "certificate-authority": certificate } }],
    users: [{ name: "admin", user: { token } }],
    contexts: [{ name: "gatehouse-test", context: { cluster: "gatehouse-test", user: "admin" } }],
    "current-context": "gatehouse-test",
  });
}

async function startControllers(scope: Scope, programs: Programs, kubeconfigFile: string): Promise<void> {
  const shared = [`--kubeconfig=${kubeconfigFile}`, "--secure-port=0", "--leader-elect=false"];
  const fast = ["--kube-api-qps=500", "--kube-api-burst=1000"];
  scope.start("kube-controller-manager", programs.controllerManager, [
    ...[...shared, ...fast],
    "--service-account-private-key-file=serviceAccounts.key",
    "--controllers=*,-nodeipam",
    "--horizontal-pod-autoscaler-sync-period=1s",
    // A machine under load must not look like one whose nodes are lost.
    "--node-monitor-grace-period=24h",
  ]);
  scope.start("kube-scheduler", programs.scheduler, [...shared, ...fast]);
  const stages = join(scope.directory, "stages.yaml");
  const module = await goModule("sigs.k8s.io/kwok", "v0.8.0");
  writeFileSync(
    stages,
    [...standardStages(module), deletedPods, failingPods, hangingPods, lingeringPods, unreadyPods].join("\n---\n"),
  );
  scope.start("kwok", programs.kwok, [
    `--kubeconfig=${kubeconfigFile}`,
    "--manage-all-nodes=true",
    `--config=${stages}`,
  ]);
}

function nodeObject({ name, zone }: (typeof nodes)[number]): KubernetesObject {
  const capacity = { cpu: "4", memory: "16Gi", pods: "110", "ephemeral-storage": "100Gi" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "topology.kubernetes.io/zone": zone,
        "topology.kubernetes.io/region": "region",
      },
    },
    status: { allocatable: capacity, capacity },
  };
}
