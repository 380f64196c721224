import { checkCount, checkDuration, checkPinned, type Problem } from "@gatehouse/core";
import { checkCloudIdentity } from "../pod/cloudIdentity.ts";
import type { BackupCronJobArgs } from "./args.ts";
import { checkDestination } from "./destination.ts";
import { backupSchedule, restoreCheckSchedule, scheduled } from "./promise.ts";
import { checkCheckSchedule, checkKeep, checkMaxAge, checkRunTime, checkSchedule, checkTimeZone } from "./schedule.ts";

/** Checks a backup for what the API server refuses, and for what would show only when the copy is needed. */
export function checkBackup(subject: string, args: BackupCronJobArgs): Problem[] {
  const { image, timeZone, keep, destination } = args;
  const wrongKeep = checkCount(`${subject}.keep`, "not a number of copies", keep, { least: 1 });
  const wrongTimes = checkTimes(subject, args);
  return [
    ...(typeof image === "string" ? checkPinned(image, `${subject}.image`) : []),
    ...(timeZone === undefined ? [] : checkTimeZone(`${subject}.timeZone`, timeZone)),
    ...wrongTimes,
    ...wrongKeep,
    ...(wrongTimes.length + wrongKeep.length === 0 ? checkTimesTogether(subject, args) : []),
    ...checkDestination(`${subject}.destination`, destination),
    ...checkIdentities(subject, args),
  ];
}

/** Checks that the backup and the restore check have two identities. */
function checkIdentities(subject: string, args: BackupCronJobArgs): Problem[] {
  const { cloudIdentity, serviceAccountAnnotations, restoreCheck = {} } = args;
  const of = restoreCheck.serviceAccountAnnotations;
  return [
    ...checkCloudIdentity(`${subject}.cloudIdentity`, cloudIdentity, serviceAccountAnnotations),
    ...checkCloudIdentity(`${subject}.restoreCheck.cloudIdentity`, restoreCheck.cloudIdentity, of),
    ...(cloudIdentity !== undefined && restoreCheck.cloudIdentity === undefined && of === undefined
      ? [
          {
            subject: `${subject}.restoreCheck.cloudIdentity`,
            message: "the restore check has no identity to read the copies with",
            value: "none",
            expected: "a role that may list and read the copies, and not write them",
          },
        ]
      : []),
  ];
}

/** Checks each schedule, deadline and age alone. */
function checkTimes(subject: string, { schedule, maxAge, restoreCheck = {}, ...args }: BackupCronJobArgs): Problem[] {
  const checkOne = (where: string, one: string | undefined): Problem[] =>
    one === undefined ? [] : checkSchedule(where, one);
  return [
    ...checkOne(`${subject}.schedule`, schedule),
    ...checkOne(`${subject}.restoreCheck.schedule`, restoreCheck.schedule),
    ...checkSeconds(`${subject}.activeDeadlineSeconds`, args.activeDeadlineSeconds),
    ...checkSeconds(`${subject}.restoreCheck.activeDeadlineSeconds`, restoreCheck.activeDeadlineSeconds),
    ...(maxAge === undefined ? [] : checkDuration(maxAge, `${subject}.maxAge`)),
  ];
}

/** Checks schedules, deadlines, ages and numbers of copies against each other. */
function checkTimesTogether(subject: string, args: BackupCronJobArgs): Problem[] {
  const { schedule = backupSchedule, maxAge, keep, restoreCheck = {} } = args;
  const { schedule: checks = restoreCheckSchedule } = restoreCheck;
  const backup = scheduled(schedule, args);
  return [
    ...checkRunTime(`${subject}.activeDeadlineSeconds`, backup),
    ...checkRunTime(`${subject}.restoreCheck.activeDeadlineSeconds`, scheduled(checks, restoreCheck)),
    ...checkCheckSchedule(`${subject}.restoreCheck.schedule`, checks, schedule),
    ...(keep === undefined ? [] : checkKeep(`${subject}.keep`, keep, schedule, checks)),
    ...(maxAge === undefined ? [] : checkMaxAge(`${subject}.maxAge`, maxAge, backup)),
  ];
}

function checkSeconds(subject: string, seconds: number | undefined): Problem[] {
  return checkCount(subject, "not a number of seconds", seconds, { least: 1 });
}
