import { generateKeyPairSync } from "node:crypto";
import type { Value } from "@gatehouse/preview";
import { beforeAll, describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";
import { at, recordStack, type StackRecord, text } from "./support/record.ts";

let prod: StackRecord;
beforeAll(async () => {
  prod = await recordStack("atb-prod");
});

const pod = (workload: string, path: string): Value | undefined =>
  prod.value("Deployment", workload, `spec.template.spec.${path}`);
const container = (workload: string, path: string): Value | undefined => pod(workload, `containers.0.${path}`);
const sidecar = (index: number, path: string): Value | undefined =>
  pod("atb-broker", `initContainers.${index}.${path}`);

/** A container's variables: plain values as they are, others as where they come from. */
function variables(of: Value | undefined): Record<string, Value | undefined> {
  const list = at(of ?? null, "env") as Value[];
  return Object.fromEntries(
    list.map((one) => [at(one, "name"), at(one, "value") ?? at(one, "valueFrom")] as [string, Value | undefined]),
  );
}

const fromSecret = (name: string, key: string): Value => ({ secretKeyRef: { name, key } });
const secretKeyName = "atb-agentauth-signing-key-2025-01";

/** A name without the hash that it ends with. */
const unhashed = (object: string): string => object.replace(/-[0-9a-f]{8}$/, "-<hash>");

test("the stack is these objects and no others", () => {
  expect(prod.objects().map(unhashed)).toEqual([
    "ClusterSPIFFEID atb-agentauth",
    "ClusterSPIFFEID atb-broker",
    "ConfigMap atb/atb-agentauth",
    "ConfigMap atb/atb-agentauth-jwt-jwks-<hash>",
    "ConfigMap atb/atb-broker",
    "ConfigMap atb/atb-broker-audit-log-<hash>",
    "ConfigMap atb/atb-broker-policy-<hash>",
    "ConfigMap atb/atb-opa",
    "ConfigMap atb/atb-redis",
    "ConfigMap atb/atb-redis-backup-scripts",
    "ConfigMap atb/atb-redis-files",
    "CronJob atb/atb-redis-backup",
    "CronJob atb/atb-redis-restore-check",
    "Deployment atb/atb-agentauth",
    "Deployment atb/atb-broker",
    "Deployment atb/atb-redis",
    "ExternalSecret atb/atb-redis-password",
    "ExternalSecret atb/atb-signing-key-2025-01",
    "HorizontalPodAutoscaler atb/atb-broker",
    "Ingress atb/atb",
    "Namespace atb",
    "NetworkPolicy atb/atb-agentauth",
    "NetworkPolicy atb/atb-agentauth-from-atb-broker",
    "NetworkPolicy atb/atb-broker",
    "NetworkPolicy atb/atb-edge",
    "NetworkPolicy atb/atb-redis",
    "NetworkPolicy atb/atb-redis-backup",
    "NetworkPolicy atb/atb-redis-copied-from-atb-redis-backup",
    "NetworkPolicy atb/atb-redis-from-atb-agentauth",
    "NetworkPolicy atb/atb-redis-members-from-atb-broker",
    "NetworkPolicy atb/atb-redis-members-sentinel-from-atb-broker",
    "NetworkPolicy atb/atb-redis-peer-from-atb-redis-server",
    "NetworkPolicy atb/atb-redis-peer-sentinel-from-atb-redis-server",
    "NetworkPolicy atb/atb-redis-restore-check",
    "NetworkPolicy atb/atb-redis-server",
    "NetworkPolicy atb/atb-redis-server-from-atb-redis",
    "NetworkPolicy atb/atb-redis-server-sentinel-from-atb-redis",
    "NetworkPolicy atb/default-deny",
    "PodDisruptionBudget atb/atb-agentauth",
    "PodDisruptionBudget atb/atb-broker",
    "PodDisruptionBudget atb/atb-redis",
    "PodDisruptionBudget atb/atb-redis-server",
    "PodMonitor atb/atb-broker-sidecars",
    "PrometheusRule atb/atb-alerts",
    "Service atb/atb-agentauth",
    "Service atb/atb-broker",
    "Service atb/atb-redis",
    "Service atb/atb-redis-announce-0",
    "Service atb/atb-redis-announce-1",
    "Service atb/atb-redis-announce-2",
    "Service atb/atb-redis-headless",
    "Service atb/atb-redis-sentinel",
    "ServiceAccount atb/atb-agentauth",
    "ServiceAccount atb/atb-broker",
    "ServiceAccount atb/atb-redis",
    "ServiceAccount atb/atb-redis-backup",
    "ServiceAccount atb/atb-redis-restore-check",
    "ServiceAccount atb/atb-redis-server",
    "ServiceMonitor atb/atb-agentauth",
    "ServiceMonitor atb/atb-broker",
    "ServiceMonitor atb/atb-redis",
    "ServiceMonitor atb/atb-redis-server",
    "StatefulSet atb/atb-redis-server",
  ]);
});

test("1. Create Namespace: it refuses pods that are not restricted", () => {
  expect(prod.value("Namespace", "atb", "metadata.labels")).toMatchObject({
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  });
});

describe("2. Configure Secrets", () => {
  const external = (name: string, secret: string, data: Value): void => {
    expect(prod.value("ExternalSecret", name, "apiVersion")).toBe("external-secrets.io/v1");
    expect(prod.value("ExternalSecret", name, "metadata.annotations")).toEqual({
      "pulumi.com/waitFor": "condition=Ready",
    });
    expect(prod.value("ExternalSecret", name, "spec")).toEqual({
      refreshPolicy: "OnChange",
      secretStoreRef: { name: "azure-keyvault", kind: "ClusterSecretStore" },
      target: { name: secret, creationPolicy: "Owner" },
      data,
    });
  };

  test("the signing key, by a remote name and a Secret of its own for each key id", () => {
    external("atb-signing-key-2025-01", secretKeyName, [
      { secretKey: "ed25519_privkey_pem", remoteRef: { key: "atb-signing-key-2025-01" } },
    ]);
  });

  test("the password of Redis", () => {
    external("atb-redis-password", "atb-redis-password", [
      { secretKey: "redis-password", remoteRef: { key: "atb-redis-password" } },
    ]);
  });

  test("a pinned version of the password is a Secret of another name, and rolls the pods", async () => {
    const stack = await recordStack("atb-prod", { "atb:secrets": JSON.stringify({ redisPasswordVersion: "v2" }) });
    const [secret, ...others] = stack
      .objects()
      .filter((object) => /ExternalSecret atb\/atb-redis-password/.test(object));
    expect(others).toEqual([]);
    expect(secret).toMatch(/^ExternalSecret atb\/atb-redis-password-[0-9a-f]{8}$/);
  });

  test("a second version during a rotation, which the servers and Sentinels accept", async () => {
    const secrets = { redisPasswordVersion: "v1", redisOtherPasswordVersion: "v2" };
    const stack = await recordStack("atb-prod", { "atb:secrets": JSON.stringify(secrets) });
    const containers = stack.value("StatefulSet", "atb-redis-server", "spec.template.spec.containers");
    const keys = JSON.stringify(containers).match(
      /"REDIS_ALSO_ACCEPTS","valueFrom":\{"secretKeyRef":\{[^}]*"key":"[^"]+"/g,
    );
    expect(keys?.map((one) => /"key":"([^"]+)"/.exec(one)?.[1])).toEqual([
      "other-redis-password",
      "other-redis-password",
    ]);
  });
});

