import type { Properties, Value } from "@gatehouse/preview";
import { beforeAll, describe, expect, test } from "vitest";
import { at, recordStack, type StackRecord } from "./support/record.ts";

interface KeyVersions {
  current: number;
  next?: number;
  previous?: number;
  dropped?: number[];
  disabled?: number[];
}

/** The key's way, one config change a step. */
const steps = {
  before: { current: 1 },
  made: { current: 1, next: 2 },
  switched: { current: 2, previous: 1 },
  dropped: { current: 2, dropped: [1] },
  disabled: { current: 2, disabled: [1] },
} satisfies Record<string, KeyVersions>;

/** What a preview of a step changes against the one before it, by logical name. */
interface Change {
  added: string[];
  removed: string[];
  changed: string[];
}

const records: Record<string, StackRecord> = {};
beforeAll(async () => {
  for (const [name, keys] of Object.entries(steps))
    records[name] = await recordStack("identity-prod", { "identity:tokenKeys": JSON.stringify(keys) });
});

const record = (step: keyof typeof steps): StackRecord => records[step] as StackRecord;

function byName({ graph }: StackRecord): Map<string, Properties> {
  const custom = graph.resources.filter(({ custom }) => custom);
  return new Map(custom.map(({ type, name, inputs }) => [`${type.slice(type.lastIndexOf(":") + 1)} ${name}`, inputs]));
}

function changes(from: keyof typeof steps, to: keyof typeof steps): Change {
  const [before, after] = [byName(record(from)), byName(record(to))];
  const shared = [...after.keys()].filter((name) => before.has(name));
  return {
    added: [...after.keys()].filter((name) => !before.has(name)).sort(),
    removed: [...before.keys()].filter((name) => !after.has(name)).sort(),
    changed: shared.filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name))).sort(),
  };
}

/** The key variables of the service, each with the version that it comes from. */
function keys(step: keyof typeof steps): Record<string, string> {
  const service = byName(record(step)).get("Service identity") ?? {};
  const all = at(service, "template.containers.0.envs") as Value[];
  const versions = all.flatMap((one): [string, string][] => {
    const name = at(one, "name") as string;
    if (!name.startsWith("GITHUB_TOKEN_ENC_KEY")) return [];
    expect(at(one, "valueSource.secretKeyRef.secret")).toBe("github-token-enc-key");
    const urns = at(one, "valueSource.secretKeyRef.version.$unknown") as string[];
    return [[name, urns.map((urn) => /identity-token-key-(\d+)$/.exec(urn)?.[1] ?? "").join("")]];
  });
  return Object.fromEntries(versions);
}

describe("a rotation of the key that GitHub tokens are encrypted with is one config change a step", () => {
  test("before: one key", () => {
    expect(keys("before")).toEqual({ GITHUB_TOKEN_ENC_KEY: "1" });
  });

  test("made: a new version, which nobody uses yet", () => {
    expect(changes("before", "made")).toEqual({
      added: ["RandomBytes identity-token-key-2", "SecretVersion identity-token-key-2"],
      removed: [],
      changed: [],
    });
    expect(keys("made")).toEqual({ GITHUB_TOKEN_ENC_KEY: "1" });
  });

  test("the new version is made after the old one, since Secret Manager numbers them as they come", () => {
    const version = record("made").graph.resources.find(
      ({ type, name }) => type.endsWith(":SecretVersion") && name === "identity-token-key-2",
    );
    expect(version?.dependencies.some((urn) => urn.endsWith("SecretVersion::identity-token-key-1"))).toBe(true);
  });

  test("switched: a revision with both keys, and nothing else", () => {
    expect(changes("made", "switched")).toEqual({ added: [], removed: [], changed: ["Service identity"] });
    expect(keys("switched")).toEqual({ GITHUB_TOKEN_ENC_KEY: "2", GITHUB_TOKEN_ENC_KEY_OLD: "1" });
  });

  test("dropped, which acknowledges that nothing needs it: a revision without the old key", () => {
    expect(changes("switched", "dropped")).toEqual({ added: [], removed: [], changed: ["Service identity"] });
    expect(keys("dropped")).toEqual({ GITHUB_TOKEN_ENC_KEY: "2" });
  });

  test("disabled, once no revision needs it: the old version stays, and can be enabled again", () => {
    expect(changes("dropped", "disabled")).toEqual({
      added: [],
      removed: [],
      changed: ["SecretVersion identity-token-key-1"],
    });
    const old = byName(record("disabled")).get("SecretVersion identity-token-key-1");
    expect(old).toMatchObject({ enabled: false, deletionPolicy: "DISABLE" });
  });

  test("no step touches the database, nor a key's value", () => {
    const untouched = /^(DatabaseInstance|Database|User|Instance|RandomBytes|RandomPassword) /;
    const names = Object.keys(steps) as (keyof typeof steps)[];
    for (const [index, to] of names.entries()) {
      const from = names[index - 1];
      if (from === undefined) continue;
      const { removed, changed } = changes(from, to);
      expect([...removed, ...changed].filter((name) => untouched.test(name))).toEqual([]);
    }
    for (const one of Object.values(records)) {
      const instance = byName(one).get("DatabaseInstance identity-db");
      expect(JSON.stringify(instance)).toBe(
        JSON.stringify(byName(record("before")).get("DatabaseInstance identity-db")),
      );
    }
  });
});

test("another JWT secret is a new version of it and a new revision", async () => {
  const jwtSecret = JSON.stringify({ generation: 2, invalidatesAllTokens: true });
  const stack = await recordStack("identity-prod", { "identity:jwtSecret": jwtSecret });
  expect(byName(stack).get("RandomBytes identity-jwt-secret")).toEqual({ length: 32, keepers: { generation: "2" } });
  expect(byName(record("before")).get("RandomBytes identity-jwt-secret")).toEqual({
    length: 32,
    keepers: { generation: "1" },
  });
});

test("no secret is in a variable, an output or the record", async () => {
  const values = ["correct-horse-battery-staple", "a-client-id-nobody-sees"];
  const stack = await recordStack("identity-prod", {
    "identity:githubClientSecret": { secret: values[0] ?? "" },
    "identity:githubClientId": { secret: values[1] ?? "" },
  });
  for (const value of values) expect(JSON.stringify(stack.graph)).not.toContain(value);
  const secrets = stack.graph.resources.flatMap(({ name, inputs }) =>
    Object.entries(inputs).flatMap(([property, value]) =>
      JSON.stringify(value).includes("$secret") ? `${name}.${property}` : [],
    ),
  );
  expect(secrets.sort()).toEqual([
    "identity-db-password-1.secretData",
    "identity-db-user.password",
    "identity-github-client-id-1.secretData",
    "identity-github-client-secret-1.secretData",
    "identity-jwt-secret-1.secretData",
    "identity-redis-password-1.secretData",
    "identity-token-key-1.secretData",
  ]);
  expect(JSON.stringify(stack.graph.outputs)).not.toContain("$secret");
});
