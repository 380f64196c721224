import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  commandLines,
  createSet,
  freeNetwork,
  lastWords,
  type Place,
  type Pod,
  type Proxy,
  sentinelPort,
  serverPort,
} from "./redis/cluster.ts";
import { Connection } from "./redis/connection.ts";
import { Writer } from "./redis/writer.ts";
import { eventually } from "./support/eventually.ts";
import { requirePrograms } from "./support/programs.ts";

const password = "open-sesame_0.~";
/** Milliseconds after which an election that failed is tried again, twice failoverTimeout: the first must do. */
const secondElection = 20_000;

let place: Place;
let pods: Pod[];
let proxy: Proxy;
let writers: Writer[];
const measured: string[] = [];

beforeAll(async () => {
  requirePrograms(
    ["redis-server", "redis-sentinel", "redis-cli", "haproxy"],
    "apt-get install redis-server redis-sentinel haproxy",
  );
  place = { root: mkdtempSync(join(tmpdir(), "redis-ha-")), network: freeNetwork(), password };
  ({ pods, proxy } = await createSet(place));
  writers = [];
});

afterAll(async () => {
  await Promise.all(writers.map((writer) => writer.stop()));
  await Promise.all([...pods.map((pod) => pod.dispose()), proxy.dispose()]);
  rmSync(place.root, { recursive: true, force: true });
  console.log(["time without an acknowledged write:", ...measured].join("\n  "));
});

afterEach(({ task }) => {
  if (task.result?.state === "fail") console.log(lastWords(place));
});

/** Waits until something holds, for at most a minute. */
async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const failures = () => writers.map(({ name, lastFailure }) => `${name}: ${lastFailure}`).join("\n");
  await eventually(what, async () => (await holds()) || failures());
}

/** The one master; fails if there is none, or more than one. */
async function master(): Promise<Pod> {
  const found = await roles();
  const masters = pods.filter((_, index) => found[index] === "master");
  const [only] = masters;
  if (!only || masters.length > 1) throw new Error(`not one master: ${found.join(", ")}`);
  return only;
}

async function roles(): Promise<(string | undefined)[]> {
  return Promise.all(pods.map((pod) => pod.info("role")));
}

function others(pod: Pod): Pod[] {
  return pods.filter((one) => one !== pod);
}

/** One master, on which all Sentinels agree; every other pod a replica of it that is in step and known to be able to take over. */
async function isWhole(): Promise<boolean> {
  const found = await master().catch(() => undefined);
  if (!found) return false;
  const views = await Promise.all(pods.map((pod) => pod.masterBySentinel()));
  const priorities = await Promise.all(pods.map((pod) => pod.prioritiesBySentinel()));
  const links = await Promise.all(
    others(found).map(async (pod) =>
      [await pod.info("master_host"), await pod.info("master_link_status"), await pod.info("slave_priority")].join(),
    ),
  );
  return (
    views.every((view) => view === found.address) &&
    priorities.every((all) => all.join() === "100,100") &&
    links.every((link) => link === `${found.address},up,100`)
  );
}

/** That the set has become whole again, writes go on in both ways, and no acknowledged write is lost. */
async function expectWhole(): Promise<string> {
  await until("one master, the others replicas in step", isWhole);
  const now = performance.now();
  await until("writes in both ways", () => writers.every((writer) => writer.wroteSince(now)));
  const found = await master();
  for (const writer of writers) expect(await lost(found, writer)).toEqual([]);
  return found.address;
}

/** The acknowledged writes that a server does not have. */
async function lost(pod: Pod, { acknowledged }: Writer): Promise<string[]> {
  const expected = [...acknowledged];
  const missing: string[] = [];
  for (let from = 0; from < expected.length; from += 1000) {
    const part = expected.slice(from, from + 1000);
    const values = await pod.ask(["MGET", ...part.map(([key]) => key)]);
    if (!Array.isArray(values)) throw new Error("not a list of values");
    missing.push(...part.filter(([, value], index) => values[index] !== value).map(([key]) => key));
  }
  return missing;
}

