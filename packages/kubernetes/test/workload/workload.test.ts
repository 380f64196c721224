import { type Endpoint, MetricsDiscovery, Workload } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { dns, renderedResources, resources, restricted, restrictedPod, workload } from "../support/examples.ts";
import { Later, record, unknown } from "../support/record.ts";

const labels = { "app.kubernetes.io/name": "orders", "app.kubernetes.io/managed-by": "pulumi" };
const selector = { "app.kubernetes.io/name": "orders" };

const recordWorkload = (args: Partial<typeof workload> = {}) =>
  record(() => new Workload("orders", { ...workload, ...args }));

const deploymentOf = async (args: Partial<typeof workload> = {}) =>
  (await recordWorkload(args)).object("Deployment", "orders");

const podOf = async (args: Partial<typeof workload> = {}) => (await deploymentOf(args)).spec.template.spec;

const containerOf = async (args: Partial<typeof workload> = {}) => (await podOf(args)).containers[0];

describe("the least that is told", () => {
  test("makes these objects and no other", async () => {
    const recording = await recordWorkload();
    expect(recording.objects()).toEqual([
      "Deployment orders",
      "NetworkPolicy orders",
      "PodDisruptionBudget orders",
      "Service orders",
      "ServiceAccount orders",
    ]);
    expect(recording.family()).toEqual([
      "gatehouse:kubernetes:Workload orders",
      "orders > gatehouse:kubernetes:NetworkAccess orders-network",
      "orders > kubernetes:apps/v1:Deployment orders-deployment",
      "orders > kubernetes:core/v1:Service orders-service",
      "orders > kubernetes:core/v1:ServiceAccount orders-service-account",
      "orders > kubernetes:policy/v1:PodDisruptionBudget orders-disruption-budget",
      "orders-network > kubernetes:networking.k8s.io/v1:NetworkPolicy orders-network-policy",
    ]);
  });

  test("the Deployment, whole", async () => {
    expect(await deploymentOf()).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "orders", namespace: "shop", labels },
      spec: {
        replicas: 2,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        template: {
          metadata: { labels, annotations: {} },
          spec: {
            serviceAccountName: "orders",
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            securityContext: restrictedPod,
            containers: [
              {
                name: "orders",
                image: "registry.example.com/orders:1.4.2",
                ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
                env: [],
                resources: renderedResources,
                livenessProbe: { tcpSocket: { port: 8080 } },
                readinessProbe: { httpGet: { path: "/ready", port: 8080 } },
                lifecycle: { preStop: { sleep: { seconds: 10 } } },
                securityContext: restricted,
                volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
              },
            ],
            volumes: [{ name: "tmp", emptyDir: {} }],
            terminationGracePeriodSeconds: 45,
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: "topology.kubernetes.io/zone",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: selector },
                matchLabelKeys: ["pod-template-hash"],
                nodeTaintsPolicy: "Honor",
              },
              {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "DoNotSchedule",
                labelSelector: { matchLabels: selector },
                matchLabelKeys: ["pod-template-hash"],
                nodeTaintsPolicy: "Honor",
              },
            ],
            affinity: {
              podAntiAffinity: {
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
            },
            tolerations: [
              { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
              { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 },
            ],
          },
        },
      },
    });
  });

  test("the other objects, whole", async () => {
    const recording = await recordWorkload();
    expect(recording.object("Service", "orders")).toEqual({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "orders", namespace: "shop", labels },
      spec: {
        type: "ClusterIP",
        selector,
        ports: [{ name: "http", port: 80, targetPort: 8080, protocol: "TCP" }],
      },
    });
    expect(recording.object("ServiceAccount", "orders")).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "orders", namespace: "shop", labels },
      automountServiceAccountToken: false,
    });
    expect(recording.object("PodDisruptionBudget", "orders")).toEqual({
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "orders", namespace: "shop", labels },
      spec: { selector: { matchLabels: selector }, maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    });
    expect(recording.object("NetworkPolicy", "orders")).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "orders", namespace: "shop", labels },
      spec: { podSelector: { matchLabels: selector }, policyTypes: ["Ingress", "Egress"], ingress: [], egress: [dns] },
    });
  });

  test("the Deployment comes after its ServiceAccount and its network policies", async () => {
    const recording = await recordWorkload();
    expect(recording.resource("kubernetes:apps/v1:Deployment", "orders-deployment").dependencies).toEqual(
      expect.arrayContaining(["orders-network-policy", "orders-service-account"]),
    );
  });
});

