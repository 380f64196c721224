import { Workload, type WorkloadArgs } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { lines, resources, workload } from "../support/examples.ts";
import { record, refusal, refused } from "../support/record.ts";

const program =
  (args: Partial<WorkloadArgs>, name = "orders") =>
  () =>
    new Workload(name, { ...workload, ...args });
const sidecar = { name: "proxy", image: "registry.example.com/proxy:3.1", resources };

interface Case {
  given: Partial<WorkloadArgs>;
  /** First line of the message, without the component's name. */
  problem: string;
  details: string[];
}

const cases: Record<string, Case> = {
  "a request above its limit": {
    given: { resources: { requests: { cpu: "1", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } } },
    problem: ".orders.resources: the cpu request is above the limit",
    details: [
      "  value:    request 1, limit 500m",
      "  expected: a request of at most 500m",
      "  fix:      raise the limit or lower the request",
    ],
  },
  "an autoscaler whose fewest are more than its most": {
    given: { scaling: { minReplicas: 5, maxReplicas: 3, cpuPercent: 70 } },
    problem: ".scaling: minReplicas is greater than maxReplicas",
    details: [
      "  value:    minReplicas 5, maxReplicas 3",
      "  expected: minReplicas of at most 3",
      "  fix:      lower minReplicas or raise maxReplicas",
    ],
  },
  "an autoscaler that could take all pods away": {
    given: { scaling: { minReplicas: 0, maxReplicas: 3, cpuPercent: 70 } },
    problem: ".scaling.minReplicas: an autoscaler cannot keep that number of pods",
    details: ["  value:    0", "  expected: a whole number, 1 or more"],
  },
  "an autoscaler without a measure": {
    given: { scaling: { minReplicas: 1, maxReplicas: 3 } },
    problem: ".scaling: the autoscaler has nothing to go by",
    details: ["  expected: at least one of cpuPercent, memoryPercent and podMetrics"],
  },
  "a period that the API server refuses": {
    given: {
      scaling: {
        minReplicas: 1,
        maxReplicas: 3,
        cpuPercent: 70,
        scaleDown: { stabilizationSeconds: 300, pods: 1, periodSeconds: 3600 },
      },
    },
    problem: ".scaling.scaleDown.periodSeconds: not a period of an autoscaler",
    details: ["  value:    3600", "  expected: a whole number from 1 to 1800"],
  },
  "replicas beside an autoscaler": {
    given: { replicas: 3, scaling: { minReplicas: 3, maxReplicas: 9, cpuPercent: 70 } },
    problem: ".replicas: a fixed number would undo the autoscaler's at every update",
    details: [
      "  value:    3",
      "  expected: replicas or scaling, not both",
      "  fix:      remove replicas; scaling.minReplicas is the number to begin with",
    ],
  },
  "a number of pods that is none": {
    given: { replicas: -1 },
    problem: ".replicas: not a number of pods",
    details: ["  value:    -1", "  expected: a whole number, 1 or more"],
  },
  "a budget that keeps all replicas": {
    given: { replicas: 2, disruptionBudget: { minAvailable: 2 } },
    problem:
      ".disruptionBudget: with the fewest pods there are, none may ever be taken away, and a drain of a node never ends",
    details: [
      "  value:    minAvailable 2 of 2",
      "  expected: minAvailable below 2",
      "  fix:      use maxUnavailable: 1, which fits any number of pods",
    ],
  },
  "a budget that keeps all pods of a small hour": {
    given: {
      scaling: { minReplicas: 3, maxReplicas: 9, cpuPercent: 70 },
      disruptionBudget: { minAvailable: 3 },
    },
    problem:
      ".disruptionBudget: with the fewest pods there are, none may ever be taken away, and a drain of a node never ends",
    details: [
      "  value:    minAvailable 3 of 3",
      "  expected: minAvailable below 3",
      "  fix:      use maxUnavailable: 1, which fits any number of pods",
    ],
  },
  "a budget of nothing": {
    given: { disruptionBudget: { maxUnavailable: 0 } },
    problem: ".disruptionBudget: no pod may ever be taken away, and a drain of a node never ends",
    details: ["  value:    maxUnavailable 0", "  expected: 1 or more"],
  },
  "a budget of both kinds": {
    given: { replicas: 3, disruptionBudget: { maxUnavailable: 1, minAvailable: 1 } },
    problem: ".disruptionBudget: a budget states what may be missing or what must remain, not both",
    details: ["  value:    minAvailable 1, maxUnavailable 1", "  expected: one of the two"],
  },
  "an update that never gets on": {
    given: { rollout: { maxSurge: 0 } },
    problem: ".rollout: maxSurge and maxUnavailable are both 0, so a rollout can never make progress",
    details: [
      "  value:    maxSurge 0, maxUnavailable 0",
      "  expected: one of the two above 0",
      "  fix:      leave maxSurge at 1",
    ],
  },
  "no pods at all, whose Service would never have an endpoint": {
    given: { replicas: 0 },
    problem: ".replicas: not a number of pods",
    details: ["  value:    0", "  expected: a whole number, 1 or more"],
  },
  "an update that takes every pod away": {
    given: { replicas: 3, rollout: { maxSurge: 0, maxUnavailable: 3 } },
    problem: ".rollout.maxUnavailable: an update may take every pod away before a new one is ready",
    details: [
      "  value:    maxUnavailable 3 of 3 pods",
      "  expected: at most 2",
      '  fix:      if the program may stop during an update, say so: strategy: "recreate"',
    ],
  },
  "an update that may take every pod away in spite of a surge": {
    given: { replicas: 1, rollout: { maxSurge: 1, maxUnavailable: 1 } },
    problem: ".rollout.maxUnavailable: an update may take every pod away before a new one is ready",
    details: [
      "  value:    maxUnavailable 1 of 1 pod",
      "  expected: 0, and maxSurge above 0",
      '  fix:      if the program may stop during an update, say so: strategy: "recreate"',
    ],
  },
  "a surge beside Recreate": {
    given: { rollout: { strategy: "recreate", maxSurge: 1 } },
    problem: ".rollout: with Recreate all pods are replaced at once, so maxSurge and maxUnavailable would be ignored",
    details: ["  expected: strategy alone"],
  },
  "a claim for one node, and two pods": {
    given: { volumes: [{ name: "data", mountPath: "/data", claim: "data" }] },
    problem: ".volumes.data.claim: one node alone can mount the claim, so a second pod would wait for ever",
    details: [
      "  value:    2 pods",
      "  expected: replicas: 1, and no scaling",
      '  fix:      set claimAccess: "readWriteMany" if the volume allows it',
    ],
  },
  "a claim for one node, and a surge": {
    given: { replicas: 1, rollout: { maxSurge: 1 }, volumes: [{ name: "data", mountPath: "/data", claim: "data" }] },
    problem: ".volumes.data.claim: one node alone can mount the claim, so a second pod would wait for ever",
    details: [
      "  value:    1 pod and 1 more during an update",
      '  expected: rollout: { strategy: "recreate" }',
      "  fix:      remove rollout; Recreate is then the default",
    ],
  },
  "a target that the limit keeps out of reach": {
    given: {
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "100m", memory: "256Mi" } },
      scaling: { minReplicas: 2, maxReplicas: 3, cpuPercent: 100 },
    },
    problem: ".scaling.cpuPercent: the limit keeps the use below the target, so the autoscaler never adds a pod",
    details: ["  value:    100 % of the request 100m, with a limit of 100m", "  expected: less than 100"],
  },
  "a budget by which a drain takes every pod": {
    given: { replicas: 2, disruptionBudget: { maxUnavailable: 2 } },
    problem: ".disruptionBudget: a drain of nodes may evict every pod at once",
    details: ["  value:    maxUnavailable 2 of 2", "  expected: at most 1"],
  },
  "a file mode of scratch space": {
    given: { volumes: [{ name: "work", mountPath: "/work", emptyDir: {}, fileMode: 0o400 }] },
    problem:
      ".orders.volumes.work.fileMode: a volume with the source emptyDir has no such option, so it would be ignored",
    details: ["  value:    256", "  expected: fileMode with configMap or secret only"],
  },
  "a driver's volume that is to be written": {
    given: { volumes: [{ name: "id", mountPath: "/id", csiDriver: "csi.spiffe.io", readOnly: false }] },
    problem:
      ".orders.volumes.id.readOnly: a volume with the source csiDriver has no such option, so it would be ignored",
    details: ["  value:    false", "  expected: true: containers cannot write to it"],
  },
  "an interval beside annotations": {
    given: { metrics: { discovery: "annotations", interval: "15s" } },
    problem: ".metrics.interval: annotations cannot carry the option, so it would be ignored",
    details: [
      "  value:    15s",
      '  expected: no interval, or discovery "serviceMonitor"',
      "  fix:      set it in the configuration of Prometheus",
    ],
  },
  "a label that would replace the selector's": {
    given: { labels: { "app.kubernetes.io/name": "shop" } },
    problem:
      ".labels.app.kubernetes.io/name: the label finds the component's pods and objects, so it cannot be replaced",
    details: ["  value:    shop", "  expected: orders", "  fix:      use another key"],
  },
  "a program that is restarted before it may be ready": {
    given: { readiness: { path: "/ready", initialDelaySeconds: 60 } },
    problem: ".liveness: the program is restarted before the first readiness probe, if it is not listening by then",
    details: [
      "  value:    restarted after 30 s, first readiness probe after 60 s",
      "  expected: more than 60 s",
      "  fix:      use startup for a program that starts slowly",
    ],
  },
  "a time before the present": {
    given: { shutdown: { drainSeconds: -5 } },
    problem: ".shutdown.drainSeconds: not a number of seconds",
    details: ["  value:    -5", "  expected: a whole number, 0 or more"],
  },
  "a part of a second": {
    given: { shutdown: { requestTimeoutSeconds: 2.5 } },
    problem: ".shutdown.requestTimeoutSeconds: not a number of seconds",
    details: ["  value:    2.5", "  expected: a whole number, 0 or more"],
  },
  "an image that may change under the stack": {
    given: { image: "registry.example.com/orders:latest" },
    problem: ".orders.image: the image is not pinned",
    details: [
      "  value:    registry.example.com/orders:latest",
      '  expected: a tag other than "latest", or a digest',
      "  fix:      for example registry.example.com/orders:VERSION",
    ],
  },
  "the root user": {
    given: { identity: { user: 0 } },
    problem: ".identity.user: the pod must run as a non-root numeric user",
    details: ["  value:    0", "  expected: a user id above 0"],
  },
  "no port": {
    given: { ports: [], readiness: { command: ["orders", "ready"] }, liveness: { command: ["orders", "alive"] } },
    problem: ".ports: the workload declares no ports, so it cannot have a Service",
    details: ["  expected: one port or more"],
  },
  "a number that no port has": {
    given: { ports: [{ name: "http", port: 80800, servicePort: 80 }] },
    problem: ".orders.ports.http: not a port number",
    details: ["  value:    80800", "  expected: a whole number from 1 to 65535"],
  },
  "a name that no port can have": {
    given: { ports: [{ name: "http_public", port: 8080 }] },
    problem: ".orders.ports: the name has characters that are not allowed there",
    details: [
      "  value:    http_public",
      "  expected: lower-case letters, digits and hyphens, at least one letter, with a letter or digit at both ends",
      "  fix:      use http-public",
    ],
  },
  "two ports of one name": {
    given: {
      ports: [
        { name: "http", port: 8080 },
        { name: "http", port: 8081 },
      ],
    },
    problem: ".orders.ports: two ports have the same name",
    details: ["  value:    http", "  expected: a name for each"],
  },
  "two ports of one Service number": {
    given: {
      ports: [
        { name: "http", port: 8080, servicePort: 80 },
        { name: "admin", port: 9000, servicePort: 80 },
      ],
    },
    problem: ".ports: the Service would offer two ports under one number",
    details: ["  value:    80, of http and admin", "  expected: a servicePort for each"],
  },
  "a sidecar on the program's port": {
    given: { sidecars: [{ ...sidecar, ports: [{ name: "proxy", port: 8080 }] }] },
    problem: ".ports: two programs of one pod cannot listen on the same port",
    details: ["  value:    8080, of orders and proxy", "  expected: a number for each"],
  },
  "a sidecar of the program's name": {
    given: { sidecars: [{ ...sidecar, name: "orders" }] },
    problem: ": two containers of one pod have the same name",
    details: ["  value:    orders", "  expected: a name for each"],
  },
  "a probe of another port": {
    given: { readiness: { path: "/ready", port: 9000 } },
    problem: ".orders.readiness: the probe asks a port that the container does not declare",
    details: [
      "  value:    9000",
      "  expected: one of 8080",
      "  fix:      declare it in ports, or correct the probe's port",
    ],
  },
  "a probe of a sidecar without a port": {
    given: { sidecars: [{ ...sidecar, readiness: { path: "/ready" } }] },
    problem: ".proxy.readiness: the probe asks a port that the container does not declare",
    details: [
      "  value:    the first port",
      "  expected: a declared port",
      "  fix:      declare it in ports, or correct the probe's port",
    ],
  },
  "a probe of two kinds": {
    given: { readiness: { path: "/ready", command: ["orders", "ready"] } },
    problem: ".orders.readiness: a probe runs a command or asks a port, not both",
    details: ["  value:    command orders ready", "  expected: command alone, or path, https and port"],
  },
  "a probe of a path that is none": {
    given: { readiness: { path: "ready" } },
    problem: ".orders.readiness.path: not a path",
    details: ["  value:    ready", "  expected: /ready"],
  },
  "a probe over TLS without a path": {
    given: { startup: { https: true } },
    problem: ".orders.startup.https: without a path the probe opens a TCP connection, and TLS is not spoken",
    details: ["  expected: a path, or no https"],
  },
  "a probe that never waits": {
    given: { readiness: { path: "/ready", timeoutSeconds: 0 } },
    problem: ".orders.readiness.timeoutSeconds: not a number of seconds",
    details: ["  value:    0", "  expected: a whole number, 1 or more"],
  },
  "metrics of an unknown port": {
    given: { metrics: { port: "metrics" } },
    problem: ".metrics.port: metrics are scraped from a port that is not declared",
    details: ["  value:    metrics", "  expected: one of http"],
  },
  "metrics at a path that is none": {
    given: { metrics: { path: "metrics" } },
    problem: ".metrics.path: not a path",
    details: ["  value:    metrics", "  expected: /metrics"],
  },
  "an admission to a port on which nothing listens": {
    given: { admits: [{ name: "edge", pods: { namespace: "edge" }, port: 80 }] },
    problem: ".admits.edge.port: nothing listens on the port",
    details: ["  value:    80", "  expected: one of 8080: the container's port, not the Service's"],
  },
  "an admission of nobody": {
    given: { admits: [{ name: "edge", port: 8080 }] },
    problem: ".admits.edge: the rule has no peers, and in Kubernetes a rule without peers admits everyone",
    details: ["  expected: pods, addresses or both"],
  },
  "a selector of everything": {
    given: { selectorLabels: {} },
    problem: ".selectorLabels: without a label every pod of the namespace would be selected",
    details: ["  expected: one label or more"],
  },
  "a volume of two sources": {
    given: { volumes: [{ name: "settings", mountPath: "/etc/orders", configMap: "a", secret: "b" }] },
    problem: ".orders.volumes.settings: a volume has exactly one source",
    details: [
      "  value:    configMap, secret",
      "  expected: one of emptyDir, configMap, secret, claim, ephemeralClaim and csiDriver",
    ],
  },
  "a volume of no source": {
    given: { volumes: [{ name: "settings", mountPath: "/etc/orders" }] },
    problem: ".orders.volumes.settings: a volume has exactly one source",
    details: [
      "  value:    none",
      "  expected: one of emptyDir, configMap, secret, claim, ephemeralClaim and csiDriver",
    ],
  },
  "memory without a bound": {
    given: { volumes: [{ name: "scratch", mountPath: "/scratch", emptyDir: { memory: true } }] },
    problem:
      ".orders.volumes.scratch: a directory in memory has no bound, and what it holds counts towards the memory limit",
    details: ["  expected: emptyDir.sizeLimit below the container's memory limit"],
  },
  "memory up to the limit": {
    given: { volumes: [{ name: "scratch", mountPath: "/scratch", emptyDir: { memory: true, sizeLimit: "0.25Gi" } }] },
    problem:
      ".orders.volumes.scratch: the directory in memory may grow to the memory limit, and the container is killed before it is full",
    details: ["  value:    sizeLimit 0.25Gi, memory limit 256Mi", "  expected: a sizeLimit below 256Mi"],
  },
  "two volumes at one path": {
    given: { volumes: [{ name: "scratch", mountPath: "/tmp", emptyDir: {} }] },
    problem: ".orders.volumes: two volumes are mounted at the same path",
    details: ["  value:    /tmp, of tmp and scratch", "  expected: a path for each"],
  },
  "two volumes of one name": {
    given: {
      replicas: 1,
      temporaryDirectories: ["/tmp"],
      volumes: [{ name: "tmp", mountPath: "/data", claim: "data" }],
    },
    problem: ".orders.volumes: two volumes of the container have the same name",
    details: ["  value:    tmp, at /tmp and /data", "  expected: a name for each"],
  },
  "a shared volume of two sources": {
    given: { sidecars: [{ ...sidecar, volumes: [{ name: "tmp", mountPath: "/work", configMap: "settings" }] }] },
    problem: ".volumes.tmp: two containers give the volume different sources",
    details: [
      "  value:    emptyDir in orders, configMap settings in proxy",
      "  expected: the same source, or another name",
    ],
  },
  "a path that is not absolute": {
    given: { replicas: 1, volumes: [{ name: "data", mountPath: "data", claim: "data" }] },
    problem: ".orders.volumes.data.mountPath: not an absolute path",
    details: ["  value:    data", "  expected: a path that begins with a slash and has no colon"],
  },
  "a variable of two sources": {
    given: { environment: { values: { TOKEN: "" }, secrets: { TOKEN: { secret: "orders", key: "token" } } } },
    problem: ".orders.environment: the variable comes from two sources",
    details: [
      "  value:    TOKEN",
      "  expected: one of values, secrets and fields",
      "  fix:      remove it from all but one",
    ],
  },
  "a variable that no shell can set": {
    given: { environment: { values: { "LOG-LEVEL": "info" } } },
    problem: ".orders.environment: not the name of an environment variable",
    details: ["  value:    LOG-LEVEL", "  expected: letters, digits and underscores, not starting with a digit"],
  },
  "a value that names a variable nothing sets": {
    given: {
      environment: {
        values: { DATABASE_URL: "postgresql://orders:$(DATABASE_PASSWRD)@db/orders" },
        secrets: { DATABASE_PASSWORD: { secret: "orders", key: "password" } },
      },
    },
    problem: ".orders.environment.values.DATABASE_URL: the value names a variable that nothing sets before it",
    details: [
      "  value:    $(DATABASE_PASSWRD)",
      "  expected: a variable of secrets or fields",
      '  fix:      did you mean "$(DATABASE_PASSWORD)"?',
    ],
  },
  "a value that names a later value": {
    given: { environment: { values: { A: "$(ZONE)/a", ZONE: "b" } } },
    problem: ".orders.environment.values.A: the value names a variable that nothing sets before it",
    details: [
      "  value:    $(ZONE)",
      "  expected: a variable of secrets or fields",
      "  fix:      for the text itself, write $$(ZONE)",
    ],
  },
  "a field that pods do not give": {
    given: { environment: { fields: { POD_IP: "status.podIp" } } },
    problem: ".orders.environment.fields.POD_IP: not a field that a pod gives to a variable",
    details: [
      "  value:    status.podIp",
      "  expected: one of metadata.name, metadata.namespace, metadata.uid, spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs, metadata.labels['<key>'] and metadata.annotations['<key>']",
      '  fix:      did you mean "status.podIP"?',
    ],
  },
  "a Secret that cannot be": {
    given: { environment: { secrets: { TOKEN: { secret: "orders_secrets", key: "token" } } } },
    problem: ".orders.environment.secrets.TOKEN.secret: the name has characters that are not allowed there",
    details: [
      "  value:    orders_secrets",
      "  expected: lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part",
      "  fix:      use orders-secrets",
    ],
  },
  "two links that set one variable": {
    given: {
      connectsTo: ["cache", "queue"].map((name) => ({
        name,
        port: 6379,
        pods: { namespace: "data", labels: { app: name } },
        environment: { values: { REDIS_URL: `redis://${name}:6379` } },
      })),
    },
    problem: ".connectsTo: two links set the same variable",
    details: [
      "  value:    REDIS_URL, of cache and queue",
      "  expected: a variable for each",
      "  fix:      set REDIS_URL in environment, or give one endpoint another: { ...endpoint, environment }",
    ],
  },
  "a label that the API server refuses": {
    given: { labels: { team: "check out" } },
    problem: ".labels.team: the name has characters that are not allowed there",
    details: [
      "  value:    check out",
      "  expected: letters, digits, hyphens, underscores and dots, with a letter or digit at both ends",
      "  fix:      use check-out",
    ],
  },
};

