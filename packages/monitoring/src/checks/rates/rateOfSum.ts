import { placesOf } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

export const rateOfSum: Check = {
  id: "rate-of-sum",
  description: "The rate of a sum takes the restart of one pod for a restart of all, and shows a peak that never was.",
  remedy: "take the rate first and then the sum: sum(rate(x_total[5m]))",
  find: (expression) =>
    placesOf(expression, "call")
      .filter(({ node }) => ["rate", "increase", "irate"].includes(node.name))
      .filter(({ node }) => node.args.some((arg) => arg.kind === "subquery" && placesOf(arg, "aggregation").length > 0))
      .map(({ node }) => ({ at: node, message: `${node.name} of an aggregation` })),
};
