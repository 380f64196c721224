import type { AlertRule } from "./alertRule.ts";
import { Severity } from "./alertRule.ts";
import { stale } from "../promql/queries.ts";

/** A CronJob that must succeed every time, such as the backup and the restore check of a `BackupCronJob`. */
export interface CronJobAge {
  /** Name of the CronJob. */
  cronJob: string;
  /** Age that its last success never reaches while every run succeeds, as a duration: `26h` for a daily job. */
  maxAge: string;
}

export interface BackupFreshnessArgs {
  /** Beginning of the alerts' names: `Shield` gives `ShieldBackupStale`. */
  prefix: string;
  namespace: string;
  backup: CronJobAge;
  /**
   * The job that reads a backup back.
   *
   * @default no such alert
   */
  restoreCheck?: CronJobAge;
  runbookUrl: string;
  /**
   * Severity of a stale backup; that of a stale restore check is a warning.
   *
   * @default "critical"
   */
  severity?: Severity;
}

/**
 * Alerts on the age of the last success of a backup and of its restore check. A job that never succeeds, or is gone,
 * fires as well.
 *
 * @throws InputError if an age is not a duration.
 */
export function backupFreshness(args: BackupFreshnessArgs): AlertRule[] {
  const { prefix, namespace, backup, restoreCheck, runbookUrl, severity = Severity.Critical } = args;
  const rule = (what: string, { cronJob, maxAge }: CronJobAge) => ({
    expr: stale({ namespace, cronJob, age: maxAge }),
    for: "15m",
    runbookUrl,
    summary: `No ${what} succeeded within ${maxAge}`,
    description: `The CronJob ${cronJob} has had no success for longer than its schedule allows (${maxAge}), or does not exist.`,
  });
  return [
    { name: `${prefix}BackupStale`, severity, ...rule("backup", backup) },
    ...(restoreCheck
      ? [{ name: `${prefix}RestoreCheckStale`, severity: Severity.Warning, ...rule("restore check", restoreCheck) }]
      : []),
  ];
}
