/** A service on Kubernetes whose database is on AWS. */
import { type Endpoint, MigrationJob, RestrictedNamespace, Workload } from "@gatehouse/kubernetes";
import * as rds from "@pulumi/aws/rds/index.js";
import * as s3 from "@pulumi/aws/s3/index.js";
import * as core from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword.js";

const config = new pulumi.Config();
const port = 5432;
const subnets = "10.40.0.0/24";

const { result: password } = new RandomPassword("ledger", { length: 32, special: false });
const database = new rds.Instance(
  "ledger",
  {
    engine: "postgres",
    instanceClass: config.require("instanceClass"),
    allocatedStorage: 20,
    storageEncrypted: true,
    username: "ledger",
    password,
  },
  { protect: config.getBoolean("deletionProtection") ?? true },
);
new s3.Bucket("ledger-archive", {}, { retainOnDelete: true });

const { namespace } = new RestrictedNamespace("ledger");
const secret = new core.Secret("ledger", { metadata: { name: "ledger", namespace }, stringData: { password } });
const endpoint: Endpoint = {
  name: "database",
  port,
  addresses: [{ cidr: subnets }],
  environment: {
    values: { DATABASE_HOST: database.address },
    secrets: { DATABASE_PASSWORD: { secret: secret.metadata.name, key: "password" } },
  },
};
const pods = {
  namespace,
  image: config.require("image"),
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
  identity: { user: 10_001 },
  connectsTo: [endpoint],
};
const migration = new MigrationJob("ledger-migrate", {
  ...pods,
  command: ["ledger", "migrate"],
  environment: endpoint.environment,
});
new Workload(
  "ledger",
  {
    ...pods,
    ports: [{ name: "http", port: 8080 }],
    readiness: { path: "/ready" },
    replicas: config.requireNumber("replicas"),
  },
  { dependsOn: migration },
);
