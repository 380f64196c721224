import { ExternalSecrets, type RedisHAArgs } from "@gatehouse/kubernetes";
import type { Input } from "@pulumi/pulumi";
import type { AtbConfig } from "./config.ts";

const redisSecret = "atb-redis-password";

/** Passwords of Redis: the one in use, and a second one during a rotation. */
export type RedisPasswords = Pick<RedisHAArgs, "password" | "alsoAccepts">;

/** The passwords of Redis: from the store, or in a Secret that exists already. */
export function redisPasswords({ secrets }: AtbConfig, namespace: Input<string>): RedisPasswords {
  const { existing, store, storeKind, redisPassword, redisPasswordVersion, redisOtherPasswordVersion } = secrets;
  const [key, other] = ["redis-password", "other-redis-password"];
  if (existing) return { password: { secret: redisSecret, key } };
  const rotates = redisOtherPasswordVersion !== undefined;
  const external = new ExternalSecrets(redisSecret, {
    namespace,
    // Read once, whatever secrets.refreshInterval is: a value that changed by itself would part the pods from each other.
    store: { name: store, kind: storeKind },
    data: {
      [key]: { key: redisPassword, version: redisPasswordVersion },
      ...(rotates && { [other]: { key: redisPassword, version: redisOtherPasswordVersion } }),
    },
  });
  return { password: external.key(key), alsoAccepts: rotates ? external.key(other) : undefined };
}
