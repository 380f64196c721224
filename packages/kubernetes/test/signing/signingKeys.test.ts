import { SignatureAlgorithm, SigningKeys, type SigningKeysArgs } from "@gatehouse/kubernetes";
import { describe, expect, test } from "vitest";
import { lines, publicKey } from "../support/examples.ts";
import { type Recording, record, refusal } from "../support/record.ts";

const first = { kid: "key_2024_10", publicKey: publicKey() };
const second = { kid: "key_2025_01", publicKey: publicKey(), publishedAt: "2025-01-10T08:00:00Z" };
const switched = {
  current: { ...second, signingSince: "2025-01-10T09:00:00Z", replaces: first.kid },
  previous: [{ ...first, retiredAt: "2025-01-10T09:00:00Z" }],
};

const signing: SigningKeysArgs = {
  namespace: "login",
  keys: { current: first },
  rules: { jwksCacheTime: "1h", tokenLifetime: "30d" },
  privateKey: { store: { name: "vault" } },
  now: "2025-01-10T10:00:00Z",
};

const recordKeys = (args: Partial<SigningKeysArgs> = {}) =>
  record(() => new SigningKeys("login-jwt", { ...signing, ...args }));
const refusalOf = (args: Partial<SigningKeysArgs>) =>
  refusal(() => new SigningKeys("login-jwt", { ...signing, ...args }));

function jwksName(recording: Recording): string {
  const [, name = ""] =
    recording
      .objects()
      .find((object) => object.startsWith("ConfigMap"))
      ?.split(" ") ?? [];
  return name;
}

const kidsOf = (recording: Recording): string[] => {
  const { data } = recording.object("ConfigMap", jwksName(recording));
  return (JSON.parse(data["jwks.json"] ?? "") as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};

describe("the JWKS", () => {
  test("is an immutable ConfigMap named by its content", async () => {
    const recording = await recordKeys({ labels: { team: "identity" } });
    const name = jwksName(recording);
    expect(name).toMatch(/^login-jwt-jwks-[0-9a-f]{8}$/);
    const { data, ...rest } = recording.object("ConfigMap", name);
    expect(rest).toEqual({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "login", labels: { team: "identity" } },
      immutable: true,
    });
    expect(Object.keys(data)).toEqual(["jwks.json"]);
    expect(kidsOf(recording)).toEqual(["key_2024_10"]);
  });

  test("each step of a rotation is another one", async () => {
    const steps = [{ current: first }, { current: first, next: second }, switched];
    const names: string[] = [];
    const kids: string[][] = [];
    for (const keys of steps) {
      const recording = await recordKeys({ keys });
      names.push(jwksName(recording));
      kids.push(kidsOf(recording));
    }
    expect(new Set(names).size).toBe(3);
    expect(kids).toEqual([["key_2024_10"], ["key_2024_10", "key_2025_01"], ["key_2025_01", "key_2024_10"]]);
    expect(jwksName(await recordKeys({ keys: { current: first } }))).toBe(names[0]);
  });
});

