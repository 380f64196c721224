import { ExternalSecrets, type ExternalSecretsArgs, SecretStoreKind } from "@gatehouse/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { lines } from "../support/examples.ts";
import { record, refusal } from "../support/record.ts";

const secrets: ExternalSecretsArgs = {
  namespace: "shop",
  store: { name: "vault" },
  data: { "database-url": { key: "shop/database" }, "redis-url": { key: "shop/redis", property: "url" } },
};

const recordSecrets = (args: Partial<ExternalSecretsArgs> = {}) =>
  record(() => new ExternalSecrets("orders", { ...secrets, ...args }));
const refusalOf = (args: Partial<ExternalSecretsArgs>) =>
  refusal(() => new ExternalSecrets("orders", { ...secrets, ...args }));

async function secretNameOf(args: Partial<ExternalSecretsArgs>): Promise<string> {
  const [, name = ""] = (await recordSecrets(args)).objects()[0]?.split(" ") ?? [];
  return name;
}

test("the ExternalSecret, whole: it must be ready before what uses it", async () => {
  const recording = await recordSecrets();
  expect(recording.family()).toEqual([
    "gatehouse:kubernetes:ExternalSecrets orders",
    "orders > kubernetes:external-secrets.io/v1:ExternalSecret orders-external-secret",
  ]);
  expect(recording.object("ExternalSecret", "orders")).toEqual({
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: {
      name: "orders",
      namespace: "shop",
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    },
    spec: {
      refreshPolicy: "OnChange",
      secretStoreRef: { name: "vault", kind: "ClusterSecretStore" },
      target: { name: "orders", creationPolicy: "Owner" },
      data: [
        { secretKey: "database-url", remoteRef: { key: "shop/database" } },
        { secretKey: "redis-url", remoteRef: { key: "shop/redis", property: "url" } },
      ],
    },
  });
});

test("an ExternalSecret whose name is not the Secret's", async () => {
  let made: ExternalSecrets | undefined;
  const recording = await record(() => {
    made = new ExternalSecrets("orders", { ...secrets, secretName: "orders-values", externalSecretName: "orders-key" });
  });
  expect(recording.object("ExternalSecret", "orders-key").spec).toMatchObject({ target: { name: "orders-values" } });
  expect(await new Promise((resolve) => made?.secretName.apply(resolve))).toBe("orders-values");
});

test("a store of the namespace, another name, labels", async () => {
  const recording = await recordSecrets({
    secretName: "orders-secrets",
    store: { name: "local", kind: SecretStoreKind.SecretStore },
    labels: { team: "checkout" },
  });
  const { metadata, spec } = recording.object("ExternalSecret", "orders-secrets");
  expect(metadata.labels).toEqual({ team: "checkout" });
  expect(spec).toMatchObject({
    secretStoreRef: { name: "local", kind: "SecretStore" },
    target: { name: "orders-secrets" },
  });
});

test.each([
  ["90s", "90s"],
  ["1h30m", "1h30m"],
  ["1d", "86400s"],
  ["1w", "604800s"],
])("the store is read every %s, as Go writes it: %s", async (refreshInterval, written) => {
  const { spec } = (await recordSecrets({ refreshInterval })).object("ExternalSecret", "orders");
  expect(spec.refreshInterval).toBe(written);
});

describe("a template", () => {
  const url = "postgresql://{{ .user | urlquery }}:{{ .password | urlquery }}@db.example.com:5432/orders";
  const data = {
    user: { key: "shop/database", property: "username" },
    password: { key: "shop/database", property: "password" },
  };

  test("makes the Secret's keys of what is fetched, and references name those", async () => {
    let reference: pulumi.Input<string> | undefined;
    const recording = await record(() => {
      const made = new ExternalSecrets("orders", { ...secrets, data, template: { url } });
      reference = made.key("url").secret;
    });
    expect(await new Promise((resolve) => pulumi.output(reference).apply(resolve))).toBe("orders");
    expect(recording.object("ExternalSecret", "orders").spec).toMatchObject({
      target: { name: "orders", creationPolicy: "Owner", template: { engineVersion: "v2", data: { url } } },
      data: [
        { secretKey: "user", remoteRef: { key: "shop/database", property: "username" } },
        { secretKey: "password", remoteRef: { key: "shop/database", property: "password" } },
      ],
    });
  });

  test("with a value that is not fetched is refused, and so are references past it", async () => {
    expect(await refusalOf({ data, template: { url: "postgresql://{{ .username }}@db" } })).toBe(
      lines(
        "orders (ExternalSecrets).template.url: the template names a value that data does not fetch",
        "  value:    username",
        "  expected: one of user, password",
        "  fix:      add it to data",
      ),
    );
    expect(await refusalOf({ template: {} })).toBe(
      "orders (ExternalSecrets).template: the Secret would hold nothing\n  expected: one key or more",
    );
    expect(
      await refusal(() => new ExternalSecrets("orders", { ...secrets, data, template: { url } }).key("password")),
    ).toBe(
      lines(
        "orders (ExternalSecrets): nothing puts this key into the Secret",
        "  value:    password",
        "  expected: one of url",
        "  fix:      add it to data",
      ),
    );
  });
});

