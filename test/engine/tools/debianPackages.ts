import { execFileSync } from "node:child_process";
import { existsSync, globSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The Debian package that each program comes from. */
const packages: Record<string, string> = {
  "redis-server": "redis-server",
  "redis-sentinel": "redis-sentinel",
  initdb: "postgresql",
  nginx: "nginx",
  promtool: "prometheus",
  haproxy: "haproxy",
  shellcheck: "shellcheck",
  openssl: "openssl",
  ps: "procps",
};

const directories = [
  ...(process.env.PATH ?? "").split(delimiter),
  "/usr/sbin",
  ...globSync("/usr/lib/postgresql/*/bin"),
];

/** Where a program is, or `undefined`. */
export function findProgram(name: string): string | undefined {
  return directories.map((directory) => join(directory, name)).find((file) => existsSync(file));
}

/** The packages whose programs are not there. */
export function missingPackages(): string[] {
  const found = globSync("/usr/lib/postgresql/*/bin/initdb");
  return Object.entries(packages)
    .filter(([program]) => findProgram(program) === undefined && !(program === "initdb" && found.length > 0))
    .map(([, name]) => name);
}

/** Why packages cannot be installed here, or `undefined` if they can. */
export function obstacle(): string | undefined {
  if (findProgram("apt-get") === undefined) return "there is no apt on this machine";
  return process.getuid?.() === 0 ? undefined : "apt-get needs root";
}

/** Installs packages, and leaves none of their services running. Says why it could not, or nothing. */
export function install(names: string[], say: (line: string) => void): string | undefined {
  say(`installing ${names.join(", ")}`);
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  const wait = ["-o", "DPkg::Lock::Timeout=600", "-q"];
  try {
    withoutServices(() => {
      execFileSync("apt-get", [...wait, "update"], options as object);
      execFileSync("apt-get", [...wait, "install", "-y", "--no-install-recommends", ...names], options as object);
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Debian asks this program before it starts a service; 101 says no. */
const policy = "/usr/sbin/policy-rc.d";

function withoutServices(work: () => void): void {
  if (existsSync(policy)) {
    work();
    return;
  }
  writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    work();
  } finally {
    rmSync(policy, { force: true });
  }
}
