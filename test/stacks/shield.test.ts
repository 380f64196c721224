import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Value } from "@gatehouse/preview";
import { beforeAll, describe, expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";
import { at, recordStack, type StackRecord, text } from "./support/record.ts";

let prod: StackRecord;
beforeAll(async () => {
  prod = await recordStack("shield-prod");
});

const container = (path: string): Value | undefined =>
  prod.value("Deployment", "shield", `spec.template.spec.containers.0.${path}`);

/** The container's variables: plain values as they are, others as where they come from. */
function variables(containers: Value | undefined): Record<string, Value | undefined> {
  const list = at(containers ?? null, "0.env") as Value[];
  return Object.fromEntries(
    list.map((one) => [at(one, "name"), at(one, "value") ?? at(one, "valueFrom")] as [string, Value | undefined]),
  );
}

const fromSecret = (key: string, name = "shield-secrets"): Value => ({ secretKeyRef: { name, key } });

test("the stack is these objects and no others", () => {
  expect(prod.objects().map((object) => object.replace(/-[0-9a-f]{8}$/, "-<hash>"))).toEqual([
    "ConfigMap shield/shield",
    "ConfigMap shield/shield-backup-scripts",
    "ConfigMap shield/shield-jwt-jwks-<hash>",
    "CronJob shield/shield-backup",
    "CronJob shield/shield-restore-check",
    "Deployment shield/shield",
    "ExternalSecret shield/shield-jwt-key-2025-01",
    "ExternalSecret shield/shield-secrets",
    "HorizontalPodAutoscaler shield/shield",
    "Ingress shield/shield",
    "Job shield/shield-migrate-<hash>",
    "Namespace shield",
    "NetworkPolicy shield/default-deny",
    "NetworkPolicy shield/shield",
    "NetworkPolicy shield/shield-acme-solver",
    "NetworkPolicy shield/shield-backup",
    "NetworkPolicy shield/shield-edge",
    "NetworkPolicy shield/shield-migrate",
    "NetworkPolicy shield/shield-restore-check",
    "PodDisruptionBudget shield/shield",
    "PrometheusRule shield/shield",
    "Service shield/shield",
    "ServiceAccount shield/shield",
    "ServiceAccount shield/shield-backup",
    "ServiceAccount shield/shield-migrate",
    "ServiceAccount shield/shield-restore-check",
    "ServiceMonitor shield/shield",
  ]);
});

describe("Deployment Manifest", () => {
  const spec = (path: string): Value | undefined => prod.value("Deployment", "shield", `spec.${path}`);

  test("labels, selector, strategy", () => {
    expect(prod.value("Deployment", "shield", "metadata.labels")).toMatchObject({ app: "shield", component: "auth" });
    expect(spec("selector")).toEqual({ matchLabels: { app: "shield" } });
    expect(spec("template.metadata.labels.app")).toBe("shield");
    expect(spec("strategy")).toEqual({ type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  });

  test("no literal replicas, which would undo the autoscaler's", () => {
    expect(spec("replicas")).toBeUndefined();
  });

  test("a ServiceMonitor for the Prometheus Operator, which reads the rules as well", () => {
    expect(spec("template.metadata.annotations")).toEqual({});
    expect(prod.value("ServiceMonitor", "shield", "metadata.labels.release")).toBe("kube-prometheus-stack");
    expect(prod.value("ServiceMonitor", "shield", "spec.endpoints")).toEqual([
      { port: "http", path: "/metrics/", interval: "30s" },
    ]);
  });

  test("the guide's three annotations if asked for, with a warning and without the alert on targets", async () => {
    const monitoring = JSON.stringify({ discovery: "annotations" });
    const stack = await recordStack("shield-prod", { "shield:monitoring": monitoring });
    const warnings = stack.graph.diagnostics.filter(({ severity }) => severity === "warning");
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^shield:monitoring.discovery is annotations, which the Prometheus Operator does not read/),
    ]);
    expect(JSON.stringify(stack.value("PrometheusRule", "shield", "spec"))).not.toContain("ShieldDown");
    expect(stack.value("Deployment", "shield", "spec.template.metadata.annotations")).toEqual({
      "prometheus.io/scrape": "true",
      "prometheus.io/port": "8000",
      "prometheus.io/path": "/metrics/",
    });
  });

  test("account and security of the pod: the guide's, and what restricted asks beside it", () => {
    expect(spec("template.spec.serviceAccountName")).toBe("shield");
    expect(spec("template.spec.automountServiceAccountToken")).toBe(false);
    expect(spec("template.spec.securityContext")).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(container("securityContext")).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  test("image, port, resources", () => {
    expect(container("name")).toBe("shield");
    expect(container("image")).toBe("gcr.io/materi/shield:2.1.0");
    expect(container("ports")).toEqual([{ name: "http", containerPort: 8000, protocol: "TCP" }]);
    expect(container("resources")).toEqual({
      requests: { memory: "512Mi", cpu: "250m", "ephemeral-storage": "64Mi" },
      limits: { memory: "1Gi", cpu: "1000m", "ephemeral-storage": "1Gi" },
    });
  });

  test("probes", () => {
    expect(container("livenessProbe")).toEqual({
      httpGet: { path: "/health/", port: 8000 },
      initialDelaySeconds: 10,
      periodSeconds: 15,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
    expect(container("readinessProbe")).toEqual({
      httpGet: { path: "/ready/", port: 8000 },
      initialDelaySeconds: 5,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
    expect(container("startupProbe")).toBeUndefined();
  });

  test("writable directories: /tmp, and one that the workers share their metrics in", () => {
    expect(container("volumeMounts")).toEqual([
      { name: "tmp", mountPath: "/tmp" },
      { name: "var-run-prometheus", mountPath: "/var/run/prometheus" },
      { name: "jwks", mountPath: "/etc/jwks", readOnly: true },
    ]);
    expect(spec("template.spec.volumes.0")).toEqual({ name: "tmp", emptyDir: {} });
    expect(spec("template.spec.volumes.1")).toEqual({ name: "var-run-prometheus", emptyDir: {} });
  });

  test("pods are kept apart on nodes, and spread over zones", () => {
    expect(spec("template.spec.affinity")).toEqual({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              labelSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["shield"] }] },
              topologyKey: "kubernetes.io/hostname",
            },
          },
        ],
      },
    });
    const constraint = {
      maxSkew: 1,
      labelSelector: { matchLabels: { app: "shield" } },
      matchLabelKeys: ["pod-template-hash"],
      nodeTaintsPolicy: "Honor",
    };
    expect(spec("template.spec.topologySpreadConstraints")).toEqual([
      { ...constraint, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway" },
      { ...constraint, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "DoNotSchedule" },
    ]);
  });

  test("pods leave a lost node within the five minutes of the recovery objectives", () => {
    const seconds = (spec("template.spec.tolerations") as Value[]).map((one) => [
      at(one, "key"),
      at(one, "effect"),
      at(one, "tolerationSeconds"),
    ]);
    expect(seconds).toEqual([
      ["node.kubernetes.io/not-ready", "NoExecute", 60],
      ["node.kubernetes.io/unreachable", "NoExecute", 60],
    ]);
  });

  test("a pod drains 10 s, lets Gunicorn's 30 s requests end, and has 5 s left", () => {
    expect(container("lifecycle")).toEqual({ preStop: { sleep: { seconds: 10 } } });
    expect(spec("template.spec.terminationGracePeriodSeconds")).toBe(45);
  });
});

