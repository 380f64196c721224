/**
 * Imports a product's config in the way that its program does, and calls one of its methods with arguments that are JSON
 * on stdin. The answer goes to stdout, the message of an error to stderr.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , file = "", method = ""] = process.argv;

function fail(error: unknown): void {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

void import(pathToFileURL(file).href)
  .then((module: { config?: Record<string, (...args: unknown[]) => unknown> }) => {
    const { config } = module;
    if (typeof config?.[method] !== "function") {
      fail(`${file} exports no "config" with ${method}()`);
      return;
    }
    const args = JSON.parse(readFileSync(0, "utf8")) as unknown[];
    process.stdout.write(`${JSON.stringify(config[method](...args), null, 2)}\n`);
  })
  .catch(fail);
