import { Command } from "commander";
import { printConfigSchema } from "../project/configSchema.ts";

/** `gatehouse config`: a product's configuration. */
export function configCommand(): Command {
  const config = new Command("config").description("a product's configuration");
  config
    .command("schema")
    .description("print the JSON Schema of a product's config")
    .argument("<product>")
    .option("-C, --cwd <dir>", "folder of the project", ".")
    .action(async (product: string, options: { cwd: string }) => {
      await printConfigSchema(options.cwd, product);
    });
  return config;
}
