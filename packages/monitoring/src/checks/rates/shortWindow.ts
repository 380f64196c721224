import { formatDuration } from "@gatehouse/core";
import { placesOf } from "../../promql/syntax.ts";
import type { Check } from "../contract/check.ts";

const functions = ["rate", "increase", "irate", "delta", "idelta", "deriv", "predict_linear", "changes", "resets"];

export const shortWindow: Check = {
  id: "short-window",
  description:
    "A rate needs two samples: a window under four scrape intervals is empty as soon as a scrape fails or is late.",
  remedy: "widen the window; in a panel use $__rate_interval",
  find: (expression, { scrapeInterval }) =>
    placesOf(expression, "call")
      .filter(({ node }) => functions.includes(node.name))
      .flatMap(({ node }) => node.args)
      .flatMap((arg) =>
        arg.kind === "range" && arg.window < 4 * scrapeInterval
          ? [
              {
                at: arg,
                message: `the window of ${formatDuration(arg.window)} is under four scrape intervals of ${formatDuration(scrapeInterval)}`,
                expected: `at least ${formatDuration(4 * scrapeInterval)}`,
              },
            ]
          : [],
      ),
};