describe("number of pods", () => {
  test("replicas", async () => {
    expect((await deploymentOf({ replicas: 3 })).spec.replicas).toBe(3);
  });

  test("an autoscaler's target has no number of its own", async () => {
    const recording = await recordWorkload({
      scaling: {
        minReplicas: 3,
        maxReplicas: 10,
        cpuPercent: 70,
        memoryPercent: 80,
        scaleUp: { stabilizationSeconds: 30, pods: 2, periodSeconds: 60 },
        scaleDown: { stabilizationSeconds: 300, pods: 1, periodSeconds: 120 },
      },
    });
    expect(recording.object("Deployment", "orders").spec).not.toHaveProperty("replicas");
    expect(recording.object("HorizontalPodAutoscaler", "orders")).toEqual({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "orders", namespace: "shop", labels },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
        minReplicas: 3,
        maxReplicas: 10,
        metrics: [
          {
            type: "ContainerResource",
            containerResource: {
              container: "orders",
              name: "cpu",
              target: { type: "Utilization", averageUtilization: 70 },
            },
          },
          {
            type: "ContainerResource",
            containerResource: {
              container: "orders",
              name: "memory",
              target: { type: "Utilization", averageUtilization: 80 },
            },
          },
        ],
        behavior: {
          scaleUp: { stabilizationWindowSeconds: 30, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
          scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 120 }] },
        },
      },
    });
  });

  test("an autoscaler by one measure, at Kubernetes' own pace", async () => {
    const recording = await recordWorkload({ scaling: { minReplicas: 1, maxReplicas: 2, memoryPercent: 75 } });
    expect(recording.object("HorizontalPodAutoscaler", "orders").spec).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "orders" },
      minReplicas: 1,
      maxReplicas: 2,
      metrics: [
        {
          type: "ContainerResource",
          containerResource: {
            container: "orders",
            name: "memory",
            target: { type: "Utilization", averageUtilization: 75 },
          },
        },
      ],
    });
  });

  test("a budget by what must remain", async () => {
    const recording = await recordWorkload({ replicas: 3, disruptionBudget: { minAvailable: 2 } });
    expect(recording.object("PodDisruptionBudget", "orders").spec).toEqual({
      selector: { matchLabels: selector },
      minAvailable: 2,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  test("an update by other numbers", async () => {
    const { strategy } = (await deploymentOf({ rollout: { maxSurge: 2, maxUnavailable: 1 } })).spec;
    expect(strategy).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } });
  });
});

describe("shutdown", () => {
  test.each([
    [undefined, 45, 10],
    [{ drainSeconds: 20 }, 55, 20],
    [{ requestTimeoutSeconds: 120 }, 135, 10],
    [{ drainSeconds: 5, requestTimeoutSeconds: 60 }, 70, 5],
  ])("%o: the kill comes after the drain, the longest request and 5 s", async (shutdown, grace, drain) => {
    const pod = await podOf({ shutdown });
    expect(pod.terminationGracePeriodSeconds).toBe(grace);
    expect(pod.containers[0]?.lifecycle).toEqual({ preStop: { sleep: { seconds: drain } } });
  });

  test("without a drain there is no hook", async () => {
    const pod = await podOf({ shutdown: { drainSeconds: 0 } });
    expect(pod.terminationGracePeriodSeconds).toBe(35);
    expect(pod.containers[0]).not.toHaveProperty("lifecycle");
  });
});

describe("probes", () => {
  test("each in its own way", async () => {
    const container = await containerOf({
      ports: [
        { name: "http", port: 8080 },
        { name: "admin", port: 9000 },
      ],
      readiness: { path: "/ready", port: 9000, https: true, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 4 },
      liveness: { command: ["orders", "alive"], initialDelaySeconds: 7 },
      startup: { failureThreshold: 30 },
    });
    expect(container?.readinessProbe).toEqual({
      httpGet: { path: "/ready", port: 9000, scheme: "HTTPS" },
      periodSeconds: 5,
      timeoutSeconds: 2,
      failureThreshold: 4,
    });
    expect(container?.livenessProbe).toEqual({ exec: { command: ["orders", "alive"] }, initialDelaySeconds: 7 });
    expect(container?.startupProbe).toEqual({ tcpSocket: { port: 8080 }, failureThreshold: 30 });
  });
});

