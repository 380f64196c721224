import { describe, expect, it } from "vitest";
import { RedisEviction, RedisHA, type RedisHAArgs, RedisPersistence, type RedisStorageArgs } from "../../src/index.ts";
import { dns } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const args: RedisHAArgs = {
  namespace: "atb",
  masterSet: "atb-master",
  password: { secret: "atb-redis-password", key: "password" },
};
const cache: RedisHAArgs = { ...args, persistence: RedisPersistence.Cache };
const three: RedisHAArgs = { ...cache, replicas: 3 };

const declare = (overrides: Partial<RedisHAArgs> = {}) =>
  record(() => new RedisHA("atb-redis", { ...args, ...overrides }));

const files = async (overrides: Partial<RedisHAArgs> = {}) =>
  (await declare(overrides)).object("ConfigMap", "atb-redis-files").data;

describe("the objects", () => {
  it("are these for three pods with metrics", async () => {
    expect((await declare({ metrics: {} })).objects()).toEqual([
      "ConfigMap atb-redis-files",
      "Deployment atb-redis",
      "NetworkPolicy atb-redis",
      "NetworkPolicy atb-redis-peer-from-atb-redis-server",
      "NetworkPolicy atb-redis-peer-sentinel-from-atb-redis-server",
      "NetworkPolicy atb-redis-server",
      "NetworkPolicy atb-redis-server-from-atb-redis",
      "NetworkPolicy atb-redis-server-sentinel-from-atb-redis",
      "PodDisruptionBudget atb-redis",
      "PodDisruptionBudget atb-redis-server",
      "Service atb-redis",
      "Service atb-redis-announce-0",
      "Service atb-redis-announce-1",
      "Service atb-redis-announce-2",
      "Service atb-redis-headless",
      "Service atb-redis-sentinel",
      "ServiceAccount atb-redis",
      "ServiceAccount atb-redis-server",
      "ServiceMonitor atb-redis",
      "ServiceMonitor atb-redis-server",
      "StatefulSet atb-redis-server",
    ]);
  });

  it("have neither Sentinel nor proxy for a cache of one pod", async () => {
    const recording = await declare(cache);
    expect(recording.objects()).toEqual([
      "ConfigMap atb-redis-files",
      "NetworkPolicy atb-redis-server",
      "PodDisruptionBudget atb-redis-server",
      "Service atb-redis",
      "Service atb-redis-headless",
      "ServiceAccount atb-redis-server",
      "StatefulSet atb-redis-server",
    ]);
    const { template, replicas } = recording.object("StatefulSet", "atb-redis-server").spec;
    expect(replicas).toBe(1);
    expect(template.spec.containers.map(({ name }) => name)).toEqual(["redis"]);
    expect(recording.object("Service", "atb-redis").spec).toMatchObject({
      selector: { "app.kubernetes.io/name": "atb-redis-server" },
      ports: [{ name: "redis", port: 6379, targetPort: 6379 }],
    });
  });
});

