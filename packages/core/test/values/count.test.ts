import { checkCount, checkPortNumber, repeated } from "@gatehouse/core";
import { expect, test } from "vitest";

test("a count that is not given, and one at each bound", () => {
  expect(checkCount("pods", "not a number of pods", undefined, { least: 1 })).toEqual([]);
  for (const value of [2, 5])
    expect(checkCount("pods", "not a number of pods", value, { least: 2, most: 5 })).toEqual([]);
});

test.each([1, 6, 2.5, NaN, Infinity])("%d of 2 to 5", (value) => {
  expect(checkCount("pods", "not a number of pods", value, { least: 2, most: 5 })).toEqual([
    { subject: "pods", message: "not a number of pods", value: String(value), expected: "a whole number from 2 to 5" },
  ]);
});

test("without an upper bound", () => {
  expect(checkCount("pods", "not a number of pods", 0, { least: 1 })).toEqual([
    { subject: "pods", message: "not a number of pods", value: "0", expected: "a whole number, 1 or more" },
  ]);
  expect(checkPortNumber("port", 65_535)).toEqual([]);
});

test("what is repeated, once each", () => {
  expect(repeated(["a", "b", "a", "c", "a", "c"])).toEqual(["a", "c"]);
});
