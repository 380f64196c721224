import type * as aws from "@pulumi/aws/types/input.js";
import type * as pulumi from "@pulumi/pulumi";

/** What an alarm makes of a period without data. */
export const MissingData = {
  /** No data means that all is well: the metric is published only when something happens. */
  Good: "notBreaching",
  /** No data means that what is measured is gone. */
  Bad: "breaching",
  /** No data changes nothing. */
  Keep: "ignore",
} as const;
export type MissingData = (typeof MissingData)[keyof typeof MissingData];

/** An alarm, before it is a resource. */
export interface Alarm {
  /** Name of the alarm within its component. */
  name: string;
  /** What is wrong when it fires, and what to do. */
  description: string;
  /** Metric and its dimensions; none for an expression. */
  metric?: Metric;
  /** Expression over metrics. */
  expression?: pulumi.Input<aws.cloudwatch.MetricAlarmMetricQuery>[];
  comparison: "GreaterThanThreshold" | "LessThanThreshold";
  threshold: number;
  /** Periods that are looked at. All of them must be beyond the threshold. */
  periods: number;
  missingData: MissingData;
}

/** A metric of CloudWatch. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, pulumi.Input<string>>;
  statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  /** Seconds of a period. */
  period: number;
}
