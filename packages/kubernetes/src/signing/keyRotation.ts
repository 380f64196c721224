import { createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { formatDuration, parseDuration, type Problem } from "@gatehouse/core";

/**
 * One key pair and its history. An entry moves from `next` to `current` to `previous`, and gains a date at each step;
 * no date is ever removed, so the rules can be checked from the config alone.
 */
export interface SigningKeyArgs {
  /** Key id, as tokens and the JWKS name it. */
  kid: string;
  /** Public key, PEM. Keep the private key out of the config, in the secret store. */
  publicKey: string;
  /**
   * Instant (ISO 8601) at which the public key entered the JWKS, as `next`.
   * @default none: the first key of the service
   */
  publishedAt?: string;
  /**
   * Instant at which it began signing, as `current`.
   * @default none: the first key of the service
   */
  signingSince?: string;
  /**
   * Instant at which it stopped signing, as `previous`.
   * @default none: it has not
   */
  retiredAt?: string;
  /**
   * Key id of the key that it took over from.
   * @default none: the first key of the service
   */
  replaces?: string;
}

/** Keys whose tokens clients may receive, by their role. */
export interface SigningKeySetArgs {
  /** The key that signs. */
  current: SigningKeyArgs;
  /**
   * The key that will sign; published, so that clients know it before the first token it signs.
   * @default none
   */
  next?: SigningKeyArgs;
  /**
   * Keys that no longer sign but whose tokens are still valid, the latest first.
   * @default none
   */
  previous?: SigningKeyArgs[];
  /**
   * Key ids whose tokens may become invalid at once, and whose successors may sign before all clients know them: for a
   * key that has leaked. The users of such tokens have to sign in again.
   * @default none
   */
  invalidateTokensOf?: string[];
}

/** Times for which clients cache keys and tokens stay valid. */
export interface RotationRulesArgs {
  /** Longest time for which clients cache the JWKS, as a duration: "1h". */
  jwksCacheTime: string;
  /** The longest life of a token, as a duration: "30d". */
  tokenLifetime: string;
}

function instant(text: string): number {
  return Date.parse(text);
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

interface RoleOfKey {
  role: string;
  key: SigningKeyArgs;
}

function byRole({ current, next, previous = [] }: SigningKeySetArgs): RoleOfKey[] {
  return [
    { role: "current", key: current },
    ...(next ? [{ role: "next", key: next }] : []),
    ...previous.map((key, index) => ({ role: `previous[${index}]`, key })),
  ];
}

/**
 * Whether the set of keys may be deployed: every client can verify every token that is signed from now on, and every
 * token that is still valid.
 * @param now The clock, so that the same config gives the same answer for the same instant.
 */
export function checkRotation(
  subject: string,
  keys: SigningKeySetArgs,
  rules: RotationRulesArgs,
  now: Date,
): Problem[] {
  const all = byRole(keys);
  const unreadable = [...all.flatMap((one) => checkKey(subject, one)), ...checkDistinct(subject, all)];
  // Dates that cannot be read cannot be compared.
  if (unreadable.length > 0) return unreadable;
  return [
    ...checkHistory(subject, keys),
    ...checkPublishedFirst(subject, keys, rules, now.getTime()),
    ...checkNothingDropped(subject, keys, rules, now.getTime()),
  ];
}

function checkKey(subject: string, { role, key }: RoleOfKey): Problem[] {
  const at = `${subject}.${role}`;
  const dates = Object.entries({
    publishedAt: key.publishedAt,
    signingSince: key.signingSince,
    retiredAt: key.retiredAt,
  }).flatMap(([name, text]) =>
    text === undefined || !Number.isNaN(instant(text))
      ? []
      : [
          {
            subject: `${at}.${name}`,
            message: "not an instant",
            value: text,
            expected: "ISO 8601: 2026-01-31T12:00:00Z",
          },
        ],
  );
  return [...dates, ...checkPublicKey(`${at}.publicKey`, key)];
}

function checkPublicKey(at: string, { publicKey }: SigningKeyArgs): Problem[] {
  const fix = "openssl pkey -in private.pem -pubout";
  if (publicKey.includes("PRIVATE KEY"))
    return [
      {
        subject: at,
        message: "this is a private key, which anybody who reads the config can now sign with",
        value: "[secret]",
        expected: "the public key, PEM",
        fix: `discard this key pair, generate a new one, keep its private key in the secret store, and give the output of: ${fix}`,
      },
    ];
  const key = readPublicKey(publicKey);
  if (!key) return [{ subject: at, message: "not a public key", expected: "a public key, PEM", fix }];
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === "rsa" && bits < 2048)
    return [
      {
        subject: at,
        message: "the key is too short to be safe",
        value: `RSA, ${bits} bits`,
        expected: "2048 bits or more",
      },
    ];
  if (algorithm(key) === undefined)
    return [
      {
        subject: at,
        message: "no signature algorithm is known for keys of this type",
        value: key.asymmetricKeyType ?? "unknown",
        expected: "RSA, Ed25519 or EC P-256",
      },
    ];
  return [];
}

function checkDistinct(subject: string, all: RoleOfKey[]): Problem[] {
  return all.flatMap(({ role, key }, index) => {
    const other = all.slice(0, index).find((one) => one.key.kid === key.kid);
    if (!other) return [];
    return {
      subject: `${subject}.${role}.kid`,
      message: `${other.role} has the same key id`,
      value: key.kid,
      expected: "one entry for each key",
    };
  });
}

/** Each key names the one it took over from, and when: what is dropped later is then missed. */
function checkHistory(subject: string, { current, next, previous = [] }: SigningKeySetArgs): Problem[] {
  const line = [
    { role: "current", key: current },
    ...previous.map((key, index) => ({ role: `previous[${index}]`, key })),
  ];
  const links = line.flatMap(({ role, key }, index): Problem[] => {
    const predecessor = line[index + 1]?.key;
    if (!predecessor) return [];
    const at = `${subject}.${role}`;
    if (key.replaces !== predecessor.kid)
      return [
        {
          subject: `${at}.replaces`,
          message: "the key does not name the one it took over from",
          value: key.replaces ?? "nothing",
          expected: predecessor.kid,
        },
      ];
    if (predecessor.retiredAt === undefined)
      return [
        {
          subject: `${subject}.previous[${index}].retiredAt`,
          message: `${predecessor.kid} has no retiredAt date`,
          expected: key.signingSince ? `${key.signingSince} or later, when ${key.kid} began` : "an ISO 8601 instant",
        },
      ];
    return [];
  });
  const dates = line.flatMap(({ role, key }): Problem[] =>
    key.replaces !== undefined && key.signingSince === undefined
      ? [
          {
            subject: `${subject}.${role}.signingSince`,
            message: `${key.kid} took over from ${key.replaces}, but does not say when`,
            expected: "an ISO 8601 instant",
          },
        ]
      : [],
  );
  const unpublished =
    next && next.publishedAt === undefined
      ? [
          {
            subject: `${subject}.next.publishedAt`,
            message: `${next.kid} has no publishedAt date`,
            expected: "an ISO 8601 instant",
          },
        ]
      : [];
  return [...links, ...dates, ...unpublished];
}

/** A client that has cached the JWKS refuses a token of a key that it has not seen. */
function checkPublishedFirst(
  subject: string,
  keys: SigningKeySetArgs,
  rules: RotationRulesArgs,
  now: number,
): Problem[] {
  const { kid, replaces, publishedAt, signingSince } = keys.current;
  if (replaces === undefined || keys.invalidateTokensOf?.includes(replaces)) return [];
  if (publishedAt === undefined)
    return [
      {
        subject: `${subject}.current.publishedAt`,
        message: `${kid} signs without having been published first, and clients refuse tokens of a key they do not know`,
        expected: `the instant at which it was made next, at least ${rules.jwksCacheTime} before it signs`,
        fix: `make ${kid} next, deploy, and make it current after ${rules.jwksCacheTime}`,
      },
    ];
  const earliest = instant(publishedAt) + parseDuration(rules.jwksCacheTime);
  const from = Math.min(signingSince === undefined ? now : instant(signingSince), now);
  if (from >= earliest) return [];
  return [
    {
      subject: `${subject}.current.kid`,
      message: `${kid} signs before every client can know it: it was published at ${publishedAt}, and clients cache the JWKS for ${rules.jwksCacheTime}`,
      value: `signing since ${iso(from)}`,
      expected: `${iso(earliest)} or later`,
      fix: `keep ${replaces} current and ${kid} next until then`,
    },
  ];
}

/** A token outlives the signing of its key by at most its own life. */
function checkNothingDropped(
  subject: string,
  keys: SigningKeySetArgs,
  rules: RotationRulesArgs,
  now: number,
): Problem[] {
  const { current, previous = [], invalidateTokensOf = [] } = keys;
  const listed = new Set(previous.map(({ kid }) => kid));
  return [current, ...previous].flatMap(({ kid, replaces, signingSince }): Problem[] => {
    if (replaces === undefined || signingSince === undefined) return [];
    if (listed.has(replaces) || invalidateTokensOf.includes(replaces)) return [];
    const droppable = instant(signingSince) + parseDuration(rules.tokenLifetime);
    if (now >= droppable) return [];
    return [
      {
        subject: `${subject}.previous`,
        message: `${replaces} is dropped while tokens that it signed are still valid: ${kid} took over at ${signingSince}, and a token lives for ${formatDuration(parseDuration(rules.tokenLifetime))}`,
        value: previous.length === 0 ? "no previous keys" : [...listed].join(", "),
        expected: `${replaces} among the previous keys until ${iso(droppable)}`,
        fix: `put ${replaces} back; if it has leaked, name it in invalidateTokensOf`,
      },
    ];
  });
}

/** Signature algorithms, as JOSE names them. */
export const SignatureAlgorithm = {
  /** RSA with SHA-256, by keys of 2048 bits or more. */
  RS256: "RS256",
  /** ECDSA with SHA-256, by keys on the curve P-256. */
  ES256: "ES256",
  /** Ed25519. */
  EdDSA: "EdDSA",
} as const;
export type SignatureAlgorithm = (typeof SignatureAlgorithm)[keyof typeof SignatureAlgorithm];

/** Signature algorithm of keys of this type. */
function algorithm(key: KeyObject): SignatureAlgorithm | undefined {
  if (key.asymmetricKeyType === "rsa") return SignatureAlgorithm.RS256;
  if (key.asymmetricKeyType === "ed25519") return SignatureAlgorithm.EdDSA;
  return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? SignatureAlgorithm.ES256 : undefined;
}

/**
 * Keys of another type than the one that the service and its clients know. Keys that cannot be read are not among them.
 */
export function checkAlgorithm(subject: string, keys: SigningKeySetArgs, expected: SignatureAlgorithm): Problem[] {
  return byRole(keys).flatMap(({ role, key }) => {
    const read = readPublicKey(key.publicKey);
    const found = read && algorithm(read);
    if (found === undefined || found === expected) return [];
    return {
      subject: `${subject}.${role}.publicKey`,
      message: "the key's signature algorithm is not the service's",
      value: `${key.kid}, ${found}`,
      expected,
    };
  });
}

function readPublicKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

/** The JSON Web Key Set of all keys whose tokens clients may meet, the current one first. */
export function jsonWebKeySet(keys: SigningKeySetArgs): string {
  const entries = byRole(keys).map(({ key: { kid, publicKey } }): JsonWebKey => {
    const key = createPublicKey(publicKey);
    return { kid, use: "sig", alg: algorithm(key), ...key.export({ format: "jwk" }) };
  });
  return `${JSON.stringify({ keys: entries }, null, 2)}\n`;
}