describe("Dockerfile", () => {
  test("the server's command is the image's own, in a directory of metrics without those of former workers", () => {
    const [shell, ...command] = container("command") as string[];
    const directory = mkdtempSync(join(tmpdir(), "shield-"));
    const metrics = join(directory, "metrics");
    const program = join(directory, "gunicorn");
    try {
      mkdirSync(metrics);
      writeFileSync(join(metrics, "gauge_livesum_7.db"), "of a worker that is dead");
      writeFileSync(program, '#!/bin/sh\necho "$$ $PPID $(ls -A "$PROMETHEUS_MULTIPROC_DIR") $*"\n', { mode: 0o755 });
      const env = { PATH: `${directory}:/usr/bin:/bin`, PROMETHEUS_MULTIPROC_DIR: metrics };
      const { pid, stdout } = spawnSync(shell ?? "", command, { encoding: "utf8", env });
      // The program replaces the shell, so signals reach it.
      expect(stdout).toBe(`${pid} ${process.pid}  ${command.slice(4).join(" ")}\n`);
    } finally {
      rmSync(directory, { recursive: true });
    }
    expect(command.slice(3).join(" ")).toBe(
      "gunicorn config.wsgi:application --bind 0.0.0.0:8000 --workers 4 --worker-class gthread --threads 2 " +
        "--timeout 30 --graceful-timeout 30 --keep-alive 75 --access-logfile - --error-logfile - --capture-output --enable-stdio-inheritance",
    );
  });
});

