import {
  Broker,
  type BrokerArgs,
  internet,
  MetricsDiscovery,
  type PolicyArgs,
  type SpiffeArgs,
} from "@gatehouse/kubernetes";
import type { core } from "@pulumi/kubernetes/types/output.js";
import { describe, expect, test } from "vitest";
import { authorization } from "../../src/broker/authorization.ts";
import { dns, lines, renderedResources, resources, restricted, restrictedPod, workload } from "../support/examples.ts";
import { type Recording, record, refusal } from "../support/record.ts";

type Container = core.v1.Container;

const policy: PolicyArgs = {
  files: { "checkout.rego": 'package shop.checkout\n\ndecision := {"allow": false}\n' },
  entryPoint: "shop/checkout/decision",
  engine: { image: "openpolicyagent/opa:1.4.2-static" },
};

const spiffe: SpiffeArgs = { trustDomain: "example.org", path: "/shop/broker" };

const auditLog: NonNullable<BrokerArgs["auditLog"]> = {
  image: "fluent/fluentd-kubernetes-daemonset:v1.18.0-debian-forward-1.0",
  directory: "/var/log/shop",
  sink: { forward: { host: "logs.example.com" }, endpoint: internet("audit-log", 24224) },
};

const recordBroker = (args: Partial<BrokerArgs> = {}) => record(() => new Broker("shop", { ...workload, ...args }));

const podOf = (recording: Recording) => recording.object("Deployment", "shop").spec.template;
const mainOf = (recording: Recording) => podOf(recording).spec.containers[0];
const valuesOf = (recording: Recording) =>
  Object.fromEntries((mainOf(recording)?.env ?? []).map(({ name, value }) => [name, value]));
const policyName = (recording: Recording) =>
  recording
    .objects()
    .find((object) => object.startsWith("ConfigMap shop-policy-"))
    ?.split(" ")[1] ?? "";
// The SDK's types know no member of a spec that may be absent.
const sidecarsOf = (recording: Recording) =>
  [podOf(recording).spec.initContainers as Container[] | undefined].flatMap((all) => all ?? []);

test("a broker without options is a Workload and nothing else", async () => {
  expect((await recordBroker()).family()).toEqual(
    [
      "gatehouse:kubernetes:Broker shop",
      "shop > gatehouse:kubernetes:Workload shop",
      "shop > kubernetes:apps/v1:Deployment shop-deployment",
      "shop > kubernetes:core/v1:Service shop-service",
      "shop > kubernetes:core/v1:ServiceAccount shop-service-account",
      "shop > kubernetes:policy/v1:PodDisruptionBudget shop-disruption-budget",
      "shop > gatehouse:kubernetes:NetworkAccess shop-network",
      "shop-network > kubernetes:networking.k8s.io/v1:NetworkPolicy shop-network-policy",
    ].sort(),
  );
});

