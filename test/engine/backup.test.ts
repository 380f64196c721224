import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BackupCronJob, type BackupCronJobArgs } from "@gatehouse/kubernetes";
import type * as k8s from "@pulumi/kubernetes/types/output.js";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { record } from "../../packages/kubernetes/test/support/record.ts";
import { run, start, type Surroundings } from "./support/container.ts";
import type { Outcome } from "./support/outcome.ts";
import { freePort, PostgresServer } from "./support/postgresServer.ts";
import { programPath, requirePrograms, unprivileged } from "./support/programs.ts";

const fixtures = join(import.meta.dirname, "../../packages/kubernetes/test/backup");
// However a program quotes or encodes the password, this part of it stays.
const marker = "open-sesame";
const password = `${marker} p@ss/w:rd%&?#'"$\\é`;
const hour = 3600 * 1000;

/** Everything that the image must have: the scripts find nothing else on their path. */
const imagePrograms = [
  ...["awk", "cat", "date", "dirname", "mktemp", "rm", "sed", "sort", "tail", "wc"],
  ...["aws", "pg_dump", "pg_restore", "psql"],
];

let root: string;
let database: PostgresServer;
let directories: Record<"bucket" | "records" | "shims" | "scripts" | "tmp" | "socket" | "data" | "standIns", string>;

beforeAll(async () => {
  requirePrograms(["initdb", "postgres", "pg_dump", "pg_restore", "psql"], "apt-get install postgresql");
  root = mkdtempSync(join(tmpdir(), "backup-"));
  chmodSync(root, 0o755);
  database = await PostgresServer.start(join(root, "server"));
  database.query(
    "postgres",
    `create role "back@up" login password '${password.replaceAll("'", "''")}';
     create database "shield db" owner "back@up";`,
  );
  database.query(
    "shield db",
    `set role "back@up";
     create table accounts (id int primary key, email text unique, secret text);
     insert into accounts select n, 'user' || n || '@example.com', md5(n::text) from generate_series(1, 5000) n;
     create table tokens (id int primary key, account int references accounts, value bytea);
     insert into tokens select n, n, decode(md5(n::text), 'hex') from generate_series(1, 5000) n;
     create view active as select id from accounts where id > 10;
     create sequence numbers start 77;`,
  );
  return async () => {
    await database.stop();
    rmSync(root, { recursive: true, force: true });
  };
});

beforeEach(() => {
  const own = mkdtempSync(join(root, "test-"));
  chmodSync(own, 0o755);
  const names = ["bucket", "records", "shims", "scripts", "tmp", "socket", "data", "standIns"] as const;
  directories = Object.fromEntries(names.map((name) => [name, join(own, name)])) as typeof directories;
  for (const directory of Object.values(directories)) {
    mkdirSync(directory);
    // The scratch server runs as another user.
    chmodSync(directory, 0o777);
  }
  for (const program of imagePrograms) symlinkSync(join(fixtures, "recorded"), join(directories.shims, program));
  copyFileSync(join(fixtures, "aws"), join(directories.standIns, "aws"));
});

type Container = k8s.core.v1.Container;

interface Rendered {
  backup: Container;
  check: Container;
  scratch: Container;
}

/** The containers that the component declares; their scripts are where the ConfigMap would be mounted. */
async function render(overrides: Partial<BackupCronJobArgs> = {}, scratch = {}): Promise<Rendered> {
  const recording = await record(
    () =>
      new BackupCronJob("shield", {
        namespace: "shield",
        image: "registry.example.com/backup:15.14",
        source: {
          postgres: {
            url: { secret: "shield-secrets", key: "database-url" },
            server: { name: "database", port: 5432, addresses: [{ cidr: "127.0.0.1/32" }] },
            scratch: { image: "postgres:15.14", ...scratch },
          },
        },
        destination: { s3: { bucket: "materi-backups", prefix: "shield", region: "us-west-2" } },
        ...overrides,
      }),
  );
  const { data } = recording.object("ConfigMap", "shield-backup-scripts");
  for (const [name, text] of Object.entries(data)) writeFileSync(join(directories.scripts, name), text);
  const podOf = (name: string) => recording.object("CronJob", name).spec.jobTemplate.spec.template.spec;
  const [backup] = podOf("shield-backup").containers;
  const [check] = podOf("shield-restore-check").containers;
  const [server] = podOf("shield-restore-check").initContainers;
  if (!backup || !check || !server) throw new Error("a container is missing");
  return { backup, check, scratch: server };
}

