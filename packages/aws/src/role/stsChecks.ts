import { checkCount, type Problem, repeated } from "@gatehouse/core";
import { checkRegion } from "../partition/region.ts";
import { parseArn } from "../partition/arn.ts";
import type { StsAccessProviderArgs, StsStatementArgs } from "./stsArgs.ts";

/** AWS ends the session of a role that another role's session has assumed after an hour, whatever was asked for. */
export const chainedSessionSeconds = 3600;

/** Everything that can be said of an `aws-sts` provider without its Outputs. */
export function checkProvider(subject: string, args: StsAccessProviderArgs): Problem[] {
  const { region, statements, sessionTags, sessionSeconds, externalIdVariable } = args;
  return [
    ...checkRegion(`${subject}.region`, region),
    ...checkSession(`${subject}.sessionSeconds`, sessionSeconds),
    ...checkTags(`${subject}.sessionTags`, sessionTags),
    ...checkVariable(`${subject}.externalIdVariable`, externalIdVariable),
    ...(statements.length > 0
      ? []
      : [{ subject: `${subject}.statements`, message: "the role may do nothing", expected: "one statement or more" }]),
    ...repeated(statements.map(({ sid }) => sid)).map((value) => ({
      subject: `${subject}.statements`,
      message: "two statements have the same name",
      value,
      expected: "a name for each",
    })),
    ...statements.flatMap((statement, index) => checkStatement(`${subject}.statements[${index}]`, statement)),
  ];
}

function checkSession(subject: string, seconds: number | undefined): Problem[] {
  if (seconds === undefined || seconds <= chainedSessionSeconds)
    return checkCount(subject, "not a length of a session in seconds", seconds, {
      least: 900,
      most: chainedSessionSeconds,
    });
  return [
    {
      subject,
      message: "the broker runs on an assumed role, so AWS ends each session that it hands out after an hour",
      value: String(seconds),
      expected: `at most ${chainedSessionSeconds}`,
      fix: "let clients ask for new credentials every hour",
    },
  ];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
function checkTags(subject: string, tags: string[]): Problem[] {
  return [
    ...checkCount(subject, "not a number of session tags", tags.length, { least: 1, most: 50 }),
    ...tags
      .filter((tag) => !/^[\w.:/=+@-]{1,128}$/.test(tag) || tag.toLowerCase().startsWith("aws:"))
      .map((value) => ({
        subject,
        message: "not the key of a session tag",
        value,
        expected: "1 to 128 letters, digits and _.:/=+@-, not beginning with aws:",
      })),
    // AWS compares the keys of tags without regard to case.
    ...repeated(tags.map((tag) => tag.toLowerCase())).map((value) => ({
      subject,
      message: "the tag is given twice",
      value,
      expected: "each tag once",
    })),
  ];
}

function checkVariable(subject: string, variable: string | undefined): Problem[] {
  if (variable === undefined || /^[A-Z_][A-Z0-9_]*$/.test(variable)) return [];
  return [
    {
      subject,
      message: "not the name of a variable",
      value: variable,
      expected: "upper-case letters, digits and _: AWS_EXTERNAL_ID",
    },
  ];
}

function checkStatement(subject: string, { sid, actions, resources }: StsStatementArgs): Problem[] {
  const empty = Object.entries({ actions, resources }).flatMap(([option, list]) =>
    list.length > 0
      ? []
      : [{ subject: `${subject}.${option}`, message: "the statement names nothing", expected: "one or more" }],
  );
  return [
    ...(/^[A-Za-z0-9]+$/.test(sid)
      ? []
      : [
          {
            subject: `${subject}.sid`,
            message: "not a name of a statement",
            value: sid,
            expected: "letters and digits",
          },
        ]),
    ...empty,
    ...actions
      .filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action))
      .map((value) => ({
        subject: `${subject}.actions`,
        message: value.includes("*") ? "a wildcard allows actions that nobody has named" : "not an action",
        value,
        expected: "service:Action, such as s3:GetObject",
        fix: value.includes("*") ? "name each action" : undefined,
      })),
    ...resources.flatMap((one) => (typeof one === "string" ? checkResource(`${subject}.resources`, one) : [])),
  ];
}

/** Checks that an ARN names something: a wildcard may end it, and nothing else. */
export function checkResource(subject: string, text: string): Problem[] {
  const resource = parseArn(text)?.resource;
  if (resource !== undefined && /^[^*?]+\*?$/.test(resource) && !/^[a-z-]+[:/]\*$/.test(resource)) return [];
  // A bucket's objects look like a kind of resource with a wildcard.
  if (resource !== undefined && /^arn:[a-z-]+:s3:::[a-z0-9.-]+\/\*$/.test(text)) return [];
  return [
    {
      subject,
      message: text.includes("*") || text.includes("?") ? "a wildcard allows more than is named" : "not an ARN",
      value: text,
      expected: "an ARN with a name in it, and at most one * at its end: arn:<partition>:s3:::orders/reports/*",
      fix: text === "*" ? "name the resources" : undefined,
    },
  ];
}

/** Checks a broker's role. A user or a root would not be the broker. */
export function checkBrokerRole(subject: string, text: string): Problem[] {
  const arn = parseArn(text);
  if (arn?.service === "iam" && /^role\/[^*?]+$/.test(arn.resource)) return [];
  return [
    {
      subject,
      message: "not the ARN of a role",
      value: text,
      expected: "arn:<partition>:iam::<account>:role/<name>",
      fix: "use roleArn of the broker's WorkloadRole",
    },
  ];
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function checkExternalId(subject: string, text: string): Problem[] {
  if (/^[\w+=,.@:/-]{2,1224}$/.test(text)) return [];
  return [
    {
      subject,
      message: text === "" ? "an aws-sts provider needs an external id" : "not an external id",
      value: text === "" ? "an empty text" : text,
      expected: "2 to 1224 letters, digits and _+=,.@:/-",
      fix: text === "" ? "use a random id that only this broker and this role know" : undefined,
    },
  ];
}