describe("Environment Variables", () => {
  const all = (): Record<string, Value | undefined> =>
    variables(prod.value("Deployment", "shield", "spec.template.spec.containers"));

  test("required", () => {
    expect(all()).toMatchObject({
      DATABASE_URL: fromSecret("database-url"),
      REDIS_URL: fromSecret("redis-url"),
      SECRET_KEY: fromSecret("secret-key"),
      JWT_PRIVATE_KEY: fromSecret("jwt-private-key", "shield-jwt-key-2025-01"),
    });
    expect(all().JWT_PUBLIC_KEY).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
  });

  test("optional, with the guide's values where the config has no other", () => {
    expect(all()).toMatchObject({
      DJANGO_SETTINGS_MODULE: "config.settings.production",
      DEBUG: "False",
      ALLOWED_HOSTS: "api.materi.dev,$(POD_IP)",
      POD_IP: { fieldRef: { fieldPath: "status.podIP" } },
      DATABASE_POOL_SIZE: "10",
      LOG_LEVEL: "INFO",
      ENABLE_METRICS: "true",
      ENABLE_TRACING: "false",
    });
  });

  test("OAuth providers and SAML", () => {
    expect(all()).toMatchObject({
      GOOGLE_CLIENT_ID: "123456789012-shield.apps.googleusercontent.com",
      GOOGLE_CLIENT_SECRET: fromSecret("google-client-secret"),
      GITHUB_CLIENT_ID: "Iv1.0123456789abcdef",
      GITHUB_CLIENT_SECRET: fromSecret("github-client-secret"),
      MICROSOFT_CLIENT_ID: "00000000-0000-4000-8000-000000000000",
      MICROSOFT_CLIENT_SECRET: fromSecret("microsoft-client-secret"),
      SAML_SP_ENTITY_ID: "https://api.materi.dev/auth/saml/metadata",
      SAML_SP_X509_CERT: fromSecret("saml-sp-x509-cert"),
      SAML_SP_PRIVATE_KEY: fromSecret("saml-sp-private-key"),
    });
  });

  test("beside these, only what the corrections add", () => {
    const documented =
      "DATABASE_URL REDIS_URL SECRET_KEY JWT_PRIVATE_KEY JWT_PUBLIC_KEY DJANGO_SETTINGS_MODULE DEBUG ALLOWED_HOSTS " +
      "DATABASE_POOL_SIZE LOG_LEVEL ENABLE_METRICS ENABLE_TRACING GOOGLE_CLIENT_ID GOOGLE_CLIENT_SECRET " +
      "GITHUB_CLIENT_ID GITHUB_CLIENT_SECRET MICROSOFT_CLIENT_ID MICROSOFT_CLIENT_SECRET SAML_SP_ENTITY_ID " +
      "SAML_SP_X509_CERT SAML_SP_PRIVATE_KEY";
    const added = Object.keys(all()).filter((name) => !documented.split(" ").includes(name));
    expect(added.sort()).toEqual(["JWT_JWKS_FILE", "JWT_KEY_ID", "POD_IP", "PROMETHEUS_MULTIPROC_DIR"]);
    expect(Object.keys(all())).toHaveLength(documented.split(" ").length + added.length);
    expect(all().PROMETHEUS_MULTIPROC_DIR).toBe("/var/run/prometheus");
  });
});

test("Service Manifest", () => {
  expect(prod.value("Service", "shield", "metadata.labels")).toMatchObject({ app: "shield" });
  expect(prod.value("Service", "shield", "spec")).toEqual({
    type: "ClusterIP",
    selector: { app: "shield" },
    ports: [{ name: "http", port: 80, targetPort: 8000, protocol: "TCP" }],
  });
});

describe("Ingress Configuration", () => {
  test("class, issuer, certificate and 100 requests a minute without nginx's fivefold burst", () => {
    expect(prod.value("Ingress", "shield", "spec.ingressClassName")).toBe("nginx");
    expect(prod.value("Ingress", "shield", "spec.tls")).toEqual([
      { hosts: ["api.materi.dev"], secretName: "shield-tls" },
    ]);
    expect(prod.value("Ingress", "shield", "metadata.annotations")).toMatchObject({
      "cert-manager.io/cluster-issuer": "letsencrypt-prod",
      "nginx.ingress.kubernetes.io/limit-rpm": "100",
      "nginx.ingress.kubernetes.io/limit-burst-multiplier": "1",
    });
  });

  test("one host with four routes to the Service's port 80", () => {
    const backend = { service: { name: "shield", port: { number: 80 } } };
    expect(prod.value("Ingress", "shield", "spec.rules")).toEqual([
      {
        host: "api.materi.dev",
        http: {
          paths: [
            { path: "/auth", pathType: "Prefix", backend },
            { path: "/api/users", pathType: "Prefix", backend },
            { path: "/api/workspaces", pathType: "Prefix", backend },
            { path: "/.well-known/jwks.json", pathType: "Exact", backend },
          ],
        },
      },
    ]);
  });
});