describe("a policy with OPA beside the program", () => {
  test("its files are an immutable ConfigMap named by their content, and a change rolls the pods", async () => {
    const recording = await recordBroker({ policy });
    const name = policyName(recording);
    expect(name).toMatch(/^shop-policy-[0-9a-f]{8}$/);
    expect(recording.object("ConfigMap", name)).toMatchObject({
      data: { ...policy.files, "system-authz.rego": authorization("shop/checkout/decision") },
      immutable: true,
    });
    expect(podOf(recording).spec.volumes).toContainEqual({
      name: "policy",
      configMap: { name, defaultMode: 0o444 },
    });
    const files = { "checkout.rego": 'package shop.checkout\n\ndecision := {"allow": true}\n' };
    expect(policyName(await recordBroker({ policy: { ...policy, files } }))).not.toBe(name);
  });

  test("OPA is a native sidecar that only the pod asks, and the kubelet and Prometheus ask for health and metrics", async () => {
    const [opa, ...others] = sidecarsOf(await recordBroker({ policy }));
    expect(others).toEqual([]);
    const health = { httpGet: { path: "/health", port: 8282 } };
    expect(opa).toEqual({
      name: "opa",
      image: "openpolicyagent/opa:1.4.2-static",
      restartPolicy: "Always",
      args: [
        "run",
        "--server",
        "--addr=127.0.0.1:8181",
        "--diagnostic-addr=:8282",
        "--authorization=basic",
        "--ignore=.*",
        "--log-format=json",
        "--log-level=info",
        "--skip-version-check",
        "/etc/policy",
      ],
      ports: [{ name: "opa-diagnostic", containerPort: 8282, protocol: "TCP" }],
      env: [],
      resources: {
        requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
        limits: { cpu: "500m", memory: "512Mi", "ephemeral-storage": "1Gi" },
      },
      startupProbe: { ...health, periodSeconds: 1, failureThreshold: 30 },
      readinessProbe: health,
      livenessProbe: health,
      securityContext: restricted,
      volumeMounts: [{ name: "policy", mountPath: "/etc/policy", readOnly: true }],
    });
  });

  test("the program is told the decision's URL, and does not see the files", async () => {
    const recording = await recordBroker({ policy });
    expect(valuesOf(recording)).toEqual({ POLICY_URL: "http://127.0.0.1:8181/v1/data/shop/checkout/decision" });
    expect(mainOf(recording)?.volumeMounts.map(({ name }) => name)).toEqual(["tmp"]);
  });

  test("by other ports and names", async () => {
    const engine = { image: "opa:1.4.2", port: 9191, diagnosticPort: 9292, variable: "OPA", resources };
    const recording = await recordBroker({ policy: { ...policy, engine, directory: "/policies" } });
    expect(valuesOf(recording)).toEqual({ OPA: "http://127.0.0.1:9191/v1/data/shop/checkout/decision" });
    expect(sidecarsOf(recording)[0]?.args).toEqual(
      expect.arrayContaining(["--addr=127.0.0.1:9191", "--diagnostic-addr=:9292", "/policies"]),
    );
  });

  test("nobody reaches OPA's own port, and Prometheus reaches the other", async () => {
    const recording = await recordBroker({ policy, metrics: { interval: "15s" } });
    const prometheus = [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } }];
    expect(recording.object("NetworkPolicy", "shop").spec.ingress).toEqual([
      { from: prometheus, ports: [{ protocol: "TCP", port: 8282 }] },
      { from: prometheus, ports: [{ protocol: "TCP", port: 8080 }] },
    ]);
    const [monitor] = recording.ofType("kubernetes:monitoring.coreos.com/v1:PodMonitor");
    expect(monitor?.inputs).toMatchObject({
      metadata: { name: "shop-sidecars", namespace: "shop" },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
        podMetricsEndpoints: [{ port: "opa-diagnostic", path: "/metrics", interval: "15s" }],
      },
    });
  });

  test("by annotations only the program is scraped", async () => {
    const recording = await recordBroker({ policy, metrics: { discovery: MetricsDiscovery.Annotations } });
    expect(recording.ofType("kubernetes:monitoring.coreos.com/v1:PodMonitor")).toEqual([]);
  });
});

test("a policy that the program evaluates itself: it has the files, and there is no sidecar", async () => {
  const recording = await recordBroker({ policy: { ...policy, engine: undefined, directory: "/etc/airlock/policy" } });
  expect(sidecarsOf(recording)).toEqual([]);
  expect(valuesOf(recording)).toEqual({});
  expect(mainOf(recording)?.volumeMounts).toContainEqual({
    name: "policy",
    mountPath: "/etc/airlock/policy",
    readOnly: true,
  });
  expect(podOf(recording).spec.volumes).toContainEqual({
    name: "policy",
    configMap: { name: policyName(recording), defaultMode: 0o444 },
  });
});

describe("an identity of SPIFFE", () => {
  const registrationOf = (recording: Recording) =>
    recording.resource("kubernetes:spire.spiffe.io/v1alpha1:ClusterSPIFFEID", "shop-spiffe-registration");

  test("is registered for the pods, by namespace and ServiceAccount, before they start", async () => {
    const recording = await recordBroker({ spiffe: { ...spiffe, className: "spire-mgmt-spire" } });
    expect(registrationOf(recording).inputs).toEqual({
      apiVersion: "spire.spiffe.io/v1alpha1",
      kind: "ClusterSPIFFEID",
      metadata: {
        name: "shop",
        labels: { "app.kubernetes.io/name": "shop", "app.kubernetes.io/managed-by": "pulumi" },
      },
      spec: {
        className: "spire-mgmt-spire",
        spiffeIDTemplate: "spiffe://example.org/shop/broker",
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "shop" } },
        podSelector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
        workloadSelectorTemplates: ["k8s:ns:shop", "k8s:sa:shop"],
      },
    });
    expect(recording.resource("kubernetes:apps/v1:Deployment", "shop-deployment").dependencies).toContain(
      "shop-spiffe-registration",
    );
  });

  test("reaches the program by the CSI driver, which a restricted namespace admits", async () => {
    const recording = await recordBroker({ spiffe });
    expect(valuesOf(recording)).toEqual({ SPIFFE_ENDPOINT_SOCKET: "unix:///run/spire/sockets/agent.sock" });
    expect(podOf(recording).spec.volumes).toContainEqual({
      name: "spiffe",
      csi: { driver: "csi.spiffe.io", readOnly: true },
    });
    expect(mainOf(recording)?.volumeMounts).toContainEqual({
      name: "spiffe",
      mountPath: "/run/spire/sockets",
      readOnly: true,
    });
  });

  test.each([
    ["trustDomain", "spiffe://example.org", "not a trust domain"],
    ["path", "shop/broker", "not the path of an identity"],
    ["path", "/shop/../broker", "not the path of an identity"],
    ["path", "/shop/", "not the path of an identity"],
    ["agentSocket", "/agent.sock", "not the path of a socket in a directory of its own"],
  ])("%s %s is refused", async (option, value, message) => {
    const refused = await refusal(() => new Broker("shop", { ...workload, spiffe: { ...spiffe, [option]: value } }));
    expect(refused).toContain(`shop (Workload).spiffe.${option}: ${message}\n  value:    ${value}\n`);
  });
});

