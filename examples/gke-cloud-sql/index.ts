import { CloudSqlDb, Edition, SslMode } from "@gatehouse/gcp";
import { ExternalSecrets, RestrictedNamespace, Workload } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const replicas = 3;
const passwordSecret = "orders-db-password";

const database = new CloudSqlDb("orders-db", {
  project: config.require("project"),
  region: "europe-west1",
  network: config.require("network"),
  databaseVersion: "POSTGRES_17",
  edition: Edition.Enterprise,
  tier: "db-custom-1-3840",
  databaseName: "orders",
  userName: "orders",
  // Pods connect to the address itself, so they have no client certificate.
  sslMode: SslMode.Encrypted,
  clients: [{ poolSize: 5, overflow: 5, maxInstances: replicas }],
  passwordSecret,
  passwordAccessors: { "external-secrets": config.require("secretReader") },
});

const { namespace } = new RestrictedNamespace("orders");
const secrets = new ExternalSecrets(
  "orders",
  {
    namespace,
    store: { name: config.require("secretStore") },
    data: { password: { key: passwordSecret, version: "1" } },
  },
  { dependsOn: [database] },
);

new Workload("orders", {
  namespace,
  image: config.require("image"),
  replicas,
  ports: [{ name: "http", port: 8080 }],
  // The link opens the way to the database's address and sets POSTGRES_HOST, _PORT, _DB and _USER. The password takes
  // the place of the reference to Secret Manager, which a pod cannot read.
  connectsTo: [database.endpoint],
  environment: {
    values: { POSTGRES_SSLMODE: "require" },
    secrets: { POSTGRES_PASSWORD: secrets.key("password") },
  },
  identity: { user: 10001 },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  readiness: { path: "/ready" },
});

export const databaseAddress = database.privateIpAddress;
