import { StsAccessProvider, type StsAccessProviderArgs } from "@gatehouse/aws";
import { expect, test } from "vitest";
import { account, policyOf, record, refusal, region } from "../support/record.ts";

const brokerRoleArn = `arn:aws:iam::${account}:role/broker`;
const statement = { sid: "ReadReports", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/reports/*"] };
const make =
  (args: Partial<StsAccessProviderArgs> = {}) =>
  () =>
    new StsAccessProvider("reports", {
      region,
      brokerRoleArn,
      externalId: "reports-4711",
      sessionTags: ["subject"],
      statements: [statement],
      ...args,
    });

test("the broker's role alone, with the external id and the tag", async () => {
  const recording = await record(make({ roleName: "reports-west" }));
  const { assumeRolePolicy, ...role } = recording.resource("aws:iam/role:Role", "reports").inputs;
  expect(role).toEqual({
    name: "reports-west",
    description: `Credentials that a broker hands out in ${region}`,
    maxSessionDuration: 3600,
  });
  expect(JSON.parse(String(assumeRolePolicy))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "BrokerAssumesRole",
        Effect: "Allow",
        Principal: { AWS: brokerRoleArn },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "sts:ExternalId": "reports-4711" },
          StringLike: { "aws:RequestTag/subject": "?*" },
        },
      },
      {
        Sid: "BrokerTagsSession",
        Effect: "Allow",
        Principal: { AWS: brokerRoleArn },
        Action: "sts:TagSession",
        Condition: {
          StringLike: { "aws:RequestTag/subject": "?*" },
          "ForAllValues:StringEquals": { "aws:TagKeys": ["subject"] },
        },
      },
    ],
  });
  expect(policyOf(recording.resource("aws:iam/rolePolicy:RolePolicy", "reports"))).toEqual({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadReports",
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::orders/reports/*"],
      },
    ],
  });
});

test("the settings name the placeholder, never the external id", async () => {
  const providers: StsAccessProvider[] = [];
  await record(() => void providers.push(make({ sessionSeconds: 900, externalIdVariable: "PROD_AWS_EXTERNAL_ID" })()));
  const { roleArn, ...settings } = providers[0]?.settings ?? {};
  expect(roleArn).toBeDefined();
  expect(settings).toEqual({
    name: "reports",
    type: "aws-sts",
    region,
    externalId: "${PROD_AWS_EXTERNAL_ID}",
    durationSeconds: 900,
    sessionTags: ["subject"],
  });
});

test.each<[string, Partial<StsAccessProviderArgs>, string]>([
  [
    "a session over an hour",
    { sessionSeconds: 3601 },
    `reports (StsAccessProvider).sessionSeconds: the broker runs on an assumed role, so AWS ends each session that it hands out after an hour
  value:    3601
  expected: at most 3600
  fix:      let clients ask for new credentials every hour`,
  ],
  [
    "no external id",
    { externalId: "" },
    `reports (StsAccessProvider).externalId: an aws-sts provider needs an external id
  value:    an empty text
  expected: 2 to 1224 letters, digits and _+=,.@:/-
  fix:      use a random id that only this broker and this role know`,
  ],
  [
    "any resource",
    { statements: [{ ...statement, resources: ["*"] }] },
    `reports (StsAccessProvider).statements[0].resources: a wildcard allows more than is named
  value:    *
  expected: an ARN with a name in it, and at most one * at its end: arn:<partition>:s3:::orders/reports/*
  fix:      name the resources`,
  ],
  [
    "every bucket",
    { statements: [{ ...statement, resources: ["arn:aws:s3:::*"] }] },
    `reports (StsAccessProvider).statements[0].resources: a wildcard allows more than is named
  value:    arn:aws:s3:::*
  expected: an ARN with a name in it, and at most one * at its end: arn:<partition>:s3:::orders/reports/*`,
  ],
  [
    "any action of a service",
    { statements: [{ ...statement, actions: ["s3:*"] }] },
    `reports (StsAccessProvider).statements[0].actions: a wildcard allows actions that nobody has named
  value:    s3:*
  expected: service:Action, such as s3:GetObject
  fix:      name each action`,
  ],
  [
    "an account in place of the broker's role",
    { brokerRoleArn: `arn:aws:iam::${account}:root` },
    `reports (StsAccessProvider).brokerRoleArn: not the ARN of a role
  value:    arn:aws:iam::${account}:root
  expected: arn:<partition>:iam::<account>:role/<name>
  fix:      use roleArn of the broker's WorkloadRole`,
  ],
  [
    "no statement",
    { statements: [] },
    `reports (StsAccessProvider).statements: the role may do nothing
  expected: one statement or more`,
  ],
])("%s is refused", async (_, args, expected) => {
  expect(await refusal(make(args))).toBe(expected);
});

test("every object of one bucket may be meant", async () => {
  const resources = ["arn:aws:s3:::orders/*"];
  const recording = await record(make({ statements: [{ ...statement, resources }] }));
  const { inputs } = recording.resource("aws:iam/rolePolicy:RolePolicy", "reports");
  expect(inputs.policy).toContain('"Resource":["arn:aws:s3:::orders/*"]');
});
