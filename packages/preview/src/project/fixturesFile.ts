import { didYouMean, UsageError } from "../errors.ts";
import type { Fixtures } from "../record/fixtures.ts";
import { readYaml } from "./project.ts";

/**
 * Reads the file of `--fixtures`, YAML or JSON.
 *
 * @throws UsageError if it is not one.
 */
export function readFixtures(file: string): Fixtures {
  const content = readYaml(file);
  const known = ["invokes", "resources", "reads", "stacks"];
  for (const [key, value] of Object.entries(content)) {
    if (!known.includes(key)) {
      throw new UsageError(`${file}: unknown key "${key}"${didYouMean(key, known)}\n  expected: ${known.join(", ")}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new UsageError(`${file}: "${key}" is not an object of answers by name`);
    }
  }
  return content;
}