describe("3. Create Production Values: broker", () => {
  const spec = (path: string): Value | undefined => prod.value("Deployment", "atb-broker", `spec.${path}`);

  test("labels, selector, rollout; no literal replicas beside the autoscaler", () => {
    expect(spec("selector")).toEqual({ matchLabels: { app: "atb-broker" } });
    expect(spec("template.metadata.labels.app")).toBe("atb-broker");
    expect(spec("replicas")).toBeUndefined();
    expect(spec("strategy")).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  });

  test("resources", () => {
    expect(container("atb-broker", "resources")).toMatchObject({
      requests: { cpu: "500m", memory: "512Mi" },
      limits: { cpu: "2000m", memory: "2Gi" },
    });
  });

  test("a drain of nodes leaves two pods", () => {
    expect(prod.value("PodDisruptionBudget", "atb-broker", "spec")).toEqual({
      selector: { matchLabels: { app: "atb-broker" } },
      minAvailable: 2,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  test("pods are even over zones in any case, so that three are in three, and ten can still be placed", () => {
    expect(pod("atb-broker", "topologySpreadConstraints.0")).toEqual({
      maxSkew: 1,
      topologyKey: "topology.kubernetes.io/zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "atb-broker" } },
      matchLabelKeys: ["pod-template-hash"],
      nodeTaintsPolicy: "Honor",
    });
    expect(
      pod("atb-broker", "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution"),
    ).toBeUndefined();
  });

  test("ports: the API, and metrics on a port of their own", () => {
    expect(container("atb-broker", "ports")).toEqual([
      { name: "https", containerPort: 8443, protocol: "TCP" },
      { name: "metrics", containerPort: 9090, protocol: "TCP" },
    ]);
    expect(prod.value("Service", "atb-broker", "spec")).toEqual({
      type: "ClusterIP",
      selector: { app: "atb-broker" },
      ports: [
        { name: "https", port: 8443, targetPort: 8443, protocol: "TCP" },
        { name: "metrics", port: 9090, targetPort: 9090, protocol: "TCP" },
      ],
    });
  });

  test("it is ready by HTTPS /health, and alive as long as it listens", () => {
    const health = { path: "/health", port: 8443, scheme: "HTTPS" };
    expect(container("atb-broker", "readinessProbe")).toEqual({
      httpGet: health,
      periodSeconds: 10,
      timeoutSeconds: 5,
    });
    expect(container("atb-broker", "startupProbe")).toEqual({
      httpGet: health,
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 12,
    });
    expect(container("atb-broker", "livenessProbe")).toEqual({ tcpSocket: { port: 8443 } });
  });

  test("a pod drains 10 s, lets requests of 30 s end, and has 5 s left", () => {
    expect(container("atb-broker", "lifecycle")).toEqual({ preStop: { sleep: { seconds: 10 } } });
    expect(pod("atb-broker", "terminationGracePeriodSeconds")).toBe(45);
  });

  test("every variable", () => {
    const sentinels = [0, 1, 2].map((index) => `atb-redis-announce-${index}:26379`);
    expect(variables(pod("atb-broker", "containers.0"))).toEqual({
      LOG_FORMAT: "json",
      LOG_LEVEL: "info",
      MAINTENANCE_MODE: "false",
      AUDIT_LOG_DIRECTORY: "/var/log/atb",
      POLICY_URL: "http://127.0.0.1:8181/v1/data/atb/poa/decision",
      SPIFFE_ENDPOINT_SOCKET: "unix:///run/spire/sockets/agent.sock",
      TLS_CERT_FILE: "/etc/tls/tls.crt",
      TLS_KEY_FILE: "/etc/tls/tls.key",
      AGENTAUTH_URL: "https://atb-agentauth:8443",
      REDIS_MASTER_SET: "atb-master",
      REDIS_SENTINELS: sentinels.join(","),
      REDIS_SENTINEL_PASSWORD: fromSecret("atb-redis-password", "redis-password"),
    });
  });
});

describe("3. Create Production Values: agentauth", () => {
  test("replicas, labels, resources", () => {
    expect(prod.value("Deployment", "atb-agentauth", "spec.replicas")).toBe(2);
    expect(prod.value("Deployment", "atb-agentauth", "spec.selector")).toEqual({
      matchLabels: { app: "atb-agentauth" },
    });
    expect(container("atb-agentauth", "resources")).toMatchObject({
      requests: { cpu: "250m", memory: "256Mi" },
      limits: { cpu: "1000m", memory: "1Gi" },
    });
  });

  test("every variable: challenges in Redis by one address that leads to the master, the Ed25519 key as a file", () => {
    expect(variables(pod("atb-agentauth", "containers.0"))).toEqual({
      LOG_FORMAT: "json",
      LOG_LEVEL: "info",
      TOKEN_LIFETIME_SECONDS: "600",
      SPIFFE_ENDPOINT_SOCKET: "unix:///run/spire/sockets/agent.sock",
      REDIS_PASSWORD: fromSecret("atb-redis-password", "redis-password"),
      REDIS_URL: "redis://:$(REDIS_PASSWORD)@atb-redis:6379/0",
      SIGNING_KEY_FILE: "/etc/atb/signing-key/ed25519_privkey_pem",
      SIGNING_KEY_ID: "2025-01",
      SIGNING_PUBLIC_KEY: expect.stringMatching(/^-----BEGIN PUBLIC KEY-----\n/) as string,
      JWKS_FILE: "/etc/atb/jwks/jwks.json",
    });
    expect(pod("atb-agentauth", "volumes")).toContainEqual({
      name: "signing-key",
      secret: { secretName: secretKeyName, defaultMode: 0o440 },
    });
  });

  test("the JWKS names the algorithm", () => {
    const name = prod.objects().find((object) => object.startsWith("ConfigMap atb/atb-agentauth-jwt-jwks-")) ?? "";
    const data = prod.value("ConfigMap", name.replace("ConfigMap atb/", ""), "data") as Record<string, string>;
    const { keys } = JSON.parse(data["jwks.json"] ?? "") as { keys: Record<string, string>[] };
    expect(keys.map(({ kid, kty, crv, alg }) => ({ kid, kty, crv, alg }))).toEqual([
      { kid: "2025-01", kty: "OKP", crv: "Ed25519", alg: "EdDSA" },
    ]);
  });
});

describe("3. Create Production Values: opa", () => {
  test("a native sidecar with the guide's resources, which decides by the policy in stacks/atb", () => {
    expect(sidecar(0, "name")).toBe("opa");
    expect(sidecar(0, "restartPolicy")).toBe("Always");
    expect(sidecar(0, "resources")).toMatchObject({
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "500m", memory: "512Mi" },
    });
    expect(sidecar(0, "args")).toEqual(
      expect.arrayContaining([
        "--addr=127.0.0.1:8181",
        "--diagnostic-addr=:8282",
        "--authorization=basic",
        "--ignore=.*",
      ]),
    );
    expect(sidecar(0, "readinessProbe")).toEqual({ httpGet: { path: "/health", port: 8282 } });
  });

  test("the policy is all that is mounted, under a name that another policy does not have", () => {
    const name = text(pod("atb-broker", "volumes.0.configMap.name"));
    expect(name).toMatch(/^atb-broker-policy-[0-9a-f]{8}$/);
    const data = prod.value("ConfigMap", name, "data") as Record<string, string>;
    expect(Object.keys(data)).toEqual(["policy.rego", "system-authz.rego"]);
    expect(data["policy.rego"]).toContain("\npackage atb.poa\n");
    expect(prod.value("ConfigMap", name, "immutable")).toBe(true);
  });
});

describe("3. Create Production Values: ingress", () => {
  test("nginx passes TLS through, and holds no certificate", () => {
    expect(prod.value("Ingress", "atb", "metadata.annotations")).toEqual({
      "nginx.ingress.kubernetes.io/ssl-passthrough": "true",
      "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS",
      "nginx.ingress.kubernetes.io/force-ssl-redirect": "true",
    });
    expect(prod.value("Ingress", "atb", "spec")).toEqual({
      ingressClassName: "nginx",
      rules: [
        {
          host: "atb.example.com",
          http: {
            paths: [
              {
                path: "/",
                pathType: "Prefix",
                backend: { service: { name: "atb-broker", port: { number: 8443 } } },
              },
            ],
          },
        },
      ],
    });
  });

  test("the certificate atb-tls is the broker's", () => {
    expect(pod("atb-broker", "volumes")).toContainEqual({
      name: "certificate",
      secret: { secretName: "atb-tls", defaultMode: 0o440 },
    });
  });

  test("by cert-manager the certificate is there before the broker, and a revision rolls it", async () => {
    const certificate = { clusterIssuer: "internal", revision: "2" };
    const stack = await recordStack("atb-prod", { "atb:certificate": JSON.stringify(certificate) });
    expect(stack.value("Certificate", "atb-tls", "spec")).toMatchObject({
      secretName: "atb-tls",
      dnsNames: ["atb.example.com"],
      issuerRef: { kind: "ClusterIssuer", name: "internal" },
    });
    expect(stack.value("NetworkPolicy", "atb-acme-solver", "spec")).toMatchObject({
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } }],
          ports: [{ protocol: "TCP", port: 8089 }],
        },
      ],
    });
    const solver = stack.object("NetworkPolicy", "atb-acme-solver").urn;
    expect(stack.object("Certificate", "atb-tls").dependencies).toContain(solver);
    const broker = stack.object("Deployment", "atb-broker");
    expect(broker.dependencies).toContain(stack.object("Certificate", "atb-tls").urn);
    expect(at(broker.inputs, "spec.template.metadata.annotations")).toEqual({
      "gatehouse.dev/certificate-revision": "2",
    });
  });

  test("Gateway API: a TLSRoute of the version that the cluster serves, admitted from Envoy Gateway's namespace", async () => {
    const edge = { kind: "gateway", tlsRouteVersion: "v1alpha3" };
    const stack = await recordStack("atb-prod", { "atb:edge": JSON.stringify(edge) });
    expect(stack.value("TLSRoute", "atb", "apiVersion")).toBe("gateway.networking.k8s.io/v1alpha3");
    expect(stack.value("TLSRoute", "atb", "spec.hostnames")).toEqual(["atb.example.com"]);
    expect(stack.value("Gateway", "atb", "spec.listeners.0.tls")).toEqual({ mode: "Passthrough" });
    expect(stack.value("NetworkPolicy", "atb-edge", "spec.ingress.0.from.0.namespaceSelector.matchLabels")).toEqual({
      "kubernetes.io/metadata.name": "envoy-gateway-system",
    });
  });
});