describe("a certificate of its own", () => {
  test("is mounted, and its files are named", async () => {
    const recording = await recordBroker({ certificate: { secret: "shop-tls" } });
    expect(podOf(recording).spec.volumes).toContainEqual({
      name: "certificate",
      secret: { secretName: "shop-tls", defaultMode: 0o440 },
    });
    expect(mainOf(recording)?.volumeMounts).toContainEqual({
      name: "certificate",
      mountPath: "/etc/tls",
      readOnly: true,
    });
    expect(valuesOf(recording)).toEqual({ TLS_CERT_FILE: "/etc/tls/tls.crt", TLS_KEY_FILE: "/etc/tls/tls.key" });
    expect(podOf(recording).metadata.annotations).toEqual({});
  });

  test("another revision rolls the pods", async () => {
    const certificate = { secret: "shop-tls", directory: "/tls", variables: { certificate: "CERT" }, revision: "2" };
    const recording = await recordBroker({ certificate });
    expect(podOf(recording).metadata.annotations).toEqual({ "gatehouse.dev/certificate-revision": "2" });
    expect(valuesOf(recording)).toEqual({ CERT: "/tls/tls.crt", TLS_KEY_FILE: "/tls/tls.key" });
  });
});

test.each([true, false])("maintenance mode %s is a variable", async (maintenanceMode) => {
  expect(valuesOf(await recordBroker({ maintenanceMode }))).toEqual({ MAINTENANCE_MODE: String(maintenanceMode) });
});

describe("an audit log", () => {
  test("is written to a directory that the forwarder shares, and the sink is all that it may reach", async () => {
    const recording = await recordBroker({ auditLog, policy });
    expect(sidecarsOf(recording).map(({ name, restartPolicy }) => [name, restartPolicy])).toEqual([
      ["opa", "Always"],
      ["log-forwarder", "Always"],
    ]);
    expect(mainOf(recording)?.volumeMounts).toContainEqual({ name: "logs", mountPath: "/var/log/shop" });
    expect(podOf(recording).spec.volumes).toContainEqual({ name: "logs", emptyDir: { sizeLimit: "512Mi" } });
    const { egress } = recording.object("NetworkPolicy", "shop").spec;
    expect(egress).toHaveLength(2);
    expect(egress[0]).toEqual(dns);
    expect(egress[1]?.ports).toEqual([{ protocol: "TCP", port: 24224 }]);
  });

  test("its forwarder is scraped", async () => {
    const recording = await recordBroker({ auditLog, metrics: { port: "http" } });
    const [monitor] = recording.ofType("kubernetes:monitoring.coreos.com/v1:PodMonitor");
    expect(monitor?.inputs.spec).toMatchObject({ podMetricsEndpoints: [{ port: "fluentd" }] });
  });
});

test("every container is restricted", async () => {
  const recording = await recordBroker({ auditLog, policy, spiffe, certificate: { secret: "shop-tls" } });
  expect(podOf(recording).spec.securityContext).toEqual(restrictedPod);
  for (const { securityContext } of [...sidecarsOf(recording), ...podOf(recording).spec.containers])
    expect(securityContext).toEqual(restricted);
});

test("what the workload is given stays beside what the broker adds", async () => {
  const recording = await recordBroker({
    policy,
    maintenanceMode: true,
    environment: { values: { MAINTENANCE_MODE: "soon", COLOUR: "blue" } },
    sidecars: [{ name: "proxy", image: "proxy:1.0.0", resources }],
    volumes: [{ name: "cache", mountPath: "/cache", emptyDir: {} }],
    podAnnotations: { "example.com/team": "shop" },
  });
  expect(valuesOf(recording)).toMatchObject({ MAINTENANCE_MODE: "soon", COLOUR: "blue" });
  expect(sidecarsOf(recording).map(({ name }) => name)).toEqual(["opa", "proxy"]);
  expect(mainOf(recording)?.volumeMounts.map(({ name }) => name)).toEqual(["tmp", "cache"]);
  expect(podOf(recording).metadata.annotations).toEqual({ "example.com/team": "shop" });
});

