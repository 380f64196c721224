import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { didYouMean, UsageError } from "../errors.ts";
import { compareText } from "../graph/graph.ts";
import { findProject } from "./project.ts";

const printer = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./schemaChild.ts" : "./schemaChild.js", import.meta.url),
);
const configFiles = ["config.ts", "config.js"];

/**
 * Prints the JSON Schema of a product's config, as `<main folder>/<product>/config.ts` exports it: a `config` that
 * has `jsonSchema()`.
 *
 * @throws UsageError if there is no such product.
 */
export async function printConfigSchema(directory: string, product: string): Promise<void> {
  const project = findProject(directory);
  const file = configFile(project.directory, product);
  if (file === undefined) {
    const products = readdirSync(project.directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && configFile(project.directory, entry.name) !== undefined)
      .map((entry) => entry.name)
      .sort(compareText);
    throw new UsageError(
      `unknown product "${product}"${didYouMean(product, products)}\n` +
        (products.length === 0
          ? `  no folder of ${project.directory} has a config.ts`
          : `  products of project "${project.name}": ${products.join(", ")}`),
    );
  }
  const status = await new Promise<number | null>((resolve, reject) => {
    const flags = ["--disable-warning=ExperimentalWarning", ...project.nodeArguments];
    const child = spawn(process.execPath, [...flags, printer, file], { cwd: project.directory, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (status !== 0) throw new UsageError(`${file}: it could not give its JSON Schema`);
}

function configFile(directory: string, product: string): string | undefined {
  return configFiles.map((name) => join(directory, product, name)).find((file) => existsSync(file));
}
