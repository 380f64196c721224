import type { AuthServiceArgs, Endpoint } from "@gatehouse/kubernetes";
import { parseDuration } from "@gatehouse/core";
import { traceCollector } from "../common/tracing.ts";
import type { AtbConfig } from "./config.ts";
import { logging, type Namespace, server } from "./shared.ts";
import { signingKeysArgs } from "./signingKeys.ts";

export const name = "atb-agentauth";

/** AgentAuth, with the values of the deployment guide where config does not say otherwise. */
export function agentauthArgs(config: AtbConfig, namespace: Namespace, redis: Endpoint): AuthServiceArgs {
  return {
    ...server(config, config.agentauth, namespace, name),
    environment: {
      values: {
        ...logging(config).values,
        TOKEN_LIFETIME_SECONDS: String(parseDuration(config.tokenLifetime) / 1000),
      },
    },
    replicas: config.agentauth.replicas,
    signingKeys: signingKeysArgs(config),
    connectsTo: [redis, ...traceCollector(config.tracingCollector)],
  };
}

/** Where the broker asks for challenges and for the keys of tokens. */
export function reached(endpoint: Endpoint, port: number): Endpoint {
  return { ...endpoint, environment: { values: { AGENTAUTH_URL: `https://${name}:${port}` } } };
}
