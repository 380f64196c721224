import { type ChildProcess, execFileSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { RedisHA, type RedisHAArgs } from "@gatehouse/kubernetes";
import type * as k8s from "@pulumi/kubernetes/types/output.js";
import { type Recording, record } from "../../../packages/kubernetes/test/support/record.ts";
import { run, start, type Surroundings } from "../support/container.ts";
import type { Outcome } from "../support/outcome.ts";
import { Connection, type Reply } from "./connection.ts";

export const serverPort = 6379;
export const sentinelPort = 26379;

type Container = k8s.core.v1.Container;

/** Milliseconds within which a container must end. */
const grace = 20_000;

/** What stands for a cluster: directories, addresses on loopback, and names for them. */
export interface Place {
  root: string;
  /** The first three numbers of the addresses: "127.10.20". */
  network: string;
  password: string;
  /** The password that takes its place in a rotation. */
  nextPassword?: string;
}

/** A container of a pod, as the kubelet runs it. */
class Running {
  public container: Container;
  private readonly surroundings: Surroundings;
  private readonly log: string;
  private process: ChildProcess | undefined;

  constructor(container: Container, surroundings: Surroundings, log: string) {
    this.container = container;
    this.surroundings = surroundings;
    this.log = log;
  }

  get isRunning(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  start(): void {
    if (this.isRunning) throw new Error(`${this.container.name} runs already`);
    const process = start(this.container, this.surroundings);
    for (const stream of [process.stdout, process.stderr])
      stream?.on("data", (text: Buffer) => {
        appendFileSync(this.log, text);
      });
    this.process = process;
  }

  signal(signal: NodeJS.Signals): void {
    this.process?.kill(signal);
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning || !this.process) return;
    const ended = once(this.process, "exit", { signal: AbortSignal.timeout(grace) });
    this.process.kill(signal);
    await ended;
  }

  /** Runs a command inside the container. */
  async exec(command: string[]): Promise<Outcome> {
    return run(this.container, this.surroundings, command);
  }
}

/** A data pod: its containers, its volume, its address. */
export class Pod {
  public readonly address: string;
  public readonly redis: Running;
  public readonly sentinel: Running;
  /** Of the server and of the Sentinel, if the set is measured. */
  public readonly exporters: Running[];
  /** What its hooks said when it was last stopped. */
  public stopWords = "";
  private readonly place: Place;
  private readonly data: string;
  private readonly runDirectory: string;
  private readonly fields: Record<string, string>;
  private probing = true;
  private readonly probes: Promise<void>;

  constructor(place: Place, containers: Container[], ordinal: number) {
    this.place = place;
    this.address = addressOf(place, ordinal);
    const own = join(place.root, `pod-${ordinal}`);
    this.data = join(own, "data");
    this.runDirectory = join(own, "run");
    for (const directory of [this.data, this.runDirectory]) mkdirSync(directory, { recursive: true });
    const surroundings = surroundingsOf(place, { "/data": this.data, "/run/redis": this.runDirectory });
    const fields = { "status.podIP": this.address, "metadata.name": `atb-redis-server-${ordinal}` };
    this.fields = fields;
    const log = join(place.root, `pod-${ordinal}.log`);
    const running = (container: Container): Running => new Running(withFields(container, fields), surroundings, log);
    const named = (name: string): Running => {
      const container = containers.find((one) => one.name === name);
      if (!container) throw new Error(`no container ${name}`);
      return running(container);
    };
    this.redis = named("redis");
    this.sentinel = named("sentinel");
    this.exporters = containers
      .filter(({ name }) => name.endsWith("-exporter"))
      .map((container) => running(exporterAt(this.address, container)));
    this.probes = this.probe();
  }

  start(): void {
    for (const one of [this.redis, this.sentinel]) if (!one.isRunning) one.start();
  }

  /** Gives a stopped pod the containers of another revision. */
  revise(containers: Container[]): void {
    for (const one of [this.redis, this.sentinel]) {
      const revised = containers.find(({ name }) => name === one.container.name);
      if (!revised) throw new Error(`no container ${one.container.name}`);
      one.container = withFields(revised, this.fields);
    }
  }

  /** Whether the kubelet would find both containers ready. */
  async isReady(): Promise<boolean> {
    const outcomes = await Promise.all(
      [this.redis, this.sentinel].map((one) => one.exec(one.container.readinessProbe.exec.command)),
    );
    return outcomes.every(({ status }) => status === 0);
  }

  /** As when its node is lost. */
  async kill(): Promise<void> {
    await Promise.all([this.redis, this.sentinel, ...this.exporters].map((one) => one.end("SIGKILL")));
  }

  /** As when its volume is lost. */
  loseData(): void {
    for (const directory of [this.data, this.runDirectory]) {
      rmSync(directory, { recursive: true });
      mkdirSync(directory);
    }
  }

  /** As the kubelet stops a pod: each container is asked by its hook, and then told. */
  async stop(): Promise<void> {
    const words = await Promise.all(
      [this.redis, this.sentinel].map(async (one) => {
        const { output } = await one.exec(one.container.lifecycle.preStop.exec.command);
        await one.end("SIGTERM");
        return output;
      }),
    );
    this.stopWords = words.join("");
  }

  /** The reply of its server, or of its Sentinel. */
  async ask(words: string[], port = serverPort): Promise<Reply> {
    const connection = await Connection.open(this.address, port, this.place.password);
    try {
      return await connection.send(words);
    } finally {
      connection.close();
    }
  }

  /** A line of its server's INFO, or nothing if it does not answer. */
  async info(field: string): Promise<string | undefined> {
    const info = await this.ask(["INFO"]).catch(() => "");
    return new RegExp(`^${field}:(.*)\\r$`, "m").exec(String(info))?.[1];
  }

  /** The address that its Sentinel takes for the master's, or nothing if it does not answer. */
  async masterBySentinel(): Promise<string | undefined> {
    const reply = await this.ask(["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "atb-master"], sentinelPort).catch(() => null);
    return Array.isArray(reply) ? String(reply[0]) : undefined;
  }

  /** Priorities of the replicas by its Sentinel's view, which is as old as ten seconds; 0 must not take over. */
  async prioritiesBySentinel(): Promise<string[]> {
    const reply = await this.ask(["SENTINEL", "REPLICAS", "atb-master"], sentinelPort).catch(() => []);
    return (Array.isArray(reply) ? reply : []).map((replica) => {
      const fields = Array.isArray(replica) ? replica.map(String) : [];
      return fields[fields.indexOf("slave-priority") + 1] ?? "";
    });
  }

  async dispose(): Promise<void> {
    this.probing = false;
    await this.probes;
    this.redis.signal("SIGCONT");
    await this.kill();
  }

  /** The kubelet's readiness probes, a little faster. */
  private async probe(): Promise<void> {
    while (this.probing) {
      if (this.redis.isRunning) await this.redis.exec(this.redis.container.readinessProbe.exec.command);
      await delay(1000);
    }
  }
}

/** The proxy's pod. */
export class Proxy {
  public readonly address: string;
  private readonly running: Running;

  constructor(place: Place, recording: Recording, ordinal: number) {
    this.address = addressOf(place, ordinal);
    const [container] = recording.object("Deployment", "atb-redis").spec.template.spec.containers;
    if (!container) throw new Error("no container");
    const fields = { "status.podIP": this.address, "metadata.name": "atb-redis-7d4b9c-x2x7k" };
    this.running = new Running(withFields(container, fields), surroundingsOf(place), join(place.root, "proxy.log"));
  }

  start(): void {
    this.running.start();
  }

  async dispose(): Promise<void> {
    await this.running.end("SIGKILL");
  }

  async isAlive(): Promise<boolean> {
    const answer = await fetch(`http://${this.address}:8404/alive`).catch(() => undefined);
    return answer?.ok ?? false;
  }
}

/** Makes a set of three pods and its proxy, as the component renders it, without starting anything. */
export async function createSet(
  place: Place,
  options: Partial<RedisHAArgs> = {},
): Promise<{ pods: Pod[]; proxy: Proxy }> {
  const recording = await rendered(options);
  prepare(place, recording);
  const { containers } = recording.object("StatefulSet", "atb-redis-server").spec.template.spec;
  return {
    pods: [0, 1, 2].map((ordinal) => new Pod(place, containers, ordinal)),
    proxy: new Proxy(place, recording, 90),
  };
}

/** Containers of the data pods under other options. */
export async function revision(options: Partial<RedisHAArgs>): Promise<Container[]> {
  return (await rendered(options)).object("StatefulSet", "atb-redis-server").spec.template.spec.containers;
}

async function rendered(options: Partial<RedisHAArgs>): Promise<Recording> {
  return record(
    () =>
      new RedisHA("atb-redis", {
        namespace: "atb",
        masterSet: "atb-master",
        password: { secret: "atb-redis-password", key: "password" },
        ...options,
      }),
  );
}

/** Writes what the component's ConfigMap holds to where it is mounted, and gives the pods the names that they resolve. */
function prepare(place: Place, recording: Recording): void {
  const files = recording.object("ConfigMap", "atb-redis-files").data;
  mkdirSync(join(place.root, "scripts"), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place.root, "scripts", name), text);
  mkdirSync(join(place.root, "bin"), { recursive: true });
  const getent = join(place.root, "bin", "getent");
  const names = [0, 1, 2].map((ordinal) => `atb-redis-announce-${ordinal}) echo "${addressOf(place, ordinal)} $2" ;;`);
  writeFileSync(getent, ["#!/bin/sh", "case $2 in", ...names, "*) exit 2 ;;", "esac", ""].join("\n"));
  chmodSync(getent, 0o755);
}

/** A network of addresses on loopback that no other run uses. */
export function freeNetwork(): string {
  return `127.${1 + (process.pid % 250)}.${1 + (Math.floor(process.pid / 250) % 250)}`;
}

function addressOf({ network }: Place, ordinal: number): string {
  return `${network}.${10 + ordinal}`;
}

function surroundingsOf({ root, password, nextPassword }: Place, mounts: Record<string, string> = {}): Surroundings {
  return {
    mounts: { "/opt/redis": join(root, "scripts"), "/etc/redis-tls": join(root, "tls"), ...mounts },
    secrets: { "atb-redis-password/password": password, "atb-redis-password/next": nextPassword ?? "" },
    environment: { PATH: [join(root, "bin"), process.env.PATH ?? ""].join(delimiter) },
  };
}

/** An exporter with its image's entry point, at the pod's address: the tests' pods have one network in common. */
function exporterAt(address: string, container: Container): Container {
  const env = container.env.map((variable) =>
    variable.name === "REDIS_EXPORTER_WEB_LISTEN_ADDRESS"
      ? { ...variable, value: `${address}${variable.value}` }
      : variable,
  );
  return { ...container, env, command: ["redis_exporter"] };
}

/** The downward API's values in place of what asks for them. */
function withFields(container: Container, fields: Record<string, string>): Container {
  const env = container.env.map((variable) => {
    // The types of outputs have every field, but an object has only those that were given.
    const { fieldRef } = (variable.valueFrom as Partial<k8s.core.v1.EnvVarSource> | undefined) ?? {};
    return fieldRef
      ? ({ name: variable.name, value: fields[fieldRef.fieldPath] ?? "" } as k8s.core.v1.EnvVar)
      : variable;
  });
  return { ...container, env };
}

/** What the pods and the proxy have said last, for a test that failed. */
export function lastWords({ root }: Place): string {
  return ["pod-0", "pod-1", "pod-2", "proxy"]
    .map((name) => join(root, `${name}.log`))
    .filter((file) => existsSync(file))
    .map((file) => `--- ${basename(file)}\n${readFileSync(file, "utf8").slice(-12_000)}`)
    .join("\n");
}

/** What a process was started with, as anybody on the node can read it. */
export function commandLines(): string {
  return execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
}
