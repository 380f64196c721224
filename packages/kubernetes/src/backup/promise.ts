import { startingDeadlineSeconds } from "../job/scheduledJob.ts";
import type { BackupCronJobArgs } from "./args.ts";
import { promisedAge, type SchedulePromise, shortestGap } from "./schedule.ts";

/** A CronJob, and an age that its last success never reaches while every run succeeds. */
export interface CronJobPromise {
  /** Name of the CronJob, as in `kube_cronjob_status_last_successful_time{cronjob=...}`. */
  cronJob: string;
  /** Its cron schedule. */
  schedule: string;
  /** The age, as a duration: "1d2h". */
  maxAge: string;
}

export const backupSchedule = "0 2 * * *";
export const restoreCheckSchedule = "0 6 * * *";
const hour = 3600;

/** The promise of the CronJob that backs up. */
export function backupPromise(name: string, args: BackupCronJobArgs): CronJobPromise {
  const { schedule = backupSchedule, maxAge = promisedAge(scheduled(schedule, args)) } = args;
  return { cronJob: `${name}-backup`, schedule, maxAge };
}

/** The promise of the CronJob that proves the restore. */
export function restoreCheckPromise(name: string, { restoreCheck = {} }: BackupCronJobArgs): CronJobPromise {
  const { schedule = restoreCheckSchedule } = restoreCheck;
  return { cronJob: `${name}-restore-check`, schedule, maxAge: promisedAge(scheduled(schedule, restoreCheck)) };
}

/** A schedule with the time that its runs may take: an hour, or less where the next run is due before. */
export function scheduled(
  schedule: string,
  { activeDeadlineSeconds = Math.min(hour, shortestGap(schedule) / 1000) }: { activeDeadlineSeconds?: number },
): SchedulePromise {
  return { schedule, startingDeadlineSeconds, activeDeadlineSeconds };
}