describe("what the program finds", () => {
  test("command and arguments", async () => {
    const container = await containerOf({ command: ["orders"], arguments: ["serve", pulumi.output("--verbose")] });
    expect(container?.command).toEqual(["orders"]);
    expect(container?.args).toEqual(["serve", "--verbose"]);
  });

  test("variables: what others refer to comes first", async () => {
    const container = await containerOf({
      environment: {
        values: { URL: "https://$(HOST):$(TOKEN)", LEVEL: pulumi.output("info") },
        secrets: { TOKEN: { secret: "orders-secrets", key: "token" } },
        fields: { HOST: "status.podIP" },
      },
    });
    expect(container?.env).toEqual([
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "orders-secrets", key: "token" } } },
      { name: "HOST", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "LEVEL", value: "info" },
      { name: "URL", value: "https://$(HOST):$(TOKEN)" },
    ]);
  });

  test("volumes of every source, read-only where nothing is to be written", async () => {
    const pod = await podOf({
      replicas: 1,
      temporaryDirectories: ["/tmp", "/var/cache/Orders/"],
      volumes: [
        { name: "settings", mountPath: "/etc/orders", configMap: "orders-settings" },
        { name: "tls", mountPath: "/etc/tls", secret: "orders-tls", fileMode: 0o400 },
        { name: "data", mountPath: "/data", claim: "orders-data" },
        { name: "identity", mountPath: "/spiffe", csiDriver: "csi.spiffe.io" },
        { name: "scratch", mountPath: "/scratch", emptyDir: { memory: true, sizeLimit: "64Mi" } },
      ],
    });
    expect(pod.volumes).toEqual([
      { name: "tmp", emptyDir: {} },
      { name: "var-cache-orders", emptyDir: {} },
      { name: "settings", configMap: { name: "orders-settings", defaultMode: 0o444 } },
      { name: "tls", secret: { secretName: "orders-tls", defaultMode: 0o400 } },
      { name: "data", persistentVolumeClaim: { claimName: "orders-data" } },
      { name: "identity", csi: { driver: "csi.spiffe.io", readOnly: true } },
      { name: "scratch", emptyDir: { sizeLimit: "64Mi", medium: "Memory" } },
    ]);
    expect(pod.containers[0]?.volumeMounts).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "var-cache-orders", mountPath: "/var/cache/Orders/" },
      { name: "settings", mountPath: "/etc/orders", readOnly: true },
      { name: "tls", mountPath: "/etc/tls", readOnly: true },
      { name: "data", mountPath: "/data" },
      { name: "identity", mountPath: "/spiffe", readOnly: true },
      { name: "scratch", mountPath: "/scratch" },
    ]);
  });

  test("a token and a group only if asked for", async () => {
    const recording = await recordWorkload({
      mountServiceAccountToken: true,
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/orders" },
      identity: { user: 10001, group: 20002 },
    });
    const account = recording.object("ServiceAccount", "orders");
    expect(account.automountServiceAccountToken).toBe(true);
    expect(account.metadata.annotations).toEqual({
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/orders",
    });
    const pod = recording.object("Deployment", "orders").spec.template.spec;
    expect(pod.automountServiceAccountToken).toBe(true);
    expect(pod.securityContext).toEqual({ ...restrictedPod, runAsGroup: 20002, fsGroup: 20002 });
  });
});