/** Does something to the set, and measures for how long no write was acknowledged. */
async function measure(what: string, disturb: () => Promise<void>): Promise<number> {
  const since = performance.now();
  await disturb();
  await until(`writes after ${what}`, async () => {
    const now = performance.now();
    await delay(500);
    return writers.every((writer) => writer.wroteSince(now));
  });
  const gaps = writers.map((writer) => writer.longestGap(since));
  measured.push(
    `${what}: ${writers.map(({ name }, index) => `${((gaps[index] ?? 0) / 1000).toFixed(1)} s by ${name}`).join(", ")}`,
  );
  return Math.max(...gaps);
}

async function byProxy(): Promise<Connection> {
  return Connection.open(proxy.address, serverPort, password);
}

/** As a client library does: asks one Sentinel after another, and makes sure of the master's role. */
async function bySentinels(): Promise<Connection> {
  for (const pod of pods) {
    const address = await pod.masterBySentinel();
    if (address === undefined) continue;
    const connection = await Connection.open(address, serverPort, password);
    const role = await connection.send(["ROLE"]);
    if (Array.isArray(role) && role[0] === "master") return connection;
    connection.close();
  }
  throw new Error("no Sentinel knows a master");
}

describe("a set of three pods", () => {
  it("waits on the first start until every pod is there, and makes the first the master", async () => {
    pods[0]?.start();
    pods[2]?.start();
    await until("Sentinels that answer", async () => {
      const started = pods.filter((_, ordinal) => ordinal !== 1);
      const replies = await Promise.all(started.map((pod) => pod.ask(["PING"], sentinelPort).catch(() => null)));
      return replies.every((reply) => reply === "PONG");
    });
    await delay(3000);
    expect([pods[0]?.redis.isRunning, await pods[0]?.info("role")]).toEqual([true, undefined]);

    pods[1]?.start();
    proxy.start();
    await until("the proxy", () => proxy.isAlive());
    await until("one master, the others replicas in step", isWhole);
    expect((await master()).address).toBe(pods[0]?.address);
    expect(commandLines()).not.toContain(password);
    await delay(3000);
    writers.push(new Writer("proxy", byProxy), new Writer("sentinels", bySentinels));
    await expectWhole();
  });

  it("elects another master when the master's pod is killed", async () => {
    const old = await master();
    const time = await measure("the master's pod killed", () => old.kill());
    expect(time).toBeLessThan(secondElection);
    expect((await master()).address).not.toBe(old.address);
    old.start();
    expect(await expectWhole()).not.toBe(old.address);
  });

  it("does not let a master that crashed and is back at once return as the master", async () => {
    const old = await master();
    const time = await measure("the master crashed, and back at once", async () => {
      await old.redis.end("SIGKILL");
      old.redis.start();
    });
    expect(time).toBeLessThan(secondElection);
    expect(await expectWhole()).not.toBe(old.address);
  });

  it("elects another master when the master is cut off, and makes it a replica when it is back", async () => {
    const old = await master();
    const time = await measure("the master cut off", async () => {
      old.redis.signal("SIGSTOP");
      await delay(12_000);
    });
    expect(time).toBeLessThan(secondElection);
    old.redis.signal("SIGCONT");
    expect(await expectWhole()).not.toBe(old.address);
  });

  it("keeps its master when all Sentinels restart at once", async () => {
    const old = await master();
    await Promise.all(pods.map((pod) => pod.sentinel.end("SIGKILL")));
    for (const pod of pods) pod.sentinel.start();
    await delay(5000);
    expect(await expectWhole()).toBe(old.address);
  });

  it("comes back with all its data when everything restarts at once", async () => {
    await measure("everything killed", async () => {
      await Promise.all(pods.map((pod) => pod.kill()));
      for (const pod of pods) pod.start();
    });
    await expectWhole();
  });

  it("waits for the last master when everything restarts and it is late", async () => {
    const old = await master();
    await Promise.all(pods.map((pod) => pod.kill()));
    for (const pod of others(old)) pod.start();
    // Long enough for the others to find it gone, which must not make them forget what it alone may have.
    await delay(12_000);
    expect(await roles()).not.toContain("master");
    old.start();
    expect(await expectWhole()).toBe(old.address);
    // The Sentinels tried to elect another in vain, and do not try again before twice the failover timeout is over.
    await delay(20_000);
  });

  it("does not hand mastership to a master whose data are gone", async () => {
    const old = await master();
    const time = await measure("the master killed, and back at once without its data", async () => {
      await old.kill();
      old.loseData();
      old.start();
    });
    expect(time).toBeLessThan(secondElection);
    expect(await expectWhole()).not.toBe(old.address);
  });

  it("leaves it to an operator when everything restarts and the last master's data are gone", async () => {
    const old = await master();
    const [heir, other] = others(old);
    await Promise.all(pods.map((pod) => pod.kill()));
    old.loseData();
    for (const pod of pods) pod.start();
    await until(
      "the others",
      async () => (await heir?.info("role")) === "slave" && (await other?.info("role")) === "slave",
    );
    await delay(10_000);
    expect(await roles()).not.toContain("master");

    // So slow that a Sentinel which has not been told yet has time to tell those that have.
    const slow = mkdtempSync(join(tmpdir(), "slow-"));
    const client = execFileSync("sh", ["-c", "command -v redis-cli"], { encoding: "utf8" }).trim();
    writeFileSync(join(slow, "redis-cli"), `#!/bin/sh\nsleep 1.5\nexec ${client} "$@"\n`, { mode: 0o755 });
    const path = [slow, join(place.root, "bin"), process.env.PATH ?? ""].join(delimiter);
    const elected = await heir?.redis.exec(["env", `PATH=${path}`, "/bin/sh", "/opt/redis/elect.sh"]);
    rmSync(slow, { recursive: true });
    expect(elected?.output).toContain("this pod is the master");
    expect(await expectWhole()).toBe(heir?.address);
  });

  it("lets the master return if no Sentinel knows of a replica, as when it is lost in its first seconds", async () => {
    const old = await master();
    await old.redis.end("SIGKILL");
    const forget = [
      ["SENTINEL", "REMOVE", "atb-master"],
      ["SENTINEL", "MONITOR", "atb-master", old.address, String(serverPort), "2"],
      ["SENTINEL", "SET", "atb-master", "auth-pass", password, "down-after-milliseconds", "3000"],
    ];
    for (const pod of pods) for (const words of forget) expect(await pod.ask(words, sentinelPort)).toBe("OK");
    expect(await Promise.all(pods.map((pod) => pod.isReady()))).toEqual([false, false, false]);
    old.redis.start();
    expect(await expectWhole()).toBe(old.address);
    await until("every pod is ready", async () => (await Promise.all(pods.map((pod) => pod.isReady()))).every(Boolean));
  });

  it("hands over when the master's pod is stopped", async () => {
    const old = await master();
    await measure("the master's pod stopped", () => old.stop());
    const heir = await master();
    expect(heir.address).not.toBe(old.address);
    expect(old.stopWords).toContain(`${heir.address} has taken over`);
    old.start();
    expect(await expectWhole()).not.toBe(old.address);
  });

  it("replaces its pods one after another, as an update does", async () => {
    const time = await measure("every pod stopped and started, one after another", async () => {
      for (const pod of [...pods].reverse()) {
        await pod.stop();
        pod.start();
        await until("one master, the others replicas in step", isWhole);
      }
    });
    expect(time).toBeLessThan(secondElection);
    await expectWhole();
  });
});
