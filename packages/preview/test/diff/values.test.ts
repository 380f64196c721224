import { array, assert, constantFrom, dictionary, letrec, oneof, property, record, string } from "fast-check";
import type { Arbitrary } from "fast-check";
import { describe, expect, test } from "vitest";
import { applyChanges } from "./apply.ts";
import { diffValues } from "../../src/diff/values.ts";
import type { PropertyChange } from "../../src/diff/values.ts";
import type { Value } from "../../src/index.ts";

const values: Arbitrary<Value> = letrec<{ value: Value }>((tie) => ({
  value: oneof(
    { maxDepth: 4 },
    constantFrom<Value>(null, true, 1, 2, "a", "b\nc", { $secret: "d1" }, { $secret: "d2" }, { $unknown: ["urn:a"] }),
    array(tie("value"), { maxLength: 4 }),
    array(record({ name: constantFrom("x", "y", "z"), value: tie("value") }), { maxLength: 4 }),
    dictionary(oneof(constantFrom("name", "port", "spec"), string({ maxLength: 3 })), tie("value"), { maxKeys: 4 }),
  ),
})).value;

/** The same change seen from the other side. */
function mirrored({ kind, before, after, ...rest }: PropertyChange): PropertyChange {
  const opposite = { added: "removed", removed: "added", changed: "changed", order: "order", undecided: "undecided" };
  const sides = {
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
  };
  return { ...rest, kind: opposite[kind] as PropertyChange["kind"], ...sides };
}

function sorted(changes: PropertyChange[]): string[] {
  const text = ({ path, kind, before, after, index }: PropertyChange): string =>
    JSON.stringify([path, kind, before, after, index]);
  return changes.map(text).sort();
}

describe("random values", () => {
  test("a value does not differ from itself", () => {
    assert(
      property(values, (a) => {
        expect(diffValues(a, structuredClone(a))).toEqual([]);
      }),
    );
  });

  test("the changes from a to b, applied to a, give b", () => {
    assert(
      property(values, values, (a, b) => {
        expect(applyChanges(a, diffValues(a, b))).toEqual(b);
      }),
    );
  });

  test("the changes from b to a are the mirror of those from a to b", () => {
    assert(
      property(values, values, (a, b) => {
        expect(sorted(diffValues(b, a))).toEqual(sorted(diffValues(a, b).map(mirrored)));
      }),
    );
  });
});

describe("lists", () => {
  test("items with a name are matched by it, wherever they stand", () => {
    const before = [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ];
    const after = [
      { name: "C", value: "3" },
      { name: "B", value: "4" },
    ];
    expect(diffValues(before, after, ["env"])).toEqual([
      { path: ["env", { key: "name", is: "A" }], kind: "removed", before: { name: "A", value: "1" }, index: 0 },
      { path: ["env", { key: "name", is: "B" }, "value"], kind: "changed", before: "2", after: "4" },
      { path: ["env", { key: "name", is: "C" }], kind: "added", after: { name: "C", value: "3" }, index: 0 },
    ]);
  });

  test("ports without a name are matched by their number", () => {
    expect(diffValues([{ port: 80, targetPort: 1 }], [{ port: 443 }, { port: 80, targetPort: 2 }])).toEqual([
      { path: [{ key: "port", is: 80 }, "targetPort"], kind: "changed", before: 1, after: 2 },
      { path: [{ key: "port", is: 443 }], kind: "added", after: { port: 443 }, index: 0 },
    ]);
  });

  test("an item put in the middle is one addition", () => {
    expect(diffValues(["a", "c"], ["a", "b", "c"])).toEqual([{ path: [1], kind: "added", after: "b", index: 1 }]);
  });
});

test("secrets: by their digests, and undecided without", () => {
  const [one, two, none] = [{ $secret: "1" }, { $secret: "2" }, { $secret: null }];
  expect(diffValues(one, { $secret: "1" })).toEqual([]);
  expect(diffValues(one, two)).toEqual([{ path: [], kind: "changed", before: one, after: two }]);
  expect(diffValues(none, { $secret: null })).toEqual([{ path: [], kind: "undecided", before: none, after: none }]);
});
