import { AuthService, Edge, EdgeKind, external, RestrictedNamespace } from "@gatehouse/kubernetes";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const host = config.require("host");

const { namespace } = new RestrictedNamespace("login");

const secret = new core.Secret("login", {
  metadata: { name: "login", namespace },
  stringData: { "database-url": config.requireSecret("databaseUrl") },
});

const login = new AuthService("login", {
  namespace,
  image: config.require("image"),
  ports: [{ name: "http", port: 8080, servicePort: 80 }],
  environment: { values: { PUBLIC_URL: `https://${host}` } },
  database: {
    endpoint: external("postgres", 5432, ["10.20.0.0/24"], {
      secrets: { DATABASE_URL: { secret: secret.metadata.name, key: "database-url" } },
    }),
    poolSize: 10,
    maxConnections: 100,
  },
  identity: { user: 10001 },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  readiness: { path: "/ready" },
  replicas: 2,
});

export const { url } = new Edge("login", {
  kind: EdgeKind.Nginx,
  namespace,
  hosts: [host],
  routes: [{ path: "/" }],
  tls: { secretName: "login-tls", clusterIssuer: "letsencrypt" },
  rateLimit: { requestsPerMinute: 100 },
  target: login.target,
});
