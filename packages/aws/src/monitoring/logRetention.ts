import type { Problem } from "@gatehouse/core";

/** Days that CloudWatch Logs offers: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const offered = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Checks the retention of a log group in days. */
export function checkLogRetention(subject: string, days: number | undefined): Problem[] {
  if (days === undefined || offered.includes(days)) return [];
  const next = offered.find((one) => one > days);
  return [
    {
      subject,
      message: "CloudWatch Logs does not offer this retention",
      value: String(days),
      expected: offered.join(", "),
      fix: next === undefined ? undefined : `use ${next}, the next longer one`,
    },
  ];
}