describe("zones", () => {
  const spreadOf = (recording: Recording) => podOf(recording).spec.topologySpreadConstraints[0]?.whenUnsatisfiable;
  const apartIn = (recording: Recording) =>
    podOf(recording).spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;

  test("are shared as far as they have room, or evenly in any case", async () => {
    expect(spreadOf(await recordBroker())).toBe("ScheduleAnyway");
    const even = await recordBroker({
      zones: { rule: "even" },
      scaling: { minReplicas: 3, maxReplicas: 10, cpuPercent: 70 },
    });
    expect(spreadOf(even)).toBe("DoNotSchedule");
    expect(apartIn(even)).toBeUndefined();
  });

  test("one for each pod, where there are enough for an update as well", async () => {
    const recording = await recordBroker({ zones: { rule: "apart", count: 3 }, replicas: 2 });
    expect(apartIn(recording)).toEqual([
      {
        labelSelector: { matchExpressions: [{ key: "app.kubernetes.io/name", operator: "In", values: ["shop"] }] },
        topologyKey: "topology.kubernetes.io/zone",
      },
    ]);
  });

  test("too few for the autoscaler's maximum, or not known", async () => {
    const scaling = { minReplicas: 3, maxReplicas: 10, cpuPercent: 70 };
    const refused = (zones: BrokerArgs["zones"]) => refusal(() => new Broker("shop", { ...workload, scaling, zones }));
    expect(await refused({ rule: "apart", count: 3 })).toBe(
      lines(
        "shop (Workload).zones.rule: each pod needs a zone of its own, and there are fewer zones than pods",
        "  value:    10 pods at most + 1 during an update = 11, in 3 zones",
        "  expected: rule even, or at most 2 pods",
        "  fix:      choose even: as many pods as zones still are in a zone each",
      ),
    );
    expect(await refused({ rule: "apart" })).toBe(
      lines(
        "shop (Workload).zones.count: each pod needs a zone of its own, and it is not said how many zones there are",
        "  expected: the number of zones that the nodes are in",
      ),
    );
  });
});

const refusalOf = (args: Partial<BrokerArgs>) => refusal(() => new Broker("shop", { ...workload, ...args }));

describe("a policy that the program evaluates itself", () => {
  const { engine, ...own } = policy;

  test("has the name it is given, and a change rolls the pods", async () => {
    const recording = await recordBroker({ policy: { ...own, configMapName: "checkout-policy" } });
    const [name = ""] = recording
      .objects()
      .flatMap((object) => /^ConfigMap (checkout-policy-[0-9a-f]{8})$/.exec(object)?.[1] ?? []);
    expect(recording.object("ConfigMap", name)).toMatchObject({ data: own.files, immutable: true });
    expect(mainOf(recording)?.volumeMounts).toContainEqual({
      name: "policy",
      mountPath: "/etc/policy",
      readOnly: true,
    });
    expect(sidecarsOf(recording)).toEqual([]);
    expect(podOf(recording).spec.shareProcessNamespace).toBeUndefined();
  });

  test("is loaded at a signal: one ConfigMap that changes, and a sidecar that sees the program's processes", async () => {
    const reload = { image: "busybox:1.37.0", process: "shop" };
    const recording = await recordBroker({ policy: { ...own, reload }, metrics: {} });
    expect(recording.object("ConfigMap", "shop-policy")).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: "shop-policy",
        namespace: "shop",
        labels: { "app.kubernetes.io/name": "shop", "app.kubernetes.io/managed-by": "pulumi" },
      },
      data: own.files,
    });
    expect(podOf(recording).spec.shareProcessNamespace).toBe(true);
    const [sidecar, ...others] = sidecarsOf(recording);
    expect(others).toEqual([]);
    expect(sidecar).toMatchObject({
      name: "policy-reload",
      image: "busybox:1.37.0",
      restartPolicy: "Always",
      command: ["/bin/sh", "-ec"],
      resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "50m", memory: "32Mi" } },
      securityContext: restricted,
      volumeMounts: [{ name: "policy", mountPath: "/etc/policy", readOnly: true }],
    });
    expect(sidecar?.args[0]).toContain("pids=$(pidof shop || true)");
    expect(sidecar?.args[0]).toContain("kill -HUP $pids");
    expect(sidecar?.args[0]).toContain("sleep 5 &");
    // It has no port, so there is nothing to scrape.
    expect(recording.objects().filter((object) => object.startsWith("PodMonitor"))).toEqual([]);
  });

  test("by another signal, more seldom, of another directory", async () => {
    const reload = { image: "busybox:1.37.0", process: "shop", signal: "USR1", intervalSeconds: 30 };
    const [sidecar] = sidecarsOf(await recordBroker({ policy: { ...own, directory: "/policies", reload } }));
    expect(sidecar?.args[0]).toContain("kill -USR1 $pids");
    expect(sidecar?.args[0]).toContain("sleep 30 &");
    expect(sidecar?.args[0]).toContain("readlink /policies/..data");
  });

  test("is not loaded where OPA evaluates it, nor by what is no process and no signal", async () => {
    const reload = { image: "busybox:1.37.0", process: "shop; true", signal: "SIGHUP", intervalSeconds: 0 };
    expect(await refusalOf({ policy: { ...own, engine, reload } })).toBe(
      lines(
        "4 problems",
        "",
        "shop (Broker).policy.reload: OPA evaluates the policy, so there is nothing for the program to load",
        "  expected: engine or reload, not both",
        "  fix:      remove reload; a change of the policy rolls the pods",
        "",
        "shop (Broker).policy.reload.process: not the name of a process",
        "  value:    shop; true",
        "  expected: the name of the program's file, without its path: airlock",
        "",
        "shop (Broker).policy.reload.signal: not the name of a signal",
        "  value:    SIGHUP",
        "  expected: a name without SIG: HUP",
        "  fix:      use HUP",
        "",
        "shop (Broker).policy.reload.intervalSeconds: not a number of seconds",
        "  value:    0",
        "  expected: a whole number, 1 or more",
      ),
    );
  });
});