test("Horizontal Pod Autoscaler", () => {
  const target = (name: string, averageUtilization: number): Value => ({
    type: "ContainerResource",
    containerResource: { name, container: "shield", target: { type: "Utilization", averageUtilization } },
  });
  expect(prod.value("HorizontalPodAutoscaler", "shield", "spec")).toEqual({
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "shield" },
    minReplicas: 3,
    maxReplicas: 10,
    metrics: [target("cpu", 70), target("memory", 80)],
    behavior: {
      scaleUp: { stabilizationWindowSeconds: 60, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
      scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 120 }] },
    },
  });
});

test("a drain of a node takes one pod at a time, and an unhealthy one never holds it up", () => {
  expect(prod.value("PodDisruptionBudget", "shield", "spec")).toEqual({
    selector: { matchLabels: { app: "shield" } },
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  });
});

describe("Migration Job Manifest", () => {
  const job = () => {
    const found = prod.graph.resources.filter(({ inputs }) => inputs.kind === "Job");
    expect(found).toHaveLength(1);
    return found[0]?.inputs ?? {};
  };

  test("command, retries, resources", () => {
    expect(at(job(), "metadata.name")).toMatch(/^shield-migrate-[0-9a-f]{8}$/);
    expect(at(job(), "metadata.annotations")).toEqual({
      "argocd.argoproj.io/hook": "Sync",
      "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
      "pulumi.com/replaceUnready": "true",
    });
    expect(at(job(), "spec.backoffLimit")).toBe(3);
    expect(at(job(), "spec.template.spec.restartPolicy")).toBe("Never");
    expect(at(job(), "spec.template.spec.containers.0")).toMatchObject({
      name: "migrate",
      image: "gcr.io/materi/shield:2.1.0",
      command: ["python", "manage.py", "migrate", "--noinput"],
      resources: { requests: { memory: "256Mi", cpu: "100m" }, limits: { memory: "512Mi", cpu: "500m" } },
    });
  });

  test("the service's whole environment and the same security", () => {
    expect(variables(at(job(), "spec.template.spec.containers"))).toEqual(
      variables(prod.value("Deployment", "shield", "spec.template.spec.containers")),
    );
    expect(at(job(), "spec.template.spec.securityContext")).toEqual(
      prod.value("Deployment", "shield", "spec.template.spec.securityContext"),
    );
    expect(at(job(), "spec.template.spec.containers.0.securityContext")).toEqual(container("securityContext"));
  });

  test("no Service, budget or policy of the service takes its pods for the service's", () => {
    expect(at(job(), "spec.template.metadata.labels")).toEqual({ "app.kubernetes.io/name": "shield-migrate" });
  });

  test("it is not removed by itself, which would make a refresh run it again", () => {
    expect(at(job(), "spec.ttlSecondsAfterFinished")).toBeUndefined();
  });

  test("the Deployment waits for it, and it waits for the secrets", () => {
    const { urn } = prod.graph.resources.find(({ inputs }) => inputs.kind === "Job") ?? { urn: "" };
    expect(prod.object("Deployment", "shield").dependencies).toContain(urn);
    const before = prod.graph.resources.find((resource) => resource.urn === urn)?.dependencies;
    expect(before).toContain(prod.object("ExternalSecret", "shield-secrets").urn);
    expect(before).toContain(prod.object("ExternalSecret", "shield-jwt-key-2025-01").urn);
  });
});

