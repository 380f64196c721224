import { generateKeyPairSync } from "node:crypto";
import type { AuthServiceArgs, MigrationJobArgs, ResourcesArgs, WorkloadArgs } from "@gatehouse/kubernetes";

export const resources: ResourcesArgs = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** How `resources` stand in a container. */
export const renderedResources = {
  requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "64Mi" },
  limits: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "1Gi" },
};

/** The least that a Workload is told. */
export const workload: WorkloadArgs = {
  namespace: "shop",
  image: "registry.example.com/orders:1.4.2",
  ports: [{ name: "http", port: 8080, servicePort: 80 }],
  resources,
  readiness: { path: "/ready" },
  identity: { user: 10001 },
};

export const migration: MigrationJobArgs = {
  namespace: "shop",
  image: "registry.example.com/orders:1.4.2",
  command: ["orders", "migrate"],
  resources,
  identity: { user: 10001 },
};

/** The least that an AuthService is told. */
export const authService: AuthServiceArgs = { ...workload, image: "registry.example.com/login:2.0.1" };

/** A new public key, PEM. */
export function publicKey(): string {
  return generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }) as string;
}

/** The context of every container. */
export const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** The context of every pod whose user is 10001. */
export const restrictedPod = {
  runAsNonRoot: true,
  runAsUser: 10001,
  runAsGroup: 10001,
  fsGroup: 10001,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** Egress to the cluster's DNS, which every policy has. */
export const dns = {
  to: [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
      podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
    },
    { ipBlock: { cidr: "169.254.20.10/32" } },
  ],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/** A message of several lines, as `InputError` prints it. */
export function lines(...all: string[]): string {
  return all.join("\n");
}

/** Annotations that keep a Job's pod on its node. */
export const keepsItsNode = {
  "karpenter.sh/do-not-disrupt": "true",
  "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
};

/** How Jobs treat a pod that a drain has ended. */
export const ignoresDisruptions = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
};