test("3. Create Production Values and Pod Security: every container of both programs", () => {
  for (const workload of ["atb-broker", "atb-agentauth"]) {
    expect(pod(workload, "securityContext")).toEqual({
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
      fsGroup: 65534,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    });
    const all = [...(pod(workload, "containers") as Value[]), ...((pod(workload, "initContainers") ?? []) as Value[])];
    expect(all).toHaveLength(workload === "atb-broker" ? 3 : 1);
    for (const one of all)
      expect(at(one, "securityContext")).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
  }
});

test("3. Create Production Values: metrics are scraped every 15 s, OPA's and the log forwarder's too", () => {
  for (const name of ["atb-broker", "atb-agentauth"]) {
    expect(prod.value("ServiceMonitor", name, "spec.endpoints")).toEqual([
      { port: "metrics", path: "/metrics", interval: "15s" },
    ]);
    expect(prod.value("ServiceMonitor", name, "metadata.labels.release")).toBe("kube-prometheus-stack");
  }
  expect(prod.value("PodMonitor", "atb-broker-sidecars", "spec")).toEqual({
    selector: { matchLabels: { app: "atb-broker" } },
    podMetricsEndpoints: ["opa-diagnostic", "fluentd"].map((port) => ({ port, path: "/metrics", interval: "15s" })),
  });
  const monitors = prod.graph.resources.filter(({ inputs }) => inputs.kind === "ServiceMonitor");
  expect(
    monitors.flatMap(({ inputs }) => (at(inputs, "spec.endpoints") as Value[]).map((one) => at(one, "interval"))),
  ).toEqual(expect.not.arrayContaining(["30s"]));
});

