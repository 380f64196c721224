import type { Problem } from "@gatehouse/core";

/**
 * The versions of an encryption key, each in one role. A version moves from `next` to `current` to `previous` to
 * `dropped` to `disabled`. Every version must have a role, so a key that data may still need is not lost.
 */
export interface KeyVersionsArgs {
  /** Version that encrypts. */
  current: number;
  /**
   * Version that will encrypt. It exists, and is not used yet.
   * @default none
   */
  next?: number;
  /**
   * Version that encrypted before, and still decrypts.
   * @default none
   */
  previous?: number;
  /**
   * Versions that the program no longer gets. By naming one you confirm that nothing is encrypted with it, which cannot
   * be checked here.
   * @default none
   */
  dropped?: number[];
  /**
   * Dropped versions that can no longer be read. Disable a version one deployment after you drop it, because instances
   * of the revision before may still start and need it.
   * @default none
   */
  disabled?: number[];
}

/** State of one version of the key. */
export interface KeyVersion {
  /** Number of the version, 1 for the first. */
  version: number;
  /** Whether it can be read. */
  enabled: boolean;
}

/** The versions in their order. */
export function keyVersions(keys: KeyVersionsArgs): KeyVersion[] {
  const disabled = new Set(keys.disabled);
  return Array.from({ length: latest(keys) }, (_, index) => ({
    version: index + 1,
    enabled: !disabled.has(index + 1),
  }));
}

/** Checks that every version has exactly one role. */
export function checkKeyVersions(subject: string, keys: KeyVersionsArgs): Problem[] {
  const roles = byRole(keys);
  const numbers = roles.filter(({ version }) => !Number.isInteger(version) || version < 1);
  if (numbers.length > 0)
    return numbers.map(({ role, version }) => ({
      subject: `${subject}.${role}`,
      message: "not the number of a version",
      value: String(version),
      expected: "a whole number, 1 for the first version",
    }));
  return [...checkDifferent(subject, keys), ...checkAccounted(subject, keys)];
}

interface Role {
  role: string;
  version: number;
}

function byRole({ current, next, previous, dropped = [], disabled = [] }: KeyVersionsArgs): Role[] {
  const single = { current, next, previous };
  return [
    ...Object.entries(single).flatMap(([role, version]) => (version === undefined ? [] : [{ role, version }])),
    ...dropped.map((version) => ({ role: "dropped", version })),
    ...disabled.map((version) => ({ role: "disabled", version })),
  ];
}

function latest(keys: KeyVersionsArgs): number {
  return Math.max(...byRole(keys).map(({ version }) => version));
}

function checkDifferent(subject: string, keys: KeyVersionsArgs): Problem[] {
  const roles = byRole(keys);
  return roles.flatMap(({ role, version }, index): Problem[] => {
    const first = roles.findIndex((other) => other.version === version);
    const other = roles[first];
    if (first === index || !other) return [];
    return [
      {
        subject: `${subject}.${role}`,
        message: `version ${version} is both ${other.role} and ${role}`,
        value: `${other.role} ${version}, ${role} ${version}`,
        expected: "another version in each role",
        fix: role === "previous" ? "make a new version: next, and then current" : undefined,
      },
    ];
  });
}

/** A version without a role could not decrypt, and nobody has confirmed that nothing needs it. */
function checkAccounted(subject: string, keys: KeyVersionsArgs): Problem[] {
  const named = new Set(byRole(keys).map(({ version }) => version));
  return keyVersions(keys)
    .filter(({ version }) => !named.has(version))
    .map(({ version }) => ({
      subject: `${subject}.previous`,
      message: `version ${version} has no role, so data that is encrypted with it could no longer be read`,
      value: byRole(keys)
        .map((one) => `${one.role} ${one.version}`)
        .join(", "),
      expected: `version ${version} as previous, until nothing is encrypted with it`,
      fix: `name it in previous; if nothing is encrypted with it, name it in dropped`,
    }));
}
