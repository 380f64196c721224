import { member } from "@gatehouse/core";
import { expect, test } from "vitest";

const refs = { "api-key": 1, password: 2 };

test("a member is found by its key", () => {
  expect(member("Bundle.refs", "the bundle has no such secret", refs, "api-key")).toBe(1);
});

test.each([
  ["api-kye", '\n  fix:      did you mean "api-key"?'],
  ["constructor", ""],
])("%s is not a member", (key, fix) => {
  expect(() => member("Bundle.refs", "the bundle has no such secret", refs, key)).toThrow(
    `Bundle.refs: the bundle has no such secret\n  value:    ${key}\n  expected: api-key, password${fix}`,
  );
});
