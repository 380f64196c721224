import { Command } from "commander";
import { chooseStacks, findProject, readStackConfig } from "../project/project.ts";
import { configSchemaText, explainedConfig } from "../project/productConfig.ts";
import { renderValues, selectValues } from "../render/configTable.ts";

interface ExplainOptions {
  cwd: string;
  json?: true;
}

/** `gatehouse config`: a product's configuration. */
export function configCommand(): Command {
  const config = new Command("config").description("a product's configuration");
  config
    .command("schema")
    .description("print the JSON Schema of a product's config")
    .argument("<product>")
    .option("-C, --cwd <dir>", "folder of the project", ".")
    .action(async (product: string, options: { cwd: string }) => {
      process.stdout.write(await configSchemaText(findProject(options.cwd), product));
    });
  config
    .command("explain")
    .description("print each value of a stack's config, and where it comes from: default, layer or stack file")
    .argument("<stack>")
    .argument("[key]", "a key, with or without the product: scaling, shield:scaling.minReplicas")
    .option("-C, --cwd <dir>", "folder of the project", ".")
    .option("--json", "print JSON")
    .action(explain);
  return config;
}

async function explain(asked: string, key: string | undefined, { cwd, json }: ExplainOptions): Promise<void> {
  const project = findProject(cwd);
  const [stack = asked] = chooseStacks(project, [asked]);
  const all = await explainedConfig(project, stack, readStackConfig(project, stack, {}));
  const values = key === undefined ? all : selectValues(all, key);
  process.stdout.write(json === true ? `${JSON.stringify(values, null, 2)}\n` : renderValues(values));
}
