import type { WriteStream } from "node:tty";
import type { Progress } from "../run/preview.ts";

/** Tells on a terminal how far each stack is, in one line that is written over; elsewhere, a line as each is done. */
export class ProgressDisplay {
  readonly #stream: WriteStream;
  readonly #stacks = new Map<string, Progress>();
  #isDrawn = false;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  update(progress: Progress): void {
    this.#stacks.set(progress.stack, progress);
    if (this.#stream.isTTY) this.#draw();
    else if (progress.state !== "running") {
      const count = `${String(progress.resources)} ${progress.resources === 1 ? "resource" : "resources"}`;
      this.#stream.write(`${progress.stack}: ${progress.state}, ${count}\n`);
    }
  }

  clear(): void {
    if (this.#isDrawn) this.#stream.write("\r\u001b[K");
    this.#isDrawn = false;
  }

  #draw(): void {
    const all = [...this.#stacks.values()];
    const running = all.filter(({ state }) => state === "running");
    const counts = running.map(({ stack, resources }) => (resources === 0 ? stack : `${stack} ${String(resources)}`));
    const text = `${String(all.length - running.length)} done, running: ${counts.join(", ")}`;
    this.#stream.write(`\r\u001b[K${text.slice(0, Math.max(20, (this.#stream.columns || 80) - 1))}`);
    this.#isDrawn = true;
  }
}
