import { InputError, type Problem } from "../errors/problem.ts";

// https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations: a day always has 24 hours, a year 365 days.
const units = [
  ["y", 365 * 24 * 60 * 60 * 1000],
  ["w", 7 * 24 * 60 * 60 * 1000],
  ["d", 24 * 60 * 60 * 1000],
  ["h", 60 * 60 * 1000],
  ["m", 60 * 1000],
  ["s", 1000],
  ["ms", 1],
] as const;

const grammar = new RegExp(`^${units.map(([unit]) => `(?:(\\d+)${unit})?`).join("")}$`);

/**
 * Reads a duration as Prometheus writes it: `90s`, `5m`, `1h30m`, `30d`, `0`.
 *
 * Grammar: https://prometheus.io/docs/prometheus/latest/querying/basics/#time-durations
 *
 * @returns Milliseconds.
 * @throws InputError if the text is not a duration.
 */
export function parseDuration(text: string): number {
  const result = read(text);
  if (typeof result === "string") throw new InputError(toProblem(text, "duration", result));
  return result;
}

/**
 * Problems of a text as a duration.
 *
 * @param subject What the duration is for, as the problem shall name it: `shield:sessionTimeout`.
 */
export function checkDuration(text: string, subject: string): Problem[] {
  const result = read(text);
  return typeof result === "string" ? [toProblem(text, subject, result)] : [];
}

/**
 * Writes a duration as Prometheus does: `1h30m`, `90d`. Years and weeks are used only if nothing remains, as `90d` is
 * easier to read than `12w6d`.
 *
 * @param milliseconds A whole number, not negative.
 * @throws InputError if it is not such a number.
 */
export function formatDuration(milliseconds: number): string {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 0) {
    throw new InputError({
      subject: "duration",
      message: "not a number of milliseconds",
      value: String(milliseconds),
      expected: "a whole number that is not negative",
    });
  }
  let rest = milliseconds;
  let text = "";
  for (const [unit, size] of units) {
    if ((unit === "y" || unit === "w") && rest % size !== 0) continue;
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * size;
  }
  return text === "" ? "0s" : text;
}

/**
 * Writes a duration as Go reads it, which knows no unit above the hour: `90d` becomes `7776000s`.
 *
 * @throws InputError if the text is not a duration.
 */
export function goDuration(text: string): string {
  return /[dwy]/.test(text) ? `${parseDuration(text) / 1000}s` : text;
}

/** Milliseconds, or what is wrong. */
function read(text: string): number | string {
  if (text === "0") return 0;
  const counts = grammar.exec(text)?.slice(1);
  if (text === "" || counts === undefined) return reason(text);
  const total = units.reduce((sum, [, size], index) => sum + Number(counts[index] ?? 0) * size, 0);
  return Number.isSafeInteger(total) ? total : "the duration is too long";
}

function reason(text: string): string {
  if (text === "") return "the duration is empty";
  if (/^\d+$/.test(text)) return "the duration has no unit";
  if (/^-/.test(text)) return "the duration is negative";
  const parts = [...text.matchAll(/(\d+)([a-z]+)/g)];
  if (parts.map(([part]) => part).join("") !== text) return "not a duration";
  const order = parts.map(([, , unit]) => units.findIndex(([known]) => known === unit));
  const unknown = parts[order.indexOf(-1)]?.[2];
  return unknown === undefined
    ? "the units are not in falling order, each at most once"
    : `the unit ${JSON.stringify(unknown)} is unknown`;
}

function toProblem(text: string, subject: string, message: string): Problem {
  return {
    subject,
    message,
    value: text,
    expected: "whole numbers with the units y w d h m s ms in this order, such as 90s, 5m, 1h30m or 30d",
    fix: /^\d+$/.test(text) ? `for example ${text}s` : undefined,
  };
}
