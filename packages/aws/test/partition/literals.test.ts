import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const src = join(import.meta.dirname, "../../src");

test("no source has a partition written out, which China and GovCloud would refuse", () => {
  const literal = globSync("**/*.ts", { cwd: src }).filter((file) =>
    readFileSync(join(src, file), "utf8")
      .split("\n")
      .some((line) => /arn:aws(-[a-z-]+)?:/.test(line) && !/^\s*(\*|\/\*\*|\/\/)/.test(line)),
  );
  expect(literal).toEqual([]);
});
