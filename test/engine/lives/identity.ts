import type { CloudPlace, Life } from "./life.ts";

const images = "us-central1-docker.pkg.dev/agent-foundry-prod/af-identity";
const digest = `sha256:${"9".repeat(64)}`;
const service: CloudPlace = { type: "gcp:cloudrunv2/service:Service", name: "identity" };
const rollOut = "update Service identity";
const migrate = "update Job identity-migrations";

const apis = [
  "artifactregistry",
  "cloudresourcemanager",
  "compute",
  "containerscanning",
  "iam",
  "monitoring",
  "redis",
  "run",
  "secretmanager",
  "servicenetworking",
  "sqladmin",
  "vpcaccess",
];

export const identityProd: Life = {
  stack: "identity-prod",
  services: [{ object: service }],
  release: {
    config: (version) => [
      `identity:migration.image=${images}/af-identity-migrations:${version}@${digest}`,
      `identity:image=${images}/af-identity-service:${version}@${digest}`,
    ],
    steps: [migrate, rollOut],
    failure: { of: "migration", says: [/Job identity-migrations: its run r\w{7} has not succeeded: failed/] },
  },
  changes: [
    {
      name: "an image without a migration",
      config: [`identity:image=${images}/af-identity-service@sha256:${"8".repeat(64)}`],
      steps: [rollOut],
    },
    { name: "another attempt at the migration", config: ["identity:migration.attempt=2"], steps: [migrate] },
  ],
  drifts: [
    {
      name: "another concurrency",
      object: service,
      patch: { template: { maxInstanceRequestConcurrency: 1000 } },
      shows: /service:Service::identity\][^]*maxInstanceRequestConcurrency\s*: 80 => 1000/,
      steps: [rollOut],
    },
  ],
  guarded: {
    says: /cloudrunv2\/service:Service::identity" cannot be deleted/,
    lift: ["", "database.", "redis."].map((part) => `identity:${part}deletionProtection=false`),
  },
  // Audit logs and APIs, which the project's other stacks need too.
  retained: [
    "gcp:projects/iAMAuditConfig:IAMAuditConfig identity-cloudsql",
    "gcp:projects/iAMAuditConfig:IAMAuditConfig identity-secretmanager",
    ...apis.map((service) => `gcp:projects/service:Service identity-${service}`),
  ],
};
