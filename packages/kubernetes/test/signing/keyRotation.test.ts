import { generateKeyPairSync } from "node:crypto";
import { checkRotation, jsonWebKeySet, type SigningKeyArgs, type SigningKeySetArgs } from "@gatehouse/kubernetes";
import { describe, expect, test } from "vitest";

const rsa = (modulusLength = 2048) => generateKeyPairSync("rsa", { modulusLength });
const pem = { type: "spki", format: "pem" } as const;
const [oldKey, newKey] = [rsa(), rsa()].map(({ publicKey }) => publicKey.export(pem) as string) as [string, string];

const rules = { jwksCacheTime: "1h", tokenLifetime: "30d" };
const check = (keys: SigningKeySetArgs, now: string) => checkRotation("shield:keys", keys, rules, new Date(now));

const first: SigningKeyArgs = { kid: "key_2024_10", publicKey: oldKey };
const second: SigningKeyArgs = { kid: "key_2025_01", publicKey: newKey, publishedAt: "2025-01-10T08:00:00Z" };

// The states that a planned rotation goes through.
const before: SigningKeySetArgs = { current: first };
const published: SigningKeySetArgs = { current: first, next: second };
const switchedKey: SigningKeyArgs = { ...second, signingSince: "2025-01-10T09:00:00Z", replaces: first.kid };
const switched: SigningKeySetArgs = {
  current: switchedKey,
  previous: [{ ...first, retiredAt: "2025-01-10T09:00:00Z" }],
};
const finished: SigningKeySetArgs = { current: switchedKey };

describe("a planned rotation", () => {
  test.each([
    ["the first key", before, "2024-10-01T00:00:00Z"],
    ["the next key published", published, "2025-01-10T08:00:00Z"],
    ["the next key signing, exactly the cache time later", switched, "2025-01-10T09:00:00Z"],
    ["the previous key dropped, exactly the tokens' life later", finished, "2025-02-09T09:00:00Z"],
  ])("%s is accepted", (_, keys, now) => {
    expect(check(keys, now)).toEqual([]);
  });

  test("a key that signs a second too early is refused with the date from which it may", () => {
    const early = { ...switchedKey, signingSince: "2025-01-10T08:59:59Z" };
    expect(check({ ...switched, current: early }, "2025-01-10T09:30:00Z")).toEqual([
      {
        subject: "shield:keys.current.kid",
        message:
          "key_2025_01 signs before every client can know it: it was published at 2025-01-10T08:00:00Z, and clients cache the JWKS for 1h",
        value: "signing since 2025-01-10T08:59:59Z",
        expected: "2025-01-10T09:00:00Z or later",
        fix: "keep key_2024_10 current and key_2025_01 next until then",
      },
    ]);
  });

  test("a date in the future does not make a key sign earlier than its clients know it", () => {
    const [problem] = check(switched, "2025-01-10T08:30:00Z");
    expect(problem?.value).toBe("signing since 2025-01-10T08:30:00Z");
  });

  test("a key that was never published may not sign", () => {
    const { publishedAt, ...unpublished } = switchedKey;
    expect(publishedAt).toBeDefined();
    expect(check({ ...switched, current: unpublished }, "2025-01-11T00:00:00Z").map(({ subject }) => subject)).toEqual([
      "shield:keys.current.publishedAt",
    ]);
  });

  test("a previous key that is dropped a second too early is refused with the date from which it may", () => {
    expect(check(finished, "2025-02-09T08:59:59Z")).toEqual([
      {
        subject: "shield:keys.previous",
        message:
          "key_2024_10 is dropped while tokens that it signed are still valid: key_2025_01 took over at 2025-01-10T09:00:00Z, and a token lives for 30d",
        value: "no previous keys",
        expected: "key_2024_10 among the previous keys until 2025-02-09T09:00:00Z",
        fix: "put key_2024_10 back; if it has leaked, name it in invalidateTokensOf",
      },
    ]);
  });

  test("of two previous keys neither can be dropped too early", () => {
    const third: SigningKeyArgs = {
      kid: "key_2025_02",
      publicKey: rsa().publicKey.export(pem) as string,
      publishedAt: "2025-01-20T00:00:00Z",
      signingSince: "2025-01-21T00:00:00Z",
      replaces: "key_2025_01",
    };
    const middle = { ...switchedKey, retiredAt: "2025-01-21T00:00:00Z" };
    const whole = { current: third, previous: [middle, ...(switched.previous ?? [])] };
    const now = "2025-01-22T00:00:00Z";
    expect(check(whole, now)).toEqual([]);
    expect(check({ ...whole, previous: [middle] }, now).map(({ expected }) => expected)).toEqual([
      "key_2024_10 among the previous keys until 2025-02-09T09:00:00Z",
    ]);
    expect(check({ ...whole, previous: [] }, now).map(({ expected }) => expected)).toEqual([
      "key_2025_01 among the previous keys until 2025-02-20T00:00:00Z",
    ]);
  });
});

