import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RedisHAArgs } from "@gatehouse/kubernetes";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createSet, freeNetwork, lastWords, type Place, type Pod, type Proxy, revision } from "./redis/cluster.ts";
import { Connection } from "./redis/connection.ts";
import { Writer } from "./redis/writer.ts";
import { eventually } from "./support/eventually.ts";
import { requirePrograms } from "./support/programs.ts";

const oldPassword = { secret: "atb-redis-password", key: "password" };
const newPassword = { secret: "atb-redis-password", key: "next" };
/** Milliseconds after which a failed election is tried again: no step may need a second one. */
const secondElection = 20_000;

let place: Place;
let pods: Pod[];
let proxy: Proxy;
let writer: Writer;

beforeAll(async () => {
  requirePrograms(
    ["redis-server", "redis-sentinel", "redis-cli", "haproxy"],
    "apt-get install redis-server redis-sentinel haproxy",
  );
  const root = mkdtempSync(join(tmpdir(), "redis-rotation-"));
  const network = freeNetwork().replace(/\d+$/, "203");
  place = { root, network, password: "the-old-one", nextPassword: "the-new-one" };
  ({ pods, proxy } = await createSet(place));
  for (const pod of pods) pod.start();
  proxy.start();
  await eventually("the set is whole", isWhole);
  writer = new Writer("sentinels", bySentinels);
  await eventually("the first write", () => writer.wroteSince(0));
});

afterAll(async () => {
  await writer.stop();
  await Promise.all([...pods.map((pod) => pod.dispose()), proxy.dispose()]);
  rmSync(place.root, { recursive: true, force: true });
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(lastWords(place), writer.lastFailure);
});

async function bySentinels(): Promise<Connection> {
  for (const pod of pods) {
    const address = await pod.masterBySentinel();
    if (address === undefined) continue;
    const connection = await Connection.open(address, 6379, place.password);
    const role = await connection.send(["ROLE"]);
    if (Array.isArray(role) && role[0] === "master") return connection;
    connection.close();
  }
  throw new Error("no Sentinel knows a master");
}

/** Whether every pod is ready, and every Sentinel finds every replica fit to take over. */
async function isWhole(): Promise<boolean> {
  const ready = await Promise.all(pods.map((pod) => pod.isReady()));
  const priorities = await Promise.all(pods.map((pod) => pod.prioritiesBySentinel()));
  return ready.every(Boolean) && priorities.every((all) => all.join() === "100,100");
}

async function replace(pod: Pod | undefined, options: Partial<RedisHAArgs>): Promise<void> {
  await pod?.stop();
  pod?.revise(await revision(options));
  pod?.start();
}

/** Replaces the pods one by one, as a StatefulSet does, and returns the longest time without a write. */
async function roll(options: Partial<RedisHAArgs>): Promise<number> {
  const since = performance.now();
  for (const pod of [...pods].reverse()) {
    await replace(pod, options);
    await eventually("the pod is ready, and the set is whole", isWhole);
  }
  return writer.longestGap(since);
}

/** The acknowledged writes that the master does not have. */
async function lost(): Promise<string[]> {
  const connection = await bySentinels();
  const expected = [...writer.acknowledged];
  const values = await connection.send(["MGET", ...expected.map(([key]) => key)]);
  connection.close();
  if (!Array.isArray(values)) throw new Error("not a list of values");
  return expected.filter(([, value], index) => values[index] !== value).map(([key]) => key);
}

/** Updates the last pod, sees it wait for a reason while the others go on, and takes the update back. */
async function expectRefused(options: Partial<RedisHAArgs>, before: Partial<RedisHAArgs>, why: string): Promise<void> {
  const last = pods[2];
  await replace(last, options);
  await eventually("the pod says why it waits", () =>
    readFileSync(join(place.root, "pod-2.log"), "utf8").includes(why),
  );
  await delay(8000);
  expect(await Promise.all(pods.map((pod) => pod.isReady()))).toEqual([true, true, false]);
  const { status, output } = (await last?.redis.exec(last.redis.container.startupProbe.exec.command)) ?? {};
  expect(status).toBe(1);
  expect(output).toContain(`waiting: ${why}`);
  const now = performance.now();
  await eventually("writes go on", () => writer.wroteSince(now));
  await replace(last, before);
  await eventually("the set is whole", isWhole);
  expect(await lost()).toEqual([]);
}

it("refuses a new password that the others do not accept yet, and goes on with two pods", async () => {
  const why = `the pod at ${pods[0]?.address ?? ""} refuses this pod's password`;
  await expectRefused({ password: newPassword }, { password: oldPassword }, why);
});

it("changes its password in three updates, under load, and loses no write", async () => {
  expect(await roll({ password: oldPassword, alsoAccepts: newPassword })).toBeLessThan(secondElection);

  // The second step left out: the others still use the old password.
  const why = `the pod at ${pods[0]?.address ?? ""} uses a password that this pod refuses`;
  await expectRefused({ password: newPassword }, { password: oldPassword, alsoAccepts: newPassword }, why);

  expect(await roll({ password: newPassword, alsoAccepts: oldPassword })).toBeLessThan(secondElection);
  place.password = "the-new-one";
  expect(await roll({ password: newPassword })).toBeLessThan(secondElection);
  expect(await lost()).toEqual([]);
  await expect(pods[0]?.ask(["PING"])).resolves.toBe("PONG");
  place.password = "the-old-one";
  await expect(pods[0]?.ask(["PING"])).rejects.toThrow("WRONGPASS");
  place.password = "the-new-one";
});
