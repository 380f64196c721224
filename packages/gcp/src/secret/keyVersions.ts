import type { Problem } from "@gatehouse/core";

/**
 * The versions of an encryption key, each in one role. A version moves from `next` to `current` to `previous` to
 * `dropped` to `disabled`, and no version is ever left out, so that a key which data may still need is not forgotten.
 */
export interface KeyVersionsArgs {
  /** The version that encrypts. */
  current: number;
  /**
   * The version that will encrypt: it is made, and nobody uses it yet.
   * @default none
   */
  next?: number;
  /**
   * The version that encrypted before, and still decrypts.
   * @default none
   */
  previous?: number;
  /**
   * Versions that are no longer given to the program. To name one is to acknowledge that nothing is encrypted with it:
   * that cannot be seen from here.
   * @default none
   */
  dropped?: number[];
  /**
   * Dropped versions that nobody can read any more. Disable one in a deployment after that which drops it: until then
   * instances of the revision before may still start, and need it.
   * @default none
   */
  disabled?: number[];
}

/** What is done with one version of the key. */
export interface KeyVersion {
  /** Its number, 1 for the first. */
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

/** Roles that exclude each other, and versions without a role. */
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

/** Without a role, a version is neither there to decrypt nor known to be needless. */
function checkAccounted(subject: string, keys: KeyVersionsArgs): Problem[] {
  const named = new Set(byRole(keys).map(({ version }) => version));
  return keyVersions(keys)
    .filter(({ version }) => !named.has(version))
    .map(({ version }) => ({
      subject: `${subject}.previous`,
      message: `version ${version} is dropped, and what is encrypted with it could not be read any more`,
      value: byRole(keys)
        .map((one) => `${one.role} ${one.version}`)
        .join(", "),
      expected: `version ${version} as previous, until nothing is encrypted with it`,
      fix: `put it back as previous; if nothing needs it, acknowledge that: name it in dropped`,
    }));
}
