import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where Node keeps compiled code, in the user's cache: never in a project. */
export const compileCacheDirectory = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "gatehouse",
  "compile-cache",
);

/** Lets this process load what it has compiled before. A folder that cannot be written is no error. */
export function useCompileCache(): void {
  enableCompileCache(compileCacheDirectory);
}
