import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./support/eventually.ts";
import { withLock } from "./tools/lock.ts";

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "gatehouse-scope-test-"));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process with a scope of its own, in which a program runs that never ends; what it prints is where they are. */
async function startOwner(): Promise<{ owner: ChildProcess; scope: string; program: number }> {
  const script = join(directory, "owner.ts");
  writeFileSync(
    script,
    `import { Scope } from ${JSON.stringify(join(import.meta.dirname, "scope.ts"))};
const scope = new Scope("test");
const program = scope.start("sleeper", "sh", ["-c", "sleep 1000 & wait"]);
process.stdout.write(JSON.stringify({ scope: scope.directory, program: program.pid }) + "\\n");
setInterval(() => undefined, 1000);
`,
  );
  const owner = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  owner.stdout.setEncoding("utf8").on("data", (part: string) => (text += part));
  await eventually("the scope is there", () => Promise.resolve(text.endsWith("\n")));
  return { owner, ...(JSON.parse(text) as { scope: string; program: number }) };
}

describe("a scope", () => {
  it.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("leaves nothing when its owner ends by %s", async (signal) => {
    const { owner, scope, program } = await startOwner();
    expect(existsSync(scope)).toBe(true);
    expect(isRunning(program)).toBe(true);
    owner.kill(signal);
    await eventually("its programs and its directory are gone", () =>
      Promise.resolve(!isRunning(program) && !existsSync(scope)),
    );
  });
});

describe("a lock", () => {
  it("lets one in at a time", async () => {
    const file = join(directory, "one.lock");
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      order.push(`${name} out`);
    };
    await Promise.all([withLock(file, work("a")), withLock(file, work("b"))]);
    expect(order).toEqual(["a in", "a out", "b in", "b out"]);
  });

  it("of a process that is gone holds nobody up", async () => {
    const file = join(directory, "stale.lock");
    const { owner } = await startOwner();
    const { pid = 0 } = owner;
    owner.kill("SIGKILL");
    await eventually("it is gone", () => Promise.resolve(!isRunning(pid)));
    writeFileSync(file, String(pid));
    expect(await withLock(file, () => Promise.resolve(readFileSync(file, "utf8")))).toBe(String(process.pid));
  });
});