describe("the private key", () => {
  test("is an ExternalSecret of its own for each key, from a remote secret of its own", async () => {
    const recording = await recordKeys();
    expect(recording.object("ExternalSecret", "login-jwt-key-2024-10")).toEqual({
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: {
        name: "login-jwt-key-2024-10",
        namespace: "login",
        annotations: { "pulumi.com/waitFor": "condition=Ready" },
      },
      spec: {
        refreshPolicy: "OnChange",
        secretStoreRef: { name: "vault", kind: "ClusterSecretStore" },
        target: { name: "login-jwt-key-2024-10", creationPolicy: "Owner" },
        data: [{ secretKey: "jwt-private-key", remoteRef: { key: "login-jwt/key_2024_10" } }],
      },
    });
    expect((await recordKeys({ keys: switched })).objects()).toContain("ExternalSecret login-jwt-key-2025-01");
  });

  test("of another place in the store", async () => {
    const recording = await recordKeys({
      privateKey: {
        store: { name: "vault" },
        remoteKey: "prod/{kid}/jwt-{kid}",
        secretKey: "pem",
        refreshInterval: "15m",
      },
    });
    expect(recording.object("ExternalSecret", "login-jwt-key-2024-10").spec).toMatchObject({
      refreshInterval: "15m",
      data: [{ secretKey: "pem", remoteRef: { key: "prod/key_2024_10/jwt-key_2024_10" } }],
    });
  });

  test("under names of the product's own", async () => {
    const recording = await recordKeys({
      privateKey: {
        store: { name: "vault" },
        remoteKey: "login-{kid}",
        secretName: "signing-key-{kid}",
        externalSecretName: "signing-{kid}",
      },
    });
    expect(recording.object("ExternalSecret", "signing-key-2024-10").spec).toMatchObject({
      target: { name: "signing-key-key-2024-10", creationPolicy: "Owner" },
    });
  });

  test("as one Secret for all keys, if it is a file and read again before the tokens of the old key have expired", async () => {
    const recording = await recordKeys({
      privateKey: { store: { name: "vault" }, remoteKey: "login", secretName: "login-key", refreshInterval: "10m" },
      privateKeyDirectory: "/etc/signing-key",
      rules: { jwksCacheTime: "5m", tokenLifetime: "10m" },
    });
    expect(recording.object("ExternalSecret", "login-key").spec).toMatchObject({
      refreshPolicy: "Periodic",
      refreshInterval: "10m",
      data: [{ secretKey: "jwt-private-key", remoteRef: { key: "login" } }],
    });
  });

  test("of a Secret that is there already", async () => {
    let made: SigningKeys | undefined;
    const recording = await record(() => {
      made = new SigningKeys("login-jwt", { ...signing, privateKey: { existing: { secret: "login", key: "pem" } } });
    });
    expect(recording.objects()).toEqual([`ConfigMap ${jwksName(recording)}`]);
    expect(made?.environment.secrets).toEqual({ JWT_PRIVATE_KEY: { secret: "login", key: "pem" } });
  });
});

test("children", async () => {
  expect((await recordKeys()).family()).toEqual([
    "gatehouse:kubernetes:SigningKeys login-jwt",
    "login-jwt > gatehouse:kubernetes:ExternalSecrets login-jwt-private-key",
    "login-jwt > kubernetes:core/v1:ConfigMap login-jwt-jwks",
    "login-jwt-private-key > kubernetes:external-secrets.io/v1:ExternalSecret login-jwt-private-key-external-secret",
  ]);
});

describe("what the program is told", () => {
  const told = async (args: Partial<SigningKeysArgs> = {}) => {
    let keys: SigningKeys | undefined;
    await record(() => {
      keys = new SigningKeys("login-jwt", { ...signing, ...args });
    });
    if (!keys) throw new Error("nothing was made");
    return keys;
  };

  test("by the usual names", async () => {
    const { environment, volumes } = await told();
    expect(Object.keys(environment.secrets ?? {})).toEqual(["JWT_PRIVATE_KEY"]);
    expect(environment.values).toEqual({
      JWT_PUBLIC_KEY: first.publicKey,
      JWT_KEY_ID: "key_2024_10",
      JWT_JWKS_FILE: "/etc/jwks/jwks.json",
    });
    expect(volumes.map(({ name, mountPath }) => [name, mountPath])).toEqual([["jwks", "/etc/jwks"]]);
  });

  test("by the program's own names", async () => {
    const { environment, volumes } = await told({
      jwksDirectory: "/keys",
      variables: { privateKey: "SIGNING_KEY", publicKey: "VERIFYING_KEY", keyId: "KID", jwksFile: "JWKS" },
    });
    expect(Object.keys(environment.secrets ?? {})).toEqual(["SIGNING_KEY"]);
    expect(environment.values).toEqual({
      VERIFYING_KEY: first.publicKey,
      KID: "key_2024_10",
      JWKS: "/keys/jwks.json",
    });
    expect(volumes.map(({ mountPath }) => mountPath)).toEqual(["/keys"]);
  });

  test("the private key as a file, whose path is in the variable", async () => {
    const { environment, volumes } = await told({
      privateKey: { existing: { secret: "login-keys", key: "ed25519.pem" } },
      privateKeyDirectory: "/etc/signing-key",
    });
    expect(environment.secrets).toBeUndefined();
    expect(environment.values).toEqual({
      JWT_PRIVATE_KEY_FILE: "/etc/signing-key/ed25519.pem",
      JWT_PUBLIC_KEY: first.publicKey,
      JWT_KEY_ID: "key_2024_10",
      JWT_JWKS_FILE: "/etc/jwks/jwks.json",
    });
    expect(volumes[1]).toEqual({ name: "signing-key", mountPath: "/etc/signing-key", secret: "login-keys" });
  });
});

