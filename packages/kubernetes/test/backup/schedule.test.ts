import { parseDuration } from "@gatehouse/core";
import { describe, expect, it } from "vitest";
import {
  checkCheckSchedule,
  checkKeep,
  checkMaxAge,
  checkRunTime,
  checkSchedule,
  checkTimeZone,
  longestGap,
  promisedAge,
  shortestGap,
} from "../../src/backup/schedule.ts";

describe("the longest pause of a schedule", () => {
  it.each([
    ["0 2 * * *", "1d"],
    ["*/15 * * * *", "15m"],
    ["5/20 * * * *", "20m"],
    ["7/25 * * * *", "25m"],
    ["0 9-17/4 * * *", "16h"],
    ["0 2,14 * * MON-FRI", "60h"],
    ["30 3 * * sun", "1w"],
    ["0 0 1 * *", "31d"],
    ["0 0 1 JAN ?", "366d"],
    ["0 0 29 2 *", "1461d"],
    // Either field of days will do where both restrict.
    ["0 0 1 * 1", "1w"],
    // A star with a step restricts; with the step 1 it does not.
    ["0 0 */1 * 1", "1w"],
    ["0 0 */10 * 1", "1w"],
  ])("%s: %s", (schedule, gap) => {
    expect(checkSchedule("schedule", schedule)).toEqual([]);
    expect(longestGap(schedule)).toBe(parseDuration(gap));
  });
});

describe("a schedule that is refused", () => {
  it.each([
    ["", "it has 1 field"],
    ["0 2 * *", "it has 4 fields"],
    ["0 0 2 * * *", "it has 6 fields"],
    ["@daily", "it has 1 field"],
    ["60 2 * * *", "60 is not a valid minute, from 0 to 59"],
    ["0 24 * * *", "24 is not a valid hour, from 0 to 23"],
    ["0 2 0 * *", "0 is not a valid day of the month, from 1 to 31"],
    ["0 2 * 13 *", "13 is not a valid month, from 1 to 12"],
    ["0 2 * * 7", "7 is not a valid day of the week, from 0 to 6"],
    ["0 2 * * mo", "mo is not a valid day of the week, from 0 to 6"],
    ["0 5-2 * * *", "5-2 is not a valid hour, from 0 to 23"],
    ["*/0 * * * *", "*/0 is not a valid minute, from 0 to 59"],
    ["1,,2 * * * *", "1,,2 is not a valid minute, from 0 to 59"],
    ["*-5 * * * *", "*-5 is not a valid minute, from 0 to 59"],
    ["0 2 L * *", "L is not a valid day of the month, from 1 to 31"],
    ["0 2 31 2 *", "no year has such a date"],
  ])("%s: %s", (schedule, reason) => {
    expect(checkSchedule("shield.schedule", schedule)).toEqual([
      {
        subject: "shield.schedule",
        message: `not a schedule: ${reason}`,
        value: schedule,
        expected: 'the five fields minute, hour, day of the month, month, day of the week, such as "0 2 * * *"',
      },
    ]);
  });
});

describe("a time zone", () => {
  it.each(["Etc/UTC", "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"])("%s is known", (timeZone) => {
    expect(checkTimeZone("shield.timeZone", timeZone)).toEqual([]);
  });

  it.each(["Asia/Kolkata", "Asia/Calcutta", "US/Pacific", "PST8PDT", "Etc/GMT+5"])(
    "%s is known by its exact name, whatever Node calls it",
    (timeZone) => {
      expect(checkTimeZone("shield.timeZone", timeZone)).toEqual([]);
    },
  );

  it.each([
    ["", undefined],
    ["Local", undefined],
    ["Mars/Phobos", undefined],
    ["+01:00", undefined],
    ["Europe/Berlin ", 'did you mean "Europe/Berlin"?'],
    ["europe/berlin", 'did you mean "Europe/Berlin"?'],
    ["asia/kolkata", 'did you mean "Asia/Kolkata"?'],
    ["utc", 'did you mean "UTC"?'],
    ["Europe/Berln", 'did you mean "Europe/Berlin"?'],
  ])("%j is not", (timeZone, fix) => {
    const [problem, ...others] = checkTimeZone("shield.timeZone", timeZone);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      subject: "shield.timeZone",
      message: "not a time zone",
      value: timeZone,
      expected: "a name of the time zone database, with its capital letters, such as Etc/UTC or Europe/Berlin",
    });
    if (fix !== undefined) expect(problem?.fix).toBe(fix);
  });
});

describe("the shortest pause", () => {
  it.each([
    ["0 2 * * *", "1d"],
    ["0 9-17/4 * * *", "4h"],
    ["0 23,1 * * *", "2h"],
    ["*/15 * * * *", "15m"],
  ])("%s: %s", (schedule, gap) => {
    expect(shortestGap(schedule)).toBe(parseDuration(gap));
  });
});

describe("figures that must agree", () => {
  it("a run ends before the next is due", () => {
    expect(checkRunTime("deadline", { schedule: "0 * * * *", activeDeadlineSeconds: 3600 })).toEqual([]);
    expect(checkRunTime("deadline", { schedule: "0 * * * *", activeDeadlineSeconds: 3601 })).toEqual([
      {
        subject: "deadline",
        message: "a run may last longer than the time until the next one, which the cluster then skips",
        value: "3601 s",
        expected: 'at most 3600 s, the shortest pause of "0 * * * *"',
        fix: "lower activeDeadlineSeconds, or run less often",
      },
    ]);
  });

  it("a restore check does not start together with every backup", () => {
    expect(checkCheckSchedule("check", "30 */6 * * *", "0 * * * *")).toEqual([]);
    expect(checkCheckSchedule("check", "0 */6 * * *", "0 * * * *")).toMatchObject([
      { message: "every restore check starts together with a backup, so it proves the copy before that one" },
    ]);
  });

  it("a proven copy is kept until the next check", () => {
    expect(checkKeep("keep", 2, "0 2 * * *", "0 6 * * *")).toEqual([]);
    expect(checkKeep("keep", 7, "0 2 * * *", "0 6 * * 0")).toEqual([
      {
        subject: "keep",
        message: "every copy that was proven is removed before the next restore check",
        value: "7",
        expected: "8 or more: a check every 1w, a backup every 1d, and one copy more",
        fix: "keep more copies, or check more often",
      },
    ]);
  });
});

describe("the promise of a schedule", () => {
  const promise = { schedule: "0 2 * * *", startingDeadlineSeconds: 3600, activeDeadlineSeconds: 1800 };

  it("is the longest pause, a late start and a slow run", () => {
    expect(promisedAge(promise)).toBe("1d1h30m");
    expect(checkMaxAge("maxAge", "25h30m", promise)).toEqual([]);
  });

  it("is broken by an age that is reached although all is well", () => {
    expect(checkMaxAge("maxAge", "25h", promise)).toEqual([
      {
        subject: "maxAge",
        message: "the newest backup reaches this age although no run has failed",
        value: "25h",
        expected: "at least 1d1h30m: 1d from one run to the next, 1h until it starts, 30m until it ends",
        fix: "raise maxAge, lower activeDeadlineSeconds, or back up more often",
      },
    ]);
  });
});