test("High Availability: the broker's autoscaler", () => {
  expect(prod.value("HorizontalPodAutoscaler", "atb-broker", "spec")).toEqual({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "atb-broker" },
    minReplicas: 3,
    maxReplicas: 10,
    metrics: [
      {
        type: "ContainerResource",
        containerResource: {
          container: "atb-broker",
          name: "cpu",
          target: { type: "Utilization", averageUtilization: 70 },
        },
      },
    ],
  });
});

describe("High Availability: Redis", () => {
  const lines = (file: string): string[] =>
    (prod.value("ConfigMap", "atb-redis-files", "data") as Record<string, string>)[file]?.split("\n") ?? [];

  test("three servers, each with a Sentinel, of which two elect, 3 s after the master fell silent", () => {
    expect(prod.value("StatefulSet", "atb-redis-server", "spec.replicas")).toBe(3);
    expect(lines("settings.sh")).toEqual(
      expect.arrayContaining(["PODS=3", "QUORUM=2", "MASTER_SET=atb-master", "DOWN_AFTER=3000", "TLS=no"]),
    );
  });

  test("nothing is evicted, a write is on disk before it is acknowledged, and needs a replica", () => {
    expect(lines("redis.conf")).toEqual(
      expect.arrayContaining(["maxmemory-policy noeviction", "appendfsync always", "min-replicas-to-write 1"]),
    );
  });

  test("its one address leads to the master by a proxy", () => {
    expect(prod.value("Service", "atb-redis", "spec.ports.0.port")).toBe(6379);
    expect(prod.value("Service", "atb-redis", "spec.selector")).toEqual(
      prod.value("Deployment", "atb-redis", "spec.selector.matchLabels"),
    );
  });
});

