import { findSeries } from "../../metrics/metricsCatalogue.ts";
import { placesOf } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

const ofCounters = ["rate", "increase", "irate", "resets"];
const ofGauges = ["delta", "idelta", "deriv", "predict_linear"];

export const rangeFunction: Check = {
  id: "range-function",
  description:
    "A rate of a gauge takes each fall for a restart of the program; a delta of a counter takes a restart for a fall.",
  remedy: "use rate, increase, irate or resets of counters, delta, deriv or predict_linear of gauges",
  find: (expression, { catalogue }) =>
    placesOf(expression, "call").flatMap(({ node }) =>
      node.args.flatMap((arg) => {
        const name = arg.kind === "range" ? arg.selector.metric?.text : undefined;
        const series = name === undefined ? undefined : findSeries(catalogue, name);
        if (!series) return [];
        if (ofCounters.includes(node.name) && !series.counts) {
          return [
            {
              at: node,
              message: `${node.name} of ${series.name}, which is a ${series.metric.type}`,
              expected: "a counter",
            },
          ];
        }
        if (ofGauges.includes(node.name) && series.counts) {
          return [{ at: node, message: `${node.name} of ${series.name}, which only rises`, expected: "a gauge" }];
        }
        return [];
      }),
    ),
};
