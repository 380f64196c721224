#!/usr/bin/env node
// Nothing is imported before the version is known to be new enough to load it.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(`gatehouse needs Node 22.18 or later; this is ${process.versions.node} (${process.execPath})\n`);
  process.exitCode = 2;
} else {
  void import("./cli.ts").then(async ({ main }) => {
    process.exitCode = await main(process.argv.slice(2));
  });
}

export {};