describe("SPIFFE/SPIRE Integration", () => {
  test.each([
    ["atb-broker", "broker"],
    ["atb-agentauth", "agentauth"],
  ])("%s is registered with the guide's selectors, before its pods start", (name, path) => {
    expect(prod.value("ClusterSPIFFEID", name, "spec")).toEqual({
      spiffeIDTemplate: `spiffe://example.org/atb/${path}`,
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "atb" } },
      podSelector: { matchLabels: { app: name } },
      workloadSelectorTemplates: ["k8s:ns:atb", `k8s:sa:${name}`],
    });
    expect(pod(name, "serviceAccountName")).toBe(name);
    expect(pod(name, "volumes")).toContainEqual({ name: "spiffe", csi: { driver: "csi.spiffe.io", readOnly: true } });
    expect(container(name, "volumeMounts")).toContainEqual({
      name: "spiffe",
      mountPath: "/run/spire/sockets",
      readOnly: true,
    });
    expect(prod.object("Deployment", name).dependencies).toContain(prod.object("ClusterSPIFFEID", name).urn);
  });

  test("class and trust domain are config", async () => {
    const spire = { trustDomain: "prod.example.com", className: "spire-mgmt-spire" };
    const stack = await recordStack("atb-prod", { "atb:spire": JSON.stringify(spire) });
    expect(stack.value("ClusterSPIFFEID", "atb-broker", "spec")).toMatchObject({
      className: "spire-mgmt-spire",
      spiffeIDTemplate: "spiffe://prod.example.com/atb/broker",
    });
  });
});

describe("Alerts", () => {
  const rules = (stack = prod): Record<string, Record<string, unknown>> => {
    const groups = stack.value("PrometheusRule", "atb-alerts", "spec.groups") as { rules: { alert: string }[] }[];
    return Object.fromEntries(groups.flatMap((group) => group.rules.map((rule) => [rule.alert, { ...rule }])));
  };

  test.each([
    [
      "ATBBrokerDown",
      'up{job="atb-broker",namespace="atb"} == 0 or absent(up{job="atb-broker",namespace="atb"})',
      "1m",
      "critical",
      "ATB Broker is down",
    ],
    [
      "ATBHighErrorRate",
      'sum(rate(atb_requests_total{namespace="atb",status="error"}[5m])) / (sum(rate(atb_requests_total{namespace="atb"}[5m])) > 0) > 0.01',
      "5m",
      "warning",
      "ATB error rate > 1%",
    ],
    [
      "ATBHighInvalidPOARate",
      'sum(rate(atb_poa_validations_total{namespace="atb",result="invalid"}[5m])) / (sum(rate(atb_poa_validations_total{namespace="atb"}[5m])) > 0) > 0.05',
      "5m",
      "warning",
      "ATB invalid POA rate > 5%",
    ],
    [
      "ATBHighLatency",
      'histogram_quantile(0.99, sum by (le) (rate(atb_request_duration_seconds_bucket{namespace="atb"}[5m]))) > 0.5',
      "5m",
      "warning",
      "ATB P99 latency > 500ms",
    ],
    [
      "ATBPodRestarts",
      'sum by (namespace, pod) (max_over_time(kube_pod_container_status_restarts_total{namespace="atb"}[1h]) - min_over_time(kube_pod_container_status_restarts_total{namespace="atb"}[1h]) or max_over_time(kube_pod_init_container_status_restarts_total{namespace="atb"}[1h]) - min_over_time(kube_pod_init_container_status_restarts_total{namespace="atb"}[1h])) > 3',
      undefined,
      "warning",
      "ATB pod restarted more than 3 times in an hour",
    ],
    [
      "ATBAgentAuthDown",
      'up{job="atb-agentauth",namespace="atb"} == 0 or absent(up{job="atb-agentauth",namespace="atb"})',
      "1m",
      "critical",
      "ATB AgentAuth is down",
    ],
    [
      "ATBAuditLogStuck",
      'max by (pod) (fluentd_output_status_retry_wait{namespace="atb"}) > 0',
      "5m",
      "critical",
      "ATB audit log does not reach its sink",
    ],
    [
      "ATBAuditLogSilent",
      'sum by (pod) (rate(atb_requests_total{namespace="atb"}[1h])) > 0 and on (pod) (max by (pod) (max_over_time(fluentd_output_status_buffer_total_bytes{namespace="atb"}[1h])) == 0)',
      "10m",
      "critical",
      "ATB handles requests, and nothing is written to its audit log",
    ],
    [
      "ATBAuditLogDown",
      'up{namespace="atb",container="log-forwarder"} == 0 or absent(up{namespace="atb",container="log-forwarder"})',
      "2m",
      "critical",
      "ATB audit log is not forwarded",
    ],
  ])("%s", (name, expr, duration, severity, summary) => {
    const rule = rules()[name];
    expect(rule).toMatchObject({ expr, labels: { severity }, annotations: { summary } });
    expect(rule?.for).toBe(duration);
    expect((rule?.annotations as Record<string, string>).runbook_url).toBe(
      `https://docs.example.com/atb/runbook#${name.toLowerCase()}`,
    );
  });

  test("and those of pods, of Redis and of its backup, and no others", () => {
    expect(Object.keys(rules()).slice(9)).toEqual([
      "ATBPodUnschedulable",
      "ATBRedisDown",
      "ATBRedisProxyDown",
      "ATBRedisNoMaster",
      "ATBRedisTwoMasters",
      "ATBRedisNoQuorum",
      "ATBRedisReplicasMissing",
      "ATBRedisReplicaCutOff",
      "ATBRedisWriteFailed",
      "ATBRedisCopyFailed",
      "ATBRedisMemoryHigh",
      "ATBBackupStale",
      "ATBRestoreCheckStale",
    ]);
  });

  test("a development stack has none for what it does not have", async () => {
    const names = Object.keys(rules(await recordStack("atb-dev")));
    expect(names.filter((name) => /Redis|Audit|Stale/.test(name))).toEqual([
      "ATBRedisDown",
      "ATBRedisWriteFailed",
      "ATBRedisCopyFailed",
      "ATBRedisMemoryHigh",
    ]);
  });
});

