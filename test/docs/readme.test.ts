import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gatehouse } from "../support/gatehouse.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

test("the README's preview is what the command prints", async () => {
  const [, stack = "", shown] = /<!-- preview: ([\w-]+) -->\n\n```\n([^`]*)```/.exec(readme) ?? [];
  const { status, stdout } = await gatehouse("preview", stack);
  expect(status).toBe(0);
  // The time is another each run, and a hash with each change of what it names.
  const steady = (text = ""): string =>
    text
      .replace(/ in [\d.]+ s$/m, "")
      .replaceAll(/-[0-9a-f]{8}\b/g, "-<hash>")
      .trim();
  expect(steady(shown)).toBe(steady(stdout));
});
