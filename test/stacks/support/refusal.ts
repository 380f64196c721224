import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../../packages/kubernetes/test/support/record.ts";
import { findProject, readStackConfig } from "../../../packages/preview/src/project/project.ts";
import run from "../../../stacks/index.ts";

const project = findProject(fileURLToPath(new URL("../../../", import.meta.url)));

/**
 * The message of the one error that a stack must fail with. The stack runs in the test's own process, which takes a
 * tenth of what the command takes; other tests hold what the command prints and how it ends.
 *
 * @param config What is set over the stack's file, each as `key=value`.
 */
export async function stackRefusal(stack: string, ...config: string[]): Promise<string> {
  const overrides = config.map((text): [string, string] => {
    const [key = "", ...value] = text.split("=");
    return [key, value.join("=")];
  });
  const { values, secretKeys } = readStackConfig(project, stack, Object.fromEntries(overrides));
  const program = async (): Promise<unknown> => {
    pulumi.runtime.setAllConfig(values, secretKeys);
    return run();
  };
  return refusal(program, { preview: true, project: project.name, stack });
}