function address(user: string, password: string): string {
  const [login, secret] = [user, password].map(encodeURIComponent);
  return `postgresql://${login}:${secret}@127.0.0.1:${database.port}/shield%20db?sslmode=prefer&conn_max_age=60`;
}

function surroundings(environment: Record<string, string> = {}, url = address("back@up", password)): Surroundings {
  const { shims, scripts, tmp, socket, data, bucket, records, standIns } = directories;
  return {
    mounts: { "/opt/backup": scripts, "/tmp": tmp, "/run/scratch": socket, "/var/lib/scratch": data },
    secrets: { "shield-secrets/database-url": url },
    environment: {
      PATH: shims,
      PROGRAMS: [standIns, programPath].join(delimiter),
      RECORD: records,
      BUCKETS: bucket,
      TMPDIR: tmp,
      ...environment,
    },
  };
}

/** The names in the bucket: of copies, of the row counts beside them, and of unfinished uploads. */
function copies(): { complete: string[]; rows: string[]; incomplete: string[] } {
  const list = (directory: string): string[] => {
    const found = statSync(directory, { throwIfNoEntry: false });
    return found ? readdirSync(directory).sort() : [];
  };
  const prefix = join(directories.bucket, "materi-backups/shield");
  const names = list(prefix).filter((name) => name !== ".incomplete");
  return {
    complete: names.filter((name) => !name.endsWith(".rows")),
    rows: names.filter((name) => name.endsWith(".rows")),
    incomplete: list(join(prefix, ".incomplete")),
  };
}

function copy(name: string): string {
  return join(directories.bucket, "materi-backups/shield", name);
}

function rowsOf(name: string): string {
  return name.replace(/dump$/, "rows");
}

/** Gives a copy another name, with its row counts. */
function rename(from: string, to: string): void {
  renameSync(copy(from), copy(to));
  renameSync(copy(rowsOf(from)), copy(rowsOf(to)));
}

function nameAt(time: number): string {
  return `backup_${new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "")}.dump`;
}

async function backUp(fault = "", url?: string): Promise<Outcome> {
  const { backup } = await render();
  return run(backup, surroundings({ FAULT: fault }, url));
}

/** Does something beside a scratch server, as a pod does once the sidecar's startup probe has succeeded. */
async function beside<T>(scratch: Container, work: (server: Surroundings) => Promise<T>): Promise<T> {
  const server: Surroundings = { ...surroundings({ PATH: programPath }), user: unprivileged("postgres") };
  const running = start(scratch, server);
  const ended = once(running, "exit");
  try {
    while ((await run(scratch, server, scratch.startupProbe.exec.command)).status !== 0) {
      if (running.exitCode !== null) throw new Error(`the scratch server ended with ${running.exitCode}`);
      await delay(100);
    }
    return await work(server);
  } finally {
    running.kill("SIGTERM");
    await ended;
  }
}

/** Runs the restore check beside its scratch server, and asks that server afterwards. */
async function checkRestore(scratchArgs = {}, fault = "", query = "select 1"): Promise<Outcome & { answer: string }> {
  const { check, scratch } = await render({}, scratchArgs);
  return beside(scratch, async (server) => {
    const outcome = await run(check, surroundings({ FAULT: fault }));
    const { output } = await run(scratch, server, ["psql", "-XAt", "-d", "restored", "-c", query]);
    return { ...outcome, answer: output.trim() };
  });
}

