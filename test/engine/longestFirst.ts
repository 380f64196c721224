import { basename } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, the longest first. */
const long = ["redisHa.test.ts", "lifecycle.test.ts", "defects.test.ts", "manifests.test.ts"];

/** Starts what takes longest first, on a machine that has not yet seen how long each file takes too. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => long.toReversed().indexOf(basename(moduleId));
    return (await super.sort(files)).sort((a, b) => rank(b) - rank(a));
  }
}
