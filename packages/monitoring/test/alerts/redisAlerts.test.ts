import { formatProblem } from "@gatehouse/core";
import { expect, test } from "vitest";
import { checkAlertRules, metricsCatalogue, redisAlerts, redisMetrics } from "../../src/index.ts";
import type { RedisAlertsArgs } from "../../src/index.ts";

const args: RedisAlertsArgs = {
  prefix: "Atb",
  namespace: "atb",
  job: "atb-redis-server",
  pods: 3,
  runbookUrl: "https://example.org/runbooks/redis",
};
const of = 'namespace="atb",job="atb-redis-server"';

test("each alert with its expression, duration and severity", () => {
  expect(redisAlerts(args).map(({ name, expr, for: duration, severity }) => [name, expr, duration, severity])).toEqual([
    ["AtbRedisDown", `redis_up{${of}} == 0 or absent(redis_up{${of}})`, "2m", "warning"],
    ["AtbRedisNoMaster", `absent(redis_instance_info{${of},role="master"})`, "1m", "critical"],
    ["AtbRedisTwoMasters", `count(redis_instance_info{${of},role="master"}) > 1`, "1m", "critical"],
    [
      "AtbRedisNoQuorum",
      `min(redis_sentinel_master_ckquorum_status{${of}}) == 0 or absent(redis_sentinel_master_ckquorum_status{${of}})`,
      "1m",
      "critical",
    ],
    [
      "AtbRedisReplicasMissing",
      `min(redis_sentinel_master_ok_slaves{${of}}) < 2 or absent(redis_sentinel_master_ok_slaves{${of}})`,
      "5m",
      "warning",
    ],
    ["AtbRedisReplicaCutOff", `redis_master_link_up{${of}} == 0`, "2m", "warning"],
    ["AtbRedisWriteFailed", `redis_aof_last_write_status{${of}} == 0`, "1m", "critical"],
    ["AtbRedisCopyFailed", `redis_rdb_last_bgsave_status{${of}} == 0`, "5m", "critical"],
    [
      "AtbRedisMemoryHigh",
      `max by (pod) (redis_memory_used_bytes{${of}}) / (max by (pod) (redis_memory_max_bytes{${of}}) > 0) > 0.9`,
      "5m",
      "warning",
    ],
  ]);
});

test("a single cache has no replicas, and may be full", () => {
  expect(redisAlerts({ ...args, pods: 1, cache: true }).map(({ name }) => name)).toEqual(["AtbRedisDown"]);
});

test("every check holds for every alert", () => {
  const context = { catalogue: metricsCatalogue(redisMetrics), scrapeInterval: 30_000 };
  const problems = checkAlertRules([{ name: "redis", rules: redisAlerts(args) }], context);
  expect(problems.map(formatProblem)).toEqual([]);
});