describe("an emergency", () => {
  test("a leaked key can be dropped, and its successor sign, at once", () => {
    const now = "2025-01-10T08:00:01Z";
    const current = { ...second, signingSince: now, replaces: first.kid };
    expect(check({ current }, now)).toHaveLength(2);
    expect(check({ current, invalidateTokensOf: [first.kid] }, now)).toEqual([]);
  });
});

describe("a history that could hide a dropped key is refused", () => {
  const now = "2025-01-11T00:00:00Z";
  const subjects = (keys: SigningKeySetArgs): string[] => check(keys, now).map(({ subject }) => subject);

  test("the current key does not name its predecessor", () => {
    const { replaces, ...current } = switchedKey;
    expect(replaces).toBe("key_2024_10");
    expect(subjects({ ...switched, current })).toEqual(["shield:keys.current.replaces"]);
  });

  test("the predecessor has no date of retirement", () => {
    expect(subjects({ ...switched, previous: [first] })).toEqual(["shield:keys.previous[0].retiredAt"]);
  });

  test("the current key does not say since when it signs", () => {
    const { signingSince, ...current } = switchedKey;
    expect(signingSince).toBeDefined();
    expect(subjects({ ...switched, current })).toEqual(["shield:keys.current.signingSince"]);
  });

  test("the next key has no publishedAt date", () => {
    expect(subjects({ current: first, next: { kid: "n", publicKey: newKey } })).toEqual([
      "shield:keys.next.publishedAt",
    ]);
  });

  test("two keys have one id", () => {
    expect(subjects({ current: first, next: { ...second, kid: first.kid } })).toEqual(["shield:keys.next.kid"]);
  });

  test("a date is not one", () => {
    expect(subjects({ current: first, next: { ...second, publishedAt: "soon" } })).toEqual([
      "shield:keys.next.publishedAt",
    ]);
  });
});

describe("public keys", () => {
  const current = (publicKey: string) => checkRotation("keys", { current: { kid: "k", publicKey } }, rules, new Date());

  test("a private key is refused and not repeated", () => {
    const leaked = rsa().privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const problems = current(leaked);
    expect(problems.map(({ message }) => message)).toEqual([
      "this is a private key, which anybody who reads the config can now sign with",
    ]);
    expect(JSON.stringify(problems)).not.toContain(leaked.split("\n")[1]);
  });

  test("a short key, another type and no key are refused", () => {
    expect(current(rsa(1024).publicKey.export(pem) as string)[0]?.value).toBe("RSA, 1024 bits");
    const { publicKey } = generateKeyPairSync("x25519");
    expect(current(publicKey.export(pem) as string)[0]?.value).toBe("x25519");
    expect(current("key")[0]?.message).toBe("not a public key");
  });

  test("the JWKS has every key with its algorithm, the current one first", () => {
    const ed = generateKeyPairSync("ed25519").publicKey;
    const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
    const keys = JSON.parse(
      jsonWebKeySet({
        current: second,
        next: { kid: "ed", publicKey: ed.export(pem) as string },
        previous: [{ kid: "ec", publicKey: ec.export(pem) as string }],
      }),
    ) as { keys: Record<string, string>[] };
    expect(keys.keys.map(({ kid, kty, use, alg }) => [kid, kty, use, alg])).toEqual([
      ["key_2025_01", "RSA", "sig", "RS256"],
      ["ed", "OKP", "sig", "EdDSA"],
      ["ec", "EC", "sig", "ES256"],
    ]);
    expect(keys.keys.map((key) => Object.keys(key).sort())).toEqual([
      ["alg", "e", "kid", "kty", "n", "use"],
      ["alg", "crv", "kid", "kty", "use", "x"],
      ["alg", "crv", "kid", "kty", "use", "x", "y"],
    ]);
  });
});