describe("the StatefulSet", () => {
  it("starts all pods together, keeps their volumes, and goes on with an update only after ten seconds", async () => {
    const { spec } = (await declare()).object("StatefulSet", "atb-redis-server");
    expect(spec).toMatchObject({
      replicas: 3,
      serviceName: "atb-redis-headless",
      podManagementPolicy: "Parallel",
      minReadySeconds: 10,
      selector: { matchLabels: { "app.kubernetes.io/name": "atb-redis-server" } },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "4Gi" } } },
        },
      ],
    });
    expect(spec.template.spec.terminationGracePeriodSeconds).toBe(60);
    expect(spec.template.spec.volumes.map(({ name }) => name)).toEqual(["scripts", "run"]);
  });

  it("is protected unless it is a cache, or said not to be", async () => {
    const isProtected = async (overrides: Partial<RedisHAArgs>) =>
      (await declare(overrides)).resource("kubernetes:apps/v1:StatefulSet", "atb-redis-stateful-set").protect;
    expect([await isProtected({}), await isProtected(cache), await isProtected({ deletionProtection: false })]).toEqual(
      [true, false, false],
    );
  });

  it("puts each pod on a node of its own, evenly over the zones, and away from a lost node", async () => {
    const { affinity, topologySpreadConstraints, tolerations } = (await declare()).object(
      "StatefulSet",
      "atb-redis-server",
    ).spec.template.spec;
    const labelSelector = { matchLabels: { "app.kubernetes.io/name": "atb-redis-server" } };
    expect(affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: "kubernetes.io/hostname" }],
      },
    });
    expect(topologySpreadConstraints).toEqual([
      {
        maxSkew: 1,
        topologyKey: "topology.kubernetes.io/zone",
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector,
        nodeTaintsPolicy: "Honor",
      },
    ]);
    expect(tolerations.map(({ key, tolerationSeconds }) => [key, tolerationSeconds])).toEqual([
      ["node.kubernetes.io/not-ready", 60],
      ["node.kubernetes.io/unreachable", 60],
    ]);
  });

  it("runs its containers restricted, each with probes, and hands over before it stops", async () => {
    const { containers, securityContext, automountServiceAccountToken, enableServiceLinks } = (
      await declare({ metrics: {} })
    ).object("StatefulSet", "atb-redis-server").spec.template.spec;
    const exec = (file: string, word: string) => ({ exec: { command: ["/bin/sh", `/opt/redis/${file}`, word] } });
    const handover = (name: string) => ({ preStop: exec("stop.sh", name) });
    const probes = (alive: string, ready: string) => ({
      livenessProbe: exec("probe.sh", alive),
      readinessProbe: exec("probe.sh", ready),
    });
    expect(containers).toMatchObject([
      { name: "redis", lifecycle: handover("redis"), ...probes("redis-alive", "redis-ready") },
      { name: "sentinel", lifecycle: handover("sentinel"), ...probes("sentinel-alive", "sentinel-ready") },
      { name: "redis-exporter", livenessProbe: { httpGet: { path: "/health", port: 9121 } } },
      { name: "sentinel-exporter", livenessProbe: { httpGet: { path: "/health", port: 9355 } } },
    ]);
    // A pod whose exporter is down still serves clients.
    for (const exporter of containers.slice(2)) expect(exporter.readinessProbe).toBeUndefined();
    for (const container of containers) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      expect(Object.keys(container.resources.limits)).toEqual(["cpu", "ephemeral-storage", "memory"]);
    }
    expect(securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 999, fsGroup: 999 });
    expect([automountServiceAccountToken, enableServiceLinks]).toEqual([false, false]);
  });

  it("has the password in no argument and no file, only by reference to the Secret", async () => {
    const recording = await declare({ metrics: {} });
    const pods = [
      recording.object("StatefulSet", "atb-redis-server").spec.template.spec,
      recording.object("Deployment", "atb-redis").spec.template.spec,
    ];
    const secrets = pods.flatMap(({ containers }) =>
      containers.flatMap(({ name, env }) =>
        env.flatMap((variable) =>
          "valueFrom" in variable && "secretKeyRef" in variable.valueFrom ? [[name, variable.name]] : [],
        ),
      ),
    );
    expect(secrets).toEqual([
      ["redis", "REDISCLI_AUTH"],
      ["sentinel", "REDISCLI_AUTH"],
      ["redis-exporter", "REDIS_PASSWORD"],
      ["sentinel-exporter", "REDIS_PASSWORD"],
      ["atb-redis", "REDISCLI_AUTH"],
    ]);
  });

  it("is replaced pod by pod when a file changes that it reads", async () => {
    const checksum = async (overrides: Partial<RedisHAArgs>) => {
      const recording = await declare(overrides);
      const of = (kind: "StatefulSet" | "Deployment", name: string) =>
        recording.object(kind, name).spec.template.metadata.annotations["checksum/files"];
      return [of("StatefulSet", "atb-redis-server"), of("Deployment", "atb-redis")];
    };
    const [before, after] = [await checksum({}), await checksum({ downAfter: "4s" })];
    expect(before).not.toContain(undefined);
    expect(after[0]).not.toBe(before[0]);
  });
});

