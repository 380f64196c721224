import type { StackName } from "@gatehouse/core/config";
import { isProduction } from "../common/environment.ts";

/** Names of a project's objects, as the deployment guide has them. */
const documented = {
  network: "af-identity",
  connector: "af-identity-connector",
  database: "af-identity-db",
  redis: "af-identity-redis",
  registry: "af-identity",
  account: "af-identity-service",
  service: "af-identity-service",
  migrations: "af-identity-migrations",
  uptime: "AF Identity Health Check",
  jwtSecret: "identity-jwt-secret",
  tokenKey: "github-token-enc-key",
  githubClientId: "github-client-id",
  githubClientSecret: "github-client-secret",
  databasePassword: "postgres-password",
  redisPassword: "redis-password",
};

/** What the objects of a stack are called. */
export type PhysicalNames = typeof documented;

/** Production has the documented names; other environments add their own, so that they can share its project. */
export function physicalNames(stack: StackName): PhysicalNames {
  if (isProduction(stack)) return documented;
  const named = Object.entries(documented).map(([key, name]) => [key, `${name}-${stack.environment}`] as const);
  return Object.fromEntries(named) as PhysicalNames;
}
