import { deployment, type Life } from "./life.ts";

const image = "mcp-airlock/airlock";
const airlock = deployment("mcp-airlock", "mcp-airlock");
const rollOut = "update Deployment mcp-airlock-deployment";

/** Airlock migrates its own database: a release is a rollout. */
export const airlockProd: Life = {
  stack: "airlock-prod",
  namespace: "mcp-airlock",
  services: [{ object: airlock, scaledTo: 5 }],
  release: {
    config: (version) => [`airlock:image=${image}:${version}`],
    steps: [rollOut],
    failure: {
      of: "rollout",
      says: [/Deployment mcp-airlock\/mcp-airlock: ReplicaSet "mcp-airlock-\w+" has timed out progressing/],
    },
  },
  changes: [
    {
      name: "a setting of the application",
      config: ["airlock:rateLimiting.burst=25"],
      steps: [
        "create-replacement ConfigMap mcp-airlock-config",
        "replace ConfigMap mcp-airlock-config",
        rollOut,
        "delete-replaced ConfigMap mcp-airlock-config",
      ],
    },
  ],
  drifts: [
    {
      name: "a looser rollout",
      object: airlock,
      patch: { spec: { strategy: { rollingUpdate: { maxSurge: 2 } } } },
      shows: /Deployment::mcp-airlock-deployment\][^]*maxSurge: 1 => 2/,
      steps: [rollOut],
    },
  ],
  guarded: {
    says: /rds\/instance:Instance::airlock-database" cannot be deleted/,
    lift: ["airlock:database.deletionProtection=false", "airlock:auditBucket.deletionProtection=false"],
  },
  retained: [],
};
