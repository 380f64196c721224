import { homedir } from "node:os";
import { join } from "node:path";

/** The user's cache: tools outlive the work tree and are shared by its copies. */
export function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "gatehouse", "tools");
}
