import {
  AuthService,
  type AuthServiceArgs,
  DevelopmentRedis,
  type Endpoint,
  external,
  internet,
} from "@gatehouse/kubernetes";
import { describe, expect, test } from "vitest";
import { authService, dns, lines, publicKey, resources } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const database: Endpoint = {
  name: "postgres",
  port: 5432,
  addresses: [{ cidr: "10.20.0.0/16" }],
  environment: { secrets: { DATABASE_URL: { secret: "login-secrets", key: "database-url" } } },
};
const migration = { command: ["login", "migrate"], resources };
const signingKeys = {
  keys: { current: { kid: "k1", publicKey: publicKey() } },
  rules: { jwksCacheTime: "1h", tokenLifetime: "30d" },
  privateKey: { store: { name: "vault" } },
};
const secretOf = (key: string) => ({ secret: "login-secrets", key });

const recordService = (args: Partial<AuthServiceArgs> = {}) =>
  record(() => new AuthService("login", { ...authService, ...args }));
const refusalOf = (args: Partial<AuthServiceArgs>) =>
  refusal(() => new AuthService("login", { ...authService, ...args }));

const variablesOf = async (args: Partial<AuthServiceArgs> = {}) => {
  const { containers } = (await recordService(args)).object("Deployment", "login").spec.template.spec;
  return Object.fromEntries(
    (containers[0]?.env ?? []).map(({ name, value, valueFrom }) => {
      const { secretKeyRef } = { ...valueFrom } as { secretKeyRef?: { name: string; key: string } };
      return [name, secretKeyRef ? `${secretKeyRef.name}/${secretKeyRef.key}` : value];
    }),
  );
};

const jobOf = async (args: Partial<AuthServiceArgs>) => {
  const recording = await recordService(args);
  const [, name = ""] =
    recording
      .objects()
      .find((object) => object.startsWith("Job "))
      ?.split(" ") ?? [];
  return recording.object("Job", name);
};

test("the least that is told is a workload without a variable", async () => {
  const recording = await recordService();
  expect(recording.objects()).toEqual([
    "Deployment login",
    "NetworkPolicy login",
    "PodDisruptionBudget login",
    "Service login",
    "ServiceAccount login",
  ]);
  expect(await variablesOf()).toEqual({});
});

test("everything: what is a child of what", async () => {
  const recording = await recordService({ signingKeys, database: { endpoint: database, poolSize: 5 }, migration });
  expect(recording.family()).toEqual([
    "gatehouse:kubernetes:AuthService login",
    "login > gatehouse:kubernetes:MigrationJob login-migrate",
    "login > gatehouse:kubernetes:NetworkAccess login-network",
    "login > gatehouse:kubernetes:SigningKeys login-jwt",
    "login > gatehouse:kubernetes:Workload login",
    "login > kubernetes:apps/v1:Deployment login-deployment",
    "login > kubernetes:core/v1:Service login-service",
    "login > kubernetes:core/v1:ServiceAccount login-service-account",
    "login > kubernetes:policy/v1:PodDisruptionBudget login-disruption-budget",
    "login-jwt > gatehouse:kubernetes:ExternalSecrets login-jwt-private-key",
    "login-jwt > kubernetes:core/v1:ConfigMap login-jwt-jwks",
    "login-jwt-private-key > kubernetes:external-secrets.io/v1:ExternalSecret login-jwt-private-key-external-secret",
    "login-migrate > gatehouse:kubernetes:NetworkAccess login-migrate-network",
    "login-migrate > kubernetes:batch/v1:Job login-migrate-job",
    "login-migrate > kubernetes:core/v1:ServiceAccount login-migrate-service-account",
    "login-migrate-network > kubernetes:networking.k8s.io/v1:NetworkPolicy login-migrate-network-policy",
    "login-network > kubernetes:networking.k8s.io/v1:NetworkPolicy login-network-policy",
  ]);
});

