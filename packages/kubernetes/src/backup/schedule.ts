import { formatDuration, parseDuration, type Problem } from "@gatehouse/core";

const minute = 60 * 1000;
const day = 24 * 60 * minute;

interface Field {
  name: string;
  min: number;
  max: number;
  /** Words for the values, the first for `min`. */
  words?: string[];
}

// As Kubernetes reads them; other programs' 7 for Sunday is refused there.
// https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
const fields: Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, words: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") },
  { name: "day of the week", min: 0, max: 6, words: "sun mon tue wed thu fri sat".split(" ") },
];

interface FieldValues {
  values: Set<number>;
  /** Whether the field restricts nothing. */
  any: boolean;
}

/** A schedule that the API server would refuse, that never comes, or that says something else than it seems to. */
export function checkSchedule(subject: string, schedule: string): Problem[] {
  const gap = readGap(schedule);
  if (typeof gap === "number") return [];
  return [
    {
      subject,
      message: `not a schedule: ${gap}`,
      value: schedule,
      expected: 'the five fields minute, hour, day of the month, month, day of the week, such as "0 2 * * *"',
    },
  ];
}

/** A time zone that the cluster would not know. */
export function checkTimeZone(subject: string, timeZone: string): Problem[] {
  // Intl also takes offsets such as +01:00, which Kubernetes does not.
  if (/^[A-Za-z]/.test(timeZone) && isKnownTimeZone(timeZone)) return [];
  return [
    {
      subject,
      message: "not a time zone",
      value: timeZone,
      expected: "a name of the time zone database, such as Etc/UTC or Europe/Berlin",
    },
  ];
}

/** Milliseconds of the longest pause between two runs; a change of clocks is not counted in. */
export function longestGap(schedule: string): number {
  const gap = readGap(schedule);
  if (typeof gap === "string") throw new RangeError(gap);
  return gap;
}

/** What a scheduled job promises. */
export interface SchedulePromise {
  schedule: string;
  /** Seconds by which a run may start late. */
  startingDeadlineSeconds: number;
  /** Seconds that a run may take. */
  activeDeadlineSeconds: number;
}

/** The age that the last success reaches while every run succeeds: the longest pause, a late start and a slow run. */
export function promisedAge({ schedule, startingDeadlineSeconds, activeDeadlineSeconds }: SchedulePromise): string {
  return formatDuration(longestGap(schedule) + (startingDeadlineSeconds + activeDeadlineSeconds) * 1000);
}

/** An age that is reached although no run has failed. */
export function checkMaxAge(subject: string, maxAge: string, promise: SchedulePromise): Problem[] {
  const promised = promisedAge(promise);
  if (parseDuration(maxAge) >= parseDuration(promised)) return [];
  const parts = [
    longestGap(promise.schedule),
    promise.startingDeadlineSeconds * 1000,
    promise.activeDeadlineSeconds * 1000,
  ];
  const [gap = "", start = "", run = ""] = parts.map(formatDuration);
  return [
    {
      subject,
      message: "the newest backup reaches this age although no run has failed",
      value: maxAge,
      expected: `at least ${promised}: ${gap} from one run to the next, ${start} until it starts, ${run} until it ends`,
      fix: "raise maxAge, lower activeDeadlineSeconds, or back up more often",
    },
  ];
}

function isKnownTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The longest pause, or what is wrong with the schedule. */
function readGap(schedule: string): number | string {
  const texts = schedule.trim().split(/\s+/);
  if (texts.length !== fields.length) return `it has ${texts.length} ${texts.length === 1 ? "field" : "fields"}`;
  const read = fields.map((field, index) => readField(field, texts[index] ?? ""));
  const wrong = read.find((field) => typeof field === "string");
  if (wrong !== undefined) return wrong;
  const [minutes, hours, ...dates] = read as FieldValues[];
  const times = [...(hours?.values ?? [])]
    .flatMap((hour) => [...(minutes?.values ?? [])].map((part) => hour * 60 + part))
    .sort((a, b) => a - b);
  const days = matchingDays(dates);
  if (days.length === 0) return "no year has such a date";
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const withinDays = gaps(times).map((gap) => gap * minute);
  const betweenDays = gaps(days).map((gap) => gap * day - span * minute);
  return Math.max(...withinDays, ...betweenDays);
}

function gaps(sorted: number[]): number[] {
  return sorted.slice(1).map((value, index) => value - (sorted[index] ?? value));
}

/** Days with a run, counted from the first of eight years, which hold two leap days and every month on every weekday. */
function matchingDays([daysOfMonth, months, daysOfWeek]: FieldValues[]): number[] {
  const start = Date.UTC(2024, 0, 1);
  return Array.from({ length: 8 * 366 }, (_, index) => index).filter((index) => {
    const date = new Date(start + index * day);
    const inMonth = daysOfMonth?.values.has(date.getUTCDate());
    const inWeek = daysOfWeek?.values.has(date.getUTCDay());
    // By tradition either will do where both fields of days restrict.
    const matches = daysOfMonth?.any || daysOfWeek?.any ? inMonth && inWeek : inMonth || inWeek;
    return matches && months?.values.has(date.getUTCMonth() + 1);
  });
}

/** The values that a field means, or what is wrong with it. */
function readField(field: Field, text: string): FieldValues | string {
  const parts = text.split(",");
  const ranges = parts.map((part) => readRange(field, part));
  if (ranges.includes(undefined)) return `${text} is no ${field.name} from ${field.min} to ${field.max}`;
  const values = new Set(ranges.flatMap((range) => range ?? []));
  return { values, any: parts.some((part) => /^[*?](\/1)?$/.test(part)) };
}

function readRange(field: Field, text: string): number[] | undefined {
  const [, low, high, step] = /^([^-/]+)(?:-([^-/]+))?(?:\/([1-9]\d*))?$/.exec(text) ?? [];
  if (low === undefined) return undefined;
  const all = low === "*" || low === "?";
  if (all && high !== undefined) return undefined;
  const from = all ? field.min : valueOf(field, low);
  // "5/15" begins at 5 and goes on to the end.
  const to = all || (high === undefined && step !== undefined) ? field.max : valueOf(field, high ?? low);
  if (from === undefined || to === undefined || from > to) return undefined;
  const stride = Number(step ?? 1);
  return Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, index) => from + index * stride);
}

function valueOf({ min, max, words = [] }: Field, text: string): number | undefined {
  const word = words.indexOf(text.toLowerCase());
  const value = word >= 0 ? min + word : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}
