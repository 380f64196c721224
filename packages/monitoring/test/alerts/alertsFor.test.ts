import { InputError } from "@gatehouse/core";
import { expect, test } from "vitest";
import { alertsFor, podAlerts } from "../../src/index.ts";

const args = { prefix: "Shop", namespace: "shop", runbooks: "https://example.org/runbooks" };
const redis = { job: "cache-server", proxyJob: "cache", pods: 3, cache: false, exporters: true };

test("a Redis: its set and its proxy, each with its own place in the runbooks", () => {
  const rules = alertsFor({ name: "cache", redis }, args);
  expect(rules.map(({ name }) => name)).toEqual([
    "ShopRedisDown",
    "ShopRedisProxyDown",
    "ShopRedisNoMaster",
    "ShopRedisTwoMasters",
    "ShopRedisNoQuorum",
    "ShopRedisReplicasMissing",
    "ShopRedisReplicaCutOff",
    "ShopRedisWriteFailed",
    "ShopRedisCopyFailed",
    "ShopRedisMemoryHigh",
  ]);
  expect(rules[1]).toMatchObject({
    expr: 'max(up{job="cache",namespace="shop"}) == 0 or absent(up{job="cache",namespace="shop"})',
    for: "1m",
    severity: "critical",
    runbookUrl: "https://example.org/runbooks#shopredisproxydown",
  });
});

test("a server that is down is a warning in a set, and critical alone", () => {
  const severity = (pods: number) => alertsFor({ name: "cache", redis: { ...redis, pods } }, args)[0]?.severity;
  expect([severity(3), severity(1)]).toEqual(["warning", "critical"]);
});

test("without exporters the alerts would have no data", () => {
  const alerts = () => alertsFor({ name: "cache", redis: { ...redis, exporters: false } }, args);
  expect(alerts).toThrow(InputError);
  expect(alerts).toThrow("the Redis has no exporters, so its alerts have no data");
});

test("a backup and its restore check", () => {
  const backup = { cronJob: "shop-backup", maxAge: "26h" };
  const restoreCheck = { cronJob: "shop-restore-check", maxAge: "27h" };
  const rules = alertsFor({ name: "shop", backup, restoreCheck }, args);
  expect(rules.map(({ name, runbookUrl }) => [name, runbookUrl])).toEqual([
    ["ShopBackupStale", "https://example.org/runbooks#backup"],
    ["ShopRestoreCheckStale", "https://example.org/runbooks#backup"],
  ]);
});

test("pods that no node takes", () => {
  expect(podAlerts(args).map(({ name, expr, for: duration }) => [name, expr, duration])).toEqual([
    ["ShopPodUnschedulable", 'max by (namespace, pod) (kube_pod_status_unschedulable{namespace="shop"}) == 1', "10m"],
  ]);
});
