import { ExternalSecrets, type SecretRefArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";

const redisSecret = "atb-redis-password";

/** The password of Redis: from the store, or in a Secret that is there already. */
export function redisPassword({ secrets }: AtbConfig, namespace: Input<string>): SecretRefArgs {
  const { existing, store, storeKind, refreshInterval } = secrets;
  const key = "redis-password";
  if (existing) return { secret: redisSecret, key };
  const remote = { key: secrets.redisPassword, version: secrets.redisPasswordVersion };
  const external = new ExternalSecrets(redisSecret, {
    namespace,
    refreshInterval,
    store: { name: store, kind: storeKind },
    data: { [key]: remote },
  });
  return external.key(key);
}
