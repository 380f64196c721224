import { deployment, type Life } from "./life.ts";

const images = "ghcr.io/example/atb";
const broker = deployment("atb", "atb-broker");
const agentauth = deployment("atb", "atb-agentauth");

/** AgentAuth has no database to migrate: its rollout is what a release of the broker waits for. */
export const atbProd: Life = {
  stack: "atb-prod",
  namespace: "atb",
  services: [{ object: agentauth }, { object: broker, scaledTo: 5 }],
  release: {
    config: (version) => [
      `atb:agentauth.image=${images}-agentauth:${version}`,
      `atb:broker.image=${images}-broker:${version}`,
    ],
    steps: ["update Deployment atb-agentauth-deployment", "update Deployment atb-broker-deployment"],
    failure: {
      of: "rollout of AgentAuth",
      says: [/Deployment atb\/atb-agentauth: ReplicaSet "atb-agentauth-\w+" has timed out progressing/],
    },
  },
  changes: [
    {
      name: "maintenance mode",
      config: ["atb:maintenanceMode=true"],
      steps: ["update Deployment atb-broker-deployment"],
    },
  ],
  drifts: [
    {
      name: "a looser rollout",
      object: broker,
      patch: { spec: { strategy: { rollingUpdate: { maxSurge: 2 } } } },
      shows: /Deployment::atb-broker-deployment\][^]*maxSurge: 1 => 2/,
      steps: ["update Deployment atb-broker-deployment"],
    },
  ],
  guarded: {
    says: /atb-redis-stateful-set" cannot be deleted/,
    lift: ["atb:redis.deletionProtection=false", "atb:auditLog.store.deletionProtection=false"],
  },
  retained: [0, 1, 2].map((ordinal) => `volume of data-atb-redis-server-${ordinal}`),
};
