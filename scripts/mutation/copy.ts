import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A copy of the workspace whose files may be changed. It goes when the process ends. */
export function workspaceCopy(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), "gatehouse-mutation-"));
  process.on("exit", () => {
    rmSync(copy, { recursive: true, force: true });
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(1));
  const files = execFileSync("git", ["ls-files", "-z"], { cwd: root, encoding: "utf8" }).split("\0");
  for (const file of files.filter((file) => file !== "")) cpSync(join(root, file), join(copy, file));
  // Links within node_modules are relative, so that the copy's packages are the copy's own.
  execFileSync("cp", ["-al", join(root, "node_modules"), join(copy, "node_modules")]);
  return copy;
}
