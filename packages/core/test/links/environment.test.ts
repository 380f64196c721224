import { checkVariables, mergeEnvironments, variableNames } from "@gatehouse/core";
import { expect, test } from "vitest";

const secret = { secret: "shop", key: "token" };

test("the names of all sources", () => {
  expect(variableNames()).toEqual([]);
  expect(variableNames({ values: { A: "1" }, secrets: { B: secret }, fields: { C: "status.podIP" } })).toEqual([
    "A",
    "B",
    "C",
  ]);
});

test("a later environment wins, also by another source", () => {
  const first = { values: { A: "1", B: "2", C: "3" }, secrets: { D: secret } };
  const merged = mergeEnvironments(first, undefined, {
    values: { A: "4", D: "5" },
    secrets: { B: secret },
    fields: { C: "metadata.name" },
  });
  expect(merged).toEqual({ values: { A: "4", D: "5" }, secrets: { B: secret }, fields: { C: "metadata.name" } });
  expect(first).toEqual({ values: { A: "1", B: "2", C: "3" }, secrets: { D: secret } });
});

test("names that no shell can set, and variables of two sources", () => {
  expect(checkVariables("shop.environment", { values: { _A1: "", a: "" }, secrets: { B: secret } })).toEqual([]);
  expect(
    checkVariables("shop.environment", {
      values: { "1A": "", "B-C": "", D: "" },
      secrets: { D: secret, "1A": secret },
    }),
  ).toEqual([
    ...["1A", "B-C"].map((value) => ({
      subject: "shop.environment",
      message: "not the name of an environment variable",
      value,
      expected: "letters, digits and underscores, not starting with a digit",
    })),
    ...["D", "1A"].map((value) => ({
      subject: "shop.environment",
      message: "the variable comes from two sources",
      value,
      expected: "one of values, secrets and fields",
      fix: "remove it from all but one",
    })),
  ]);
});
