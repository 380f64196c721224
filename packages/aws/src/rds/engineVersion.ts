import type { Problem } from "@gatehouse/core";

const form = /^(\d{2})(?:\.(\d+))?$/;

/** The major version: `16` of `16.4`. */
export function majorVersion(engineVersion: string): string {
  return form.exec(engineVersion)?.[1] ?? "";
}

/** The family of parameter groups of a version. */
export function parameterFamily(engineVersion: string): string {
  return `postgres${majorVersion(engineVersion)}`;
}

/**
 * Checks the version. AWS raises the minor version in the maintenance window, and the next run would ask for a
 * downgrade, which AWS refuses.
 */
export function checkEngineVersion(
  subject: string,
  engineVersion: string,
  autoMinorVersionUpgrade: boolean,
): Problem[] {
  const [, major, minor] = form.exec(engineVersion) ?? [];
  if (major === undefined)
    return [
      {
        subject: `${subject}.engineVersion`,
        message: "not a version of PostgreSQL",
        value: engineVersion,
        expected: "the major version, such as 17",
      },
    ];
  if (minor === undefined || !autoMinorVersionUpgrade) return [];
  return [
    {
      subject: `${subject}.engineVersion`,
      message: "the minor version is given, and AWS upgrades minor versions automatically",
      value: engineVersion,
      expected: "the major version only",
      fix: `use ${major}, or set autoMinorVersionUpgrade: false to upgrade by hand`,
    },
  ];
}