describe("sidecars", () => {
  const proxy = {
    name: "proxy",
    image: "registry.example.com/proxy:3.1",
    resources,
    ports: [{ name: "mesh", port: 15001 }],
    readiness: {},
    volumes: [{ name: "tmp", mountPath: "/work", emptyDir: {} }],
  };

  test("are native, restricted, and share volumes by their names", async () => {
    const pod = await podOf({ sidecars: [proxy] });
    expect(pod.initContainers).toEqual([
      {
        name: "proxy",
        image: "registry.example.com/proxy:3.1",
        restartPolicy: "Always",
        ports: [{ name: "mesh", containerPort: 15001, protocol: "TCP" }],
        env: [],
        resources: renderedResources,
        readinessProbe: { tcpSocket: { port: 15001 } },
        securityContext: restricted,
        volumeMounts: [{ name: "tmp", mountPath: "/work" }],
      },
    ]);
    expect(pod.volumes).toEqual([{ name: "tmp", emptyDir: {} }]);
  });

  test("may be who is connected to", async () => {
    const recording = await recordWorkload({
      sidecars: [proxy],
      admits: [{ name: "mesh", pods: { namespace: "mesh" }, port: 15001 }],
    });
    expect(recording.object("NetworkPolicy", "orders").spec.ingress).toEqual([
      {
        from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "mesh" } } }],
        ports: [{ protocol: "TCP", port: 15001 }],
      },
    ]);
  });
});

describe("metrics", () => {
  const ports = [
    { name: "http", port: 8080 },
    { name: "metrics", port: 9090 },
  ];
  const prometheus = (port: number, namespace = "monitoring") => ({
    from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } }],
    ports: [{ protocol: "TCP", port }],
  });

  test("a ServiceMonitor, whole, which selects the Service and its port, and Prometheus is admitted", async () => {
    const recording = await recordWorkload({ ports, metrics: { port: "metrics", monitorLabels: { release: "kube" } } });
    expect(recording.object("ServiceMonitor", "orders")).toEqual({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name: "orders", namespace: "shop", labels: { ...labels, release: "kube" } },
      spec: {
        selector: { matchLabels: labels },
        endpoints: [{ port: "metrics", path: "/metrics", interval: "30s" }],
      },
    });
    const service = recording.object("Service", "orders");
    expect(service.metadata.labels).toEqual(labels);
    expect(service.spec.ports.map(({ name }) => name)).toContain("metrics");
    expect(recording.object("NetworkPolicy", "orders").spec.ingress).toEqual([prometheus(9090)]);
    expect(recording.object("Deployment", "orders").spec.template.metadata.annotations).toEqual({});
  });

  test("a ServiceMonitor of another name, in the namespace of Prometheus", async () => {
    const metrics = { port: "metrics", monitorNamespace: "monitoring", monitorName: "shop-orders" };
    const recording = await recordWorkload({ ports, metrics });
    expect(recording.object("ServiceMonitor", "shop-orders")).toMatchObject({
      metadata: { name: "shop-orders", namespace: "monitoring" },
      spec: { namespaceSelector: { matchNames: ["shop"] }, selector: { matchLabels: labels } },
    });
  });

  test("a NetworkPolicy of another name", async () => {
    const recording = await recordWorkload({ networkPolicyName: "orders-network-policy" });
    expect(recording.objects().filter((object) => object.startsWith("NetworkPolicy"))).toEqual([
      "NetworkPolicy orders-network-policy",
    ]);
  });

  test("containers that see each other's processes only where that is asked for", async () => {
    expect((await podOf()).shareProcessNamespace).toBeUndefined();
    expect((await podOf({ shareProcessNamespace: true })).shareProcessNamespace).toBe(true);
  });

  test("annotations in its place", async () => {
    const recording = await recordWorkload({
      metrics: {
        path: "/metrics/",
        discovery: MetricsDiscovery.Annotations,
        prometheusNamespace: "observability",
      },
      podAnnotations: { "orders.example.com/settings": "3f2a" },
    });
    expect(recording.objects().filter((object) => object.startsWith("ServiceMonitor"))).toEqual([]);
    expect(recording.object("Deployment", "orders").spec.template.metadata.annotations).toEqual({
      "prometheus.io/scrape": "true",
      "prometheus.io/port": "8080",
      "prometheus.io/path": "/metrics/",
      "orders.example.com/settings": "3f2a",
    });
    expect(recording.object("NetworkPolicy", "orders").spec.ingress).toEqual([prometheus(8080, "observability")]);
  });
});