describe("Secrets Management", () => {
  test("shield-secrets comes from the store, before anything uses it", () => {
    expect(prod.value("ExternalSecret", "shield-secrets", "apiVersion")).toBe("external-secrets.io/v1");
    expect(prod.value("ExternalSecret", "shield-secrets", "metadata.annotations")).toEqual({
      "pulumi.com/waitFor": "condition=Ready",
    });
    const remote = (key: string): Value => ({ secretKey: key, remoteRef: { key: `shield/${key}` } });
    expect(prod.value("ExternalSecret", "shield-secrets", "spec")).toEqual({
      refreshPolicy: "OnChange",
      secretStoreRef: { name: "shield", kind: "ClusterSecretStore" },
      target: { name: "shield-secrets", creationPolicy: "Owner" },
      data: [
        "database-url",
        "redis-url",
        "secret-key",
        "google-client-secret",
        "github-client-secret",
        "microsoft-client-secret",
        "saml-sp-x509-cert",
        "saml-sp-private-key",
      ].map(remote),
    });
  });

  test("the private key has a remote name and a Secret of its own for each key id", () => {
    expect(prod.value("ExternalSecret", "shield-jwt-key-2025-01", "spec")).toEqual({
      refreshPolicy: "OnChange",
      secretStoreRef: { name: "shield", kind: "ClusterSecretStore" },
      target: { name: "shield-jwt-key-2025-01", creationPolicy: "Owner" },
      data: [{ secretKey: "jwt-private-key", remoteRef: { key: "shield/jwt-private-key/key_2025_01" } }],
    });
  });

  test("the JWKS is mounted under the path that its variable names", () => {
    const configMap = text(prod.value("Deployment", "shield", "spec.template.spec.volumes.2.configMap.name"));
    const data = prod.value("ConfigMap", configMap, "data") as Record<string, string>;
    const jwks = JSON.parse(data["jwks.json"] ?? "") as {
      keys: Record<string, string>[];
    };
    expect(jwks.keys.map(({ kid, kty, use, alg, e }) => ({ kid, kty, use, alg, e }))).toEqual([
      { kid: "key_2025_01", kty: "RSA", use: "sig", alg: "RS256", e: "AQAB" },
    ]);
    const names = variables(prod.value("Deployment", "shield", "spec.template.spec.containers"));
    expect(names).toMatchObject({ JWT_JWKS_FILE: "/etc/jwks/jwks.json", JWT_KEY_ID: "key_2025_01" });
  });
});

describe("network", () => {
  const namespace = (name: string): Value => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });
  const tcp = (port: number): Value => [{ protocol: "TCP", port }];
  const dns = {
    to: [
      { ...(namespace("kube-system") as object), podSelector: { matchLabels: { "k8s-app": "kube-dns" } } },
      { ipBlock: { cidr: "169.254.20.10/32" } },
    ],
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  };
  const internet = {
    ipBlock: {
      cidr: "0.0.0.0/0",
      except: ["10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"],
    },
  };
  const database = { to: [{ ipBlock: { cidr: "10.20.0.0/24" } }], ports: tcp(5432) };

  test("nothing is allowed that no policy allows", () => {
    expect(prod.value("NetworkPolicy", "default-deny", "spec")).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });

  test("the service: in from Prometheus, out to database, Redis, identity providers, mail and DNS", () => {
    expect(prod.value("NetworkPolicy", "shield", "spec")).toEqual({
      podSelector: { matchLabels: { app: "shield" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [namespace("monitoring")], ports: tcp(8000) }],
      egress: [
        dns,
        database,
        { to: [{ ipBlock: { cidr: "10.20.1.0/24" } }], ports: tcp(6379) },
        { to: [internet], ports: tcp(443) },
        { to: [internet], ports: tcp(587) },
      ],
    });
  });

  test("the edge: in to the service, and to the solver pods of HTTP-01 challenges", () => {
    expect(prod.value("NetworkPolicy", "shield-edge", "spec")).toEqual({
      podSelector: { matchLabels: { app: "shield" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [namespace("ingress-nginx")], ports: tcp(8000) }],
    });
    expect(prod.value("NetworkPolicy", "shield-acme-solver", "spec")).toEqual({
      podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [namespace("ingress-nginx")], ports: tcp(8089) }],
      egress: [dns],
    });
  });

  test("the migration: out to the database, Redis and DNS", () => {
    expect(prod.value("NetworkPolicy", "shield-migrate", "spec")).toEqual({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "shield-migrate" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [],
      egress: [dns, database, { to: [{ ipBlock: { cidr: "10.20.1.0/24" } }], ports: tcp(6379) }],
    });
  });

  test("another cluster's resolvers are allowed for the whole namespace", async () => {
    const resolvers = { presets: ["gkeCloudDns"], cidrs: ["10.96.0.10/32"] };
    const stack = await recordStack("shield-prod", { "shield:dns": JSON.stringify(resolvers) });
    expect(stack.value("NetworkPolicy", "allow-dns", "spec")).toEqual({
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [
        {
          to: [{ ipBlock: { cidr: "169.254.169.254/32" } }, { ipBlock: { cidr: "10.96.0.10/32" } }],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    });
  });

  test("one request timeout drives the server, the edge and the time to stop", async () => {
    const stack = await recordStack("shield-prod", { "shield:requestTimeoutSeconds": "120" });
    const pod = "spec.template.spec";
    const command = stack.value("Deployment", "shield", `${pod}.containers.0.command`) as string[];
    expect(command.join(" ")).toContain("--timeout 120 --graceful-timeout 120 --keep-alive 140 ");
    expect(stack.value("Deployment", "shield", `${pod}.terminationGracePeriodSeconds`)).toBe(135);
    expect(stack.value("Ingress", "shield", "metadata.annotations")).toMatchObject({
      "nginx.ingress.kubernetes.io/proxy-read-timeout": "125",
      "nginx.ingress.kubernetes.io/proxy-send-timeout": "125",
    });
  });
});