describe("order", () => {
  test("the pods come after the migration, their keys, and what the component waits for", async () => {
    const recording = await record(() => {
      const redis = new DevelopmentRedis("redis", { namespace: "shop" });
      const args = { ...authService, signingKeys, database: { endpoint: database, poolSize: 5 }, migration };
      new AuthService("login", args, { dependsOn: redis, customTimeouts: { create: "20m" } });
    });
    const deployment = recording.resource("kubernetes:apps/v1:Deployment", "login-deployment");
    expect(deployment.dependencies).toEqual(
      expect.arrayContaining([
        "login-migrate-job",
        "login-jwt-private-key-external-secret",
        "login-jwt-jwks",
        "login-network-policy",
        "redis-deployment",
      ]),
    );
    expect(deployment.customTimeouts.create).toBe("20m");
    const job = recording.resource("kubernetes:batch/v1:Job", "login-migrate-job");
    expect(job.dependencies).toEqual(
      expect.arrayContaining([
        "login-jwt-private-key-external-secret",
        "login-jwt-jwks",
        "login-migrate-network-policy",
        "redis-deployment",
      ]),
    );
    expect(job.dependencies).not.toContain("login-deployment");
    expect(job.customTimeouts.create).toBe("20m");
  });

  test("the migration reaches the database and what it asks for, and has the variables of every link", async () => {
    const cache = external("cache", 6379, ["10.20.1.0/24"], { values: { REDIS_URL: "redis://10.20.1.5:6379" } });
    const args = {
      ...authService,
      database: { endpoint: database, poolSize: 5 },
      connectsTo: [cache, internet("mail", 587)],
      migration: { ...migration, connectsTo: [cache] },
    };
    const recording = await record(() => new AuthService("login", args));
    const { egress } = recording.object("NetworkPolicy", "login-migrate").spec;
    expect(egress.map(({ ports }) => ports[0]?.port)).toEqual([53, 5432, 6379]);
    const job = recording.resource("kubernetes:batch/v1:Job", "login-migrate-job").inputs;
    expect(JSON.stringify(job)).toContain("redis://10.20.1.5:6379");
  });
});

describe("variables", () => {
  test("of OAuth, for the providers that are given", async () => {
    const google = { clientId: "id.apps.example.com", clientSecret: secretOf("google-client-secret") };
    expect(await variablesOf({ oauth: { google } })).toEqual({
      GOOGLE_CLIENT_ID: "id.apps.example.com",
      GOOGLE_CLIENT_SECRET: "login-secrets/google-client-secret",
    });
    const github = { clientId: "abc", clientSecret: secretOf("github-client-secret") };
    expect(Object.keys(await variablesOf({ oauth: { google, github } })).sort()).toEqual([
      "GITHUB_CLIENT_ID",
      "GITHUB_CLIENT_SECRET",
      "GOOGLE_CLIENT_ID",
      "GOOGLE_CLIENT_SECRET",
    ]);
  });

  test("of SAML", async () => {
    const saml = {
      entityId: "https://login.example.com/saml",
      certificate: secretOf("saml-certificate"),
      privateKey: secretOf("saml-private-key"),
    };
    expect(await variablesOf({ saml })).toEqual({
      SAML_SP_ENTITY_ID: "https://login.example.com/saml",
      SAML_SP_X509_CERT: "login-secrets/saml-certificate",
      SAML_SP_PRIVATE_KEY: "login-secrets/saml-private-key",
    });
  });

  test("of the signing keys and the database", async () => {
    expect(await variablesOf({ signingKeys, database: { endpoint: database, poolSize: 5 } })).toEqual({
      DATABASE_URL: "login-secrets/database-url",
      JWT_PRIVATE_KEY: "login-jwt-k1/jwt-private-key",
      JWT_PUBLIC_KEY: signingKeys.keys.current.publicKey,
      JWT_KEY_ID: "k1",
      JWT_JWKS_FILE: "/etc/jwks/jwks.json",
    });
  });

  test("of the program's own override them", async () => {
    const environment = { values: { JWT_KEY_ID: "mine" } };
    expect(await variablesOf({ signingKeys, environment })).toMatchObject({ JWT_KEY_ID: "mine" });
  });
});