describe("a backup", () => {
  it("is there under its name, whole, with nothing left beside it", async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { status, output } = await backUp();

    expect(output).toContain("complete: s3://materi-backups/shield/backup_");
    expect(status).toBe(0);
    const { complete, rows, incomplete } = copies();
    expect(complete).toHaveLength(1);
    expect(incomplete).toEqual([]);
    const [name = ""] = complete;
    expect(rows).toEqual([rowsOf(name)]);
    expect(readFileSync(copy(rowsOf(name)), "utf8")).toBe(
      "public.accounts|5000\npublic.tokens|5000\nlarge objects|0\n",
    );
    expect(name).toMatch(/^backup_\d{8}T\d{6}Z\.dump$/);
    expect(name >= nameAt(before) && name <= nameAt(Date.now())).toBe(true);
    expect(readdirSync(directories.tmp)).toEqual([]);
  });

  it("can be restored, with the same content", async () => {
    await backUp();
    const sum = "select count(*), md5(string_agg(a::text, ',' order by id)) from accounts a";
    const { status, output, answer } = await checkRestore({}, "", sum);

    expect(output).toMatch(/proven: backup_\d{8}T\d{6}Z\.dump can be restored with every row of 2 tables, and/);
    expect(status).toBe(0);
    expect(answer).toBe(database.query("shield db", sum));
    expect(answer).toMatch(/^5000\|/);
  });

  it("tells the password to no program by an argument, to none that connects by the environment, and to no log", async () => {
    const outcomes = [await backUp(), await backUp("", address("back@up", `${password}-wrong`)), await checkRestore()];

    expect(outcomes.map(({ status }) => status)).toEqual([0, 1, 0]);
    expect(outcomes.filter(({ output }) => output.includes(marker))).toEqual([]);
    const records = readdirSync(directories.records);
    const programs = new Set(records.map((name) => name.split(".")[0]));
    expect([...programs].sort()).toEqual([...imagePrograms].sort());
    const holding = records.filter((name) => readFileSync(join(directories.records, name), "utf8").includes(marker));
    expect(holding.filter((name) => name.endsWith(".arguments"))).toEqual([]);
    const knowing = new Set(holding.map((name) => name.split(".")[0]));
    // These run before the address is put away; the shell itself has it from Kubernetes.
    expect([...knowing].sort()).toEqual(["awk", "date", "dirname", "mktemp"]);
  });

  it.each(["remove", "upload", "truncated-upload", "download", "checksum", "rename"])(
    "does not appear when the step %s fails, and the run fails",
    async (fault) => {
      const { status, output } = await backUp(fault);

      expect(status).not.toBe(0);
      expect(output).toContain("FAILED: ");
      expect(copies().complete).toEqual([]);
    },
  );

  it("does not appear when the bucket holds a part of it, which a later run removes", async () => {
    const { output } = await backUp("truncated-upload");
    expect(output).toContain("FAILED: what the bucket holds is not a whole dump");
    const { complete, incomplete } = copies();
    expect(complete).toEqual([]);
    expect(incomplete).toHaveLength(1);

    expect((await backUp()).status).toBe(0);
    expect(copies().complete).toHaveLength(1);
    expect(copies().incomplete).toEqual([]);
  });

  it("does not appear when pg_dump fails in the middle", async () => {
    // Rows can be counted whose values cannot be read.
    database.query(
      "shield db",
      `create type kind as enum ('one');
       create table zones (id kind);
       insert into zones values ('one');
       alter table zones owner to "back@up";
       delete from pg_enum where enumtypid = 'kind'::regtype;`,
    );
    try {
      const { status, output } = await backUp();

      expect(output).toContain("invalid internal value for enum");
      expect(output).toContain("FAILED: pg_dump did not finish");
      expect(status).toBe(1);
      const { complete, rows, incomplete } = copies();
      expect([complete, rows]).toEqual([[], []]);
      expect(statSync(copy(join(".incomplete", incomplete[0] ?? ""))).size).toBeGreaterThan(100_000);
    } finally {
      database.query("shield db", "drop table zones; drop type kind");
    }
  });

  it("does not appear when row-level security would hide rows", async () => {
    database.query(
      "shield db",
      `create table zones (id int);
       insert into zones values (1);
       grant select on zones to "back@up";
       alter table zones enable row level security;`,
    );
    try {
      const { status, output } = await backUp();

      expect(output).toContain("row-level security");
      expect(output).toContain("FAILED: the rows of the tables cannot be counted");
      expect(status).toBe(1);
      expect(copies().complete).toEqual([]);
    } finally {
      database.query("shield db", "drop table zones");
    }
  });

  it("fails, and does not wait for ever, when a table is truncated between the count and the dump", async () => {
    database.query("shield db", 'create table cached (id int); alter table cached owner to "back@up"');
    const truncation = "psql -Xq --no-password -c 'truncate cached' >&2";
    const shim = join(directories.standIns, "pg_dump");
    writeFileSync(shim, `#!/bin/sh\nPATH=${programPath}\n${truncation} &\nsleep 1\nexec pg_dump "$@"\n`, {
      mode: 0o755,
    });
    try {
      const first = await backUp();
      rmSync(shim);
      const second = await backUp();

      expect(first.output).toContain("LOCK TABLE public.cached IN ACCESS SHARE MODE");
      expect(first.output).toContain("FAILED: pg_dump did not finish");
      expect([first.status, second.status]).toEqual([1, 0]);
    } finally {
      database.query("shield db", "drop table cached");
    }
  });

  it("counts the rows of the dump's own snapshot while others write, and of no table that a dump leaves out", async () => {
    database.query(
      "shield db",
      `create extension pg_trgm;
       create schema "odd|name";
       create table "odd|name"."quoted ""table" (id int);
       insert into "odd|name"."quoted ""table" values (1), (2);
       create unlogged table cached (id int);
       insert into cached values (1);
       create table events (id serial, day date) partition by range (day);
       create table events_2025 partition of events for values from ('2025-01-01') to ('2026-01-01');
       create table parents (id serial);
       create table children () inherits (parents);
       insert into children default values;
       create materialized view copied as select 1;
       select lo_from_bytea(1, 'x');
       grant usage on schema "odd|name" to "back@up";
       grant all on all tables in schema "odd|name" to "back@up";
       grant all on all tables in schema public to "back@up";
       grant all on all sequences in schema public to "back@up";
       grant select on large object 1 to "back@up";`,
    );
    const enough = new AbortController();
    const writer = (async () => {
      while (!enough.signal.aborted) {
        database.query(
          "shield db",
          "insert into parents default values; insert into events (day) values ('2025-06-01')",
        );
        await delay(20);
      }
    })();
    try {
      const [backedUp] = await Promise.all([backUp(), delay(500)]);
      enough.abort();
      await writer;
      expect(backedUp.output).toContain("complete: ");
      const [name = ""] = copies().rows;
      const lines = readFileSync(copy(name), "utf8").trim().split("\n");
      expect(lines.map((line) => line.replace(/\|\d+$/, ""))).toEqual([
        '"odd|name"."quoted ""table"',
        "public.accounts",
        "public.cached",
        "public.children",
        "public.events_2025",
        "public.parents",
        "public.tokens",
        "large objects",
      ]);
      expect(lines).toEqual(
        expect.arrayContaining(['"odd|name"."quoted ""table"|2', "public.children|1", "large objects|1"]),
      );
      const counts = "select (select count(*) from only parents) || ' ' || (select count(*) from events_2025)";
      const checked = await checkRestore({}, "", counts);
      expect(checked.output).toContain("restored with every row of 7 tables");
      expect(checked.status).toBe(0);
      const count = (table: string) =>
        lines
          .find((line) => line.startsWith(`public.${table}|`))
          ?.split("|")
          .at(-1);
      expect(checked.answer).toBe(`${count("parents")} ${count("events_2025")}`);
    } finally {
      enough.abort();
      await writer;
      database.query(
        "shield db",
        `drop extension pg_trgm; drop schema "odd|name" cascade; drop table cached, events, children, parents;
         drop materialized view copied; select lo_unlink(1)`,
      );
    }
  });

  it("does not appear when the database refuses or cannot be reached", async () => {
    const refused = await backUp("", address("back@up", "wrong"));
    const unreachable = await backUp("", `postgresql://back%40up:x@127.0.0.1:${await freePort()}/shield`);
    const unusable = await backUp("", "mysql://back%40up:x@127.0.0.1/shield");

    for (const { status, output } of [refused, unreachable, unusable]) {
      expect(status).toBe(1);
      expect(output).toContain("FAILED: the database");
    }
    expect(unusable.output).toContain("DATABASE_URL cannot be used: it does not begin with postgresql://");
    expect(copies()).toEqual({ complete: [], rows: [], incomplete: [] });
  });

  it("removes all but the newest copies where it is told how many to keep, and nothing that is not a copy", async () => {
    mkdirSync(copy("."), { recursive: true });
    const old = [50, 26, 2].map((hours) => nameAt(Date.now() - hours * hour));
    for (const name of [...old, ...old.map(rowsOf), "backup_20240101.sql.gz", "notes.txt"])
      writeFileSync(copy(name), "old");
    const { backup } = await render({ keep: 2 });
    const { status } = await run(backup, surroundings());

    expect(status).toBe(0);
    const { complete, rows } = copies();
    expect(complete).toHaveLength(4);
    expect(rows).toEqual(complete.filter((name) => name.endsWith(".dump")).map(rowsOf));
    expect(complete).toEqual(expect.arrayContaining([old[2], "backup_20240101.sql.gz", "notes.txt"]));
  });
});