describe("the Services", () => {
  it("give each pod an address of its own, also while it is not ready", async () => {
    const { spec } = (await declare()).object("Service", "atb-redis-announce-1");
    expect(spec).toEqual({
      type: "ClusterIP",
      publishNotReadyAddresses: true,
      selector: {
        "app.kubernetes.io/name": "atb-redis-server",
        "statefulset.kubernetes.io/pod-name": "atb-redis-server-1",
      },
      ports: [
        { name: "redis", port: 6379, targetPort: 6379, protocol: "TCP" },
        { name: "sentinel", port: 26379, targetPort: 26379, protocol: "TCP" },
      ],
    });
  });

  it("scrape servers and Sentinels once, by the headless one", async () => {
    const recording = await declare({ metrics: { monitorLabels: { release: "prometheus" } } });
    const monitor = recording.object("ServiceMonitor", "atb-redis-server");
    expect(monitor.spec).toEqual({
      jobLabel: "app.kubernetes.io/name",
      selector: { matchLabels: recording.object("Service", "atb-redis-headless").metadata.labels },
      endpoints: [
        { port: "redis-stats", path: "/metrics", interval: "30s" },
        { port: "sentinel-stats", path: "/metrics", interval: "30s" },
      ],
    });
    expect(monitor.metadata.labels.release).toBe("prometheus");
    expect(recording.object("Service", "atb-redis-headless").metadata.labels).toMatchObject({
      "app.kubernetes.io/component": "headless",
      "app.kubernetes.io/name": "atb-redis-server",
    });
  });
});

describe("the network policies", () => {
  it("let servers and Sentinels reach each other, and Prometheus the exporters, and nothing else", async () => {
    const recording = await declare({ metrics: {} });
    const pods = {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "atb" } },
      podSelector: { matchLabels: { "app.kubernetes.io/name": "atb-redis-server" } },
    };
    const monitoring = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } };
    const tcp = (port: number) => [{ protocol: "TCP", port }];
    expect(recording.object("NetworkPolicy", "atb-redis-server").spec).toEqual({
      podSelector: pods.podSelector,
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [monitoring], ports: tcp(9121) },
        { from: [monitoring], ports: tcp(9355) },
      ],
      egress: [dns, { to: [pods], ports: tcp(6379) }, { to: [pods], ports: tcp(26379) }],
    });
    expect(recording.object("NetworkPolicy", "atb-redis").spec).toMatchObject({
      podSelector: { matchLabels: { "app.kubernetes.io/name": "atb-redis" } },
      ingress: [{ from: [monitoring], ports: tcp(8404) }],
      egress: [dns, { to: [pods], ports: tcp(6379) }, { to: [pods], ports: tcp(26379) }],
    });
  });
});

describe("the ways in", () => {
  const endpoints = async (overrides: Partial<RedisHAArgs> = {}) => {
    let redis: RedisHA | undefined;
    await record(() => (redis = new RedisHA("atb-redis", { ...args, ...overrides })));
    return { endpoint: redis?.endpoint, sentinelEndpoints: redis?.sentinelEndpoints };
  };

  it("are the proxy, and the Sentinels with the servers", async () => {
    const members = { namespace: "atb", labels: { "app.kubernetes.io/name": "atb-redis-server" } };
    expect(await endpoints()).toEqual({
      endpoint: {
        name: "atb-redis",
        port: 6379,
        pods: { namespace: "atb", labels: { "app.kubernetes.io/name": "atb-redis" } },
        environment: {
          secrets: { REDIS_PASSWORD: args.password },
          values: { REDIS_URL: "redis://:$(REDIS_PASSWORD)@atb-redis:6379/0" },
        },
      },
      sentinelEndpoints: [
        { name: "atb-redis-members", port: 6379, pods: members },
        {
          name: "atb-redis-members-sentinel",
          port: 26379,
          pods: members,
          environment: {
            secrets: { REDIS_SENTINEL_PASSWORD: args.password },
            values: {
              REDIS_MASTER_SET: "atb-master",
              REDIS_SENTINELS: "atb-redis-announce-0:26379,atb-redis-announce-1:26379,atb-redis-announce-2:26379",
            },
          },
        },
      ],
    });
  });

  it("are the pod itself if it is alone", async () => {
    const { endpoint, sentinelEndpoints } = await endpoints(cache);
    expect(endpoint?.pods?.labels).toEqual({ "app.kubernetes.io/name": "atb-redis-server" });
    expect(sentinelEndpoints).toEqual([]);
  });

  it("say so when they are encrypted", async () => {
    const { endpoint } = await endpoints({ tls: { secret: "atb-redis-tls" } });
    expect(endpoint?.environment?.values).toEqual({
      REDIS_URL: "rediss://:$(REDIS_PASSWORD)@atb-redis:6379/0",
    });
  });
});

