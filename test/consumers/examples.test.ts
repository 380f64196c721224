import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { consumer, gatehouse, object, objectNames, preview, typeCheck, variant } from "./consumer.ts";

const passed = { status: 0, stdout: "", output: "" };

function typescriptVersion(folder: string): string {
  const manifest = readFileSync(join(folder, "node_modules/typescript/package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

describe("an ES module that imports AuthService and Edge", () => {
  test("type-checks", async () => {
    expect(await typeCheck(consumer("auth-service"))).toEqual(passed);
  });

  test("previews with each of its objects, and what follows from its links", async () => {
    const stack = await preview(consumer("auth-service"));
    expect(objectNames(stack)).toEqual([
      "Deployment login/login",
      "Ingress login/login",
      "Namespace login",
      "NetworkPolicy login/default-deny",
      "NetworkPolicy login/login",
      "NetworkPolicy login/login-acme-solver",
      "NetworkPolicy login/login-edge",
      "PodDisruptionBudget login/login",
      "Secret login/login",
      "Service login/login",
      "ServiceAccount login/login",
    ]);
    expect(stack.outputs).toEqual({ url: "https://login.dev.example.com" });
    expect(stack.diagnostics).toEqual([]);
    expect(object(stack, "Deployment", "login")).toMatchObject({
      spec: {
        replicas: 2,
        template: {
          spec: {
            containers: [
              {
                image: "registry.example.com/login:1.4.2",
                env: [
                  { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "login", key: "database-url" } } },
                  { name: "PUBLIC_URL", value: "https://login.dev.example.com" },
                ],
              },
            ],
          },
        },
      },
    });
    expect(object(stack, "NetworkPolicy", "login")).toMatchObject({
      spec: {
        ingress: [],
        egress: [{}, { to: [{ ipBlock: { cidr: "10.20.0.0/24" } }], ports: [{ protocol: "TCP", port: 5432 }] }],
      },
    });
    expect(object(stack, "NetworkPolicy", "login-edge")).toMatchObject({
      spec: {
        podSelector: { matchLabels: { "app.kubernetes.io/name": "login" } },
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } }],
            ports: [{ protocol: "TCP", port: 8080 }],
          },
        ],
      },
    });
  });

  test("shows the secret of its config nowhere", async () => {
    const folder = consumer("auth-service");
    for (const options of [["--json"], ["--yaml", "manifests"]]) {
      const { status, output } = await gatehouse(folder, "preview", "dev", ...options);
      expect(status).toBe(0);
      expect(output).not.toContain("postgresql://");
    }
    const manifests = readdirSync(join(folder, "manifests"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => readFileSync(join(folder, "manifests", file), "utf8"));
    expect(manifests).toHaveLength(11);
    expect(manifests.join()).not.toContain("postgresql://");
  });
});

describe("a program in a private cluster", () => {
  test("type-checks", async () => {
    expect(await typeCheck(consumer("private-cluster"))).toEqual(passed);
  });

  test("previews pods with the cluster's settings and an init container", async () => {
    const stack = await preview(consumer("private-cluster"));
    expect(stack.diagnostics).toEqual([]);
    expect(object(stack, "Deployment", "ledger")).toMatchObject({
      spec: {
        replicas: 2,
        template: {
          spec: {
            imagePullSecrets: [{ name: "registry" }],
            nodeSelector: { pool: "business" },
            priorityClassName: "business",
            tolerations: [{}, {}, { key: "dedicated", operator: "Equal", value: "business", effect: "NoSchedule" }],
            initContainers: [{ name: "index", command: ["ledger", "build-index"] }],
          },
        },
      },
    });
  });
});

