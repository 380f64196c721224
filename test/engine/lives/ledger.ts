import { join } from "node:path";
import { type CloudPlace, deployment, type Life } from "./life.ts";

const image = "registry.example.com/ledger";
const service = deployment("ledger", "ledger");
const database: CloudPlace = { type: "aws:rds/instance:Instance", name: "ledger" };
const release = [
  "create-replacement Job ledger-migrate-job",
  "replace Job ledger-migrate-job",
  "update Deployment ledger-deployment",
  "delete-replaced Job ledger-migrate-job",
];

/** A program that is half on Kubernetes and half on AWS. */
export const ledgerProd: Life = {
  stack: "ledger-prod",
  program: join(import.meta.dirname, "ledger"),
  namespace: "ledger",
  services: [{ object: service }],
  release: {
    config: (version) => [`ledger:image=${image}:${version}`],
    steps: release,
    failure: { of: "migration", says: [/Job ledger\/ledger-migrate-\w+: Job .* failed/] },
  },
  changes: [
    { name: "a larger database", config: ["ledger:instanceClass=db.t4g.small"], steps: ["update Instance ledger"] },
  ],
  drifts: [
    {
      name: "fewer pods",
      object: service,
      patch: { spec: { replicas: 1 } },
      shows: /Deployment::ledger-deployment\][^]*replicas: 2 => 1/,
      steps: ["update Deployment ledger-deployment"],
    },
    {
      name: "a smaller database",
      object: database,
      patch: { instanceClass: "db.t4g.micro" },
      shows: /instance:Instance::ledger\][^]*instanceClass\s*: "db.t4g.small" => "db.t4g.micro"/,
      steps: ["update Instance ledger"],
    },
    {
      name: "another address of the database",
      object: database,
      patch: { address: "moved.rds.example.com" },
      steps: release,
    },
  ],
  guarded: {
    says: /rds\/instance:Instance::ledger" cannot be deleted/,
    lift: ["ledger:deletionProtection=false"],
  },
  retained: ["aws:s3/bucket:Bucket ledger-archive"],
};