describe("Dashboards", () => {
  test.each([
    [
      "atb-broker",
      "ATB Broker",
      ["Request Rate", "Error Rate", "Invalid POAs", "Latency", "Available Pods", "Restarts", "CPU", "Memory"],
    ],
    ["atb-agentauth", "ATB AgentAuth", ["Available Pods", "Restarts", "CPU", "Memory"]],
    [
      "atb-redis",
      "ATB Redis",
      ["Masters", "Replicas", "Quorum", "Copies on Disk", "Memory", "Commands", "Clients", "Evictions"],
    ],
    ["atb-opa", "ATB OPA", ["Decision Rate", "Decision Latency", "CPU", "Memory"]],
  ])("%s", (name, title, panels) => {
    const data = prod.value("ConfigMap", name, "data") as Record<string, string>;
    const dashboard = JSON.parse(Object.values(data)[0] ?? "") as { title: string; panels: { title: string }[] };
    expect(dashboard.title).toBe(title);
    expect(dashboard.panels.map((panel) => panel.title)).toEqual(panels);
    expect(prod.value("ConfigMap", name, "metadata.labels.grafana_dashboard")).toBe("1");
  });

  test("a key metric is red where its alert fires", () => {
    const data = prod.value("ConfigMap", "atb-broker", "data") as Record<string, string>;
    interface Panel {
      title: string;
      fieldConfig: { defaults: { thresholds: { steps: { value: number | null; color: string }[] } } };
    }
    const { panels } = JSON.parse(Object.values(data)[0] ?? "") as { panels: Panel[] };
    const red = panels.map(({ title, fieldConfig }) => [
      title,
      fieldConfig.defaults.thresholds.steps.find(({ color }) => color === "red")?.value,
    ]);
    expect(Object.fromEntries(red)).toMatchObject({
      "Error Rate": 0.01,
      "Invalid POAs": 0.05,
      Latency: 0.5,
      Restarts: 3,
    });
  });
});

