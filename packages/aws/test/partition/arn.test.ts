import { describe, expect, test } from "vitest";
import { ArnKinds, checkArn, parseArn } from "../../src/partition/arn.ts";

describe("an ARN", () => {
  test("has five parts after its name", () => {
    expect(parseArn("arn:aws-cn:kms:cn-north-1:123456789012:key/1234:abcd")).toEqual({
      partition: "aws-cn",
      service: "kms",
      region: "cn-north-1",
      account: "123456789012",
      resource: "key/1234:abcd",
    });
    expect(parseArn("arn:aws:s3:::orders")).toEqual({
      partition: "aws",
      service: "s3",
      region: "",
      account: "",
      resource: "orders",
    });
  });

  test.each([
    "",
    "orders",
    "arn:aws:kms",
    "arn:gcp:kms:eu-west-1:123456789012:key/1",
    "arn:aws:kms:eu-west-1:123:key/1",
  ])("is not %o", (text) => {
    expect(parseArn(text)).toBeUndefined();
  });
});

describe("a key", () => {
  const check = (text: string) => checkArn("db.kmsKeyArn", ArnKinds.KmsKey, text, "eu-west-1");

  test("of the region passes", () => {
    expect(check("arn:aws:kms:eu-west-1:123456789012:key/1234")).toEqual([]);
  });

  test("of another region is refused", () => {
    expect(check("arn:aws:kms:us-east-1:123456789012:key/1234")).toEqual([
      {
        subject: "db.kmsKeyArn",
        message: "a KMS key of another region cannot be used here",
        value: "arn:aws:kms:us-east-1:123456789012:key/1234",
        expected: "arn:<partition>:kms:eu-west-1:<account>:key/<id>",
        fix: "use one in eu-west-1",
      },
    ]);
  });

  test.each(["alias/orders", "arn:aws:kms:eu-west-1:123456789012:alias/orders", "arn:aws:s3:::orders"])(
    "is not %s",
    (text) => {
      expect(check(text)).toEqual([
        {
          subject: "db.kmsKeyArn",
          message: "not the ARN of a KMS key",
          value: text,
          expected: "arn:<partition>:kms:eu-west-1:<account>:key/<id>",
        },
      ]);
    },
  );
});