test("a trace collector of somebody else is reached, and no policy is made beside it", async () => {
  const collector = { endpoint: "http://otel.observability:4317", namespace: "observability" };
  const stack = await recordStack("shield-prod", { "shield:tracingCollector": JSON.stringify(collector) });
  const egress = stack.value("NetworkPolicy", "shield", "spec.egress") as Value[];
  expect(egress.at(-1)).toEqual({
    to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "observability" } } }],
    ports: [{ protocol: "TCP", port: 4317 }],
  });
  const names = variables(stack.value("Deployment", "shield", "spec.template.spec.containers"));
  expect(names.OTEL_EXPORTER_OTLP_ENDPOINT).toBe("http://otel.observability:4317");
  expect(names.ENABLE_TRACING).toBe("true");
  expect(stack.objects().filter((object) => object.includes("observability"))).toEqual([]);
});

test("the namespace refuses pods that are not restricted", () => {
  expect(prod.value("Namespace", "shield", "metadata.labels")).toMatchObject({
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  });
});

describe("Alerting Rules", () => {
  const rules = (): Record<string, Record<string, unknown>> => {
    const groups = prod.value("PrometheusRule", "shield", "spec.groups") as { rules: { alert: string }[] }[];
    return Object.fromEntries(groups.flatMap((group) => group.rules.map((rule) => [rule.alert, { ...rule }])));
  };

  test("the guide's three, and those of the backup", () => {
    expect(Object.keys(rules())).toEqual([
      "ShieldDown",
      "ShieldPodUnschedulable",
      "ShieldBackupStale",
      "ShieldRestoreCheckStale",
      "ShieldHighErrorRate",
      "ShieldHighLatency",
      "ShieldAuthFailureSpike",
    ]);
  });

  test.each([
    [
      "ShieldHighErrorRate",
      'sum(rate(materi_shield_requests_total{namespace="shield",status=~"5.."}[5m])) / (sum(rate(materi_shield_requests_total{namespace="shield"}[5m])) > 0) > 0.05',
      "5m",
      "critical",
      "Shield error rate above 5%",
    ],
    [
      "ShieldHighLatency",
      'histogram_quantile(0.95, sum by (le) (rate(materi_shield_request_duration_seconds_bucket{namespace="shield"}[5m]))) > 0.5',
      "5m",
      "warning",
      "Shield P95 latency above 500ms",
    ],
    [
      "ShieldAuthFailureSpike",
      'sum(rate(materi_auth_attempts_total{namespace="shield",status="failure"}[5m])) > 100',
      "2m",
      "warning",
      "Possible brute force attack detected",
    ],
  ])("%s", (name, expr, duration, severity, summary) => {
    expect(rules()[name]).toMatchObject({ expr, for: duration, labels: { severity }, annotations: { summary } });
    const annotations = rules()[name]?.annotations as Record<string, string>;
    expect(Object.keys(annotations).sort()).toEqual(["description", "runbook_url", "summary"]);
    expect(annotations.runbook_url).toBe(`https://docs.materi.dev/operations/shield-runbook#${name.toLowerCase()}`);
  });

  test("the Prometheus Operator selects the rules", () => {
    expect(prod.value("PrometheusRule", "shield", "metadata.labels.release")).toBe("kube-prometheus-stack");
  });
});

test("Grafana Dashboard: five panels over the guide's metrics", () => {
  const data = prod.value("ConfigMap", "shield", "data") as Record<string, string>;
  const dashboard = JSON.parse(Object.values(data)[0] ?? "") as {
    panels: { title: string; type: string; targets: { expr: string }[] }[];
  };
  expect(dashboard.panels.map(({ title, targets }) => [title, targets.map(({ expr }) => expr)])).toEqual([
    ["Request Rate", ['sum by (status) (rate(materi_shield_requests_total{namespace="shield"}[$__rate_interval]))']],
    ["Error Rate", ['sum(rate(materi_shield_requests_total{namespace="shield",status=~"5.."}[$__rate_interval]))']],
    [
      "Auth Success Rate",
      [
        'sum(rate(materi_auth_attempts_total{namespace="shield",status="success"}[$__rate_interval])) / (sum(rate(materi_auth_attempts_total{namespace="shield"}[$__rate_interval])) > 0)',
      ],
    ],
    [
      "P95 Latency",
      [
        'histogram_quantile(0.95, sum by (le) (rate(materi_shield_request_duration_seconds_bucket{namespace="shield"}[$__rate_interval])))',
      ],
    ],
    ["Active Tokens", ['max(materi_active_refresh_tokens{namespace="shield"})']],
  ]);
  expect(prod.value("ConfigMap", "shield", "metadata.labels.grafana_dashboard")).toBe("1");
});

