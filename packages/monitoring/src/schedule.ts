import { InputError } from "@gatehouse/core";

const day = 24 * 60 * 60 * 1000;
const minute = 60 * 1000;

// https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
const macros: Record<string, string> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

interface Field {
  name: string;
  min: number;
  max: number;
  /** Words for values, the first for `min`. */
  words?: string[];
}

const fields: Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12, words: "jan feb mar apr may jun jul aug sep oct nov dec".split(" ") },
  { name: "day of the week", min: 0, max: 7, words: "sun mon tue wed thu fri sat".split(" ") },
];

/**
 * The longest time between two runs of a CronJob's schedule, in milliseconds: what the schedule promises. A time zone's
 * change of clocks is not counted in; it makes one gap of a year an hour longer.
 *
 * @throws InputError if the schedule is not one that Kubernetes accepts, or never comes.
 */
export function longestGap(schedule: string): number {
  const [minutes, hours, daysOfMonth, months, daysOfWeek] = readSchedule(schedule);
  const times = [...hours.values]
    .flatMap((hour) => [...minutes.values].map((part) => hour * 60 + part))
    .sort((a, b) => a - b);
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0];
  const runsOn = (date: Date): boolean => {
    const [inMonth, inWeek] = [daysOfMonth.values.has(date.getUTCDate()), daysOfWeek.values.has(date.getUTCDay())];
    // Two restricted fields of days mean either, by tradition.
    const matches = daysOfMonth.any || daysOfWeek.any ? inMonth && inWeek : inMonth || inWeek;
    return matches && months.values.has(date.getUTCMonth() + 1);
  };
  // The calendar repeats itself after 400 years; eight hold each weekday, each month's length and two leap days.
  const start = Date.UTC(2024, 0, 1);
  const days = Array.from({ length: 8 * 366 }, (_, index) => index).filter((index) =>
    runsOn(new Date(start + index * day)),
  );
  if (days.length < 2) {
    const expected = "a date that comes every year or oftener";
    throw new InputError({ subject: "schedule", message: "the schedule comes too rarely", value: schedule, expected });
  }
  const withinDay = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) * minute);
  const betweenDays = days.slice(1).map((date, index) => (date - (days[index] ?? 0)) * day - (last - first) * minute);
  return betweenDays.reduce((longest, gap) => Math.max(longest, gap), Math.max(0, ...withinDay));
}

interface FieldValues {
  values: Set<number>;
  /** Whether the field is not restricted. */
  any: boolean;
}

type ScheduleFields = [FieldValues, FieldValues, FieldValues, FieldValues, FieldValues];

function readSchedule(schedule: string): ScheduleFields {
  const texts = (macros[schedule.trim().toLowerCase()] ?? schedule).trim().split(/\s+/);
  if (texts.length !== fields.length)
    throw refusal(schedule, `it has ${texts.length} field${texts.length === 1 ? "" : "s"}`);
  return fields.map((field, index) => readField(field, texts[index] ?? "", schedule)) as ScheduleFields;
}

function readField(field: Field, text: string, schedule: string): FieldValues {
  const values = text.split(",").flatMap((part) => {
    const [, range = "", step] = /^([^/]+)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    const any = range === "*" || range === "?";
    const [low = "", high] = any ? [] : range.split("-", 2);
    const from = any ? field.min : valueOf(field, low);
    const to = any ? field.max : high !== undefined ? valueOf(field, high) : step !== undefined ? field.max : from;
    if (from === undefined || to === undefined || from > to) {
      throw refusal(schedule, `${text} is no ${field.name} from ${field.min} to ${field.max}`);
    }
    return Array.from(
      { length: Math.floor((to - from) / Number(step ?? 1)) + 1 },
      (_, index) => from + index * Number(step ?? 1),
    );
  });
  const sundays = field.max === 7 ? values.map((value) => value % 7) : values;
  return { values: new Set(sundays), any: /^[*?]/.test(text) };
}

function valueOf({ min, max, words }: Field, text: string): number | undefined {
  const word = words?.indexOf(text.toLowerCase()) ?? -1;
  const value = word >= 0 ? min + word : /^\d+$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

function refusal(schedule: string, reason: string): InputError {
  return new InputError({
    subject: "schedule",
    message: `not a schedule: ${reason}`,
    value: schedule,
    expected: 'five fields (minute, hour, day, month, weekday) such as "0 2 * * *", or a macro such as @daily',
  });
}
