import { setTimeout as delay } from "node:timers/promises";

/** Waits until something holds; fails with what was last said against it. */
export async function eventually(
  what: string,
  holds: () => boolean | string | Promise<boolean | string>,
  timeout = 60_000,
): Promise<void> {
  let last: boolean | string = false;
  for (const start = Date.now(); Date.now() - start < timeout;) {
    last = await holds();
    if (last === true) return;
    await delay(100);
  }
  throw new Error(`not within ${timeout / 1000} s: ${what}${typeof last === "string" ? `; ${last}` : ""}`);
}
