import type { Problem } from "@gatehouse/core";

const form = /^([1-9]\d*)\/(s|min|h)$/;
const minutes: Record<string, number> = { s: 1 / 60, min: 1, h: 60 };

/** Checks a number of requests in a unit of time, as the application writes it: `200/min`. */
export function checkRate(text: string, subject: string): Problem[] {
  if (form.test(text)) return [];
  return [
    {
      subject,
      message: "not a rate",
      value: text,
      expected: "a whole number above 0, a slash and s, min or h: 200/min",
    },
  ];
}

/** Requests a minute. A text that is not a rate gives NaN; check it first. */
export function requestsPerMinute(text: string): number {
  const [, count = "", unit = ""] = form.exec(text) ?? [];
  return Number(count) / (minutes[unit] ?? Number.NaN);
}