describe("Audit logs", () => {
  test("are shipped within a minute to the locked bucket, by a sidecar that keeps them on disk until S3 has them", () => {
    expect(sidecar(1, "name")).toBe("log-forwarder");
    const name = prod.objects().find((object) => object.startsWith("ConfigMap atb/atb-broker-audit-log-")) ?? "";
    const data = prod.value("ConfigMap", name.replace("ConfigMap atb/", ""), "data") as Record<string, string>;
    const configuration = data["fluent.conf"] ?? "";
    for (const line of [
      "path /var/log/atb/*.log",
      "@type s3",
      "s3_region eu-central-1",
      "path atb/%Y/%m/%d/",
      "flush_interval 1m",
      "retry_forever true",
    ])
      expect(configuration.split("\n").map((one) => one.trim())).toContain(line);
  });

  test("are kept for seven years, locked: no object can be deleted before, and none expires earlier", () => {
    const inputs = (type: string) => prod.graph.resources.find((one) => one.type === `aws:s3/${type}`)?.inputs;
    const place = { region: "eu-central-1", bucket: "example-atb-audit" };
    expect(inputs("bucket:Bucket")).toEqual({ ...place, objectLockEnabled: true, forceDestroy: false });
    expect(inputs("bucketObjectLockConfiguration:BucketObjectLockConfiguration")).toEqual({
      ...place,
      rule: { defaultRetention: { mode: "GOVERNANCE", days: 2555 } },
    });
    expect(inputs("bucketLifecycleConfiguration:BucketLifecycleConfiguration")?.rules).toEqual([
      {
        id: "incomplete-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      {
        id: "old-versions",
        status: "Enabled",
        filter: { prefix: "" },
        noncurrentVersionExpiration: { noncurrentDays: 2555 },
      },
      { id: "expiry", status: "Enabled", filter: { prefix: "" }, expiration: { days: 2555 } },
    ]);
  });

  test("only the broker's pods assume the role that writes them", () => {
    const role = prod.graph.resources.find(({ type }) => type === "aws:iam/role:Role");
    const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE";
    expect(JSON.parse(role?.inputs.assumeRolePolicy as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "PodsAssumeRole",
          Effect: "Allow",
          Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${issuer}:sub`]: "system:serviceaccount:atb:atb-broker",
              [`${issuer}:aud`]: "sts.amazonaws.com",
            },
          },
        },
      ],
    });
  });

  test("the role may write below its prefix with the bucket's key, and do nothing else", async () => {
    const bucket = "arn:aws:s3:::example-atb-audit";
    const key = "arn:aws:kms:eu-central-1:123456789012:key/0f1e2d3c-0000-4000-8000-000000000001";
    const roleArn = "arn:aws:iam::123456789012:role/atb-broker";
    const stack = await recordStack(
      "atb-prod",
      {},
      {
        resources: {
          "aws:s3/bucket:Bucket::atb-audit": { arn: bucket },
          "aws:s3/bucketPolicy:BucketPolicy::atb-audit-policy": { id: "example-atb-audit" },
          "aws:kms/key:Key::atb-audit-key": { arn: key },
          "aws:iam/role:Role::atb-broker-role": { arn: roleArn },
          "aws:iam/rolePolicy:RolePolicy::atb-broker-role": { id: "atb-broker:access" },
        },
        invokes: {
          "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "123456789012" },
          "aws:index/getPartition:getPartition": { partition: "aws" },
        },
      },
    );
    const policy = (type: string): unknown =>
      JSON.parse(stack.graph.resources.find((one) => one.type === `aws:${type}`)?.inputs.policy as string);
    expect(policy("iam/rolePolicy:RolePolicy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteObjects",
          Effect: "Allow",
          Action: ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts", "s3:PutObject"],
          Resource: [`${bucket}/atb/*`],
        },
        {
          Sid: "EncryptObjects",
          Effect: "Allow",
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: [key],
          Condition: { StringEquals: { "kms:ViaService": ["s3.eu-central-1.amazonaws.com"] } },
        },
      ],
    });
    const refused = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [bucket, `${bucket}/*`],
    };
    expect(policy("s3/bucketPolicy:BucketPolicy")).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          ...refused,
          Sid: "RefuseUnencryptedRequests",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        { ...refused, Sid: "RefuseOldTls", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
      ],
    });
    expect(stack.value("ServiceAccount", "atb-broker", "metadata.annotations")).toEqual({
      "eks.amazonaws.com/role-arn": roleArn,
    });
    const forwarder = stack.value("Deployment", "atb-broker", "spec.template.spec.initContainers.1");
    expect(variables(forwarder)).toMatchObject({ SINK_BUCKET: "example-atb-audit" });
  });

  test("with EKS Pod Identity, the broker reaches the agent, and no annotation names the role", async () => {
    const auditLog = {
      image: "fluentd:v1.18.0",
      store: { name: "example-atb-audit", region: "eu-central-1", podIdentity: { clusterName: "atb" } },
    };
    const stack = await recordStack("atb-prod", { "atb:auditLog": JSON.stringify(auditLog) });
    expect(stack.value("ServiceAccount", "atb-broker", "metadata.annotations")).toBeUndefined();
    expect(stack.value("NetworkPolicy", "atb-broker", "spec.egress")).toContainEqual({
      to: [{ ipBlock: { cidr: "169.254.170.23/32" } }],
      ports: [{ protocol: "TCP", port: 80 }],
    });
  });

  test("to an HTTP endpoint outside the cluster", async () => {
    const auditLog = {
      image: "fluentd:v1.18.0",
      sink: {
        http: { url: "https://audit.example.com/v1", authorization: { secret: "atb-audit", key: "authorization" } },
        cidrs: ["203.0.113.0/24"],
        port: 443,
      },
    };
    const stack = await recordStack("atb-prod", { "atb:auditLog": JSON.stringify(auditLog) });
    expect(stack.value("NetworkPolicy", "atb-broker", "spec.egress")).toContainEqual({
      to: [{ ipBlock: { cidr: "203.0.113.0/24" } }],
      ports: [{ protocol: "TCP", port: 443 }],
    });
    const forwarder = stack.value("Deployment", "atb-broker", "spec.template.spec.initContainers.1");
    expect(variables(forwarder)).toMatchObject({ SINK_AUTHORIZATION: fromSecret("atb-audit", "authorization") });
  });
});

describe("Backup Strategy: Redis", () => {
  test("a copy every hour, a proof every six, in UTC", () => {
    for (const [name, schedule] of [
      ["atb-redis-backup", "0 * * * *"],
      ["atb-redis-restore-check", "30 */6 * * *"],
    ] as const)
      expect(prod.value("CronJob", name, "spec")).toMatchObject({
        schedule,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
      });
  });

  test("24 hours of them", () => {
    expect(
      variables(prod.value("CronJob", "atb-redis-backup", "spec.jobTemplate.spec.template.spec.containers.0")),
    ).toEqual(expect.objectContaining({ BACKUP_KEEP: "24", BACKUP_LOCATION: "s3://example-backups/atb-redis" }));
  });

  test("on a claim, without a way to the internet", async () => {
    const redis = { backup: { image: "redis:7.2.11-alpine", claim: "copies" } };
    const stack = await recordStack("atb-prod", { "atb:redis": JSON.stringify(redis) });
    expect(stack.value("CronJob", "atb-redis-backup", "spec.jobTemplate.spec.template.spec.volumes")).toContainEqual({
      name: "copies",
      persistentVolumeClaim: { claimName: "copies" },
    });
    expect(stack.value("NetworkPolicy", "atb-redis-restore-check", "spec.egress")).toHaveLength(1);
  });
});

test("Maintenance Window: one config value", async () => {
  const stack = await recordStack("atb-prod", { "atb:maintenanceMode": "true" });
  const broker = stack.value("Deployment", "atb-broker", "spec.template.spec.containers.0");
  expect(variables(broker)).toMatchObject({ MAINTENANCE_MODE: "true" });
});