describe("labels", () => {
  const own = { app: "orders", tier: "web" };
  const all = { ...labels, ...own, team: "checkout" };

  test("a selector of one's own is everywhere where pods are selected", async () => {
    const recording = await recordWorkload({
      selectorLabels: own,
      labels: { team: "checkout" },
      connectsTo: [{ name: "redis", port: 6379, pods: { namespace: "shop", labels: { app: "redis" } } }],
      metrics: {},
    });
    const { metadata, spec } = recording.object("Deployment", "orders");
    expect(metadata.labels).toEqual(all);
    expect(spec.selector).toEqual({ matchLabels: own });
    expect(spec.template.metadata.labels).toEqual(all);
    expect(spec.template.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector)).toEqual([
      { matchLabels: own },
      { matchLabels: own },
    ]);
    expect(recording.object("Service", "orders").spec.selector).toEqual(own);
    expect(recording.object("PodDisruptionBudget", "orders").spec.selector).toEqual({ matchLabels: own });
    expect(recording.object("NetworkPolicy", "orders").spec.podSelector).toEqual({ matchLabels: own });
    expect(recording.object("ServiceMonitor", "orders").spec.selector).toEqual({ matchLabels: all });
    expect(recording.object("NetworkPolicy", "redis-from-orders").spec.ingress[0]?.from).toEqual([
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
        podSelector: { matchLabels: own },
      },
    ]);
  });
});

describe("links", () => {
  const redis: Endpoint = {
    name: "redis",
    port: 6379,
    pods: { namespace: "data", labels: { app: "redis" } },
    environment: {
      secrets: { REDIS_PASSWORD: { secret: "redis", key: "password" } },
      values: { REDIS_URL: "redis://:$(REDIS_PASSWORD)@redis:6379/0" },
    },
  };

  test("bring the server's variables, which the program's own override", async () => {
    const linked = await containerOf({ connectsTo: [redis] });
    expect(linked?.env.map(({ name }) => name)).toEqual(["REDIS_PASSWORD", "REDIS_URL"]);
    const overridden = await containerOf({
      connectsTo: [redis],
      environment: { secrets: { REDIS_URL: { secret: "orders", key: "redis-url" } } },
    });
    expect(overridden?.env).toEqual([
      { name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: "redis", key: "password" } } },
      { name: "REDIS_URL", valueFrom: { secretKeyRef: { name: "orders", key: "redis-url" } } },
    ]);
  });

  test("one workload's endpoint is another's link: both sides of the policy name the container's port", async () => {
    const recording = await record(() => {
      const orders = new Workload("orders", workload);
      new Workload("till", { ...workload, namespace: "till", connectsTo: [orders.endpoint] });
    });
    expect(recording.object("NetworkPolicy", "till").spec.egress).toEqual([
      dns,
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
            podSelector: { matchLabels: selector },
          },
        ],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
    ]);
    expect(recording.object("NetworkPolicy", "orders-from-till")).toEqual({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: {
        name: "orders-from-till",
        namespace: "shop",
        labels: { "app.kubernetes.io/name": "till", "app.kubernetes.io/managed-by": "pulumi" },
      },
      spec: {
        podSelector: { matchLabels: selector },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "till" } },
                podSelector: { matchLabels: { "app.kubernetes.io/name": "till" } },
              },
            ],
            ports: [{ protocol: "TCP", port: 8080 }],
          },
        ],
      },
    });
  });
});

describe("options", () => {
  test("what the component waits for, its Deployment waits for; its timeouts are the Deployment's", async () => {
    const recording = await record(() => {
      const before = new Workload("before", workload);
      new Workload("orders", workload, { dependsOn: before, customTimeouts: { create: "20m", update: "15m" } });
    });
    const deployment = recording.resource("kubernetes:apps/v1:Deployment", "orders-deployment");
    expect(deployment.dependencies).toEqual(expect.arrayContaining(["before-deployment", "before-service"]));
    expect(deployment.customTimeouts).toEqual({ create: "20m", update: "15m", delete: "" });
  });

  test("what is not known in a preview stays so, and breaks nothing", async () => {
    const recording = await record(
      () => {
        const later = new Later("later");
        new Workload("orders", { ...workload, image: later.value, namespace: later.value });
      },
      { preview: true },
    );
    const { metadata, spec } = recording.object("Deployment", unknown);
    expect(metadata.namespace).toBe(unknown);
    expect(spec.template.spec.containers[0]?.image).toBe(unknown);
  });
});
