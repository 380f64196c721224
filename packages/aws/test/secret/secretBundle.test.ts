import { SecretBundle, type SecretBundleArgs } from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { account, record, refusal, region, secret } from "../support/record.ts";

const make =
  (args: Partial<SecretBundleArgs> = {}) =>
  () =>
    new SecretBundle("shop", { region, secrets: { "api-key": { value: "correct-horse" } }, ...args });

test("a secret has a suffix in its name, its value is written only, and 30 days to be restored", async () => {
  const recording = await record(make());
  expect(recording.family()).toEqual([
    "gatehouse:aws:SecretBundle shop",
    "shop > aws:secretsmanager/secret:Secret shop-api-key",
    "shop > aws:secretsmanager/secretVersion:SecretVersion shop-api-key",
    "shop > random:index/randomId:RandomId shop-suffix",
  ]);
  expect(recording.resource("aws:secretsmanager/secret:Secret", "shop-api-key").inputs).toEqual({
    region,
    name: "shop/api-key-0a1b",
    recoveryWindowInDays: 30,
  });
  const { secretId, ...version } = recording.resource(
    "aws:secretsmanager/secretVersion:SecretVersion",
    "shop-api-key",
  ).inputs;
  expect(secretId).toBe("shop-api-key-id");
  expect(version).toEqual({ region, secretStringWo: secret("correct-horse"), secretStringWoVersion: 1 });
});

test("options: fixed names, a key, copies, another version", async () => {
  const kmsKeyArn = `arn:aws:kms:${region}:${account}:key/shop`;
  const copyKey = `arn:aws:kms:us-west-2:${account}:key/copy`;
  const recording = await record(
    make({
      prefix: "prod/",
      namesWithoutSuffix: true,
      kmsKeyArn,
      replicas: [{ region: "us-west-2", kmsKeyArn: copyKey }, { region: "us-east-2" }],
      recoveryWindowDays: 7,
      secrets: { "api-key": { value: "correct-horse", version: 3, description: "Key of the carrier" } },
    }),
  );
  expect(recording.resource("aws:secretsmanager/secret:Secret", "shop-api-key").inputs).toEqual({
    region,
    name: "prod/api-key",
    description: "Key of the carrier",
    kmsKeyId: kmsKeyArn,
    replicas: [{ region: "us-west-2", kmsKeyId: copyKey }, { region: "us-east-2" }],
    recoveryWindowInDays: 7,
  });
  expect(recording.names("random:index/randomId:RandomId")).toEqual([]);
  expect(
    recording.resource("aws:secretsmanager/secretVersion:SecretVersion", "shop-api-key").inputs.secretStringWoVersion,
  ).toBe(3);
});

test("a reference names the store and the secret, and one that is missing is an error", async () => {
  const names: unknown[] = [];
  await record(() => {
    const { store, secret: name } = make()().ref("api-key");
    pulumi.output(name).apply((text) => names.push([store, text]));
  });
  expect(names).toEqual([["awsSecretsManager", "shop/api-key-0a1b"]]);
  expect(await refusal(() => make()().ref("api-kye"))).toMatch(/^SecretBundle\.refs: the bundle has no such secret\n/);
});

test.each<[string, Partial<SecretBundleArgs>, string]>([
  [
    "a name that Secrets Manager refuses",
    { secrets: { "api key": { value: "x" } } },
    `shop (SecretBundle).secrets.api key: the name has characters that are not allowed there`,
  ],
  ["no secret", { secrets: {} }, `shop (SecretBundle).secrets: the bundle has no secret`],
  [
    "a version before the first",
    { secrets: { "api-key": { value: "x", version: 0 } } },
    `shop (SecretBundle).secrets.api-key.version: not the number of a value`,
  ],
  [
    "a copy where the secrets are",
    { replicas: [{ region }] },
    `shop (SecretBundle).replicas[0].region: the secrets are in this region already
  value:    ${region}
  expected: a region once`,
  ],
  [
    "two copies in one region",
    { replicas: [{ region: "us-west-2" }, { region: "us-west-2" }] },
    `shop (SecretBundle).replicas[1].region: the secrets are in this region already`,
  ],
  [
    "a key of another region for a copy",
    { replicas: [{ region: "us-west-2", kmsKeyArn: `arn:aws:kms:${region}:${account}:key/shop` }] },
    `shop (SecretBundle).replicas[0].kmsKeyArn: a KMS key of another region cannot be used here`,
  ],
  [
    "six days for recovery",
    { recoveryWindowDays: 6 },
    `shop (SecretBundle).recoveryWindowDays: not a number of days for recovery
  value:    6
  expected: a whole number from 7 to 30`,
  ],
])("%s is refused", async (_, args, expected) => {
  const message = await refusal(make(args));
  expect(message.slice(0, expected.length)).toBe(expected);
  expect(message).not.toContain("correct-horse");
});

test("a key of another region is refused also if it is known late, for the secrets and for a copy", async () => {
  const wrong = pulumi.output(`arn:aws:kms:ap-south-1:${account}:key/shop`);
  const refused = "a KMS key of another region cannot be used here";
  expect(await refusal(make({ kmsKeyArn: wrong }))).toContain(`shop (SecretBundle).kmsKeyArn: ${refused}`);
  const replicas = [{ region: "us-west-2", kmsKeyArn: wrong }];
  expect(await refusal(make({ replicas }))).toContain(`shop (SecretBundle).replicas[0].kmsKeyArn: ${refused}`);
});
