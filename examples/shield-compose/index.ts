import { AuthService, DevelopmentPostgres, DevelopmentRedis, RestrictedNamespace } from "@gatehouse/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

const config = new pulumi.Config();

const { namespace } = new RestrictedNamespace("shield-compose");

const db = new DevelopmentPostgres("db", { namespace, database: "shield", image: "postgres:15.14" });
const redis = new DevelopmentRedis("redis", { namespace, image: "redis:7.2.11-alpine" });

const secret = new core.Secret("shield", {
  metadata: { name: "shield", namespace },
  stringData: { "secret-key": new RandomPassword("shield-secret-key", { length: 50 }).result },
});

const shield = new AuthService(
  "shield",
  {
    namespace,
    image: config.require("image"),
    arguments: ["python", "manage.py", "runserver", "0.0.0.0:8000"],
    ports: [{ name: "http", port: 8000 }],
    environment: {
      values: {
        DJANGO_SETTINGS_MODULE: "config.settings.development",
        // The kubelet addresses the pod by its IP, a forwarded port by localhost.
        ALLOWED_HOSTS: "localhost,$(POD_IP)",
        // The root file system is read-only.
        PYTHONDONTWRITEBYTECODE: "1",
      },
      secrets: { SECRET_KEY: { secret: secret.metadata.name, key: "secret-key" } },
      fields: { POD_IP: "status.podIP" },
    },
    connectsTo: [db.endpoint, redis.endpoint],
    identity: { user: 1000 },
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } },
    readiness: { path: "/health/", timeoutSeconds: 10 },
  },
  { dependsOn: [db, redis] },
);

export const { serviceName } = shield;