describe("refused at once, each with one message", () => {
  test.each(Object.entries(cases))("%s", async (_, { given, problem, details }) => {
    expect(await refusal(program(given))).toBe(lines(`orders (Workload)${problem}`, ...details));
  });

  test("several problems, in one error", async () => {
    expect(await refusal(program({ identity: { user: 0 }, replicas: 2, disruptionBudget: { minAvailable: 2 } }))).toBe(
      lines(
        "2 problems",
        "",
        "orders (Workload).identity.user: the pod must run as a non-root numeric user",
        "  value:    0",
        "  expected: a user id above 0",
        "",
        "orders (Workload).disruptionBudget: with the fewest pods there are, none may ever be taken away, and a drain of a node never ends",
        "  value:    minAvailable 2 of 2",
        "  expected: minAvailable below 2",
        "  fix:      use maxUnavailable: 1, which fits any number of pods",
      ),
    );
  });

  test("quantities that cannot be read, each with its place", async () => {
    const given = { requests: { cpu: "100 m", memory: "128Mi" }, limits: { cpu: "1", memory: "1GB" } };
    const message = await refusal(program({ resources: given }));
    expect(message).toContain("orders (Workload).orders.resources.requests.cpu: ");
    expect(message).toContain("orders (Workload).orders.resources.limits.memory: ");
    expect(message).toMatch(/^2 problems\n/);
  });
});

