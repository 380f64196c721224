import { checkCount, type Problem } from "@gatehouse/core";

/** Who may shorten the retention of an object, or delete it before the end. */
export const LockMode = {
  /** Principals with `s3:BypassGovernanceRetention` may. */
  Governance: "GOVERNANCE",
  /** Nobody may, neither the account's root nor AWS. */
  Compliance: "COMPLIANCE",
} as const;
export type LockMode = (typeof LockMode)[keyof typeof LockMode];

/** How long objects are kept. */
export interface RetentionArgs {
  /**
   * Days.
   * @default none: use years
   */
  days?: number;
  /**
   * Years.
   * @default none: use days
   */
  years?: number;
}

/** A lock that keeps each object for the retention. It can be given only when the bucket is made. */
export interface ObjectLockArgs {
  /**
   * Who may end the retention early.
   * @default LockMode.Governance
   */
  mode?: LockMode;
  /**
   * Required with `LockMode.Compliance`: the text of `complianceAcknowledgement`. Objects, and with them the bucket and
   * its cost, stay until the retention ends, whatever happens.
   * @default none
   */
  nobodyCanDeleteBeforeRetentionEnds?: string;
}

/** What you write to confirm `LockMode.Compliance`. */
export const complianceAcknowledgement = "nobody can delete these objects before their retention ends";

/** The retention in days. A year counts 365, as in S3. */
export function retentionDays({ days, years }: RetentionArgs): number {
  return days ?? (years ?? 0) * 365;
}

export function checkRetention(subject: string, retention: RetentionArgs): Problem[] {
  const { days, years } = retention;
  const numbers = [
    ...checkCount(`${subject}.days`, "not a number of days", days, { least: 1 }),
    ...checkCount(`${subject}.years`, "not a number of years", years, { least: 1, most: 100 }),
  ];
  if (numbers.length > 0) return numbers;
  if ((days === undefined) !== (years === undefined)) return [];
  return [
    {
      subject,
      message: "a retention has either days or years",
      value: days === undefined ? "neither" : `days ${days}, years ${String(years)}`,
      expected: "one of the two",
    },
  ];
}

export function checkLock(subject: string, lock: ObjectLockArgs | undefined, existing: string | undefined): Problem[] {
  if (!lock) return [];
  const { mode = LockMode.Governance, nobodyCanDeleteBeforeRetentionEnds: confirmed } = lock;
  return [
    ...(existing === undefined
      ? []
      : [
          {
            subject,
            message: "object lock is switched on when a bucket is made; to add it here, Pulumi would delete the bucket",
            value: existing,
            expected: "a new bucket, or no lock",
            fix: "make a bucket with another name and copy the objects, or ask AWS Support to switch the lock on",
          },
        ]),
    ...(mode === LockMode.Compliance && confirmed !== complianceAcknowledgement
      ? [
          {
            subject: `${subject}.nobodyCanDeleteBeforeRetentionEnds`,
            message: "in compliance mode neither you nor AWS can delete an object before its retention ends",
            value: confirmed ?? "nothing",
            expected: `"${complianceAcknowledgement}"`,
            fix: `set the option to complianceAcknowledgement, or use mode ${LockMode.Governance}`,
          },
        ]
      : []),
    ...(mode === LockMode.Governance && confirmed !== undefined
      ? [
          {
            subject: `${subject}.nobodyCanDeleteBeforeRetentionEnds`,
            message: `in mode ${mode} it has no effect`,
            expected: `none, or mode ${LockMode.Compliance}`,
          },
        ]
      : []),
  ];
}
