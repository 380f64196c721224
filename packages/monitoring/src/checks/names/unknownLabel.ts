import { nearest } from "@gatehouse/core";
import type { MetricsCatalogue } from "../../metrics/metricsCatalogue.ts";
import { labelsOf } from "../../promql/labels.ts";
import type { LabelSet } from "../../promql/labels.ts";
import { places } from "../../promql/syntax.ts";
import type { Binary, Expression, Word } from "../../promql/syntax.ts";
import type { Check, Finding } from "../contract/check.ts";

export const unknownLabel: Check = {
  id: "unknown-label",
  description: "A label that the series at this place do not have: it matches nothing, or groups everything into one.",
  remedy: "use a label of the metric, or add it to the metric in the catalogue",
  find: (expression, { catalogue }) =>
    places(expression).flatMap(({ node }) => {
      switch (node.kind) {
        case "selector":
          return unknown(
            node.matchers.map(({ label }) => label).filter(({ text }) => text !== "__name__"),
            labelsOf(node, catalogue),
          );
        case "aggregation":
          return unknown(node.grouping?.labels ?? [], labelsOf(node.args.at(-1) ?? node, catalogue));
        case "binary":
          return unknown(
            [...(node.matching?.labels ?? []), ...(node.matching?.include ?? [])],
            eitherSide(node, catalogue),
          );
        default:
          return [];
      }
    }),
};

function eitherSide(node: Binary, catalogue: MetricsCatalogue): LabelSet | undefined {
  const sides = [node.left, node.right].map((side: Expression) => labelsOf(side, catalogue));
  const [left, right] = sides;
  return left && right && { names: [...new Set([...left.names, ...right.names])], exact: left.exact && right.exact };
}

function unknown(words: Word[], labels: LabelSet | undefined): Finding[] {
  if (!labels) return [];
  return words
    .filter(({ text }) => !labels.names.includes(text))
    .map((word) => {
      const meant = nearest(word.text, labels.names);
      return {
        at: word,
        message: `the series here have no label ${word.text}`,
        expected: labels.names.length > 0 ? labels.names.join(", ") : "no label, as all were aggregated away",
        fix: meant === undefined ? undefined : `did you mean ${meant}?`,
      };
    });
}
