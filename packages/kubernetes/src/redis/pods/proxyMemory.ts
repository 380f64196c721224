import { checkBytes, checkCount, type Problem } from "@gatehouse/core";
import type { ResourcesArgs } from "../../pod/container/resources.ts";
import type { RedisProxyArgs } from "../set/args.ts";
import { bytes, defaultMaxConnections } from "../set/set.ts";

export const defaultProxyResources: ResourcesArgs = {
  requests: { cpu: "50m", memory: "96Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
};

/** The program, its checks of every server and Sentinel, and its status page. */
const base = 48n * 2n ** 20n;

/** Two buffers of tune.bufsize, 16 KiB by default, and the state of both sides of a connection. */
const perConnection = 40n * 2n ** 10n;

/** Proxies whose connections need more memory than they request. */
export function checkProxyMemory(subject: string, proxy: RedisProxyArgs): Problem[] {
  const { maxConnections = defaultMaxConnections, resources = defaultProxyResources } = proxy;
  const { memory } = resources.requests;
  const wrong = [
    ...checkCount(`${subject}.maxConnections`, "not a number of connections", maxConnections, { least: 1 }),
    ...checkBytes(memory, `${subject}.resources.requests.memory`),
  ];
  const needed = base + BigInt(wrong.length > 0 ? 0 : maxConnections) * perConnection;
  if (wrong.length > 0 || bytes(memory) >= needed) return wrong;
  return [
    {
      subject: `${subject}.resources.requests.memory`,
      message: "it does not cover the proxy's connections",
      value: `${memory}, for maxConnections ${maxConnections}`,
      expected: `at least ${(needed + 2n ** 20n - 1n) / 2n ** 20n}Mi: 48Mi + ${maxConnections} * 40Ki`,
      fix: "raise the memory request, or lower maxConnections",
    },
  ];
}