describe("upstreams beside the broker", () => {
  const docs = { name: "docs", image: "registry.example.com/docs:1.0.0", socket: "/run/mcp/docs.sock", resources };

  test("are native sidecars whose socket is there before the broker starts", async () => {
    const recording = await recordBroker({ upstreams: [docs] });
    const shared = { name: "upstreams", mountPath: "/run/mcp" };
    expect(mainOf(recording)?.volumeMounts).toContainEqual(shared);
    expect(podOf(recording).spec.volumes).toEqual([
      { name: "upstreams", emptyDir: { sizeLimit: "1Mi" } },
      { name: "docs-tmp", emptyDir: {} },
      { name: "tmp", emptyDir: {} },
    ]);
    expect(sidecarsOf(recording)).toEqual([
      {
        name: "docs",
        image: "registry.example.com/docs:1.0.0",
        restartPolicy: "Always",
        env: [],
        resources: renderedResources,
        startupProbe: {
          exec: { command: ["test", "-S", "/run/mcp/docs.sock"] },
          periodSeconds: 1,
          failureThreshold: 60,
        },
        securityContext: restricted,
        volumeMounts: [shared, { name: "docs-tmp", mountPath: "/tmp" }],
      },
    ]);
  });

  test("an image without the command test, in another directory", async () => {
    const recording = await recordBroker({
      upstreams: [{ ...docs, socket: "/run/docs/docs.sock", waitsForSocket: false, temporaryDirectories: [] }],
      upstreamDirectory: "/run/docs",
    });
    const [sidecar] = sidecarsOf(recording);
    expect(sidecar?.startupProbe).toBeUndefined();
    expect(sidecar?.volumeMounts).toEqual([{ name: "upstreams", mountPath: "/run/docs" }]);
  });

  test("a socket that the broker does not see, one for two, and a directory for none are refused", async () => {
    const code = { ...docs, name: "code", socket: "/run/mcp/../docs.sock" };
    expect(await refusalOf({ upstreams: [docs, { ...docs, name: "other" }, code] })).toBe(
      lines(
        "2 problems",
        "",
        "shop (Broker).upstreams.code.socket: the broker does not see a socket outside the directory that it shares with its upstreams",
        "  value:    /run/mcp/../docs.sock",
        "  expected: a file in /run/mcp: /run/mcp/code.sock",
        "",
        "shop (Broker).upstreams: two upstreams listen on the same socket",
        "  value:    /run/mcp/docs.sock, of docs and other",
        "  expected: a socket for each",
      ),
    );
    expect(await refusalOf({ upstreamDirectory: "/run/docs" })).toBe(
      lines(
        "shop (Broker).upstreamDirectory: there are no upstreams, so the directory would be ignored",
        "  value:    /run/docs",
        "  expected: upstreams, or no upstreamDirectory",
      ),
    );
  });
});