test("the database and the links are reached, the JWKS is mounted", async () => {
  const recording = await recordService({
    signingKeys,
    database: { endpoint: database, poolSize: 5 },
    connectsTo: [{ name: "smtp", port: 587, addresses: [{ cidr: "203.0.113.0/24" }] }],
  });
  expect(recording.object("NetworkPolicy", "login").spec.egress).toEqual([
    dns,
    { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] },
    { to: [{ ipBlock: { cidr: "203.0.113.0/24" } }], ports: [{ protocol: "TCP", port: 587 }] },
  ]);
  const { volumes, containers } = recording.object("Deployment", "login").spec.template.spec;
  expect(volumes).toEqual([
    { name: "tmp", emptyDir: {} },
    {
      name: "jwks",
      configMap: { name: expect.stringMatching(/^login-jwt-jwks-[0-9a-f]{8}$/) as string, defaultMode: 0o444 },
    },
  ]);
  expect(containers[0]?.volumeMounts).toEqual([
    { name: "tmp", mountPath: "/tmp" },
    { name: "jwks", mountPath: "/etc/jwks", readOnly: true },
  ]);
});

describe("the migration", () => {
  const redis: Endpoint = {
    name: "redis",
    port: 6379,
    pods: { namespace: "shop", labels: { app: "redis" } },
    environment: { values: { REDIS_URL: "redis://redis:6379/0" } },
  };
  const args: Partial<AuthServiceArgs> = {
    signingKeys,
    database: { endpoint: database, poolSize: 5 },
    migration: { ...migration, backoffLimit: 1, activeDeadlineSeconds: 900 },
    connectsTo: [redis],
    labels: { app: "login", team: "identity" },
    selectorLabels: { app: "login" },
    environment: { values: { LEVEL: "info" } },
    temporaryDirectories: ["/tmp", "/var/run/login"],
    volumes: [{ name: "settings", mountPath: "/etc/login", configMap: "login" }],
  };

  test("runs the service's image with its environment, directories and volumes", async () => {
    const recording = await recordService(args);
    const [service] = recording.object("Deployment", "login").spec.template.spec.containers;
    const { spec } = await jobOf(args);
    const pod = spec.template.spec;
    const [container] = pod.containers;
    expect(container?.image).toBe("registry.example.com/login:2.0.1");
    expect(container?.command).toEqual(["login", "migrate"]);
    expect(container?.env).toEqual(service?.env);
    expect(container?.env.map(({ name }) => name)).toEqual([
      "DATABASE_URL",
      "JWT_PRIVATE_KEY",
      "JWT_JWKS_FILE",
      "JWT_KEY_ID",
      "JWT_PUBLIC_KEY",
      "LEVEL",
      "REDIS_URL",
    ]);
    expect(container?.volumeMounts).toEqual(service?.volumeMounts);
    expect(pod.volumes).toEqual(recording.object("Deployment", "login").spec.template.spec.volumes);
    expect([spec.backoffLimit, spec.activeDeadlineSeconds]).toEqual([1, 900]);
  });

  test("reaches the database and nothing else", async () => {
    const recording = await recordService(args);
    expect(recording.object("NetworkPolicy", "login-migrate").spec.egress).toEqual([
      dns,
      { to: [{ ipBlock: { cidr: "10.20.0.0/16" } }], ports: [{ protocol: "TCP", port: 5432 }] },
    ]);
  });

  test("has pods that neither the Service nor a budget nor a policy of the service selects", async () => {
    const recording = await recordService(args);
    const { labels } = (await jobOf(args)).spec.template.metadata;
    expect(labels).toEqual({ "app.kubernetes.io/name": "login-migrate" });
    const selectors = [
      recording.object("Service", "login").spec.selector,
      recording.object("PodDisruptionBudget", "login").spec.selector.matchLabels,
      recording.object("NetworkPolicy", "login").spec.podSelector.matchLabels,
    ];
    for (const selector of selectors) expect(labels).not.toMatchObject(selector);
  });
});