describe("the address of the database", () => {
  it.each([
    ["postgresql://u:p@db/shield", ["user=u", "password=p", "host=db", "dbname=shield"]],
    ["postgres://u@db:6432/shield?ssl=true", ["sslmode=require", "user=u", "host=db", "port=6432", "dbname=shield"]],
    ["postgresql+psycopg://u:a?b@db/x", ["user=u", "password=a?b", "host=db", "dbname=x"]],
    ["postgresql:///x?host=%2Frun%2Fpg&user=u", ["user=u", "host=/run/pg", "dbname=x"]],
    [
      "postgresql://u:p@[fd00::1]:5433,b:5434/x",
      ["user=u", "password=p", "host=fd00::1,b", "port=5433,5434", "dbname=x"],
    ],
    ["postgresql://u:p@db/x?password=q", ["password=q", "user=u", "password=p", "host=db", "dbname=x"]],
    ["postgresql://u:p%26%C3%A9%25@db/x", ["user=u", "password=p&é%", "host=db", "dbname=x"]],
  ])("%s is taken apart as libpq does", async (url, lines) => {
    await render();
    const written = execFileSync("awk", ["-f", join(directories.scripts, "service-file.awk")], {
      encoding: "utf8",
      env: { PATH: programPath, LC_ALL: "C", DATABASE_URL: url },
    });
    expect(written.trim().split("\n")).toEqual(["[backup]", ...lines]);
  });
});

