import type * as pulumi from "@pulumi/pulumi";
import { type Alarm, MissingData } from "./alarm.ts";

/** ACM renews 60 days before the end: https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html */
const leastDays = 30;

/** The alarm of a certificate of ACM. */
export function certificateAlarm(key: string, certificateArn: pulumi.Input<string>): Alarm {
  return {
    name: `${key}-certificate-expiry`,
    description: `The certificate ends in less than ${leastDays} days, and ACM has not renewed it. Check that its validation records are in the zone and that it is in use.`,
    metric: {
      namespace: "AWS/CertificateManager",
      name: "DaysToExpiry",
      dimensions: { CertificateArn: certificateArn },
      statistic: "Minimum",
      period: 86_400,
    },
    comparison: "LessThanThreshold",
    threshold: leastDays,
    periods: 1,
    // A new certificate has no data for a day, and one that has expired has none any more.
    missingData: MissingData.Keep,
  };
}
