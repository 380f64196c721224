/** Ends what a scope has started when the process that it belongs to is gone. Reads "+pid" and "-pid", a line each. */
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

const [, , directory = ""] = process.argv;
const groups = new Set<number>();

// The terminal's signals reach the scope's owner, and its end reaches this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined);

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) groups.add(pid);
  else groups.delete(pid);
}

// Nothing that they keep outlives the directory, so there is nothing to end in order.
for (const pid of groups) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
