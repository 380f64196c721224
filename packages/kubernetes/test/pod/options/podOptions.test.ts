import {
  BackupCronJob,
  DevelopmentPostgres,
  DevelopmentRedis,
  FsGroupChangePolicy,
  MigrationJob,
  podDefaults,
  type PodOptionsArgs,
  RedisHA,
  Workload,
  type WorkloadArgs,
} from "@gatehouse/kubernetes";
import type * as k8s from "@pulumi/kubernetes/types/output.js";
import { describe, expect, test } from "vitest";
import { lines, migration, resources, workload } from "../../support/examples.ts";
import { type Recording, record, refusal } from "../../support/record.ts";

const init = { name: "wait", image: "registry.example.com/wait:1.0", command: ["wait"], resources };

const options: PodOptionsArgs = {
  imagePullSecrets: ["registry"],
  nodeSelector: { pool: "apps" },
  tolerations: [{ key: "dedicated", value: "apps", effect: "NoSchedule" }],
  priorityClass: "business",
  runtimeClass: "gvisor",
  dns: { nameservers: ["10.0.0.53"], options: { ndots: "2", "use-vc": "" } },
  hostAliases: [{ ip: "10.0.0.7", hostnames: ["ledger.internal"] }],
  labels: { "cost-center": "4711" },
  annotations: { "example.com/owner": "payments" },
  initContainers: [init],
  supplementalGroups: [3000],
  fsGroupChangePolicy: FsGroupChangePolicy.Always,
};

const password = { secret: "redis", key: "password" };

/** A program with everything that makes pods. */
function everything(pods?: PodOptionsArgs): void {
  new Workload("orders", { ...workload, pods });
  new MigrationJob("migrate", { ...migration, pods });
  new DevelopmentRedis("cache", { namespace: "shop", pods });
  new DevelopmentPostgres("db", { namespace: "shop", database: "shop", pods });
  new RedisHA("queue", { namespace: "shop", password, pods });
  new BackupCronJob("shop", {
    namespace: "shop",
    image: "registry.example.com/backup:16.2",
    source: {
      postgres: {
        url: { secret: "shop", key: "url" },
        server: { name: "db", port: 5432, addresses: [{ cidr: "10.20.0.0/16" }] },
        scratch: { image: "postgres:16.2" },
      },
    },
    destination: { s3: { bucket: "copies", prefix: "shop", region: "eu-central-1" } },
    pods,
  });
}

interface Templated {
  template?: k8s.core.v1.PodTemplateSpec;
  jobTemplate?: { spec: { template: k8s.core.v1.PodTemplateSpec } };
}

function templates({ resources }: Recording): Record<string, k8s.core.v1.PodTemplateSpec> {
  return Object.fromEntries(
    resources.flatMap(({ name, inputs }) => {
      const { template, jobTemplate } = (inputs.spec ?? {}) as Templated;
      const found = jobTemplate?.spec.template ?? (template?.spec ? template : undefined);
      return found && name !== "shop-external-secret" ? [[name, found]] : [];
    }),
  );
}

function expectOptions(pod: k8s.core.v1.PodTemplateSpec): void {
  expect(pod.metadata.labels).toMatchObject({ "cost-center": "4711" });
  expect(pod.metadata.annotations).toMatchObject({ "example.com/owner": "payments" });
  expect(pod.spec).toMatchObject({
    imagePullSecrets: [{ name: "registry" }],
    nodeSelector: { pool: "apps" },
    priorityClassName: "business",
    runtimeClassName: "gvisor",
    dnsConfig: { nameservers: ["10.0.0.53"], options: [{ name: "ndots", value: "2" }, { name: "use-vc" }] },
    hostAliases: [{ ip: "10.0.0.7", hostnames: ["ledger.internal"] }],
    securityContext: { supplementalGroups: [3000], fsGroupChangePolicy: "Always" },
  });
  expect(pod.spec.tolerations).toContainEqual({
    key: "dedicated",
    operator: "Equal",
    value: "apps",
    effect: "NoSchedule",
  });
  expect(pod.spec.initContainers.map(({ name }) => name)).toContain("wait");
}

const owners = [
  "cache-deployment",
  "db-deployment",
  "migrate-job",
  "orders-deployment",
  "queue-deployment",
  "queue-stateful-set",
  "shop-backup-cron-job",
  "shop-restore-check-cron-job",
];

