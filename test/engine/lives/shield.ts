import { deployment, type Life } from "./life.ts";

const image = "gcr.io/materi/shield";
const shield = deployment("shield", "shield");

export const shieldProd: Life = {
  stack: "shield-prod",
  namespace: "shield",
  services: [{ object: shield, scaledTo: 5 }],
  release: {
    config: (version) => [`shield:image=${image}:${version}`],
    steps: [
      "create-replacement Job shield-migrate-job",
      "replace Job shield-migrate-job",
      "update Deployment shield-deployment",
      "delete-replaced Job shield-migrate-job",
    ],
    failure: {
      of: "migration",
      says: [/Job shield\/shield-migrate-\w+: Job .* failed/, /kubectl -n shield logs job\/shield-migrate-\w+/],
    },
  },
  changes: [
    {
      name: "fewer pods at the least",
      config: ["shield:scaling.minReplicas=4"],
      steps: ["update HorizontalPodAutoscaler shield-autoscaler"],
    },
  ],
  drifts: [
    {
      name: "a looser rollout",
      object: shield,
      patch: { spec: { strategy: { rollingUpdate: { maxSurge: 2 } } } },
      shows: /Deployment::shield-deployment\][^]*maxSurge: 1 => 2/,
      steps: ["update Deployment shield-deployment"],
    },
  ],
  retained: [],
};
