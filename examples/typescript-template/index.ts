import * as gatehouse from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const stack = pulumi.getStack();

const { namespace } = new gatehouse.RestrictedNamespace("login", { namespace: `login-${stack}` });

const login = new gatehouse.AuthService("login", {
  namespace,
  image: "registry.example.com/login:1.4.2",
  ports: [{ name: "http", port: 8080 }],
  identity: { user: 10001 },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  readiness: { path: "/ready" },
  connectsTo: [gatehouse.internet("identity-providers", 443)],
});

export const serviceName = login.serviceName;