describe("Full Cluster Recovery: what is needed comes first", () => {
  test.each([
    ["Deployment", "atb-agentauth", "StatefulSet", "atb-redis-server"],
    ["Deployment", "atb-agentauth", "ExternalSecret", "atb-signing-key-2025-01"],
    ["Deployment", "atb-agentauth", "ClusterSPIFFEID", "atb-agentauth"],
    ["Deployment", "atb-broker", "ClusterSPIFFEID", "atb-broker"],
    ["Deployment", "atb-broker", "Deployment", "atb-agentauth"],
    ["StatefulSet", "atb-redis-server", "ExternalSecret", "atb-redis-password"],
    ["Ingress", "atb", "Service", "atb-broker"],
  ])("%s %s after %s %s", (kind, name, earlierKind, earlier) => {
    expect(prod.object(kind, name).dependencies).toContain(prod.object(earlierKind, earlier).urn);
  });
});

describe("Signing Key Rotation: one config change a step", () => {
  const pair = () => generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }) as string;
  const old = { kid: "2025-01", publicKey: pair() };
  const next = { kid: "2025-02", publicKey: pair(), publishedAt: "2025-03-01T08:00:00Z" };
  const signing = { ...next, signingSince: "2025-03-01T08:10:00Z", replaces: old.kid };
  const retired = { ...old, retiredAt: "2025-03-01T08:10:00Z" };

  test.each([
    ["before", { current: old }, "2025-02-01T00:00:00Z", ["2025-01"], {}],
    ["published", { current: old, next }, "2025-03-01T08:00:00Z", ["2025-01", "2025-02"], {}],
    [
      "switched, ten minutes later",
      { current: signing, previous: [retired] },
      "2025-03-01T08:10:00Z",
      ["2025-02", "2025-01"],
      { "2025-01": "valid until 2025-03-01T08:20:00Z (10m)" },
    ],
    ["dropped, ten minutes later", { current: signing }, "2025-03-01T08:20:00Z", ["2025-02"], {}],
    [
      "in an emergency, at once",
      { current: { ...signing, publishedAt: undefined }, invalidateTokensOf: ["2025-01"] },
      "2025-03-01T08:10:00Z",
      ["2025-02"],
      { "2025-01": "refused everywhere from 2025-03-01T08:20:00Z (10m)" },
    ],
  ])("%s", async (_, keys, now, published, formerTokens) => {
    const stack = await recordStack("atb-prod", { "atb:keys": JSON.stringify(keys), "atb:now": now });
    const kid = keys.current.kid;
    const agentauth = stack.value("Deployment", "atb-agentauth", "spec.template.spec") ?? null;
    expect(variables(at(agentauth, "containers.0"))).toMatchObject({ SIGNING_KEY_ID: kid });
    expect(at(agentauth, "volumes")).toContainEqual({
      name: "signing-key",
      secret: { secretName: `atb-agentauth-signing-key-${kid}`, defaultMode: 0o440 },
    });
    expect(stack.objects().filter((object) => object.includes("ExternalSecret atb/atb-signing-key"))).toEqual([
      `ExternalSecret atb/atb-signing-key-${kid}`,
    ]);
    const jwks = stack.graph.resources.find(({ name }) => name === "atb-agentauth-jwt-jwks")?.inputs.data;
    const { keys: known } = JSON.parse((jwks as Record<string, string>)["jwks.json"] ?? "") as {
      keys: { kid: string }[];
    };
    expect(known.map((key) => key.kid)).toEqual(published);
    expect(stack.graph.outputs.formerTokens).toEqual(formerTokens);
  });
});

describe("atb-dev", () => {
  test("one pod of each, with Secrets of the guide's names that are made by hand, in a namespace of its own", async () => {
    const dev = await recordStack("atb-dev");
    expect(dev.value("HorizontalPodAutoscaler", "atb-broker", "spec.maxReplicas")).toBe(1);
    expect(dev.value("Deployment", "atb-agentauth", "spec.replicas")).toBe(1);
    expect(dev.value("StatefulSet", "atb-redis-server", "spec.replicas")).toBe(1);
    expect(dev.value("Deployment", "atb-broker", "metadata.namespace")).toBe("atb-dev");
    expect(dev.objects().filter((object) => /^ExternalSecret /.test(object))).toEqual([]);
    expect(dev.value("Deployment", "atb-agentauth", "spec.template.spec.volumes")).toContainEqual({
      name: "signing-key",
      secret: { secretName: "atb-agentauth-signing-key", defaultMode: 0o440 },
    });
    // Registrations belong to the cluster, which prod may be in as well.
    expect(dev.value("ClusterSPIFFEID", "atb-dev-broker", "spec.spiffeIDTemplate")).toBe(
      "spiffe://example.org/atb-dev/broker",
    );
  });
});

test.each(["atb-dev", "atb-prod"])("the URNs of %s are a promise: a rename carries an alias", async (name) => {
  const { graph } = await recordStack(name);
  const urns = graph.resources.filter(({ type }) => !type.startsWith("pulumi:")).map(({ urn }) => urn);
  await expect(`${urns.sort().join("\n")}\n`).toMatchFileSnapshot(`urns/${name}.txt`);
});

test("the JSON Schema that editors read is the config's own", async () => {
  const { status, stdout } = await gatehouse("config", "schema", "atb");
  expect(status).toBe(0);
  await expect(stdout).toMatchFileSnapshot("../../stacks/atb/config.schema.json");
});