describe("everything that makes pods", () => {
  test("takes the options as pods", async () => {
    const all = templates(
      await record(() => {
        everything(options);
      }),
    );
    expect(Object.keys(all).sort()).toEqual(owners);
    for (const pod of Object.values(all)) expectOptions(pod);
  });

  test("has the program's defaults", async () => {
    const program = (): void => {
      podDefaults(options);
      everything();
    };
    const all = templates(await record(program));
    expect(Object.keys(all).sort()).toEqual(owners);
    for (const pod of Object.values(all)) expectOptions(pod);
  });

  test("uses an existing ServiceAccount and makes none", async () => {
    const recording = await record(() => {
      everything({ serviceAccount: "shop" });
    });
    expect(recording.objects().filter((object) => object.startsWith("ServiceAccount"))).toEqual([]);
    for (const pod of Object.values(templates(recording))) expect(pod.spec.serviceAccountName).toBe("shop");
  });
});

describe("a component's own pods beside the defaults", () => {
  test("lists follow, keys and single values win", async () => {
    const recording = await record(() => {
      podDefaults(options);
      new Workload("orders", {
        ...workload,
        pods: {
          imagePullSecrets: ["other", "registry"],
          nodeSelector: { pool: "gpu", arch: "arm64" },
          priorityClass: "low",
        },
      });
    });
    expect(recording.object("Deployment", "orders").spec.template.spec).toMatchObject({
      imagePullSecrets: [{ name: "registry" }, { name: "other" }],
      nodeSelector: { pool: "gpu", arch: "arm64" },
      priorityClassName: "low",
      runtimeClassName: "gvisor",
    });
  });

  test("affinities stand beside the component's own", async () => {
    const pods: PodOptionsArgs = {
      nodeAffinity: {
        required: [
          { key: "disk", values: ["ssd"] },
          { key: "gpu", operator: "DoesNotExist" },
        ],
        preferred: [{ weight: 10, requirements: [{ key: "spot" }] }],
      },
      podAffinity: [{ labels: { app: "cache" }, topologyKey: "topology.kubernetes.io/zone", weight: 50 }],
      podAntiAffinity: [{ labels: { app: "batch" } }],
    };
    const recording = await record(() => new Workload("orders", { ...workload, pods }));
    expect(recording.object("Deployment", "orders").spec.template.spec.affinity).toEqual({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                { key: "disk", operator: "In", values: ["ssd"] },
                { key: "gpu", operator: "DoesNotExist" },
              ],
            },
          ],
        },
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 10, preference: { matchExpressions: [{ key: "spot", operator: "Exists" }] } },
        ],
      },
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 50,
            podAffinityTerm: {
              labelSelector: { matchLabels: { app: "cache" } },
              topologyKey: "topology.kubernetes.io/zone",
            },
          },
        ],
      },
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: { app: "batch" } }, topologyKey: "kubernetes.io/hostname" },
        ],
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: {
                matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: ["orders"] }],
              },
              topologyKey: "kubernetes.io/hostname",
            },
          },
        ],
      },
    });
  });
});