describe("the configuration", () => {
  const lines = async (overrides: Partial<RedisHAArgs> = {}) =>
    (await files(overrides))["redis.conf"]?.trim().split("\n");
  const common = ["repl-diskless-sync-delay 0", "repl-backlog-size 16mb", "tcp-keepalive 60"];

  it("keeps every write on disk, evicts nothing and needs a replica", async () => {
    expect(await lines()).toEqual([
      "maxmemory 268435456",
      "maxmemory-policy noeviction",
      "min-replicas-to-write 1",
      "min-replicas-max-lag 5",
      ...common,
      "appendonly yes",
      "save 3600 1 300 100 60 10000",
      "appendfsync always",
    ]);
  });

  it("of a cache writes nothing, evicts what was used longest ago and needs no replica", async () => {
    expect(await lines({ ...three, maxmemory: "256Mi" })).toEqual([
      "maxmemory 268435456",
      "maxmemory-policy allkeys-lru",
      "min-replicas-to-write 0",
      "min-replicas-max-lag 5",
      ...common,
      "appendonly no",
      'save ""',
    ]);
  });

  it("writes every second where that is enough", async () => {
    expect(await lines({ persistence: RedisPersistence.EverySecond })).toContain("appendfsync everysec");
  });

  it("gives the scripts the settings", async () => {
    expect((await files({ quorum: 3, downAfter: "5s", failoverTimeout: "1m" }))["settings.sh"]?.split("\n")).toEqual([
      "PODS=3",
      "MAJORITY=2",
      "QUORUM=3",
      "MIN_REPLICAS=1",
      "MASTER_SET=atb-master",
      "ANNOUNCE=atb-redis-announce",
      "REDIS_PORT=6379",
      "SENTINEL_PORT=26379",
      "DOWN_AFTER=5000",
      "FAILOVER_TIMEOUT=60000",
      "PERSISTENT=yes",
      "TLS=no",
      "",
    ]);
  });

  it("has the proxy bound its connections, find dead clients, and try no server twice", async () => {
    const own = (await files({ proxy: { maxConnections: 500 } }))["haproxy.cfg"] ?? "";
    expect(own.match(/^ {2}(maxconn|retries|clitcpka-|srvtcpka-).*$/gm)).toEqual([
      "  maxconn 600",
      "  retries 0",
      "  clitcpka-idle 60s",
      "  clitcpka-intvl 10s",
      "  clitcpka-cnt 3",
      "  srvtcpka-idle 60s",
      "  srvtcpka-intvl 10s",
      "  srvtcpka-cnt 3",
      "  maxconn 500",
    ]);
    const [proxy] = (await declare()).object("Deployment", "atb-redis").spec.template.spec.containers;
    expect(proxy?.resources).toMatchObject({ requests: { memory: "96Mi" }, limits: { memory: "128Mi" } });
  });

  it("has one exporter ask the server and one the Sentinel", async () => {
    const { containers } = (await declare({ metrics: {} })).object("StatefulSet", "atb-redis-server").spec.template
      .spec;
    const addresses = containers.flatMap(({ env }) => env.filter(({ name }) => name === "REDIS_ADDR"));
    expect(addresses.map(({ value }) => value)).toEqual(["redis://$(POD_IP):6379", "redis://$(POD_IP):26379"]);
  });

  it("gives servers and Sentinels the second password of a rotation, and the proxy only the one it uses", async () => {
    const alsoAccepts = { secret: "atb-redis-password", key: "next" };
    const recording = await declare({ alsoAccepts });
    const second = (kind: "StatefulSet" | "Deployment", name: string) =>
      recording
        .object(kind, name)
        .spec.template.spec.containers.flatMap(({ env }) => env.filter(({ name }) => name === "REDIS_ALSO_ACCEPTS"))
        .map(({ valueFrom }) => valueFrom.secretKeyRef.key);
    expect([second("StatefulSet", "atb-redis-server"), second("Deployment", "atb-redis")]).toEqual([
      ["next", "next"],
      [],
    ]);
  });

  it("takes a volume of exactly twice the memory", async () => {
    const recording = await declare({ storage: { size: "768Mi" } });
    const [claim] = recording.object("StatefulSet", "atb-redis-server").spec.volumeClaimTemplates;
    expect(claim?.spec.resources.requests.storage).toBe("768Mi");
  });

  it("has the proxy ask every server and every Sentinel, encrypted if they are", async () => {
    const plain = (await files())["haproxy.cfg"];
    const encrypted = (await files({ tls: { secret: "atb-redis-tls" } }))["haproxy.cfg"];
    expect(plain?.match(/^ {2}use_backend .*$/gm)).toEqual(
      [0, 1, 2].map(
        (n) => `  use_backend redis-${n} if { nbsrv(sentinels-on-${n}) ge 2 } { srv_is_up(redis-${n}/server) }`,
      ),
    );
    expect(plain?.match(/ check inter /g)).toHaveLength(12);
    expect(encrypted?.match(/ check check-ssl verify required ca-file /g)).toHaveLength(12);
  });
});

