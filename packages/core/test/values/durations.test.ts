import { checkDuration, formatDuration, goDuration, InputError, parseDuration } from "@gatehouse/core";
import { expect, test } from "vitest";

const day = 24 * 60 * 60 * 1000;

test.each([
  ["0", 0],
  ["0s", 0],
  ["1ms", 1],
  ["90s", 90_000],
  ["5m", 300_000],
  ["1h30m", 5_400_000],
  ["30d", 30 * day],
  ["2w", 14 * day],
  ["1y", 365 * day],
  ["1y2w3d4h5m6s7ms", (365 + 14 + 3) * day + 4 * 3_600_000 + 5 * 60_000 + 6_007],
  ["120m", 7_200_000],
])("%s is %d ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([
  ["", "the duration is empty", undefined],
  ["90", "the duration has no unit", "for example 90s"],
  ["-5m", "the duration is negative", undefined],
  ["5 m", "not a duration", undefined],
  ["1.5h", "not a duration", undefined],
  ["5M", "not a duration", undefined],
  ["m", "not a duration", undefined],
  ["5min", 'the unit "min" is unknown', undefined],
  ["5us", 'the unit "us" is unknown', undefined],
  ["30m1h", "the units are not in falling order, each at most once", undefined],
  ["1h1h", "the units are not in falling order, each at most once", undefined],
  ["999999999999y", "the duration is too long", undefined],
])("%j is refused: %s", (text, message, fix) => {
  expect(checkDuration(text, "shield:timeout")).toEqual([
    {
      subject: "shield:timeout",
      message,
      value: text,
      expected: "whole numbers with the units y w d h m s ms in this order, such as 90s, 5m, 1h30m or 30d",
      fix,
    },
  ]);
  expect(() => parseDuration(text)).toThrow(InputError);
});

test.each([
  [0, "0s"],
  [1, "1ms"],
  [1500, "1s500ms"],
  [90_000, "1m30s"],
  [5_400_000, "1h30m"],
  [30 * day, "30d"],
  [90 * day, "90d"],
  [14 * day, "2w"],
  [15 * day, "15d"],
  [365 * day, "1y"],
  [366 * day, "366d"],
])("%d ms is written %s", (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each([-1, 1.5, NaN, Infinity])("%d is not a number of milliseconds", (milliseconds) => {
  expect(() => formatDuration(milliseconds)).toThrow(InputError);
});

test.each([
  ["90d", "7776000s"],
  ["1w", "604800s"],
  ["1y", "31536000s"],
  ["1d12h", "129600s"],
  ["5m", "5m"],
  ["1h30m", "1h30m"],
  ["1500ms", "1500ms"],
])("%s is written %s for Go", (text, written) => {
  expect(goDuration(text)).toBe(written);
});
