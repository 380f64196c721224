import type { Problem } from "@gatehouse/core";

const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const minutesOfDay = 24 * 60;
const minutesOfWeek = 7 * minutesOfDay;
/** The shortest window that RDS accepts, in minutes. */
const shortest = 30;

/** A span of minutes of the week. It may reach beyond the end of the week. */
interface Span {
  start: number;
  end: number;
}

const time = "([01]\\d|2[0-3]):([0-5]\\d)";
const dailyForm = new RegExp(`^${time}-${time}$`);
const weeklyForm = new RegExp(`^(${days.join("|")}):${time}-(${days.join("|")}):${time}$`);

/** The span of a daily window on the first day of the week. */
function readDaily(text: string): Span | undefined {
  const [, startHour, startMinute, endHour, endMinute] = dailyForm.exec(text) ?? [];
  if (startHour === undefined) return undefined;
  const start = minutes(startHour, startMinute);
  const end = minutes(endHour, endMinute);
  return { start, end: end > start ? end : end + minutesOfDay };
}

/** The span of a weekly window. */
function readWeekly(text: string): Span | undefined {
  const [, startDay = "", startHour, startMinute, endDay = "", endHour, endMinute] = weeklyForm.exec(text) ?? [];
  if (startHour === undefined) return undefined;
  const start = days.indexOf(startDay) * minutesOfDay + minutes(startHour, startMinute);
  const end = days.indexOf(endDay) * minutesOfDay + minutes(endHour, endMinute);
  return { start, end: end > start ? end : end + minutesOfWeek };
}

function minutes(hour = "0", minute = "0"): number {
  return Number(hour) * 60 + Number(minute);
}

/**
 * Checks the hours of backup and maintenance. They must not overlap, also where one passes midnight or the end of the
 * week: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 *
 * @param backup Daily: `02:00-03:00`.
 * @param maintenance Weekly: `sun:04:00-sun:05:00`.
 */
export function checkWindows(subject: string, backup: string, maintenance: string): Problem[] {
  const daily = readDaily(backup);
  const weekly = readWeekly(maintenance);
  const problems = [
    ...checkForm(`${subject}.backupWindow`, backup, daily, "start and end in UTC, such as 02:00-03:00"),
    ...checkForm(
      `${subject}.maintenanceWindow`,
      maintenance,
      weekly,
      "days and times in UTC, such as sun:04:00-sun:05:00",
    ),
  ];
  if (problems.length > 0 || !daily || !weekly || !overlap(daily, weekly)) return problems;
  return [
    {
      subject: `${subject}.maintenanceWindow`,
      message: "the maintenance window and the backup window overlap",
      value: `backupWindow ${backup}, maintenanceWindow ${maintenance}`,
      expected: "windows that do not overlap on any day; both are in UTC",
    },
  ];
}

function checkForm(subject: string, value: string, span: Span | undefined, expected: string): Problem[] {
  if (!span) return [{ subject, message: "not a window of time", value, expected }];
  const length = span.end - span.start;
  if (length < shortest)
    return [{ subject, message: "the window is too short", value, expected: `at least ${shortest} minutes` }];
  if (length <= minutesOfDay) return [];
  return [{ subject, message: "the window is too long", value, expected: "at most 24 hours" }];
}

/** Whether the daily window on any day meets the weekly one, in this week or the next. */
function overlap(daily: Span, weekly: Span): boolean {
  return Array.from({ length: 16 }, (_, day) => (day - 1) * minutesOfDay).some(
    (offset) => daily.start + offset < weekly.end && weekly.start < daily.end + offset,
  );
}
