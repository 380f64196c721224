import {
  BackupCronJob,
  Broker,
  DevelopmentPostgres,
  DevelopmentRedis,
  Edge,
  EdgeKind,
  ExternalSecrets,
  MigrationJob,
  RedisHA,
  RestrictedNamespace,
  Workload,
} from "@gatehouse/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { migration, workload } from "./support/examples.ts";
import { record } from "./support/record.ts";

type Opts = pulumi.ComponentResourceOptions;

const namespace = "shop";
const metrics = { port: "http" };
const password = { secret: "redis", key: "password" };
const workloadNetwork = { secretName: "shop-tls", clusterIssuer: "letsencrypt" };
const source = {
  postgres: {
    url: { secret: "shop", key: "url" },
    server: { name: "database", port: 5432, addresses: [{ cidr: "10.0.0.5/32" }] },
    scratch: { image: "postgres:15.14" },
  },
};
const destination = { s3: { bucket: "backups", prefix: "shop", region: "us-west-2" } };

/** Each component, and those of its resources whose creation the provider waits for or that need an operator. */
const components: [string, (opts: Opts) => unknown, string[]][] = [
  ["Workload", (opts) => new Workload("it", { ...workload, metrics }, opts), ["it-deployment", "it-service-monitor"]],
  ["Broker", (opts) => new Broker("it", { ...workload, metrics }, opts), ["it-deployment", "it-service-monitor"]],
  ["MigrationJob", (opts) => new MigrationJob("it", migration, opts), ["it-job"]],
  [
    "BackupCronJob",
    (opts) => new BackupCronJob("it", { namespace, source, destination, image: "registry.example.com/b:15.14" }, opts),
    ["it-backup-cron-job", "it-restore-check-cron-job"],
  ],
  [
    "RedisHA",
    (opts) => new RedisHA("it", { namespace, password, metrics: {} }, opts),
    ["it-deployment", "it-service-monitor", "it-stateful-set"],
  ],
  ["DevelopmentRedis", (opts) => new DevelopmentRedis("it", { namespace }, opts), ["it-deployment"]],
  [
    "DevelopmentPostgres",
    (opts) => new DevelopmentPostgres("it", { namespace, database: "shop" }, opts),
    ["it-deployment"],
  ],
  [
    "ExternalSecrets",
    (opts) => new ExternalSecrets("it", { namespace, store: { name: "vault" }, data: { url: { key: "shop" } } }, opts),
    ["it-external-secret"],
  ],
  ["RestrictedNamespace", (opts) => new RestrictedNamespace("it", {}, opts), ["it-namespace"]],
  [
    "Edge of nginx",
    (opts) =>
      new Edge(
        "it",
        {
          kind: EdgeKind.Nginx,
          namespace,
          hosts: ["api.example.com"],
          routes: [{ path: "/" }],
          tls: workloadNetwork,
          serviceName: "shop",
          servicePort: 80,
        },
        opts,
      ),
    ["it-acme-solver-policy", "it-ingress"],
  ],
  [
    "Edge of Gateway API",
    (opts) =>
      new Edge(
        "it",
        {
          kind: EdgeKind.Gateway,
          namespace,
          hosts: ["api.example.com"],
          routes: [{ path: "/" }],
          tls: workloadNetwork,
          serviceName: "shop",
          servicePort: 80,
          gateway: { className: "eg" },
        },
        opts,
      ),
    ["it-gateway", "it-route"],
  ],
];

describe("dependsOn and customTimeouts, which Pulumi does not hand down to children", () => {
  it.each(components)("of a %s are those of the resources that wait", async (_, make, names) => {
    const recording = await record(() => {
      const first = new core.ConfigMap("first", { metadata: { name: "first" } });
      make({ dependsOn: first, customTimeouts: { create: "25m", update: "26m" } });
    });
    for (const name of names) {
      const found = recording.resources.filter((one) => one.name === name && one.type.startsWith("kubernetes:"));
      expect(found.length, name).toBeGreaterThan(0);
      for (const { dependencies, customTimeouts } of found) {
        expect(dependencies, name).toContain("first");
        expect(customTimeouts, name).toEqual({ create: "25m", update: "26m", delete: "" });
      }
    }
  });
});
