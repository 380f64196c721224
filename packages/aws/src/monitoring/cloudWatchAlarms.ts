import {
  checkedArgs,
  checkedInput,
  childOptions,
  describe,
  knownAfter,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import * as cloudwatch from "@pulumi/aws/cloudwatch/index.js";
import * as rds from "@pulumi/aws/rds/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { ArnKinds, checkArn, checkPlainArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";
import type { Alarm } from "./alarm.ts";
import { type AlarmTopicRefArgs, checkTopicKey } from "./alarmTopicRef.ts";
import { certificateAlarm } from "./certificateAlarms.ts";
import { checkMonitoredDatabase, databaseAlarms, type MonitoredDatabaseArgs } from "./databaseAlarms.ts";
import { loadBalancerAlarms, type MonitoredLoadBalancerArgs } from "./loadBalancerAlarms.ts";

/** Events of a database that someone must know of: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html */
const eventCategories = ["failover", "failure", "low storage"];

export interface CloudWatchAlarmsArgs {
  /** Region of what is watched: `us-east-1`. */
  region: string;
  /** Topic of the notifications: an AlarmTopic's `topic`. */
  topic: AlarmTopicRefArgs;
  /**
   * Databases by a name that you choose: an RdsPostgres' `monitored`.
   * @default none
   */
  databases?: Record<string, MonitoredDatabaseArgs>;
  /**
   * Load balancers by a name that you choose: a LoadBalancer's `monitored`.
   * @default none
   */
  loadBalancers?: Record<string, MonitoredLoadBalancerArgs>;
  /**
   * ARNs of certificates of ACM, by a name that you choose.
   * @default none
   */
  certificates?: Record<string, pulumi.Input<string>>;
  /**
   * Address of the runbook, to which the alarm's name is added: `https://runbooks.example.com/`.
   * @default none
   */
  runbookUrl?: string;
}

/**
 * Alarms for what Prometheus cannot see: a database's storage, CPU, connections and replica lag, and its failovers; a
 * load balancer's errors, unhealthy targets and rejected connections; the end of a certificate.
 *
 * Each alarm notifies when it fires and when it is over, and says what a period without data means.
 *
 * Cost: $0.10 a month for an alarm, $0.30 for the one with an expression over three metrics. Check the rates at
 * https://aws.amazon.com/cloudwatch/pricing.
 *
 * @example
 * ```ts
 * new CloudWatchAlarms("shop", {
 *   region: "us-east-1",
 *   topic,
 *   databases: { orders: database.monitored },
 *   loadBalancers: { edge: balancer.monitored },
 *   certificates: { edge: balancer.certificateArn },
 * });
 * ```
 */
export class CloudWatchAlarms extends pulumi.ComponentResource {
  /** ARNs of the alarms by name. */
  public readonly alarmArns: Record<string, pulumi.Output<string>>;

  /** @throws InputError if nothing is watched, or nobody could be notified. */
  constructor(name: string, args: CloudWatchAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "CloudWatchAlarmsArgs", `${name} (CloudWatchAlarms)`, args);
    super("gatehouse:aws:CloudWatchAlarms", name, {}, opts);
    throwIfAny(checkAlarms(describe(name, this), args));

    const topicArn = this.usableTopic(name, args);
    const alarms = alarmsOf(args).map(
      (alarm) => [alarm.name, this.createAlarm(name, args, alarm, topicArn, opts)] as const,
    );
    this.subscribeToEvents(name, args, topicArn, opts);

    this.alarmArns = Object.fromEntries(alarms.map(([key, { arn }]) => [key, arn]));
    this.registerOutputs({ alarmArns: this.alarmArns });
  }

  /** The topic's ARN. It rejects if the key turns out to be one that alarms cannot use. */
  private usableTopic(name: string, { topic, region }: CloudWatchAlarmsArgs): pulumi.Output<string> {
    const subject = `${describe(name, this)}.topic`;
    const arn = checkedInput(topic.arn, (one) => checkArn(`${subject}.arn`, ArnKinds.Topic, one, region));
    const key = checkedInput(topic.kmsMasterKeyId ?? "", (one) => checkTopicKey(`${subject}.kmsMasterKeyId`, one));
    return knownAfter(arn, [key]);
  }

  private createAlarm(
    name: string,
    { region, runbookUrl }: CloudWatchAlarmsArgs,
    alarm: Alarm,
    topicArn: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): cloudwatch.MetricAlarm {
    const alarmName = `${name}-${alarm.name}`;
    const runbook = runbookUrl === undefined ? "" : ` Runbook: ${runbookUrl}${alarm.name}`;
    const { metric } = alarm;
    return new cloudwatch.MetricAlarm(
      alarmName,
      {
        region,
        name: alarmName,
        alarmDescription: alarm.description + runbook,
        ...(metric && {
          namespace: metric.namespace,
          metricName: metric.name,
          dimensions: metric.dimensions,
          statistic: metric.statistic,
          period: metric.period,
        }),
        metricQueries: alarm.expression,
        comparisonOperator: alarm.comparison,
        threshold: alarm.threshold,
        evaluationPeriods: alarm.periods,
        datapointsToAlarm: alarm.periods,
        treatMissingData: alarm.missingData,
        alarmActions: [topicArn],
        okActions: [topicArn],
      },
      childOptions(this, opts),
    );
  }

  /** A failover is an event, not a metric. */
  private subscribeToEvents(
    name: string,
    { region, databases = {} }: CloudWatchAlarmsArgs,
    snsTopic: pulumi.Output<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    const sourceIds = Object.values(databases).map(({ identifier }) => identifier);
    if (sourceIds.length === 0) return;
    new rds.EventSubscription(
      name,
      { region, snsTopic, sourceType: "db-instance", sourceIds, eventCategories },
      childOptions(this, opts),
    );
  }
}

function alarmsOf({ databases = {}, loadBalancers = {}, certificates = {} }: CloudWatchAlarmsArgs): Alarm[] {
  return [
    ...Object.entries(databases).flatMap(([key, database]) => databaseAlarms(key, database)),
    ...Object.entries(loadBalancers).flatMap(([key, balancer]) => loadBalancerAlarms(key, balancer)),
    ...Object.entries(certificates).map(([key, arn]) => certificateAlarm(key, arn)),
  ];
}

function checkAlarms(subject: string, args: CloudWatchAlarmsArgs): Problem[] {
  const { region, topic, databases = {}, certificates = {}, runbookUrl } = args;
  return [
    ...checkRegion(`${subject}.region`, region),
    ...checkPlainArn(`${subject}.topic.arn`, ArnKinds.Topic, topic.arn, region),
    ...(typeof topic.kmsMasterKeyId === "string"
      ? checkTopicKey(`${subject}.topic.kmsMasterKeyId`, topic.kmsMasterKeyId)
      : []),
    ...(alarmsOf(args).length > 0
      ? []
      : [{ subject, message: "nothing is watched", expected: "databases, loadBalancers or certificates" }]),
    ...Object.entries(databases).flatMap(([key, database]) =>
      checkMonitoredDatabase(`${subject}.databases.${key}`, database),
    ),
    ...Object.entries(certificates).flatMap(([key, arn]) =>
      checkPlainArn(`${subject}.certificates.${key}`, ArnKinds.Certificate, arn, region),
    ),
    ...(runbookUrl === undefined || /^https:\/\/\S+$/.test(runbookUrl)
      ? []
      : [{ subject: `${subject}.runbookUrl`, message: "not an address", value: runbookUrl, expected: "https://..." }]),
  ];
}