describe("names", () => {
  test.each([
    [
      "Orders",
      [
        "  expected: lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
        "  fix:      use orders",
      ],
    ],
    [
      "2fa",
      ["  expected: lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen"],
    ],
  ])("%s has characters that a Service cannot have", async (name, details) => {
    expect(await refusal(program({ selectorLabels: { app: "orders" } }, name))).toBe(
      lines(
        `${name} (Workload): the name has characters that are not allowed there`,
        `  value:    ${name}`,
        ...details,
      ),
    );
  });

  test("one of 64 characters is too long", async () => {
    const name = "o".repeat(64);
    expect(await refusal(program({}, name))).toBe(
      lines(
        `${name} (Workload): the name is 64 characters long`,
        `  value:    ${name}`,
        "  expected: at most 63 characters",
        `  fix:      for example ${"o".repeat(54)}-2b2858db`,
      ),
    );
  });

  test("two components that make the same objects", async () => {
    const message = await refusal(() => {
      new Workload("orders", workload);
      new Workload("orders-again", workload);
      new Workload("orders", { ...workload, namespace: "shop" });
    });
    expect(message).toBe(
      lines(
        "orders (Workload): orders (Workload) has already made the ServiceAccount of this name",
        "  value:    shop/orders",
        "  expected: one owner for each object",
        "  fix:      give one of the two components another name or another namespace",
      ),
    );
  });
});

