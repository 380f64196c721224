/** Imports a product's config in the way that its program does, and prints its JSON Schema. */
import { pathToFileURL } from "node:url";

const [, , file = ""] = process.argv;

void import(pathToFileURL(file).href).then(
  (module: { config?: { jsonSchema?: () => unknown } }) => {
    const { config } = module;
    if (typeof config?.jsonSchema !== "function") {
      process.stderr.write(`error: ${file} exports no "config" with jsonSchema()\n`);
      process.exitCode = 1;
      return;
    }
    process.stdout.write(`${JSON.stringify(config.jsonSchema(), null, 2)}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