describe("a Workload", () => {
  const objects = (args: Partial<WorkloadArgs>): Promise<Recording> =>
    record(() => new Workload("orders", { ...workload, ...args }));

  test("hooks, sources of variables and parts of volumes", async () => {
    const recording = await objects({
      environmentFrom: [{ configMap: "settings" }, { secret: "tokens", prefix: "TOKEN_" }],
      preStop: { command: ["orders", "drain"], seconds: 60 },
      postStart: ["orders", "warm-up"],
      volumes: [{ name: "ca", mountPath: "/etc/ca.crt", configMap: "ca", keys: { root: "ca.crt" }, subPath: "ca.crt" }],
    });
    const { spec } = recording.object("Deployment", "orders").spec.template;
    expect(spec.terminationGracePeriodSeconds).toBe(95);
    expect(spec.containers[0]).toMatchObject({
      envFrom: [{ configMapRef: { name: "settings" } }, { prefix: "TOKEN_", secretRef: { name: "tokens" } }],
      lifecycle: {
        preStop: { exec: { command: ["orders", "drain"] } },
        postStart: { exec: { command: ["orders", "warm-up"] } },
      },
    });
    expect(spec.containers[0]?.volumeMounts).toContainEqual({
      name: "ca",
      mountPath: "/etc/ca.crt",
      readOnly: true,
      subPath: "ca.crt",
    });
    expect(spec.volumes).toContainEqual({
      name: "ca",
      configMap: { name: "ca", defaultMode: 0o444, items: [{ key: "root", path: "ca.crt" }] },
    });
  });

  test("its Service comes after the Deployment, with its own settings", async () => {
    const recording = await objects({
      ports: [{ name: "grpc", port: 9000, appProtocol: "kubernetes.io/h2c" }],
      service: { annotations: { "example.com/mesh": "on" }, sessionAffinitySeconds: 600 },
    });
    const service = recording.object("Service", "orders");
    expect(service.metadata.annotations).toEqual({ "example.com/mesh": "on" });
    expect(service.spec).toEqual({
      type: "ClusterIP",
      selector: { "app.kubernetes.io/name": "orders" },
      ports: [{ name: "grpc", port: 9000, targetPort: 9000, protocol: "TCP", appProtocol: "kubernetes.io/h2c" }],
      sessionAffinity: "ClientIP",
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
    });
    expect(recording.resource("kubernetes:core/v1:Service", "orders-service").dependencies).toEqual([
      "orders-deployment",
    ]);
  });

  test("one pod with a claim for one node is recreated", async () => {
    const recording = await objects({ replicas: 1, volumes: [{ name: "data", mountPath: "/data", claim: "data" }] });
    expect(recording.object("Deployment", "orders").spec.strategy).toEqual({ type: "Recreate" });
  });

  test("the grace period outlasts a sidecar's sleep", async () => {
    const sidecars = [{ name: "proxy", image: "registry.example.com/proxy:3.1", resources, preStopSleepSeconds: 120 }];
    const recording = await objects({ sidecars });
    expect(recording.object("Deployment", "orders").spec.template.spec.terminationGracePeriodSeconds).toBe(155);
  });

  test("deadlines follow the time that the probes allow for the start", async () => {
    const startup = { path: "/started", periodSeconds: 10, failureThreshold: 60 };
    const recording = await objects({ replicas: 4, startup, rollout: { minReadySeconds: 20 } });
    expect(recording.object("Deployment", "orders").spec).toMatchObject({
      minReadySeconds: 20,
      progressDeadlineSeconds: 950,
    });
    const { customTimeouts } = recording.resource("kubernetes:apps/v1:Deployment", "orders-deployment");
    expect(customTimeouts).toEqual({ create: "2900s", update: "2900s", delete: "" });
  });

  test("a link to it sets its address", async () => {
    const recording = await record(() => {
      const orders = new Workload("orders", workload);
      new Workload("shop", { ...workload, connectsTo: [orders.endpoint] });
    });
    expect(recording.object("Deployment", "shop").spec.template.spec.containers[0]?.env).toEqual([
      { name: "ORDERS_ADDRESS", value: "orders.shop.svc:80" },
    ]);
  });
});

