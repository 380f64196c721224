import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type RedisHAArgs, RedisPersistence } from "@gatehouse/kubernetes";
import { redisMetrics } from "@gatehouse/monitoring";
import { afterEach, beforeAll, expect, it } from "vitest";
import { createSet, freeNetwork, lastWords, type Place, type Pod, type Proxy } from "./redis/cluster.ts";
import { answers, ask } from "./redis/command.ts";
import { eventually } from "./support/eventually.ts";
import { requirePrograms } from "./support/programs.ts";
import { goTool } from "./tools/goTools.ts";

const password = "open-sesame";

let place: Place;
let pods: Pod[];
let proxy: Proxy;

beforeAll(async () => {
  process.env.PATH = [await goTool("redis_exporter"), process.env.PATH].join(delimiter);
  requirePrograms(
    ["redis-server", "redis-sentinel", "redis-cli", "haproxy", "openssl"],
    "apt-get install redis-server redis-sentinel haproxy openssl",
  );
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") console.log(lastWords(place));
  await Promise.all([...pods.map((pod) => pod.dispose()), proxy.dispose()]);
  rmSync(place.root, { recursive: true, force: true });
});

/** Starts three pods and the proxy in addresses of their own. */
async function startSet(overrides: Partial<RedisHAArgs>, subnet: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "redis-modes-"));
  place = { root, network: freeNetwork().replace(/\d+$/, String(subnet)), password };
  ({ pods, proxy } = await createSet(place, { replicas: 3, ...overrides }));
  certify();
  for (const pod of pods) pod.start();
  proxy.start();
  await ready();
}

async function ready(): Promise<void> {
  await eventually("the pods are ready", async () =>
    (await Promise.all(pods.map((pod) => pod.isReady()))).every(Boolean),
  );
}

/** Until the proxy leads to a server that answers so. */
async function proxyAnswers(words: string[], answer: string): Promise<void> {
  await answers(proxy.address, password, words, answer);
}

/** A certificate for every name and address. */
function certify(): void {
  const directory = join(place.root, "tls");
  mkdirSync(directory);
  const file = (name: string): string => join(directory, name);
  const openssl = (...words: string[]): string => execFileSync("openssl", words, { encoding: "utf8", stdio: "pipe" });
  openssl(
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=test"],
    ...["-keyout", file("tls.key"), "-out", file("tls.crt"), "-days", "1"],
  );
  execFileSync("cp", [file("tls.crt"), file("ca.crt")]);
}

/** What the exporters of a pod tell Prometheus. */
async function exported(pod: Pod): Promise<string> {
  const texts = pod.exporters.map(async (exporter) => {
    exporter.start();
    const url = `http://${pod.address}:${exporter.container.ports[0]?.containerPort ?? 0}/metrics`;
    let text = "";
    await eventually(`${url} answers`, async () => {
      const answer = await fetch(url).catch(() => undefined);
      if (answer?.ok) text = await answer.text();
      return text !== "";
    });
    return text;
  });
  return (await Promise.all(texts)).join("\n");
}

/** What alerts and panels use and the exporters do not tell: names, types, labels. */
function missingMetrics(text: string): string[] {
  const samples = text.split("\n").filter((line) => !line.startsWith("#"));
  return redisMetrics.flatMap(({ name, type, labels = [] }) => {
    const own = samples.filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    if (own.length === 0) return [`${name} is not there`];
    const without = labels.filter((label) => !own.some((line) => line.includes(`${label}="`)));
    return [
      ...(text.includes(`# TYPE ${name} ${type}\n`) ? [] : [`${name} is not a ${type}`]),
      ...without.map((label) => `${name} has no label ${label}`),
    ];
  });
}

it("encrypts every connection, its exporters' too, and hands over as without", async () => {
  await startSet({ tls: { secret: "atb-redis-tls" }, metrics: {} }, 201);
  const tls = ["--tls", "--cacert", join(place.root, "tls/ca.crt")];
  await proxyAnswers([...tls, "SET", "key", "value"], "OK");
  expect(() => ask(proxy.address, password, "GET", "key")).toThrow();
  expect(missingMetrics(await exported(pods[1] as Pod))).toEqual([]);

  await pods[0]?.stop();
  await proxyAnswers([...tls, "GET", "key"], "value");
  pods[0]?.start();
  await ready();
  await proxyAnswers([...tls, "SET", "key", "other"], "OK");
});

it("a cache keeps its entries over the loss of its master, and starts empty after the loss of all", async () => {
  await startSet({ persistence: RedisPersistence.Cache }, 202);
  await proxyAnswers(["SET", "key", "value"], "OK");
  expect(await pods[0]?.info("role")).toBe("master");
  expect(await pods[0]?.ask(["WAIT", "2", "20000"])).toBe(2);

  // Back at once, and empty: another must be the master by then, or the entries would be gone.
  await pods[0]?.redis.end("SIGKILL");
  pods[0]?.redis.start();
  await ready();
  await proxyAnswers(["GET", "key"], "value");
  expect(await pods[0]?.info("role")).toBe("slave");

  await Promise.all(pods.map((pod) => pod.kill()));
  for (const pod of pods) {
    pod.loseData();
    pod.start();
  }
  await ready();
  await proxyAnswers(["SET", "key", "again"], "OK");

  // Only the servers: the Sentinels still know the master, and every server is empty.
  await Promise.all(pods.map((pod) => pod.redis.end("SIGKILL")));
  for (const pod of pods) pod.redis.start();
  await ready();
  await proxyAnswers(["SET", "key", "once more"], "OK");
});
