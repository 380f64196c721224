import { createHash } from "node:crypto";
import { InputError, throwIfAny, type Problem } from "../errors/problem.ts";

interface NameRule {
  readonly min: number;
  readonly max: number;
  /** The alphabet and its order; lengths are checked apart, so that each has its own message. */
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly wording: string;
  /** Forms that the pattern allows and the service refuses. */
  readonly refused?: readonly { readonly form: RegExp; readonly wording: string }[];
}

const dnsLabel = {
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  wording: "lower-case letters, digits and hyphens, with a letter or digit at both ends",
};
const dnsLabelFromLetter = {
  pattern: /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
  wording: "lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
};
const dnsSubdomain = {
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  wording: "lower-case letters, digits, hyphens and dots, with a letter or digit at both ends of each part",
};
const elbName = {
  pattern: /^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  wording: "letters, digits and hyphens, with a letter or digit at both ends",
};
const doubleHyphen = { form: /--/, wording: "two hyphens in a row" };

/** The physical names that each service accepts. */
const rules = {
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
  "kubernetes:Object": { min: 1, max: 253, ...dnsSubdomain },
  "kubernetes:Namespace": { min: 1, max: 63, ...dnsLabel },
  "kubernetes:Service": { min: 1, max: 63, ...dnsLabelFromLetter },
  "kubernetes:Container": { min: 1, max: 63, ...dnsLabel },
  // A Deployment's name becomes a part of its pods' host names and, by convention, a label of theirs.
  "kubernetes:Deployment": { min: 1, max: 63, ...dnsLabel },
  // The pods' label controller-revision-hash is the name, a hyphen and a hash of ten characters, 63 in all.
  // https://github.com/kubernetes/kubernetes/issues/64023
  "kubernetes:StatefulSet": { min: 1, max: 52, ...dnsLabel },
  // https://kubernetes.io/docs/concepts/workloads/controllers/job/#writing-a-job-spec
  "kubernetes:Job": { min: 1, max: 63, ...dnsLabel },
  // The controller appends 11 characters to make the Jobs' names.
  // https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#writing-a-cronjob-spec
  "kubernetes:CronJob": { min: 1, max: 52, ...dnsLabel },
  "kubernetes:HorizontalPodAutoscaler": { min: 1, max: 253, ...dnsSubdomain },
  // https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
  "kubernetes:LabelValue": {
    min: 0,
    max: 63,
    pattern: /^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/,
    wording: "letters, digits, hyphens, underscores and dots, with a letter or digit at both ends",
  },
  // IANA service names: https://www.rfc-editor.org/rfc/rfc6335#section-5.1
  "kubernetes:Port": {
    min: 1,
    max: 15,
    pattern: /^(?=.*[a-z])[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    wording: "lower-case letters, digits and hyphens, at least one letter, with a letter or digit at both ends",
    refused: [doubleHyphen],
  },

  // "<project>:<instance>" has at most 98 characters, of which a project ID takes up to 30.
  // https://cloud.google.com/sql/docs/postgres/instance-settings#instance-id-2ndgen
  "gcp:CloudSqlInstance": { min: 1, max: 67, ...dnsLabelFromLetter },
  // https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services/create ("fewer than 50")
  "gcp:CloudRunService": { min: 1, max: 49, ...dnsLabelFromLetter },
  "gcp:CloudRunJob": { min: 1, max: 63, ...dnsLabelFromLetter },
  // https://cloud.google.com/iam/docs/service-accounts-create
  "gcp:ServiceAccount": { min: 6, max: 30, ...dnsLabelFromLetter },
  // "^[a-z][-a-z0-9]{0,23}[a-z0-9]$", as the API's own error says.
  "gcp:VpcConnector": { min: 2, max: 25, ...dnsLabelFromLetter },
  // https://cloud.google.com/memorystore/docs/redis/reference/rest/v1/projects.locations.instances/create
  "gcp:Memorystore": { min: 1, max: 40, ...dnsLabelFromLetter },
  // https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create
  "gcp:Secret": {
    min: 1,
    max: 255,
    pattern: /^[A-Za-z0-9_-]+$/,
    wording: "letters, digits, hyphens and underscores",
  },
  "gcp:ArtifactRegistryRepository": { min: 1, max: 63, ...dnsLabelFromLetter },
  // Networks, subnetworks, addresses: https://cloud.google.com/compute/docs/naming-resources
  "gcp:ComputeResource": { min: 1, max: 63, ...dnsLabelFromLetter },

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
  "aws:LoadBalancer": {
    min: 1,
    max: 32,
    ...elbName,
    refused: [{ form: /^internal-/, wording: 'a name that begins with "internal-"' }],
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
  "aws:TargetGroup": { min: 1, max: 32, ...elbName },
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
  "aws:IamRole": {
    min: 1,
    max: 64,
    pattern: /^[A-Za-z0-9_+=,.@-]+$/,
    wording: "letters, digits and _+=,.@-",
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  "aws:S3Bucket": {
    min: 3,
    max: 63,
    pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
    wording: "lower-case letters, digits, hyphens and dots, with a letter or digit at both ends",
    refused: [
      { form: /\.\./, wording: "two dots in a row" },
      { form: /^\d+\.\d+\.\d+\.\d+$/, wording: "the form of an IP address" },
      {
        form: /^(xn--|sthree-|amzn-s3-demo-)/,
        wording: 'a name that begins with "xn--", "sthree-" or "amzn-s3-demo-"',
      },
      {
        form: /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/,
        wording: 'a name that ends with "-s3alias", "--ol-s3", ".mrap", "--x-s3" or "--table-s3"',
      },
    ],
  },
  // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints
  "aws:RdsInstance": { min: 1, max: 63, ...dnsLabelFromLetter, refused: [doubleHyphen] },
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBParameterGroup.html
  "aws:RdsParameterGroup": { min: 1, max: 255, ...dnsLabelFromLetter, refused: [doubleHyphen] },
  // https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSubnetGroup.html
  "aws:RdsSubnetGroup": {
    min: 1,
    max: 255,
    pattern: /^[a-z0-9 ._-]+$/,
    wording: "lower-case letters, digits, spaces, dots, underscores and hyphens",
    refused: [{ form: /^default$/, wording: 'the name "default"' }],
  },
  // https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html
  "aws:WebAcl": {
    min: 1,
    max: 128,
    pattern: /^[A-Za-z0-9_-]+$/,
    wording: "letters, digits, hyphens and underscores",
  },
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
  "aws:KmsAlias": {
    min: 7,
    max: 256,
    pattern: /^alias\/[A-Za-z0-9/_-]+$/,
    wording: '"alias/" and letters, digits, slashes, underscores and hyphens',
    refused: [{ form: /^alias\/aws\//, wording: 'a name that begins with "alias/aws/"' }],
  },
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
  "aws:Secret": {
    min: 1,
    max: 512,
    pattern: /^[A-Za-z0-9/_+=.@-]+$/,
    wording: "letters, digits and /_+=.@-",
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
  "aws:SecurityGroup": {
    min: 1,
    max: 255,
    pattern: /^[A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]+$/,
    wording: "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
    refused: [{ form: /^sg-/, wording: 'a name that begins with "sg-"' }],
  },
} as const satisfies Record<string, NameRule>;

/** A kind of object whose physical name has its own limit, such as `kubernetes:Service` or `aws:LoadBalancer`. */
export type NameKind = keyof typeof rules;

/** Every kind that has a limit here. */
export const nameKinds = Object.keys(rules) as NameKind[];

/** Anything that JSON can hold. A member that is undefined counts as absent. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue | undefined };

/**
 * The physical name of an object: as given if it is within the service's limit; else its beginning, a hyphen and a hash
 * of the whole, so that equal names stay equal and different ones different.
 *
 * @throws InputError if the name is empty or too short, or has characters that the service refuses: they are not
 *   replaced in silence, as two names could become one.
 */
export function physicalName(kind: NameKind, name: string): string {
  const rule: NameRule = rules[kind];
  throwIfAny(checkForm(kind, name));
  if (name.length <= rule.max) return name;
  const hash = shortHash(name);
  const head = name.slice(0, rule.max - hash.length - 1).replace(/[^A-Za-z0-9]+$/, "");
  return `${head}-${hash}`;
}

/**
 * Problems of a name as the physical name of an object, its length included.
 *
 * @param subject The argument that asks for the name.
 * @default subject the kind
 */
export function checkName(kind: NameKind, name: string, subject: string = kind): Problem[] {
  const rule: NameRule = rules[kind];
  const problems = checkForm(kind, name, subject);
  if (name.length > rule.max) {
    problems.push({
      subject,
      message: `the name is ${name.length} characters long`,
      value: name,
      expected: `at most ${rule.max} characters`,
      fix: problems.length > 0 ? undefined : `for example ${physicalName(kind, name)}`,
    });
  }
  return problems;
}

/**
 * The beginning of a text's SHA-256 in hexadecimal, to tell names apart. Not for secrets: a short secret can be guessed
 * from its hash.
 *
 * @param length Characters, 1 to 64.
 * @default length 8
 */
export function shortHash(text: string, length = 8): string {
  if (!Number.isInteger(length) || length < 1 || length > 64) {
    throw new InputError({
      subject: "shortHash",
      message: "the length of a hash is out of range",
      value: String(length),
      expected: "an integer from 1 to 64",
    });
  }
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/**
 * The hash of a value's canonical JSON (members sorted by name, no white space): equal for equal content, whatever the
 * order in which it was written.
 *
 * @param length As for {@link shortHash}.
 * @default length 8
 */
export function contentHash(value: JsonValue, length = 8): string {
  return shortHash(canonicalJson(value), length);
}

function checkForm(kind: NameKind, name: string, subject: string = kind): Problem[] {
  const rule: NameRule = rules[kind];
  if (name.length < rule.min) {
    return [
      {
        subject,
        message: name === "" ? "the name is empty" : `the name is ${name.length} characters long`,
        value: name === "" ? undefined : name,
        expected: `${rule.min} to ${rule.max} characters`,
      },
    ];
  }
  if (!rule.pattern.test(name)) {
    return [
      {
        subject,
        message: "the name has characters that are not allowed there",
        value: name,
        expected: rule.wording,
        fix: suggestion(rule, name),
      },
    ];
  }
  const refused = rule.refused?.find(({ form }) => form.test(name));
  return refused ? [{ subject, message: `the service refuses ${refused.wording}`, value: name }] : [];
}

function suggestion(rule: NameRule, name: string): string | undefined {
  const candidates = [
    name.toLowerCase(),
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, ""),
  ];
  const good = candidates.find(
    (candidate) => candidate.length >= Math.max(1, rule.min) && rule.pattern.test(candidate),
  );
  return good === undefined ? undefined : `use ${good}`;
}

function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_, part: JsonValue) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