describe("the restore check", () => {
  it("fails when there is no backup, or none can be listed", async () => {
    const missing = await checkRestore();
    mkdirSync(copy("."), { recursive: true });
    writeFileSync(copy("backup_20240101.sql.gz"), "another's");
    const foreign = await checkRestore();
    const unlisted = await checkRestore({}, "list");

    expect(missing.output).toContain("FAILED: no backup can be listed in s3://materi-backups/shield/");
    expect(foreign.output).toContain("FAILED: there is no complete backup in s3://materi-backups/shield/");
    expect(unlisted.output).toContain("FAILED: no backup can be listed in s3://materi-backups/shield/");
    expect([missing, foreign, unlisted].map(({ status }) => status)).toEqual([1, 1, 1]);
  });

  it("fails when the newest backup is older than promised, to the second", async () => {
    await backUp();
    const [name = ""] = copies().complete;
    const within = nameAt(Date.now() - 26 * hour + 60_000);
    rename(name, within);
    expect((await checkRestore()).status).toBe(0);

    const late = nameAt(Date.now() - 26 * hour - 1000);
    rename(within, late);
    const { status, output } = await checkRestore();
    expect(status).toBe(1);
    expect(output).toMatch(
      new RegExp(`FAILED: the newest backup, ${late}, is 936\\d\\d s old; at most 93600 s are promised`),
    );
  });

  it("fails when the newest backup is truncated, though an older one is good", async () => {
    await backUp();
    const [name = ""] = copies().complete;
    const older = nameAt(Date.now() - 20 * hour);
    copyFileSync(copy(name), copy(older));
    copyFileSync(copy(rowsOf(name)), copy(rowsOf(older)));
    truncateSync(copy(name), statSync(copy(name)).size - 100);
    const { status, output } = await checkRestore();

    expect(output).toContain(`FAILED: ${name} cannot be restored`);
    expect(status).toBe(1);
  });

  it("fails when a byte of the newest backup has changed", async () => {
    await backUp();
    const [name = ""] = copies().complete;
    const bytes = readFileSync(copy(name));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 0xff;
    writeFileSync(copy(name), bytes);
    const { status, output } = await checkRestore();

    expect(output).toContain(`FAILED: ${name} cannot be restored`);
    expect(status).toBe(1);
  });

  it.each(["download", "checksum"])("fails when the step %s fails", async (fault) => {
    await backUp();
    const { status, output } = await checkRestore({}, fault);

    expect(status).toBe(1);
    expect(output).toMatch(/FAILED: backup_\w+\.dump cannot be re(ad to its end|stored)/);
  });

  it("fails when the dump is of a newer server than the scratch one, and says so", async () => {
    await backUp();
    const [name = ""] = copies().complete;
    const version = database.query("postgres", "show server_version");
    const dump = readFileSync(copy(name), "latin1");
    writeFileSync(copy(name), dump.replaceAll(version, version.replace(/^\d\d/, "99")), "latin1");
    const { status, output } = await checkRestore();

    expect(status).toBe(1);
    expect(output).toMatch(
      /FAILED: the dump is of PostgreSQL 99, and the scratch server, \d\d, is older: give it a newer image/,
    );
  });

  it("fails when a table has fewer or more rows than the source had, or is not there, and names it", async () => {
    await backUp();
    const [rows = ""] = copies().rows;
    const real = readFileSync(copy(rows), "utf8");
    writeFileSync(
      copy(rows),
      `public.sessions|7\n${real.replace("accounts|5000", "accounts|5001").replace("tokens|5000", "tokens|4999")}`,
    );
    const { status, output } = await checkRestore();

    expect(output).toContain("public.accounts: 5001 copied, 5000 restored");
    expect(output).toContain("public.tokens: 4999 copied, 5000 restored");
    expect(output).toContain("public.sessions: 7 copied, none restored");
    expect(output).toContain("FAILED: the restored database does not hold the rows that were copied");
    expect(status).toBe(1);
  });

  it("fails when the row counts are missing or not whole", async () => {
    await backUp();
    const [rows = ""] = copies().rows;
    writeFileSync(copy(rows), "public.accounts|5000\n");
    const cut = await checkRestore();
    rmSync(copy(rows));
    const missing = await checkRestore();

    expect(cut.output).toContain(`FAILED: the row counts in ${rows} are not whole`);
    expect(missing.output).toContain(
      `FAILED: the row counts beside ${rows.replace(/rows$/, "dump")}, ${rows}, cannot be read`,
    );
    expect([cut.status, missing.status]).toEqual([1, 1]);
  });

  it("asks the restored database the query that it is given", async () => {
    await backUp();
    const question = (checkQuery: string) => checkRestore({ checkQuery });
    const [yes, no, several, wrong] = [
      await question("select count(*) = 5000 from tokens where value <> $$\\x00$$"),
      await question("select count(*) = 5001 from tokens"),
      await question("select email from accounts"),
      await question("select true from missing"),
    ];

    expect([yes, no, several, wrong].map(({ status }) => status)).toEqual([0, 1, 1, 1]);
    expect(no.output).toContain("FAILED: the check query does not answer with one true value");
    expect(several.output).not.toContain("@example.com");
    expect(wrong.output).toContain("FAILED: the check query failed");
  });

  it("fails when the dump is of a database whose tables are empty", async () => {
    database.query("postgres", 'create database "hollow" owner "back@up"');
    database.query("hollow", "create table accounts (id int); create view everyone as select * from accounts");
    try {
      database.query("hollow", 'alter table accounts owner to "back@up"');
      database.query("hollow", 'alter view everyone owner to "back@up"');
      expect((await backUp("", address("back@up", password).replace("shield%20db", "hollow"))).status).toBe(0);
      const { status, output } = await checkRestore();
      expect(output).toContain("FAILED: the check query does not answer with one true value");
      expect(status).toBe(1);
    } finally {
      database.query("postgres", 'drop database "hollow"');
    }
  });

  it("restores a policy for a role that the setup makes", async () => {
    database.query(
      "shield db",
      `create role app; set role "back@up"; create policy own on accounts to app using (id = 1);`,
    );
    try {
      await backUp();
      const without = await checkRestore();
      const made = await checkRestore({ setup: "do $$ begin create role app; end $$" });

      expect(without.status).toBe(1);
      expect(without.output).toContain('role "app" does not exist');
      expect(made.status).toBe(0);
    } finally {
      database.query("shield db", "drop policy own on accounts; drop role app");
    }
  });
});