describe("refused as an Output resolves, with the same message", () => {
  test("an image that is not pinned, of which no Deployment is made", async () => {
    const { message, recording } = await refused(program({ image: pulumi.output("registry.example.com/orders") }));
    expect(message).toBe(
      lines(
        "orders (Workload).orders.image: the image is not pinned",
        "  value:    registry.example.com/orders",
        '  expected: a tag other than "latest", or a digest',
        "  fix:      for example registry.example.com/orders:VERSION",
      ),
    );
    expect(recording.objects()).toContain("ServiceAccount orders");
    expect(recording.objects()).not.toContain("Service orders");
    expect(recording.objects()).not.toContain("Deployment orders");
  });

  const fix = "put the value into a Secret, and read it from a variable of environment.secrets or a file of a volume";
  const secret = pulumi.secret("hunter2");

  test("a secret in a plain variable, also one that is not known yet", async () => {
    const expected = lines(
      "orders (Workload).orders.environment.TOKEN: a secret is placed in a plain variable, where everybody who may read the pod can read it",
      "  value:    [secret]",
      "  expected: a plain value, or a reference to a Secret",
      "  fix:      put the value into a Secret and name it: environment.secrets.TOKEN = { secret, key }",
    );
    expect(await refusal(program({ environment: { values: { TOKEN: secret } } }))).toBe(expected);
    const within = pulumi.interpolate`token=${secret}`;
    expect(await refusal(program({ environment: { values: { TOKEN: within } } }), { preview: true })).toBe(expected);
  });

  test.each([
    ["command", { command: ["orders", secret] }, ".orders.command", fix],
    ["argument", { arguments: [pulumi.interpolate`--token=${secret}`] }, ".orders.arguments", fix],
    ["annotation", { podAnnotations: { token: secret } }, ".podAnnotations.token", "put the value into a Secret"],
    [
      "account's annotation",
      { serviceAccountAnnotations: { token: secret } },
      ": annotations of the ServiceAccount.token",
      "put the value into a Secret",
    ],
  ])("a secret in a plain %s", async (_, given, place, remedy) => {
    expect(await refusal(program(given))).toBe(
      lines(
        `orders (Workload)${place}: a secret is placed where everyone who may read the object can read it`,
        "  value:    [secret]",
        "  expected: a plain value, or a reference to a Secret",
        `  fix:      ${remedy}`,
      ),
    );
  });
});

describe("not refused", () => {
  test.each<[string, Partial<WorkloadArgs>]>([
    ["a budget for one pod", { replicas: 1, disruptionBudget: { maxUnavailable: 1 } }],
    ["a text that only looks like a reference", { environment: { values: { A: "$$(NOTHING) $(date)" } } }],
    ["a label of the pod as a variable", { environment: { fields: { APP: "metadata.labels['app']" } } }],
    ["an image by its digest", { image: `registry.example.com/orders@sha256:${"0".repeat(64)}` }],
    [
      "two links that set one variable, if the program sets it",
      {
        connectsTo: ["cache", "queue"].map((name) => ({
          name,
          port: 6379,
          pods: { namespace: "data" },
          environment: { values: { REDIS_URL: name } },
        })),
        environment: { values: { REDIS_URL: "redis://cache:6379" } },
      },
    ],
  ])("%s", async (_, given) => {
    expect((await record(program(given))).objects()).toContain("Deployment orders");
  });
});
