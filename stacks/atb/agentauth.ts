import type { AuthServiceArgs, Endpoint } from "@gatehouse/kubernetes";
import { parseDuration } from "@gatehouse/core";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";
import { health, identity, labels, logging, monitored, spiffe, telemetry } from "./server.ts";
import { signingKeys } from "./signingKeys.ts";

export const name = "atb-agentauth";

/** AgentAuth, with the values of the deployment guide where config does not say otherwise. */
export function agentauth(
  config: AtbConfig,
  namespace: { name: string; made: Input<string> },
  redis: Endpoint,
): AuthServiceArgs {
  const { image, port, metricsPort, replicas, resources } = config.agentauth;
  return {
    namespace: namespace.made,
    image,
    labels: labels(name),
    selectorLabels: { app: name },
    ports: [
      { name: "https", port },
      { name: "metrics", port: metricsPort },
    ],
    environment: {
      values: {
        ...logging(config).values,
        TOKEN_LIFETIME_SECONDS: String(parseDuration(config.tokenLifetime) / 1000),
      },
    },
    resources,
    identity,
    readiness: health,
    startup: { ...health, periodSeconds: 5, failureThreshold: 12 },
    replicas,
    spiffe: spiffe(config, namespace.name, "agentauth"),
    metrics: monitored(config),
    signingKeys: signingKeys(config),
    connectsTo: [redis, ...telemetry(config)],
  };
}

/** Where the broker asks for challenges and for the keys of tokens. */
export function reached(endpoint: Endpoint, port: number): Endpoint {
  return { ...endpoint, environment: { values: { AGENTAUTH_URL: `https://${name}:${port}` } } };
}