describe("Shield's docker-compose topology", () => {
  test("type-checks", async () => {
    expect(await typeCheck(consumer("shield-compose"))).toEqual(passed);
  });

  test("previews PostgreSQL 15, Redis 7 and the development server in one namespace", async () => {
    const stack = await preview(consumer("shield-compose"));
    const perWorkload = ["Deployment", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount"];
    expect(objectNames(stack)).toEqual(
      [
        "Namespace shield-compose",
        ...["db-from-shield", "redis-from-shield", "default-deny"].map(
          (name) => `NetworkPolicy shield-compose/${name}`,
        ),
        ...["db", "redis", "shield"].flatMap((name) => [
          `Secret shield-compose/${name}`,
          ...perWorkload.map((kind) => `${kind} shield-compose/${name}`),
        ]),
      ].sort(),
    );
    const image = (image: string): object => ({ spec: { template: { spec: { containers: [{ image }] } } } });
    expect(object(stack, "Deployment", "db")).toMatchObject(image("postgres:15.14"));
    expect(object(stack, "Deployment", "redis")).toMatchObject(image("redis:7.2.11-alpine"));
    expect(object(stack, "Deployment", "shield")).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                image: "shield:dev",
                args: ["python", "manage.py", "runserver", "0.0.0.0:8000"],
                ports: [{ containerPort: 8000 }],
                env: expect.arrayContaining([
                  { name: "DJANGO_SETTINGS_MODULE", value: "config.settings.development" },
                  { name: "DATABASE_URL", value: "postgresql://postgres:$(DATABASE_PASSWORD)@db:5432/shield" },
                  { name: "REDIS_URL", value: "redis://:$(REDIS_PASSWORD)@redis:6379/0" },
                  { name: "SECRET_KEY", valueFrom: { secretKeyRef: { name: "shield", key: "secret-key" } } },
                ]) as unknown,
              },
            ],
          },
        },
      },
    });
  });
});

describe("the project of `pulumi new typescript`, a CommonJS program", () => {
  const objects = [
    "Deployment login-dev/login",
    "Namespace login-dev",
    "NetworkPolicy login-dev/default-deny",
    "NetworkPolicy login-dev/login",
    "PodDisruptionBudget login-dev/login",
    "Service login-dev/login",
    "ServiceAccount login-dev/login",
  ];

  test("type-checks with the TypeScript 5 that it asks for, declarations of libraries included", async () => {
    const folder = consumer("typescript-template");
    expect(typescriptVersion(folder)).toMatch(/^5\./);
    expect(await typeCheck(folder)).toEqual(passed);
  });

  test("previews, compiled by the SDK", async () => {
    const stack = await preview(consumer("typescript-template"));
    expect(objectNames(stack)).toEqual(objects);
    expect(stack.outputs).toEqual({ serviceName: "login" });
    expect(stack.diagnostics).toEqual([]);
  });

  test("as it was before March 2026, without `exports` in module resolution, type-checks and previews", async () => {
    const folder = variant("typescript-template", "older", {
      "tsconfig.json": [
        [`"module": "nodenext"`, `"module": "commonjs"`],
        [`"moduleResolution": "nodenext"`, `"moduleResolution": "node"`],
      ],
    });
    expect(await typeCheck(folder)).toEqual(passed);
    expect(objectNames(await preview(folder))).toEqual(objects);
  });
});

describe("a misspelt argument", () => {
  const message = /'replica' does not exist in type 'AuthServiceArgs'/;

  test("is found by an ES module's type check", async () => {
    const folder = variant("auth-service", "misspelt", { "index.ts": [["replicas: 2", "replica: 2"]] });
    const { status, output } = await typeCheck(folder);
    expect(status).not.toBe(0);
    expect(output).toMatch(message);
  });

  test("is found by the type check and by the preview of the template", async () => {
    const folder = variant("typescript-template", "misspelt", {
      "index.ts": [["namespace,", "namespace, replica: 2,"]],
    });
    const checked = await typeCheck(folder);
    expect(checked.status).not.toBe(0);
    expect(checked.output).toMatch(message);
    const previewed = await gatehouse(folder, "preview", "dev");
    expect(previewed.status).toBe(2);
    expect(previewed.output).toMatch(message);
  });
});
