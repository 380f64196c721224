import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as k8s from "@pulumi/kubernetes/types/output.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, recordStack } from "../stacks/support/record.ts";
import { run, type Surroundings } from "./support/container.ts";
import { eventually } from "./support/eventually.ts";
import type { Outcome } from "./support/outcome.ts";
import { PostgresServer } from "./support/postgresServer.ts";
import { programPath, requirePrograms } from "./support/programs.ts";

type Container = k8s.core.v1.Container;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "gatehouse-airlock-"));
  chmodSync(root, 0o755);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("the Job that makes the application's user, on a real PostgreSQL", () => {
  const password = `p'w"$x\\y %s`;
  let server: PostgresServer;
  let job: Container;

  beforeAll(async () => {
    requirePrograms(["initdb", "postgres", "psql"], "apt-get install postgresql");
    server = await PostgresServer.start(join(root, "server"));
    server.query(
      "postgres",
      `create database airlock; alter system set log_statement = 'all'; select pg_reload_conf()`,
    );
    const { graph } = await recordStack("airlock-prod");
    const resource = graph.resources.find(({ inputs }) => inputs.kind === "Job");
    job = at(resource?.inputs ?? null, "spec.template.spec.containers.0") as unknown as Container;
  });
  afterAll(async () => {
    await server.stop();
  });

  function make(applicationPassword = password, user = "airlock"): Promise<Outcome> {
    const surroundings: Surroundings = {
      mounts: {},
      secrets: {
        "airlock-database/host": "127.0.0.1",
        "airlock-database/username": user,
        "airlock-database/password": applicationPassword,
        "airlock-database-admin/username": "postgres",
        "airlock-database-admin/password": "superuser",
      },
      // The server of the test has no certificate.
      environment: { PATH: programPath, PGPORT: String(server.port), PGSSLMODE: "disable" },
    };
    // Without a terminal, as in a pod.
    return run({ ...job, command: ["setsid", "-w", ...job.command] }, surroundings);
  }

  async function connects(as: string, withPassword: string): Promise<Outcome> {
    const command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", "create table if not exists rows (i int)"];
    const environment = {
      PATH: programPath,
      PGHOST: "127.0.0.1",
      PGPORT: String(server.port),
      PGDATABASE: "airlock",
      PGUSER: as,
      PGPASSWORD: withPassword,
    };
    return run({ ...job, env: [], command }, { mounts: {}, secrets: {}, environment });
  }

  it("makes it, with a password of any characters, and may be run again", async () => {
    for (let count = 0; count < 2; count++) {
      const { status, output } = await make();
      expect({ status, output }).toMatchObject({ status: 0 });
      expect(await connects("airlock", password)).toMatchObject({ status: 0 });
    }
    expect(server.query("postgres", "select rolsuper, rolcreaterole from pg_roles where rolname = 'airlock'")).toBe(
      "f|f",
    );
  });

  it("gives it another password, and the old one is refused", async () => {
    expect(await make("another")).toMatchObject({ status: 0 });
    expect(await connects("airlock", "another")).toMatchObject({ status: 0 });
    expect((await connects("airlock", password)).status).not.toBe(0);
  });

  it("fails where it cannot make it", async () => {
    const { status } = await make(password, "");
    expect(status).not.toBe(0);
  });

  it("shows the password to nobody", async () => {
    const secret = "in-clear-text-17";
    const { output } = await make(secret);
    expect(output).not.toContain(secret);
    expect(server.query("postgres", "select rolpassword from pg_authid where rolname = 'airlock'")).toMatch(
      /^SCRAM-SHA-256\$/,
    );
  });
});

describe("the sidecar that tells the application of a new policy", () => {
  let directory: string;
  let application: ChildProcess;
  let sidecar: ChildProcess;
  const signals = () => readFileSync(join(directory, "signals"), "utf8").trim();

  beforeAll(async () => {
    requirePrograms(["pidof", "bash"], "apt-get install sysvinit-utils bash");
    directory = join(root, "reload");
    mkdirSync(join(directory, "policy"), { recursive: true });
    swap("one");
    writeFileSync(join(directory, "signals"), "");
    copyFileSync("/bin/bash", join(directory, "airlock"));
    application = spawn(
      join(directory, "airlock"),
      ["-c", `trap 'echo HUP >> ${directory}/signals' HUP; while true; do sleep 0.1; done`],
      { stdio: "ignore" },
    );
    const policy = JSON.stringify({ reload: { image: "busybox:1.37.0" } });
    const stack = await recordStack("airlock-prod", { "airlock:policy": policy });
    const script = stack.value("Deployment", "mcp-airlock", "spec.template.spec.initContainers.0.args.0") as string;
    const here = script.replaceAll("/etc/airlock-policy", join(directory, "policy")).replace("sleep 5", "sleep 0.2");
    sidecar = spawn("/bin/sh", ["-ec", here], { stdio: "ignore" });
  });
  afterAll(() => {
    application.kill("SIGKILL");
    sidecar.kill("SIGKILL");
  });

  /** Changes the files as the kubelet does: a link that is exchanged at once. */
  function swap(version: string): void {
    symlinkSync(version, join(directory, "policy", "next"));
    renameSync(join(directory, "policy", "next"), join(directory, "policy", "..data"));
  }

  it("signals it once for each change, and not without one", async () => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(signals()).toBe("");
    swap("two");
    await eventually("the first signal", () => Promise.resolve(signals() === "HUP" || signals()), 10_000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(signals()).toBe("HUP");
    swap("three");
    await eventually("the second signal", () => Promise.resolve(signals() === "HUP\nHUP" || signals()), 10_000);
  });

  it("ends when it is told to", async () => {
    const end = once(sidecar, "exit");
    sidecar.kill("SIGTERM");
    expect((await end)[0]).toBe(0);
  });
});