describe("refused", () => {
  test("pools that are larger than the database", async () => {
    const message = await refusalOf({
      database: { endpoint: database, poolSize: 50, processes: 4, maxConnections: 500 },
      scaling: { minReplicas: 3, maxReplicas: 10, cpuPercent: 70 },
    });
    expect(message).toBe(
      lines(
        "login (AuthService).database.poolSize: the connection pools are larger than the database",
        "  value:    50 pool x 4 processes x (10 + 1 instances) = 2200, and 5 reserved: 2205",
        "  expected: at most 500, the database's max_connections",
        "  fix:      a pool of at most 11, fewer instances, or a larger database",
      ),
    );
  });

  test("pools that fit exactly are not", async () => {
    const args = {
      database: { endpoint: database, poolSize: 11, processes: 4, maxConnections: 489 },
      scaling: { minReplicas: 3, maxReplicas: 10, cpuPercent: 70 },
    };
    expect((await recordService(args)).objects()).toContain("Deployment login");
    expect(await refusalOf({ ...args, database: { ...args.database, maxConnections: 488 } })).toContain(
      "= 484, and 5 reserved: 489",
    );
  });

  test("a pool of no size", async () => {
    expect(await refusalOf({ database: { endpoint: database, poolSize: 0, processes: 1.5 } })).toBe(
      lines(
        "2 problems",
        "",
        "login (AuthService).database.poolSize: not a number of connections",
        "  value:    0",
        "  expected: a whole number, 1 or more",
        "",
        "login (AuthService).database.processes: not a number of processes",
        "  value:    1.5",
        "  expected: a whole number, 1 or more",
      ),
    );
  });

  test("a migration without a database", async () => {
    expect(await refusalOf({ migration })).toBe(
      lines(
        "login (AuthService).migration: the migration has no database to connect to",
        "  expected: database, with the endpoint that is migrated",
      ),
    );
  });

  test("a timeout of Pulumi's that is shorter than the migration's own", async () => {
    const args = { ...authService, database: { endpoint: database, poolSize: 5 }, migration };
    const timed = (create: string) => () => new AuthService("login", args, { customTimeouts: { create } });
    expect(await refusal(timed("5m"))).toBe(
      lines(
        "login-migrate (MigrationJob).activeDeadlineSeconds: Pulumi gives the migration up before its own deadline, while it still runs",
        "  value:    activeDeadlineSeconds 600, customTimeouts.create 5m",
        "  expected: customTimeouts.create of 600s or more",
        "  fix:      raise customTimeouts.create, or lower activeDeadlineSeconds",
      ),
    );
    await record(timed("10m"));
  });

  test("pools whose overflow exceeds the database", async () => {
    const fits = { endpoint: database, poolSize: 5, overflow: 10, processes: 2, maxConnections: 65 };
    await record(() => new AuthService("login", { ...authService, replicas: 1, database: fits }));
    expect(await refusalOf({ replicas: 1, database: { ...fits, maxConnections: 64 } })).toBe(
      lines(
        "login (AuthService).database.poolSize: the connection pools are larger than the database",
        "  value:    (5 pool + 10 overflow) x 2 processes x (1 + 1 instances) = 60, and 5 reserved: 65",
        "  expected: at most 64, the database's max_connections",
        "  fix:      a pool of at most 4, fewer instances, or a larger database",
      ),
    );
  });

  test("the database as a link beside", async () => {
    expect(await refusalOf({ database: { endpoint: database, poolSize: 5 }, connectsTo: [database] })).toBe(
      lines(
        "2 problems",
        "",
        "login (Workload).connectsTo: two links have the same name",
        "  value:    postgres",
        "  expected: a different name for each server and port",
        '  fix:      remove one, or rename one: { ...endpoint, name: "postgres-2" }',
        "",
        "login (Workload).connectsTo: two links set the same variable",
        "  value:    DATABASE_URL, of postgres and postgres",
        "  expected: a variable for each",
        "  fix:      set DATABASE_URL in environment, or give one endpoint another: { ...endpoint, environment }",
      ),
    );
  });
});
