import { formatDuration, parseDuration } from "@gatehouse/core";
import { Severity } from "./alertRule.ts";
import type { AlertRule } from "./alertRule.ts";
import { stale } from "./queries.ts";
import { longestGap } from "./schedule.ts";

/** A CronJob that must succeed every time. */
export interface ScheduledJob {
  /** Name of the CronJob. */
  cronJob: string;
  /** Its schedule in cron's five fields: `0 2 * * *`. */
  schedule: string;
  /**
   * How long a run may take, with its retries and the wait for a node.
   *
   * @default "2h"
   */
  runtime?: string;
}

export interface BackupFreshnessArgs {
  /** What is backed up, as the alerts' names begin: `Shield` gives `ShieldBackupStale`. */
  prefix: string;
  namespace: string;
  backup: ScheduledJob;
  /**
   * The job that reads a backup back.
   *
   * @default no such alert
   */
  restoreCheck?: ScheduledJob;
  runbookUrl: string;
  /**
   * Severity of a stale backup; that of a stale restore check is a warning.
   *
   * @default "critical"
   */
  severity?: Severity;
}

/**
 * Alerts on the age of the last success of a backup and of its restore check. The age allowed is what the schedule
 * promises: its longest gap between two runs and the time that a run may take, so that one failed run is noticed before
 * the next but one. A job that never succeeds, or is gone, fires as well.
 *
 * @throws InputError if a schedule or a duration is not one.
 */
export function backupFreshness(args: BackupFreshnessArgs): AlertRule[] {
  const { prefix, namespace, backup, restoreCheck, runbookUrl, severity = Severity.Critical } = args;
  const rule = (what: string, { cronJob, schedule, runtime = "2h" }: ScheduledJob) => {
    const age = formatDuration(longestGap(schedule) + parseDuration(runtime));
    return { expr: stale({ namespace, cronJob, age }), for: "15m", runbookUrl, ...textsOf(what, cronJob, age) };
  };
  return [
    { name: `${prefix}BackupStale`, severity, ...rule("backup", backup) },
    ...(restoreCheck
      ? [{ name: `${prefix}RestoreCheckStale`, severity: Severity.Warning, ...rule("restore check", restoreCheck) }]
      : []),
  ];
}

function textsOf(what: string, cronJob: string, age: string): Pick<AlertRule, "summary" | "description"> {
  return {
    summary: `No ${what} succeeded within ${age}`,
    description: `The CronJob ${cronJob} has had no success for longer than its schedule allows (${age}), or does not exist.`,
  };
}
