import { labelsOf } from "../../promql/labels.ts";
import { placesOf } from "../../promql/syntax.ts";
import { typeOf } from "../../promql/types.ts";
import type { Check } from "../contract/check.ts";

export const neverMatches: Check = {
  id: "never-matches",
  description:
    "Two vectors meet where their labels are equal: with different sets of labels they never do, and the result is empty.",
  remedy: "aggregate both sides by the same labels, or say on(...) which labels to compare",
  find: (expression, { catalogue }) =>
    placesOf(expression, "binary").flatMap(({ node }) => {
      const { operator, left, right, matching } = node;
      if (operator === "or" || matching?.on || [left, right].some((side) => typeOf(side) !== "vector")) return [];
      const [ofLeft, ofRight] = [labelsOf(left, catalogue), labelsOf(right, catalogue)];
      if (!ofLeft?.exact || !ofRight?.exact) return [];
      const ignored = matching?.labels.map(({ text }) => text) ?? [];
      const [leftNames, rightNames] = [ofLeft, ofRight].map(({ names }) =>
        names
          .filter((name) => !ignored.includes(name))
          .sort()
          .join(", "),
      );
      if (leftNames === rightNames) return [];
      return [
        {
          at: node,
          message: `the sides of ${operator} have different labels: (${leftNames ?? ""}) and (${rightNames ?? ""})`,
        },
      ];
    }),
};
