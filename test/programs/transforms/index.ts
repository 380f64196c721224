import { BackupCronJob, MigrationJob, RedisHA, Workload } from "@gatehouse/kubernetes";
import type * as k8s from "@pulumi/kubernetes/types/output.js";
import type * as pulumi from "@pulumi/pulumi";

interface HasPods {
  template?: k8s.core.v1.PodTemplateSpec;
  jobTemplate?: { spec: HasPods };
}

/** The transform of the README, word for word. */
const userNamespaces: pulumi.ResourceTransform = ({ props, opts }) => {
  const { spec } = props as { spec?: HasPods };
  const template = spec?.jobTemplate?.spec.template ?? spec?.template;
  if (template?.spec) template.spec.hostUsers = false;
  return { props, opts };
};

const transforms = [userNamespaces];
const program = {
  namespace: "shop",
  image: "registry.example.com/orders:1.4.2",
  identity: { user: 10001 },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } },
};

new Workload(
  "orders",
  { ...program, ports: [{ name: "http", port: 8080 }], readiness: { path: "/ready" } },
  { transforms },
);
new MigrationJob("migrate", { ...program, command: ["orders", "migrate"] }, { transforms });
const redis = new RedisHA(
  "queue",
  { namespace: "shop", password: { secret: "queue", key: "password" } },
  { transforms },
);
new BackupCronJob(
  "queue",
  {
    namespace: "shop",
    image: "registry.example.com/backup:7.2",
    source: { redis: redis.backupSource },
    destination: { s3: { bucket: "copies", prefix: "queue", region: "eu-central-1" } },
  },
  { transforms },
);
