import { formatDuration, nearest, parseDuration, type Problem } from "@gatehouse/core";
import { timeZoneNames } from "../job/timeZones.ts";

const minute = 60 * 1000;
const day = 24 * 60 * minute;

interface Field {
  name: string;
  min: number;
  max: number;
  /** Words for the values, the first for `min`. */
  words?: string[];
}

// As Kubernetes reads them. It refuses 7 for Sunday, which other programs accept.
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

/** Checks that the API server accepts a schedule, and that it has a date on which it runs. */
export function checkSchedule(subject: string, schedule: string): Problem[] {
  const runs = readRuns(schedule);
  if (typeof runs !== "string") return [];
  return [
    {
      subject,
      message: `not a schedule: ${runs}`,
      value: schedule,
      expected: 'the five fields minute, hour, day of the month, month, day of the week, such as "0 2 * * *"',
    },
  ];
}

/** Checks that the cluster knows a time zone. It compares names exactly, while JavaScript ignores case. */
export function checkTimeZone(subject: string, timeZone: string): Problem[] {
  if (timeZoneNames.has(timeZone)) return [];
  const names = [...timeZoneNames];
  const near =
    names.find((name) => name.toLowerCase() === timeZone.toLowerCase()) ??
    nearest(
      timeZone,
      // Almost any short word is near to EST or GMT.
      names.filter((name) => name.includes("/")),
    );
  return [
    {
      subject,
      message: "not a time zone",
      value: timeZone,
      expected: "a name of the time zone database, with its capital letters, such as Etc/UTC or Europe/Berlin",
      ...(near !== undefined && { fix: `did you mean "${near}"?` }),
    },
  ];
}

/** Milliseconds of the longest pause between two runs, without changes of clocks. */
export function longestGap(schedule: string): number {
  return Math.max(...pauses(runsOf(schedule)));
}

/** Milliseconds of the shortest pause between two runs, without changes of clocks. */
export function shortestGap(schedule: string): number {
  return Math.min(...pauses(runsOf(schedule)));
}

/** Checks that a run ends before the next is due. Otherwise the cluster skips the next run. */
export function checkRunTime(
  subject: string,
  { schedule, activeDeadlineSeconds }: { schedule: string; activeDeadlineSeconds: number },
): Problem[] {
  const gap = shortestGap(schedule);
  if (activeDeadlineSeconds * 1000 <= gap) return [];
  return [
    {
      subject,
      message: "a run may last longer than the time until the next one, which the cluster then skips",
      value: `${activeDeadlineSeconds} s`,
      expected: `at most ${gap / 1000} s, the shortest pause of "${schedule}"`,
      fix: "lower activeDeadlineSeconds, or run less often",
    },
  ];
}

/** Checks that not every restore check starts at the minute of a backup, whose copy it would then miss. */
export function checkCheckSchedule(subject: string, check: string, backup: string): Problem[] {
  const [checks, backups] = [runsOf(check), runsOf(backup)];
  const [times, days] = [new Set(backups.times), new Set(backups.days)];
  if (!checks.times.every((time) => times.has(time)) || !checks.days.every((one) => days.has(one))) return [];
  return [
    {
      subject,
      message: "every restore check starts together with a backup, so it proves the copy before that one",
      value: check,
      expected: `another minute or hour than the backup's, "${backup}"`,
      fix: "start the check after the backup has ended",
    },
  ];
}

/** Checks that a copy that was proven is kept until the next check, however often backups run. */
export function checkKeep(subject: string, keep: number, backup: string, check: string): Problem[] {
  const least = Math.ceil(longestGap(check) / shortestGap(backup)) + 1;
  if (keep >= least) return [];
  const [checks, backups] = [longestGap(check), shortestGap(backup)].map(formatDuration);
  return [
    {
      subject,
      message: "every copy that was proven is removed before the next restore check",
      value: String(keep),
      expected: `${least} or more: a check every ${checks}, a backup every ${backups}, and one copy more`,
      fix: "keep more copies, or check more often",
    },
  ];
}

/** A schedule and how late its runs may start and end. */
export interface SchedulePromise {
  schedule: string;
  /** Seconds by which a run may start late. */
  startingDeadlineSeconds: number;
  /** Seconds that a run may take. */
  activeDeadlineSeconds: number;
}

/** The age that the last success can reach while every run succeeds: the longest pause, a late start and a slow run. */
export function promisedAge({ schedule, startingDeadlineSeconds, activeDeadlineSeconds }: SchedulePromise): string {
  return formatDuration(longestGap(schedule) + (startingDeadlineSeconds + activeDeadlineSeconds) * 1000);
}

/** Checks that an age is not reached while every run succeeds. */
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

/** Runs of a schedule: minutes within a day, and days counted from the first of eight years. */
interface Runs {
  times: number[];
  days: number[];
}

/** The runs of a schedule, or what is wrong with it. */
function readRuns(schedule: string): Runs | string {
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
  return days.length === 0 ? "no year has such a date" : { times, days };
}

/** Milliseconds from each run to the next, each length at least once. */
function pauses({ times, days }: Runs): number[] {
  const span = Math.max(...times) - Math.min(...times);
  const withinDays = gaps(times).map((gap) => gap * minute);
  const betweenDays = gaps(days).map((gap) => gap * day - span * minute);
  return [...withinDays, ...betweenDays];
}

function runsOf(schedule: string): Runs {
  const runs = readRuns(schedule);
  if (typeof runs === "string") throw new RangeError(runs);
  return runs;
}

function gaps(sorted: number[]): number[] {
  return sorted.slice(1).map((value, index) => value - (sorted[index] ?? value));
}

/**
 * Days with a run, counted from the first of eight years, which hold two leap days and every month on every weekday.
 */
function matchingDays([daysOfMonth, months, daysOfWeek]: FieldValues[]): number[] {
  const start = Date.UTC(2024, 0, 1);
  return Array.from({ length: 8 * 366 }, (_, index) => index).filter((index) => {
    const date = new Date(start + index * day);
    const inMonth = daysOfMonth?.values.has(date.getUTCDate());
    const inWeek = daysOfWeek?.values.has(date.getUTCDay());
    // Cron runs on either day where both fields of days restrict.
    const matches = daysOfMonth?.any || daysOfWeek?.any ? inMonth && inWeek : inMonth || inWeek;
    return matches && months?.values.has(date.getUTCMonth() + 1);
  });
}

/** The values that a field means, or what is wrong with it. */
function readField(field: Field, text: string): FieldValues | string {
  const parts = text.split(",");
  const ranges = parts.map((part) => readRange(field, part));
  if (ranges.includes(undefined)) return `${text} is not a valid ${field.name}, from ${field.min} to ${field.max}`;
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
