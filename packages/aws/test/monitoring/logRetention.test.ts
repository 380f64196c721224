import { expect, test } from "vitest";
import { checkLogRetention } from "../../src/monitoring/logRetention.ts";

test.each([undefined, 1, 90, 3653])("%o days are offered", (days) => {
  expect(checkLogRetention("db.logRetentionDays", days)).toEqual([]);
});

test.each([
  [0, "use 1, the next longer one"],
  [91, "use 120, the next longer one"],
  [5000, undefined],
])("%i days are not", (days, fix) => {
  expect(checkLogRetention("db.logRetentionDays", days)).toMatchObject([
    {
      subject: "db.logRetentionDays",
      message: "CloudWatch Logs does not offer this retention",
      value: String(days),
      fix,
    },
  ]);
});
