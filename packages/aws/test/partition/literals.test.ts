import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");

test("no source has a partition written out, which China and GovCloud would refuse", () => {
  const literal = globSync(["packages/aws/src/**/*.ts", "stacks/**/*.ts"], { cwd: root }).filter((file) =>
    readFileSync(join(root, file), "utf8")
      .split("\n")
      .some((line) => /arn:aws(-[a-z-]+)?:/.test(line) && !/^\s*(\*|\/\*\*|\/\/)/.test(line)),
  );
  expect(literal).toEqual([]);
});
