import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A temporary directory and processes that all go when this process does, whatever ends it: a watchdog of its own
 * process group learns of the end by its standard input, kills what is left and removes the directory.
 */
export class Scope {
  readonly directory: string;
  readonly #watchdog: ChildProcess;

  constructor(name: string) {
    this.directory = mkdtempSync(join(tmpdir(), `gatehouse-${name}-`));
    this.#watchdog = spawn(process.execPath, [join(import.meta.dirname, "watchdog.ts"), this.directory], {
      stdio: ["pipe", "ignore", "inherit"],
      detached: true,
    });
    this.#watchdog.unref();
    (this.#watchdog.stdin as unknown as { unref(): void }).unref();
  }

  /** Starts a program that belongs to the scope; what it prints goes to `<name>.log`. */
  start(name: string, program: string, args: string[], options: SpawnOptions = {}): ChildProcess {
    const log = openSync(this.logFile(name), "a");
    const child = spawn(program, args, {
      cwd: this.directory,
      stdio: ["ignore", log, log],
      ...options,
      detached: true,
    });
    closeSync(log);
    const { pid } = child;
    if (pid !== undefined) {
      this.#watchdog.stdin?.write(`+${pid}\n`);
      child.once("exit", () => this.#watchdog.stdin?.write(`-${pid}\n`));
    }
    child.unref();
    return child;
  }

  logFile(name: string): string {
    return join(this.directory, `${name}.log`);
  }

  /** The end of what a program has printed. */
  lastWords(name: string): string {
    return readFileSync(this.logFile(name), "utf8").split("\n").slice(-20).join("\n");
  }

  /** Ends everything, and comes back when nothing is left. */
  async stop(): Promise<void> {
    if (this.#watchdog.exitCode !== null) return;
    this.#watchdog.ref();
    const gone = once(this.#watchdog, "exit");
    this.#watchdog.stdin?.end();
    await gone;
  }
}
