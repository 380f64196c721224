import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { programPath, unprivileged } from "./programs.ts";

const superuser = { user: "postgres", password: "superuser" };

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}

/** A real PostgreSQL on loopback that asks for passwords. */
export class PostgresServer {
  public readonly port: number;
  private readonly process: ChildProcess;

  private constructor(port: number, process: ChildProcess) {
    this.port = port;
    this.process = process;
  }

  static async start(directory: string): Promise<PostgresServer> {
    const owner = unprivileged("postgres");
    const options = { env: { PATH: programPath }, stdio: "ignore", ...owner } as const;
    mkdirSync(directory, { recursive: true });
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(directory, owner.uid, owner.gid);
    const data = join(directory, "data");
    const passwords = join(directory, "password");
    writeFileSync(passwords, superuser.password);
    execFileSync(
      "initdb",
      ["-D", data, "-U", superuser.user, "-A", "scram-sha-256", `--pwfile=${passwords}`, "-N"],
      options,
    );
    const port = await freePort();
    const settings = [
      `port=${port}`,
      "listen_addresses=127.0.0.1",
      `unix_socket_directories=${directory}`,
      "fsync=off",
    ];
    const server = spawn("postgres", ["-D", data, ...settings.flatMap((setting) => ["-c", setting])], options);
    const started = new PostgresServer(port, server);
    execFileSync("sh", ["-c", `until pg_isready -q -h 127.0.0.1 -p ${port}; do sleep 0.1; done`], {
      ...options,
      timeout: 60_000,
    });
    return started;
  }

  /** Runs SQL as the superuser and gives back its rows, a line each. */
  query(database: string, sql: string): string {
    return execFileSync("psql", ["-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", String(this.port)], {
      encoding: "utf8",
      input: sql,
      env: { PATH: programPath, PGDATABASE: database, PGUSER: superuser.user, PGPASSWORD: superuser.password },
    }).trim();
  }

  async stop(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGQUIT");
    await ended;
  }
}