describe("a pinned version", () => {
  const pinned = (version: string, rest = {}) =>
    secretNameOf({ data: { token: { key: "shop/token", version }, ...rest } });

  test("makes each state of the remote values a Secret of its own", async () => {
    const first = await pinned("1");
    expect(first).toMatch(/^orders-[0-9a-f]{8}$/);
    expect(await pinned("1")).toBe(first);
    expect(await pinned("2")).not.toBe(first);
    expect(await pinned("1", { other: { key: "shop/other" } })).not.toBe(first);
  });

  test("names the Secret alike in whatever order the keys are written", async () => {
    const [one, two] = [
      { key: "shop/a", version: "1" },
      { key: "shop/b", version: "1" },
    ];
    expect(await secretNameOf({ data: { one, two } })).toBe(await secretNameOf({ data: { two, one } }));
  });

  test("is passed to the operator, and the reference names the Secret of that state", async () => {
    let reference: pulumi.Output<string> | undefined;
    const recording = await record(() => {
      const made = new ExternalSecrets("orders", { ...secrets, data: { token: { key: "shop/token", version: "7" } } });
      reference = pulumi.output(made.key("token").secret);
    });
    const name = await new Promise<string>((resolve) => reference?.apply(resolve));
    expect(recording.object("ExternalSecret", name).spec).toMatchObject({
      target: { name },
      data: [{ secretKey: "token", remoteRef: { key: "shop/token", version: "7" } }],
    });
  });
});

describe("refused", () => {
  test("a reference to a key that nothing puts there, with the nearest", async () => {
    const asking = (key: string) => () => new ExternalSecrets("orders", secrets).key(key);
    expect(await refusal(asking("databse-url"))).toBe(
      lines(
        "orders (ExternalSecrets): nothing puts this key into the Secret",
        "  value:    databse-url",
        "  expected: one of database-url, redis-url",
        '  fix:      did you mean "database-url"?',
      ),
    );
    expect(await refusal(asking("smtp"))).toBe(
      lines(
        "orders (ExternalSecrets): nothing puts this key into the Secret",
        "  value:    smtp",
        "  expected: one of database-url, redis-url",
        "  fix:      add it to data",
      ),
    );
  });

  test("several problems in one error", async () => {
    expect(await refusalOf({ store: { name: "" }, data: { "a key": { key: "shop/a" } }, refreshInterval: "10s" })).toBe(
      lines(
        "3 problems",
        "",
        "orders (ExternalSecrets).store.name: the store has no name",
        "",
        "orders (ExternalSecrets).data: not a key that a Secret can have",
        "  value:    a key",
        "  expected: letters, digits, dashes, dots and underscores; not a single dot, and not two dots at the start",
        "",
        "orders (ExternalSecrets).refreshInterval: the operator would read the store all the time",
        "  value:    10s",
        "  expected: 1m or more",
      ),
    );
  });

  test.each([".", "..", "..data"])("%j, which no Secret can have as a key", async (key) => {
    expect(await refusalOf({ data: { [key]: { key: "shop/a" } } })).toBe(
      lines(
        "orders (ExternalSecrets).data: not a key that a Secret can have",
        `  value:    ${key}`,
        "  expected: letters, digits, dashes, dots and underscores; not a single dot, and not two dots at the start",
      ),
    );
  });

  test("nothing to fetch", async () => {
    expect(await refusalOf({ data: {} })).toBe(
      lines("orders (ExternalSecrets).data: the Secret would hold nothing", "  expected: one key or more"),
    );
  });

  test("an interval that is no duration", async () => {
    expect(await refusalOf({ refreshInterval: "hourly" })).toContain("orders (ExternalSecrets).refreshInterval: ");
  });
});
