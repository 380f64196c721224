import { checkCount, checkName, type Problem } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";
import { ArnKinds, checkPlainArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";

/** What all kinds of bucket are checked for. */
interface CheckedBucket {
  region: string;
  bucketName?: string;
  existingBucket?: string;
  kmsKeyArn?: pulumi.Input<string>;
}

/** Checks region, names and key. */
export function checkBucket(
  subject: string,
  { region, bucketName, existingBucket, kmsKeyArn }: CheckedBucket,
): Problem[] {
  const named = (option: string, name: string | undefined): Problem[] =>
    name === undefined ? [] : checkName("aws:S3Bucket", name, `${subject}.${option}`);
  return [
    ...checkRegion(`${subject}.region`, region),
    ...named("bucketName", bucketName),
    ...named("existingBucket", existingBucket),
    ...(bucketName !== undefined && existingBucket !== undefined
      ? [
          {
            subject: `${subject}.existingBucket`,
            message: "the bucket is either new or there already",
            value: `bucketName ${bucketName}, existingBucket ${existingBucket}`,
            expected: "one of the two",
          },
        ]
      : []),
    ...checkPlainArn(`${subject}.kmsKeyArn`, ArnKinds.KmsKey, kmsKeyArn, region),
  ];
}

/** Checks the days of a lifecycle, that nothing expires before its retention ends. */
export function checkLifecycle(
  subject: string,
  days: { expireAfterDays?: number; keepOldVersionsDays?: number; archiveAfterDays?: number },
  retention = 0,
): Problem[] {
  const numbers = Object.entries(days).flatMap(([option, value]) =>
    checkCount(`${subject}.${option}`, "not a number of days", value, { least: 1 }),
  );
  if (numbers.length > 0) return numbers;
  const { expireAfterDays, archiveAfterDays } = days;
  return [
    ...(expireAfterDays !== undefined && expireAfterDays < retention
      ? [
          {
            subject: `${subject}.expireAfterDays`,
            message: "objects would expire before their retention ends",
            value: `${expireAfterDays} days, retention ${retention} days`,
            expected: `${retention} or more`,
          },
        ]
      : []),
    ...(expireAfterDays !== undefined && archiveAfterDays !== undefined && archiveAfterDays >= expireAfterDays
      ? [
          {
            subject: `${subject}.archiveAfterDays`,
            message: "objects would expire before they are archived",
            value: `${archiveAfterDays} days, expiry after ${expireAfterDays}`,
            expected: `less than ${expireAfterDays}`,
          },
        ]
      : []),
  ];
}