describe("refused", () => {
  test("options that the API server refuses or that replace the component's own, all at once", async () => {
    const pods: PodOptionsArgs = {
      nodeAffinity: { required: [{ key: "disk", operator: "Exists", values: ["ssd"] }] },
      tolerations: [{ key: "spot", effect: "NoSchedule", seconds: 5 }],
      dns: { policy: "None" },
      hostAliases: [{ ip: "ledger", hostnames: ["ledger.internal"] }],
      initContainers: [{ ...init, readiness: { command: ["true"] } }],
    };
    expect(await refusal(() => new Workload("orders", { ...workload, pods }))).toBe(
      lines(
        "5 problems",
        "",
        "orders (Workload).pods.nodeAffinity.required.disk.values: the values do not fit the operator Exists",
        "  value:    ssd",
        "  expected: no values",
        "",
        "orders (Workload).pods.tolerations.spot.seconds: only a taint with the effect NoExecute removes running pods, so nothing waits for these seconds",
        "  value:    seconds 5, effect NoSchedule",
        "  expected: effect NoExecute, or no seconds",
        "",
        "orders (Workload).pods.dns.nameservers: with the policy None the pods have no resolver",
        "  value:    none",
        "  expected: one address or more",
        "",
        "orders (Workload).pods.hostAliases: not an IP address",
        "  value:    ledger",
        "  expected: an IPv4 or IPv6 address",
        "",
        "orders (Workload).initContainers.wait.readiness: an init container runs to completion before the pod serves, so it has no probes and no hooks",
        "  expected: no readiness",
        "  fix:      use a sidecar for a program that runs on",
      ),
    );
  });

  test("labels, taints and annotations with a syntax that the API server refuses, all at once", async () => {
    const pods: PodOptionsArgs = {
      labels: { "cost center": "shop" },
      annotations: { "a//b": "x", "Example.com/ok": "x" },
      nodeSelector: { pool: "general purpose" },
      nodeAffinity: {
        required: [
          { key: "disk/", values: ["ssd", "-nvme"] },
          { key: "cores", operator: "Gt", values: ["-1"] },
        ],
      },
      podAffinity: [{ labels: { app: "till!" } }],
      tolerations: [{ key: "spot!", value: "yes?" }],
    };
    const message = await refusal(() => new Workload("orders", { ...workload, pods }));
    const problems = message.split("\n").filter((line) => line.startsWith("orders"));
    expect(problems.map((line) => line.replace("orders (Workload).pods.", ""))).toEqual([
      "nodeAffinity.required.disk/: not the key of a label",
      expect.stringMatching(/^nodeAffinity.required.disk\/.values: /),
      expect.stringMatching(/^podAffinity\[0\].labels.app: /),
      "tolerations.spot!: not the key of a taint",
      expect.stringMatching(/^tolerations.spot!.value: /),
      "labels: not the key of a label",
      expect.stringMatching(/^nodeSelector.pool: /),
      "annotations: not the key of an annotation",
    ]);
    const annotated = () => new Workload("orders", { ...workload, podAnnotations: { "two words": "x" } });
    expect(await refusal(annotated)).toBe(
      lines(
        "orders (Workload).podAnnotations: not the key of an annotation",
        "  value:    two words",
        "  expected: a name of at most 63 letters, digits and -_. after an optional domain and a slash",
      ),
    );
    const service = () => new Workload("orders", { ...workload, service: { annotations: { "two words": "x" } } });
    expect(await refusal(service)).toContain("annotations of the Service: not the key of an annotation");
  });

  test("an annotation of the pods that the component sets itself", async () => {
    const pods = { annotations: { "karpenter.sh/do-not-disrupt": "false", team: "shop" } };
    expect(await refusal(() => new MigrationJob("orders", { ...migration, pods }))).toBe(
      lines(
        "orders (MigrationJob).pods.annotations.karpenter.sh/do-not-disrupt: the component sets this annotation itself, so the value would be ignored",
        "  value:    false",
        "  expected: another key, or no annotation",
        "  fix:      remove it; change the component's own by a transform",
      ),
    );
  });

  test("a label of the pods that would replace the selector's", async () => {
    const pods = { labels: { "app.kubernetes.io/name": "shop" } };
    expect(await refusal(() => new Workload("orders", { ...workload, pods }))).toBe(
      lines(
        "orders (Workload).pods.labels.app.kubernetes.io/name: the label finds the component's pods and objects, so it cannot be replaced",
        "  value:    shop",
        "  expected: orders",
        "  fix:      use another key",
      ),
    );
  });

  test("defaults after the first pod, a second time, or with one identity for all", async () => {
    const late = await refusal(() => {
      new Workload("orders", workload);
      podDefaults(options);
    });
    expect(late).toBe(
      lines(
        "podDefaults: orders (Workload) has made its pods already, without these defaults",
        "  expected: the defaults before the first component",
        "  fix:      move the call to the beginning of the program",
      ),
    );
    const twice = await refusal(() => {
      podDefaults({ priorityClass: "business" });
      podDefaults({ priorityClass: "low" });
    });
    expect(twice).toBe(
      lines("podDefaults: the defaults are set twice", "  expected: one call", "  fix:      merge the two calls"),
    );
    expect(
      await refusal(() => {
        podDefaults({ serviceAccount: "shop" });
      }),
    ).toBe(
      lines(
        "podDefaults.serviceAccount: all programs would have one identity, so each could do what any of them may",
        "  expected: no ServiceAccount in the defaults",
        "  fix:      give each component its own: pods: { serviceAccount }",
      ),
    );
  });
});