describe("Backup & Recovery", () => {
  test("a daily dump and a daily proof, in UTC, one at a time", () => {
    for (const [name, schedule] of [
      ["shield-backup", "0 1 * * *"],
      ["shield-restore-check", "0 4 * * *"],
    ] as const) {
      expect(prod.value("CronJob", name, "spec")).toMatchObject({
        schedule,
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
      });
    }
  });

  test("to s3://materi-backups/shield/, from the database that the service uses", () => {
    const backup = prod.value("CronJob", "shield-backup", "spec.jobTemplate.spec.template.spec.containers");
    expect(variables(backup)).toMatchObject({ DATABASE_URL: fromSecret("database-url") });
    expect(JSON.stringify(backup)).toContain("s3://materi-backups/shield");
  });

  test("dumped in the format that pg_restore reads, read back in full, and only then named", () => {
    const scripts = prod.value("ConfigMap", "shield-backup-scripts", "data") as Record<string, string>;
    expect(scripts["dump.sql"]).toContain("pg_dump --format=custom");
    expect(scripts["backup.sh"]).toContain("pg_restore --file=/dev/null");
  });
});

describe("other edges", () => {
  test("Gateway API: the same routes, certificate and limit, admitted from Envoy Gateway's namespace", async () => {
    const stack = await recordStack("shield-prod", { "shield:edge": '{"kind":"gateway"}' });
    const rules = stack.value("HTTPRoute", "shield", "spec.rules") as Value[];
    const paths = rules.flatMap((rule) => (at(rule, "matches") as Value[]).map((match) => at(match, "path")));
    expect(paths).toEqual([
      { type: "PathPrefix", value: "/auth" },
      { type: "PathPrefix", value: "/api/users" },
      { type: "PathPrefix", value: "/api/workspaces" },
      { type: "Exact", value: "/.well-known/jwks.json" },
    ]);
    expect(stack.value("HTTPRoute", "shield", "spec.hostnames")).toEqual(["api.materi.dev"]);
    expect(stack.value("Gateway", "shield", "metadata.annotations")).toMatchObject({
      "cert-manager.io/cluster-issuer": "letsencrypt-prod",
    });
    // Its name was another before it had timeouts.
    expect(stack.object("BackendTrafficPolicy", "shield").options.aliases).toEqual([
      "urn:pulumi:shield-prod::gatehouse::gatehouse:kubernetes:Edge$kubernetes:gateway.envoyproxy.io/v1alpha1:BackendTrafficPolicy::shield-rate-limit",
    ]);
    const limits = stack.value("BackendTrafficPolicy", "shield", "spec.rateLimit.global.rules") as Value[];
    expect(limits.map((limit) => at(limit, "limit"))).toEqual(limits.map(() => ({ requests: 100, unit: "Minute" })));
    const edge = stack.value("NetworkPolicy", "shield-edge", "spec.ingress.0.from.0.namespaceSelector.matchLabels");
    expect(edge).toEqual({ "kubernetes.io/metadata.name": "envoy-gateway-system" });
  });

  test("ALB: certificate and rate rule of AWS, admitted from its subnets, readiness gate on the namespace", async () => {
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-0000-4000-8000-000000000000";
    const wafAclArn =
      "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/shield/0f1e2d3c-0000-4000-8000-000000000000";
    const edge = { kind: "alb", certificateArn, wafAclArn, subnetCidrs: ["10.30.0.0/24", "10.30.1.0/24"] };
    const stack = await recordStack("shield-prod", { "shield:edge": JSON.stringify(edge) });
    expect(stack.value("Ingress", "shield", "spec.ingressClassName")).toBe("alb");
    expect(stack.value("Ingress", "shield", "spec.tls")).toBeUndefined();
    expect(stack.value("Ingress", "shield", "metadata.annotations")).toMatchObject({
      "alb.ingress.kubernetes.io/certificate-arn": certificateArn,
      "alb.ingress.kubernetes.io/wafv2-acl-arn": wafAclArn,
      "alb.ingress.kubernetes.io/target-type": "ip",
      "alb.ingress.kubernetes.io/healthcheck-path": "/ready/",
    });
    expect(stack.value("NetworkPolicy", "shield-edge", "spec.ingress.0.from")).toEqual([
      { ipBlock: { cidr: "10.30.0.0/24" } },
      { ipBlock: { cidr: "10.30.1.0/24" } },
    ]);
    const labels = stack.value("Namespace", "shield", "metadata.labels") as Record<string, string>;
    expect(labels["elbv2.k8s.aws/pod-readiness-gate-inject"]).toBe("enabled");
  });
});