describe("bad input", () => {
  const storage = (size: string): RedisStorageArgs => ({ size });
  const limits = (memory: string) => ({ requests: { cpu: "1", memory: "64Mi" }, limits: { cpu: "1", memory } });

  it.each<[string, Partial<RedisHAArgs>, string[]]>([
    [
      "an even number of Sentinels",
      { replicas: 2 },
      [
        "replicas: each pod has a Sentinel, and an even number of them tolerates no more losses than one less",
        "  value:    2",
        "  expected: an odd number: 1 or 3",
      ],
    ],
    [
      "no pods",
      { replicas: 0 },
      ["replicas: not a number of pods", "  value:    0", "  expected: a whole number, 1 or more"],
    ],
    [
      "a quorum above the number of Sentinels",
      { quorum: 4 },
      [
        "quorum: more Sentinels would have to agree than there are, and no master would ever be replaced",
        "  value:    4 of 3",
        "  expected: from 2 to 3",
      ],
    ],
    [
      "a quorum below a majority",
      { quorum: 1 },
      [
        "quorum: a minority that is cut off would find the master gone",
        "  value:    1 of 3",
        "  expected: from 2 to 3",
      ],
    ],
    [
      "maxmemory above the memory limit",
      { maxmemory: "512Mi" },
      [
        "maxmemory: it is above the memory limit, and Redis is killed before it is reached",
        "  value:    maxmemory 512Mi, memory limit 384Mi",
        "  expected: at most 288Mi, 75 % of the limit",
        "  fix:      lower maxmemory, or raise resources.limits.memory",
      ],
    ],
    [
      "maxmemory too near the memory limit",
      { maxmemory: "256Mi", resources: limits("256Mi") },
      [
        "maxmemory: it leaves too little of the memory limit for connections, replicas and copies",
        "  value:    maxmemory 256Mi is 100 % of the memory limit 256Mi",
        "  expected: at most 192Mi, 75 % of the limit",
        "  fix:      lower maxmemory, or raise resources.limits.memory",
      ],
    ],
    [
      "no maxmemory at all",
      { maxmemory: "0" },
      ["maxmemory: Redis takes 0 for no limit at all", "  value:    0", "  expected: at most 288Mi, 75 % of the limit"],
    ],
    [
      "eviction where entries must last",
      { eviction: RedisEviction.AllKeysLru },
      [
        "eviction: entries that must last would vanish when the memory is full",
        "  value:    allkeys-lru",
        "  expected: noeviction",
        "  fix:      leave it out; or, if every entry can be made again, set persistence to cache",
      ],
    ],
    [
      "a wait that is too long for a failover within 8 s",
      { downAfter: "6s" },
      [
        "downAfter: too long",
        "  value:    6s",
        "  expected: from 1s to 5s: Sentinels ask once a second, and a failover must be over within 8 s",
      ],
    ],
    [
      "a failover that could not end",
      { failoverTimeout: "5s" },
      [
        "failoverTimeout: too short",
        "  value:    5s",
        "  expected: from 10s to 10m: an election alone may take 10 s, and one that failed is tried again after twice the time",
      ],
    ],
    [
      "more replicas to write than remain after a failover",
      { minReplicasToWrite: 2 },
      [
        "minReplicasToWrite: with one pod missing there are not enough replicas, and the master would take no write",
        "  value:    2, with 3 pods",
        "  expected: at most 1",
        "  fix:      lower it, or add pods",
      ],
    ],
    [
      "a replica to write for a pod without one",
      { replicas: 1, minReplicasToWrite: 1 },
      [
        "minReplicasToWrite: a single pod has no replica, and would take no write",
        "  value:    1",
        "  expected: at most 0",
        "  fix:      leave it out",
      ],
    ],
    [
      "a store whose master goes on alone",
      { minReplicasToWrite: 0 },
      [
        "minReplicasToWrite: a master that is cut off would go on taking writes, which are lost when it comes back",
        "  value:    0",
        "  expected: from 1 to 1",
        "  fix:      only a cache may do without: persistence cache",
      ],
    ],
    [
      "a lag of parts of seconds",
      { minReplicasMaxLag: "2500ms" },
      ["minReplicasMaxLag: Redis counts whole seconds", "  value:    2500ms", "  expected: 3s"],
    ],
    [
      "a volume of a cache",
      { ...three, storage: storage("1Gi") },
      ["storage: a cache writes nothing to disk", "  expected: no storage"],
    ],
    [
      "a volume that the log of writes outgrows",
      { maxmemory: "256Mi", storage: storage("500Mi") },
      [
        "storage.size: the log of writes does not fit beside its own rewrite",
        "  value:    500Mi, for 256Mi of memory",
        "  expected: at least 512Mi, twice that",
      ],
    ],
    [
      "a name that Sentinel would take for two",
      { masterSet: "atb master" },
      [
        "masterSet: not a name that Sentinel takes",
        "  value:    atb master",
        "  expected: letters, digits, dots, dashes and underscores",
      ],
    ],
    [
      "too little time to hand over",
      { terminationGracePeriodSeconds: 30 },
      [
        "terminationGracePeriodSeconds: a pod would be killed while it hands over or writes its data",
        "  value:    30",
        "  expected: a whole number, 60 or more",
      ],
    ],
    [
      "one password twice",
      { alsoAccepts: args.password },
      [
        "alsoAccepts: it is the key that password names",
        "  value:    key password",
        "  expected: another key or another Secret, with the other password of a rotation",
      ],
    ],
    [
      "more connections than the proxy's memory holds",
      { proxy: { maxConnections: 5000 } },
      [
        "proxy.resources.requests.memory: it does not cover the proxy's connections",
        "  value:    96Mi, for maxConnections 5000",
        "  expected: at least 244Mi: 48Mi + 5000 * 40Ki",
        "  fix:      raise the memory request, or lower maxConnections",
      ],
    ],
    [
      "a proxy of a single pod",
      { replicas: 1, proxy: {} },
      ["proxy: a single pod needs no proxy", "  expected: 3 replicas or more"],
    ],
  ])("%s", async (_, overrides, [first = "", ...rest]) => {
    const message = await refusal(() => new RedisHA("atb-redis", { ...args, ...overrides }));
    expect(message).toBe([`atb-redis (RedisHA).${first}`, ...rest].join("\n"));
  });

  it("is told all at once", async () => {
    const message = await refusal(
      () => new RedisHA("atb-redis", { ...args, replicas: 4, downAfter: "9s", image: "redis" }),
    );
    expect(message.match(/^atb-redis \(RedisHA\)\.\w+/gm)).toEqual([
      "atb-redis (RedisHA).replicas",
      "atb-redis (RedisHA).downAfter",
      "atb-redis (RedisHA).image",
    ]);
  });
});