describe("refused", () => {
  test.each([
    ["neither", {}],
    ["store and existing", { store: { name: "vault" }, existing: { secret: "login", key: "pem" } }],
  ])("a private key from %s", async (value, privateKey) => {
    expect(await refusalOf({ privateKey })).toBe(
      lines(
        "login-jwt (SigningKeys).privateKey: the private key comes from one place",
        `  value:    ${value}`,
        "  expected: store or existing",
      ),
    );
  });

  test("one remote secret for all keys", async () => {
    expect(await refusalOf({ privateKey: { store: { name: "vault" }, remoteKey: "login/jwt" } })).toBe(
      lines(
        "login-jwt (SigningKeys).privateKey.remoteKey: all keys would be the same remote secret, and a rotation would not reach the pods",
        "  value:    login/jwt",
        "  expected: a name with {kid} in it",
      ),
    );
  });

  test("one remote secret that is read again when the rotation is over", async () => {
    const message = await refusalOf({
      privateKey: { store: { name: "vault" }, remoteKey: "login/jwt", refreshInterval: "1h" },
      privateKeyDirectory: "/etc/signing-key",
      rules: { jwksCacheTime: "5m", tokenLifetime: "10m" },
    });
    expect(message).toBe(
      lines(
        "login-jwt (SigningKeys).privateKey.refreshInterval: all keys are one remote secret, and a rotation is over before it is read again",
        "  value:    read every 1h, and the old key's tokens live for 10m",
        "  expected: at most 10m, or a remoteKey with {kid} in it, which is read as it is named",
      ),
    );
  });

  test("one object for keys that are several remote secrets", async () => {
    expect(await refusalOf({ privateKey: { store: { name: "vault" }, secretName: "signing-key" } })).toBe(
      lines(
        "login-jwt (SigningKeys).privateKey.secretName: all keys would be one object, and a rotation would change it under the pods that still use it",
        "  value:    signing-key",
        "  expected: a name with {kid} in it",
      ),
    );
  });

  test("a key of another algorithm than the service's", async () => {
    expect(await refusalOf({ algorithm: SignatureAlgorithm.RS256 })).toBe(
      lines(
        "login-jwt (SigningKeys).keys.current.publicKey: the key's signature algorithm is not the service's",
        "  value:    key_2024_10, EdDSA",
        "  expected: RS256",
      ),
    );
  });

  test("a key before its time, with the date", async () => {
    expect(await refusalOf({ keys: switched, now: "2025-01-10T08:30:00Z" })).toBe(
      lines(
        "login-jwt (SigningKeys).keys.current.kid: key_2025_01 signs before every client can know it: it was published at 2025-01-10T08:00:00Z, and clients cache the JWKS for 1h",
        "  value:    signing since 2025-01-10T08:30:00Z",
        "  expected: 2025-01-10T09:00:00Z or later",
        "  fix:      keep key_2024_10 current and key_2025_01 next until then",
      ),
    );
  });

  test("two keys that would be one Secret", async () => {
    const next = { ...second, kid: "KEY-2024-10" };
    expect(await refusalOf({ keys: { current: first, next } })).toBe(
      lines(
        "login-jwt (SigningKeys).keys: two keys would have one Secret",
        "  value:    key_2024_10 and KEY-2024-10",
        "  expected: key ids that differ in more than capital letters and punctuation",
      ),
    );
  });

  test("a key id that names no Secret", async () => {
    expect(await refusalOf({ keys: { current: { ...first, kid: "##" } } })).toBe(
      lines(
        "login-jwt (SigningKeys).keys: the key id has no letter or digit to name a Secret by",
        "  value:    ##",
        "  expected: letters, digits and - or _",
      ),
    );
  });

  test("rules and a clock that cannot be read", async () => {
    const message = await refusalOf({ rules: { jwksCacheTime: "an hour", tokenLifetime: "30d" }, now: "today" });
    expect(message).toMatch(/^2 problems\n\nlogin-jwt \(SigningKeys\)\.rules\.jwksCacheTime: /);
    expect(message).toContain(
      lines(
        "login-jwt (SigningKeys).now: not an instant",
        "  value:    today",
        "  expected: ISO 8601: 2026-01-31T12:00:00Z",
      ),
    );
  });
});
