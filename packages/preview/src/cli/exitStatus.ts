/** Exit statuses of the command. */
export const exitStatus = {
  ok: 0,
  /** A check, or what `--fail-on` names, failed. */
  checkFailed: 1,
  /** A program or the command line is wrong. */
  wrong: 2,
} as const;
