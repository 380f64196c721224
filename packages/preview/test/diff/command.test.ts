import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gatehouse, temporaryFolder } from "../support.ts";

const resource = (urn: string, inputs: object, options = {}): object => ({
  urn,
  inputs,
  options,
  provider: null,
  parent: null,
});
const record = (...resources: object[]): string =>
  JSON.stringify({ version: 1, stacks: [{ stack: "dev", resources, outputs: {}, diagnostics: [] }] });

test("creates, updates, deletes and renames, by URN and alias", async () => {
  const folder = temporaryFolder();
  const [a, b] = [join(folder, "a.json"), join(folder, "b.json")];
  writeFileSync(
    a,
    record(resource("gone", {}), resource("old", {}), resource("same", {}), resource("up", { size: 1 })),
  );
  writeFileSync(
    b,
    record(
      resource("made", {}),
      resource("new", {}, { aliases: ["old"] }),
      resource("same", {}),
      resource("up", { size: 2 }),
    ),
  );
  const { status, stdout } = await gatehouse(["diff", a, b]);
  expect({ status, output: JSON.parse(stdout) as unknown }).toEqual({
    status: 0,
    output: {
      version: 1,
      changes: [
        { stack: "dev", urn: "gone", action: "delete", changes: [] },
        { stack: "dev", urn: "made", action: "create", changes: [] },
        { stack: "dev", urn: "new", action: "rename", oldUrn: "old", changes: [] },
        {
          stack: "dev",
          urn: "up",
          action: "update",
          changes: [{ path: ["inputs", "size"], kind: "changed", before: 1, after: 2 }],
        },
      ],
    },
  });
});

test.each([
  ["truncated", '{"version":1,', "JSON"],
  [
    "of a program that failed",
    JSON.stringify({
      version: 1,
      stacks: [{ stack: "dev", resources: [], outputs: {}, diagnostics: [{ severity: "error", message: "broken" }] }],
    }),
    "the record is not whole, because the program failed in dev",
  ],
  ["of another version", '{"version":2,"stacks":[]}', "resource graph of version 2; this release reads version 1"],
])("a record that is %s: status 2 and one message", async (_, text, message) => {
  const file = join(temporaryFolder(), "a.json");
  writeFileSync(file, text);
  const { status, stdout, stderr } = await gatehouse(["diff", file, file]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toContain(message);
});
