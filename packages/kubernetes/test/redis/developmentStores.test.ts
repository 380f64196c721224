import { DevelopmentPostgres, DevelopmentRedis, type Endpoint, Workload } from "@gatehouse/kubernetes";
import { describe, expect, test } from "vitest";
import { restricted, workload } from "../support/examples.ts";
import { type Recording, record, secret } from "../support/record.ts";

/** Every place in which a text occurs, as a path. */
function placesOf(value: unknown, text: string, path = ""): string[] {
  if (typeof value === "string") return value.includes(text) ? [path] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => placesOf(member, text, `${path}.${key}`));
}

const passwordsIn = (recording: Recording) =>
  recording.resources.flatMap(({ type, inputs }) => placesOf(inputs, "generated-").map((place) => `${type} ${place}`));

const environmentOf = (recording: Recording, name: string) =>
  recording.object("Deployment", name).spec.template.spec.containers[0]?.env;

describe("Redis", () => {
  const program = (client: (endpoint: Endpoint) => void) => () => {
    const { endpoint } = new DevelopmentRedis("redis", {
      namespace: "shop",
      database: 2,
      labels: { team: "checkout" },
    });
    client(endpoint);
  };
  const linked = (endpoint: Endpoint): void => {
    new Workload("orders", { ...workload, connectsTo: [endpoint] });
  };

  test("the password is in a Secret and nowhere else", async () => {
    const recording = await record(program(linked));
    expect(passwordsIn(recording)).toEqual([
      "kubernetes:core/v1:Secret .stringData.$secret.password",
      "kubernetes:core/v1:Secret .stringData.$secret.redis.conf",
    ]);
    expect(recording.object("Secret", "redis")).toMatchObject({
      metadata: { name: "redis", namespace: "shop", labels: { team: "checkout" } },
      stringData: secret({
        password: "generated-redis-password",
        "redis.conf": 'port 6379\nrequirepass generated-redis-password\nsave ""\nappendonly no\n',
      }),
    });
    expect(recording.resource("random:index/randomPassword:RandomPassword", "redis-password").inputs).toEqual({
      length: 32,
      special: false,
    });
  });

  test("the server reads it from a file", async () => {
    const recording = await record(program(() => undefined));
    const { containers, volumes } = recording.object("Deployment", "redis").spec.template.spec;
    expect(containers).toHaveLength(1);
    expect(containers[0]).toMatchObject({
      image: "redis:7.2.11-alpine",
      command: ["redis-server", "/etc/redis/redis.conf"],
      env: [{ name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: "redis", key: "password" } } }],
      readinessProbe: { exec: { command: ["redis-cli", "ping"] }, timeoutSeconds: 5 },
      livenessProbe: { tcpSocket: { port: 6379 } },
      volumeMounts: [
        { name: "data", mountPath: "/data" },
        { name: "configuration", mountPath: "/etc/redis", readOnly: true },
      ],
      securityContext: restricted,
    });
    expect(volumes).toEqual([
      { name: "data", emptyDir: {} },
      { name: "configuration", secret: { secretName: "redis", defaultMode: 0o440 } },
    ]);
  });

  test("a client that is linked gets the address and is let through", async () => {
    const recording = await record(program(linked));
    expect(environmentOf(recording, "orders")).toEqual([
      { name: "REDIS_PASSWORD", valueFrom: { secretKeyRef: { name: "redis", key: "password" } } },
      { name: "REDIS_URL", value: "redis://:$(REDIS_PASSWORD)@redis:6379/2" },
    ]);
    const { podSelector, ingress } = recording.object("NetworkPolicy", "redis-from-orders").spec;
    expect(podSelector).toEqual({ matchLabels: { "app.kubernetes.io/name": "redis" } });
    expect(ingress[0]?.ports).toEqual([{ protocol: "TCP", port: 6379 }]);
  });
});

describe("PostgreSQL", () => {
  const program = () => {
    const { endpoint } = new DevelopmentPostgres("postgres", { namespace: "shop", database: "orders" });
    new Workload("orders", { ...workload, connectsTo: [endpoint] });
  };

  test("the password is in a Secret and nowhere else", async () => {
    const recording = await record(program);
    expect(passwordsIn(recording)).toEqual(["kubernetes:core/v1:Secret .stringData.$secret.password"]);
    expect(recording.object("Secret", "postgres").stringData).toEqual(
      secret({ password: "generated-postgres-password" }),
    );
  });

  test("the server", async () => {
    const { containers, volumes } = (await record(program)).object("Deployment", "postgres").spec.template.spec;
    expect(containers).toHaveLength(1);
    expect(containers[0]).not.toHaveProperty("command");
    expect(containers[0]).not.toHaveProperty("args");
    expect(containers[0]).toMatchObject({
      image: "postgres:15.14",
      env: [
        { name: "POSTGRES_PASSWORD", valueFrom: { secretKeyRef: { name: "postgres", key: "password" } } },
        { name: "PGDATA", value: "/var/lib/postgresql/data/pgdata" },
        { name: "POSTGRES_DB", value: "orders" },
        { name: "POSTGRES_USER", value: "postgres" },
      ],
      readinessProbe: { exec: { command: ["pg_isready", "-U", "postgres"] }, periodSeconds: 5, failureThreshold: 5 },
      livenessProbe: { tcpSocket: { port: 5432 } },
      volumeMounts: [
        { name: "tmp", mountPath: "/tmp" },
        { name: "var-lib-postgresql-data", mountPath: "/var/lib/postgresql/data" },
        { name: "var-run-postgresql", mountPath: "/var/run/postgresql" },
      ],
      securityContext: restricted,
    });
    expect(volumes).toHaveLength(3);
  });

  test("a client that is linked gets the address and is let through", async () => {
    const recording = await record(program);
    expect(environmentOf(recording, "orders")).toEqual([
      { name: "DATABASE_PASSWORD", valueFrom: { secretKeyRef: { name: "postgres", key: "password" } } },
      { name: "DATABASE_URL", value: "postgresql://postgres:$(DATABASE_PASSWORD)@postgres:5432/orders" },
    ]);
    expect(recording.object("NetworkPolicy", "postgres-from-orders").spec.ingress[0]?.ports).toEqual([
      { protocol: "TCP", port: 5432 },
    ]);
  });
});