describe("with the real AWS CLI and a server that speaks S3", () => {
  it("a dump of several parts is uploaded, read back, renamed, thinned out and restored", async () => {
    requirePrograms(["aws", "moto_server"], "pip install awscli 'moto[server]'");
    database.query(
      "shield db",
      `set role "back@up";
       create table noise as select n, md5(random()::text) || md5(random()::text) as value from generate_series(1, 300000) n;`,
    );
    const port = await freePort();
    const environment = {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      PROGRAMS: programPath,
    };
    const aws = (...command: string[]): string =>
      execFileSync("aws", ["s3", ...command], {
        encoding: "utf8",
        env: { ...process.env, ...environment, AWS_DEFAULT_REGION: "us-west-2" },
      });
    const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
    try {
      while (!(await fetch(environment.AWS_ENDPOINT_URL_S3).catch(() => undefined))) await delay(100);
      aws("mb", "s3://materi-backups");
      const note = join(directories.tmp, "note");
      appendFileSync(note, "left behind");
      aws("cp", note, "s3://materi-backups/shield/.incomplete/backup_20240101T000000Z.dump");
      for (const age of [3, 2]) aws("cp", note, `s3://materi-backups/shield/${nameAt(Date.now() - age * hour)}`);

      const { backup, check, scratch } = await render({ keep: 2 });
      const backedUp = await run(backup, surroundings(environment));
      expect(backedUp.output).toContain("complete: ");
      expect(backedUp.status).toBe(0);
      const keys = aws("ls", "--recursive", "s3://materi-backups/").trim().split("\n");
      expect(keys).toHaveLength(3);
      expect(keys[1]).toMatch(/ shield\/backup_\d{8}T\d{6}Z\.dump$/);
      expect(keys[2]).toMatch(/ shield\/backup_\d{8}T\d{6}Z\.rows$/);
      // The CLI sends and copies what is larger than 8 MiB in parts.
      expect(Number(keys[1]?.trim().split(/\s+/)[2])).toBeGreaterThan(10 * 2 ** 20);

      const checked = await beside(scratch, () => run(check, surroundings(environment)));
      expect(checked.output).toContain("proven: ");
      expect(checked.status).toBe(0);
    } finally {
      server.kill();
      database.query("shield db", "drop table if exists noise");
    }
  });
});