describe("shield-dev", () => {
  test("one pod with data stores of its own, in a namespace of its own, without a backup", async () => {
    const dev = await recordStack("shield-dev");
    expect(dev.value("HorizontalPodAutoscaler", "shield", "spec.maxReplicas")).toBe(1);
    expect(dev.value("Deployment", "shield", "metadata.namespace")).toBe("shield-dev");
    expect(dev.objects().filter((object) => /^(Deployment|CronJob|ExternalSecret) /.test(object))).toEqual([
      "Deployment shield-dev/shield",
      "Deployment shield-dev/shield-postgres",
      "Deployment shield-dev/shield-redis",
    ]);
    const names = variables(dev.value("Deployment", "shield", "spec.template.spec.containers"));
    expect(names).toMatchObject({
      DJANGO_SETTINGS_MODULE: "config.settings.development",
      DATABASE_PASSWORD: fromSecret("password", "shield-postgres"),
      DATABASE_URL: "postgresql://postgres:$(DATABASE_PASSWORD)@shield-postgres:5432/shield",
      REDIS_PASSWORD: fromSecret("password", "shield-redis"),
      REDIS_URL: "redis://:$(REDIS_PASSWORD)@shield-redis:6379/0",
    });
    expect(Object.keys(names).filter((name) => /GOOGLE|GITHUB|MICROSOFT|SAML/.test(name))).toEqual([]);
  });
});

describe("a rotation of the signing key is one config change a step", () => {
  const pair = () =>
    generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" }) as string;
  const old = { kid: "key_2025_01", publicKey: pair() };
  const next = { kid: "key_2025_02", publicKey: pair(), publishedAt: "2025-03-01T08:00:00Z" };
  const signing = { ...next, signingSince: "2025-03-01T09:00:00Z", replaces: old.kid };
  const retired = { ...old, retiredAt: "2025-03-01T09:00:00Z" };

  test.each([
    ["before", { current: old }, "2025-02-01T00:00:00Z", ["key_2025_01"], "key_2025_01"],
    ["published", { current: old, next }, "2025-03-01T08:00:00Z", ["key_2025_01", "key_2025_02"], "key_2025_01"],
    [
      "switched",
      { current: signing, previous: [retired] },
      "2025-03-01T09:00:00Z",
      ["key_2025_02", "key_2025_01"],
      "key_2025_02",
    ],
    ["finished", { current: signing }, "2025-03-31T09:00:00Z", ["key_2025_02"], "key_2025_02"],
  ])("%s", async (_, keys, now, published, signer) => {
    const stack = await recordStack("shield-prod", { "shield:keys": JSON.stringify(keys), "shield:now": now });
    const configMap = text(stack.value("Deployment", "shield", "spec.template.spec.volumes.2.configMap.name"));
    const { "jwks.json": jwks } = stack.value("ConfigMap", configMap, "data") as Record<string, string>;
    expect((JSON.parse(jwks ?? "") as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)).toEqual(published);

    const names = variables(stack.value("Deployment", "shield", "spec.template.spec.containers"));
    expect(names).toMatchObject({
      JWT_KEY_ID: signer,
      JWT_PUBLIC_KEY: signer === old.kid ? old.publicKey : next.publicKey,
      JWT_PRIVATE_KEY: fromSecret("jwt-private-key", `shield-jwt-${signer.replaceAll("_", "-")}`),
    });
    const secrets = stack.objects().filter((object) => object.startsWith("ExternalSecret shield/shield-jwt"));
    expect(secrets).toEqual([`ExternalSecret shield/shield-jwt-${signer.replaceAll("_", "-")}`]);
  });
});

test.each(["shield-dev", "shield-prod"])("the URNs of %s are a promise: a rename carries an alias", async (name) => {
  const { graph } = await recordStack(name);
  const urns = graph.resources.filter(({ type }) => !type.startsWith("pulumi:")).map(({ urn }) => urn);
  await expect(`${urns.sort().join("\n")}\n`).toMatchFileSnapshot(`urns/${name}.txt`);
});

test("the JSON Schema that editors read is the config's own", async () => {
  const { status, stdout } = await gatehouse("config", "schema", "shield");
  expect(status).toBe(0);
  await expect(stdout).toMatchFileSnapshot("../../stacks/shield/config.schema.json");
});
