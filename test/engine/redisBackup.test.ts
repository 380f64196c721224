import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BackupCronJob, type RedisBackupArgs } from "@gatehouse/kubernetes";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { record } from "../../packages/kubernetes/test/support/record.ts";
import { freeNetwork } from "./redis/cluster.ts";
import { answers, ask } from "./redis/command.ts";
import { run } from "./support/container.ts";
import type { Outcome } from "./support/outcome.ts";
import { requirePrograms } from "./support/programs.ts";

const password = "open-sesame";
const [master, replica] = [`${freeNetwork()}.30`, `${freeNetwork()}.31`];

let root: string;
let servers: ChildProcess[];
let directories: Record<"scripts" | "scratch" | "copies", string>;

beforeAll(async () => {
  requirePrograms(["redis-server", "redis-cli", "redis-check-rdb"], "apt-get install redis-server");
  root = mkdtempSync(join(tmpdir(), "redis-backup-"));
  servers = [serve(master), serve(replica, "--replicaof", master, "6379")];
  await answers(master, password, ["PING"], "PONG");
  for (let key = 0; key < 100; key++) ask(master, password, "SET", `key:${key}`, String(key));
  await answers(replica, password, ["DBSIZE"], "100");
});

afterAll(async () => {
  await Promise.all(
    servers.map(async (server) => {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    }),
  );
  rmSync(root, { recursive: true, force: true });
});

beforeEach(() => {
  const own = mkdtempSync(join(root, "test-"));
  const names = ["scripts", "scratch", "copies"] as const;
  directories = Object.fromEntries(names.map((name) => [name, join(own, name)])) as typeof directories;
  for (const directory of Object.values(directories)) mkdirSync(directory);
});

function serve(address: string, ...more: string[]): ChildProcess {
  const directory = join(root, address);
  mkdirSync(directory);
  const configuration = join(directory, "redis.conf");
  writeFileSync(configuration, `requirepass ${password}\nmasterauth ${password}\nrepl-diskless-sync-delay 0\n`);
  const options = ["--bind", address, "--port", "6379", "--dir", directory, "--save", "", ...more];
  return spawn("redis-server", [configuration, ...options], { stdio: "ignore" });
}

/** Runs the container of one of the component's CronJobs. */
async function runJob(job: "backup" | "restore-check", overrides: Partial<RedisBackupArgs> = {}): Promise<Outcome> {
  const recording = await record(
    () =>
      new BackupCronJob("atb-redis", {
        namespace: "atb",
        image: "redis:7.2.11-alpine",
        schedule: "17 * * * *",
        keep: 2,
        restoreCheck: { schedule: "30 * * * *" },
        source: {
          redis: {
            hosts: [master, replica],
            server: { name: "redis", port: 6379, addresses: [{ cidr: "127.0.0.0/8" }] },
            password: { secret: "atb-redis-password", key: "password" },
            ...overrides,
          },
        },
        destination: { claim: { name: "atb-copies", directory: "redis" } },
      }),
  );
  const scripts = recording.object("ConfigMap", "atb-redis-backup-scripts").data;
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(directories.scripts, name), text);
  const { containers } = recording.object("CronJob", `atb-redis-${job}`).spec.jobTemplate.spec.template.spec;
  const [container] = containers;
  if (!container) throw new Error("no container");
  return run(container, {
    mounts: {
      "/opt/backup": directories.scripts,
      "/var/lib/scratch": directories.scratch,
      "/var/lib/copies": directories.copies,
    },
    secrets: { "atb-redis-password/password": password },
    environment: { PATH: process.env.PATH ?? "" },
  });
}

function copies(): string[] {
  return readdirSync(join(directories.copies, "redis")).filter((name) => name.startsWith("backup_"));
}

it("copies a replica, and proves that the copy can be restored", async () => {
  const backup = await runJob("backup");
  expect([backup.status, backup.output]).toEqual([0, expect.stringContaining(`copying ${replica} to `)]);
  expect(copies()).toEqual([expect.stringMatching(/^backup_\d{8}T\d{6}Z\.rdb$/)]);
  expect(readdirSync(directories.scratch)).toEqual([]);

  const check = await runJob("restore-check", { leastEntries: 100 });
  expect([check.status, check.output]).toEqual([0, expect.stringContaining("can be restored, with 100 entries")]);
});

it("copies the master if no replica is in step", async () => {
  const backup = await runJob("backup", { hosts: ["localhost", master] });
  expect([backup.status, backup.output]).toEqual([0, expect.stringContaining(`copying ${master} to `)]);
});

it("keeps the newest copies, and clears what an earlier run left behind", async () => {
  const own = join(directories.copies, "redis");
  mkdirSync(join(own, ".incomplete"), { recursive: true });
  for (const name of ["backup_20240101T000000Z.rdb", "backup_20240102T000000Z.rdb", "notes.txt"])
    writeFileSync(join(own, name), "");
  writeFileSync(join(own, ".incomplete", "backup_20240103T000000Z.rdb"), "");
  expect((await runJob("backup")).status).toBe(0);
  expect(copies()).toEqual(["backup_20240102T000000Z.rdb", expect.stringMatching(/^backup_2\d{7}T\d{6}Z\.rdb$/)]);
  expect(readdirSync(join(own, ".incomplete"))).toEqual([]);
  expect(readFileSync(join(own, "notes.txt"), "utf8")).toBe("");
});

it("makes no copy when nobody answers", async () => {
  const backup = await runJob("backup", { hosts: [`${freeNetwork()}.77`] });
  expect([backup.status, backup.output]).toEqual([
    1,
    expect.stringContaining("FAILED: neither a replica in step nor a master answers"),
  ]);
  expect(readdirSync(directories.copies)).toEqual([]);
});

it("finds a truncated copy, one with too few entries, one that is too old, and none", async () => {
  const reason = async (overrides: Partial<RedisBackupArgs> = {}) => {
    const { status, output } = await runJob("restore-check", overrides);
    return [status, /FAILED: (.*)/.exec(output)?.[1]];
  };
  mkdirSync(join(directories.copies, "redis"));
  expect(await reason()).toEqual([1, expect.stringContaining("there is no complete backup")]);

  await runJob("backup");
  const [name = ""] = copies();
  expect(await reason({ leastEntries: 101 })).toEqual([1, `${name} has 100 entries; at least 101 are expected`]);

  truncateSync(join(directories.copies, "redis", name), 400);
  expect(await reason()).toEqual([1, `${name} is not a whole copy`]);

  rmSync(join(directories.copies, "redis", name));
  writeFileSync(join(directories.copies, "redis", "backup_20240101T000000Z.rdb"), "");
  expect(await reason()).toEqual([1, expect.stringContaining("at most 10800 s are promised")]);
});
