#!/usr/bin/env node
// Nothing is imported before the version is known to be new enough to load it.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`gatehouse needs Node 22.18 or later; this is ${process.versions.node} (${process.execPath})\n`);
  process.exitCode = 2;
} else {
  // A reader that has seen enough, like "head", is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? 0 : 2);
  });
  void import("../run/compileCache.ts")
    .then(({ useCompileCache }) => {
      useCompileCache();
      return import("./cli.ts");
    })
    .then(({ main }) => main(process.argv.slice(2)))
    .then(
      (status) => {
        process.exitCode = status;
      },
      (error: unknown) => {
        process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 2;
      },
    );
}

export {};
