import {
  AlarmTopic,
  CloudWatchAlarms,
  type CloudWatchAlarmsArgs,
  KeyUser,
  EncryptionKey,
  LoadBalancer,
  LoadBalancerScheme,
  RdsPostgres,
} from "@gatehouse/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { network } from "../support/network.ts";
import { policyOf, record, type Recording, refusal, region } from "../support/record.ts";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:oncall";
const database = { identifier: "orders-db-0a1b", instanceClass: "db.t4g.medium", maxConnections: 450 };
const certificate = "arn:aws:acm:eu-west-1:123456789012:certificate/1234";
const make = (args: Partial<CloudWatchAlarmsArgs>) => () =>
  new CloudWatchAlarms("shop", { region, topic: { arn: topicArn }, ...args });

const alarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** The alarms by their names, without their descriptions. */
async function alarms(args: Partial<CloudWatchAlarmsArgs>): Promise<Record<string, unknown>> {
  const recording = await record(make(args));
  return Object.fromEntries(
    recording.ofType(alarmType).map(({ name, inputs }) => {
      const { name: physical, region: where, alarmActions, okActions, alarmDescription, ...rest } = inputs;
      expect([physical, where, alarmActions, okActions]).toEqual([name, region, [topicArn], [topicArn]]);
      expect(alarmDescription).toMatch(/^[A-Z].*\.$/);
      return [name, rest];
    }),
  );
}

describe("a database's alarms", () => {
  const metric = (metricName: string, statistic: string) => ({
    namespace: "AWS/RDS",
    metricName,
    dimensions: { DBInstanceIdentifier: "orders-db-0a1b" },
    statistic,
    period: 300,
  });
  const above = (threshold: number, periods: number, treatMissingData: string) => ({
    comparisonOperator: "GreaterThanThreshold",
    threshold,
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    treatMissingData,
  });
  const below = (threshold: number, periods: number, treatMissingData: string) => ({
    ...above(threshold, periods, treatMissingData),
    comparisonOperator: "LessThanThreshold",
  });

  test("are for storage, CPU, credits and connections", async () => {
    expect(await alarms({ databases: { orders: database } })).toEqual({
      "shop-orders-free-storage": { ...metric("FreeStorageSpace", "Minimum"), ...below(1_073_741_824, 2, "breaching") },
      "shop-orders-cpu": { ...metric("CPUUtilization", "Average"), ...above(90, 3, "breaching") },
      "shop-orders-cpu-credits": { ...metric("CPUCreditBalance", "Minimum"), ...below(20, 3, "ignore") },
      "shop-orders-connections": { ...metric("DatabaseConnections", "Maximum"), ...above(360, 2, "breaching") },
    });
  });

  test("are others for a replica, a class that does not burst, and unknown connections", async () => {
    const replica = {
      identifier: "orders-db-0a1b",
      instanceClass: "db.m7g.large",
      isReplica: true,
      leastFreeStorage: 5,
    };
    expect(await alarms({ databases: { orders: replica } })).toEqual({
      "shop-orders-free-storage": { ...metric("FreeStorageSpace", "Minimum"), ...below(5_368_709_120, 2, "breaching") },
      "shop-orders-cpu": { ...metric("CPUUtilization", "Average"), ...above(90, 3, "breaching") },
      "shop-orders-replica-lag": { ...metric("ReplicaLag", "Maximum"), ...above(60, 3, "breaching") },
    });
  });

  test("come with the events of a failover", async () => {
    const recording = await record(make({ databases: { orders: database } }));
    expect(recording.resource("aws:rds/eventSubscription:EventSubscription", "shop").inputs).toEqual({
      region,
      snsTopic: topicArn,
      sourceType: "db-instance",
      sourceIds: ["orders-db-0a1b"],
      eventCategories: ["failover", "failure", "low storage"],
    });
  });
});

test("a load balancer's alarms are for its errors, its targets and rejected connections", async () => {
  const loadBalancers = { edge: { arnSuffix: "app/shop/1", targetGroups: { orders: "targetgroup/orders/2" } } };
  const namespace = "AWS/ApplicationELB";
  const rule = (comparisonOperator: string, threshold: number, periods: number, treatMissingData: string) => ({
    comparisonOperator,
    threshold,
    evaluationPeriods: periods,
    datapointsToAlarm: periods,
    treatMissingData,
  });
  const dimensions = { LoadBalancer: "app/shop/1" };
  const ofTargets = { ...dimensions, TargetGroup: "targetgroup/orders/2" };
  const sum = (metricName: string) => ({ namespace, metricName, dimensions, period: 300, stat: "Sum" });
  const recording = await record(make({ loadBalancers }));
  expect(recording.names("aws:rds/eventSubscription:EventSubscription")).toEqual([]);
  expect(await alarms({ loadBalancers })).toEqual({
    "shop-edge-elb-5xx": {
      namespace,
      metricName: "HTTPCode_ELB_5XX_Count",
      dimensions,
      statistic: "Sum",
      period: 300,
      ...rule("GreaterThanThreshold", 10, 1, "notBreaching"),
    },
    "shop-edge-target-5xx": {
      metricQueries: [
        { id: "ratio", expression: "100 * FILL(errors, 0) / requests", label: "5xx in percent", returnData: true },
        { id: "errors", returnData: false, metric: sum("HTTPCode_Target_5XX_Count") },
        { id: "requests", returnData: false, metric: sum("RequestCount") },
      ],
      ...rule("GreaterThanThreshold", 5, 2, "notBreaching"),
    },
    "shop-edge-rejected-connections": {
      namespace,
      metricName: "RejectedConnectionCount",
      dimensions,
      statistic: "Sum",
      period: 300,
      ...rule("GreaterThanThreshold", 0, 1, "notBreaching"),
    },
    "shop-edge-orders-unhealthy": {
      namespace,
      metricName: "UnHealthyHostCount",
      dimensions: ofTargets,
      statistic: "Maximum",
      period: 60,
      ...rule("GreaterThanThreshold", 0, 10, "notBreaching"),
    },
    "shop-edge-orders-no-targets": {
      namespace,
      metricName: "HealthyHostCount",
      dimensions: ofTargets,
      statistic: "Minimum",
      period: 60,
      ...rule("LessThanThreshold", 1, 3, "breaching"),
    },
  });
});

test("a certificate's alarm fires 30 days before the end, and stays when the certificate has expired", async () => {
  expect(await alarms({ certificates: { edge: certificate } })).toEqual({
    "shop-edge-certificate-expiry": {
      namespace: "AWS/CertificateManager",
      metricName: "DaysToExpiry",
      dimensions: { CertificateArn: certificate },
      statistic: "Minimum",
      period: 86_400,
      comparisonOperator: "LessThanThreshold",
      threshold: 30,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: "ignore",
    },
  });
});

test("each alarm names its entry in the runbook", async () => {
  const recording = await record(
    make({ certificates: { edge: certificate }, runbookUrl: "https://runbooks.example.com/" }),
  );
  expect(recording.resource(alarmType, "shop-edge-certificate-expiry").inputs.alarmDescription).toMatch(
    / Runbook: https:\/\/runbooks\.example\.com\/edge-certificate-expiry$/,
  );
});

describe("a topic", () => {
  const topicType = "aws:sns/topic:Topic";
  const program = () => {
    const { topic } = new AlarmTopic("oncall", {
      region,
      emails: ["oncall@example.com"],
      endpoints: { pager: "https://events.pager.example.com/1" },
    });
    new CloudWatchAlarms("shop", { region, topic, databases: { orders: database } });
  };

  test("has subscribers, and a policy for alarms and events of this account only", async () => {
    const recording = await record(program);
    const arn = "arn:aws:sns:eu-west-1:123456789012:oncall";
    expect(policyOf(recording.resource("aws:sns/topicPolicy:TopicPolicy", "oncall"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "AlarmsPublish",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish",
          Resource: arn,
          Condition: {
            ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:*" },
            StringEquals: { "aws:SourceAccount": "123456789012" },
          },
        },
        {
          Sid: "RdsEventsPublish",
          Effect: "Allow",
          Principal: { Service: "events.rds.amazonaws.com" },
          Action: "sns:Publish",
          Resource: arn,
          Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
        },
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: arn,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
    const subscription = "aws:sns/topicSubscription:TopicSubscription";
    expect(recording.resource(subscription, "oncall-oncall@example.com").inputs).toEqual({
      region,
      topic: arn,
      protocol: "email",
      endpoint: "oncall@example.com",
    });
    expect(recording.resource(subscription, "oncall-pager").inputs).toEqual({
      region,
      topic: arn,
      protocol: "https",
      endpoint: "https://events.pager.example.com/1",
      endpointAutoConfirms: true,
    });
  });

  /** Services that the policy of a key lets use it in their own name. */
  function servicesOf(recording: Recording, topic: string): string[] {
    const { kmsMasterKeyId } = recording.resource(topicType, topic).inputs;
    const key = recording
      .ofType("aws:kms/key:Key")
      .find(({ name }) => kmsMasterKeyId === `arn:aws:kms:eu-west-1:123456789012:key/${name}`);
    if (!key) throw new Error("the topic has no key of the program");
    const { Statement } = policyOf(key) as {
      Statement: { Action: string | string[]; Principal: { Service?: string } }[];
    };
    return Statement.filter(({ Action }) =>
      ["kms:Decrypt", "kms:GenerateDataKey*"].every((one) => Action.includes(one)),
    )
      .flatMap(({ Principal }) => Principal.Service ?? [])
      .sort();
  }

  test("reaches everyone: each alarm's topic has a key that CloudWatch and RDS may use", async () => {
    const recording = await record(program);
    for (const { inputs } of recording.ofType(alarmType))
      expect(inputs.alarmActions).toEqual(["arn:aws:sns:eu-west-1:123456789012:oncall"]);
    expect(servicesOf(recording, "oncall")).toEqual(["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"]);
    expect(recording.resource(alarmType, "shop-orders-cpu").dependencies).toEqual(expect.arrayContaining(["oncall"]));
  });

  test("takes a key that you have", async () => {
    const recording = await record(() => {
      const { arn } = new EncryptionKey("alarms", { region, users: [KeyUser.CloudWatchAlarms, KeyUser.RdsEvents] });
      new AlarmTopic("oncall", { region, emails: ["oncall@example.com"], kmsKeyArn: arn });
    });
    expect(recording.names("aws:kms/key:Key")).toEqual(["alarms"]);
    expect(servicesOf(recording, "oncall")).toEqual(["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"]);
  });

  test.each<[string, () => unknown, string]>([
    [
      "with AWS' own key",
      () => new AlarmTopic("oncall", { region, emails: ["oncall@example.com"], kmsKeyArn: "alias/aws/sns" }),
      "oncall (AlarmTopic).kmsKeyArn: alarms cannot use AWS' own key, so no alarm arrives\n  value:    alias/aws/sns\n  expected: a key whose policy lets cloudwatch.amazonaws.com decrypt and generate data keys\n  fix:      use an EncryptionKey with the users KeyUser.CloudWatchAlarms and KeyUser.RdsEvents",
    ],
    [
      "without subscribers",
      () => new AlarmTopic("oncall", { region }),
      "oncall (AlarmTopic): there is no subscriber, so alarms notify nobody\n  expected: emails or endpoints",
    ],
    [
      "with an address that is not one",
      () => new AlarmTopic("oncall", { region, emails: ["oncall"] }),
      "oncall (AlarmTopic).emails: not an e-mail address\n  value:    oncall\n  expected: an address such as oncall@example.com",
    ],
    [
      "with a key of another region",
      () =>
        new AlarmTopic("oncall", {
          region,
          emails: ["oncall@example.com"],
          kmsKeyArn: pulumi.output("arn:aws:kms:us-east-1:123456789012:key/1"),
        }),
      "oncall (AlarmTopic).kmsKeyArn: a KMS key of another region cannot be used here\n  value:    arn:aws:kms:us-east-1:123456789012:key/1\n  expected: arn:<partition>:kms:eu-west-1:<account>:key/<id>\n  fix:      use one in eu-west-1",
    ],
  ])("%s is refused", async (_, program, message) => {
    expect(await refusal(program)).toBe(message);
  });
});

test("an RdsPostgres and a LoadBalancer hand over what their alarms need", async () => {
  const recording = await record(() => {
    const { monitored } = new RdsPostgres("orders-db", {
      ...network,
      region,
      engineVersion: "17",
      instanceClass: "db.t4g.medium",
      databaseName: "orders",
      userName: "orders",
      allocatedStorage: 200,
    });
    const balancer = new LoadBalancer("shop", {
      ...network,
      region,
      scheme: LoadBalancerScheme.InternetFacing,
      dns: { zoneId: "Z1", names: ["shop.example.com"] },
      targets: { orders: { port: 8080, healthPath: "/ready", addresses: [{ cidr: "10.0.0.0/22" }] } },
    });
    make({
      databases: { orders: monitored },
      loadBalancers: { edge: balancer.monitored },
      certificates: { edge: balancer.certificateArn },
    })();
  });
  expect(recording.names(alarmType)).toEqual([
    "shop-edge-certificate-expiry",
    "shop-edge-elb-5xx",
    "shop-edge-orders-no-targets",
    "shop-edge-orders-unhealthy",
    "shop-edge-rejected-connections",
    "shop-edge-target-5xx",
    "shop-orders-connections",
    "shop-orders-cpu",
    "shop-orders-cpu-credits",
    "shop-orders-free-storage",
  ]);
  expect(recording.resource(alarmType, "shop-orders-free-storage").inputs).toMatchObject({
    dimensions: { DBInstanceIdentifier: "orders-db-0a1b" },
    threshold: 10 * 2 ** 30,
  });
  expect(recording.resource(alarmType, "shop-edge-orders-unhealthy").inputs.dimensions).toEqual({
    LoadBalancer: "app/shop/50dc6c495c0c9188",
    TargetGroup: "targetgroup/shop-orders/73e2d6bc24d8a067",
  });
});

describe("alarms that could not help", () => {
  const databases = { orders: database };
  const awsKey =
    "shop (CloudWatchAlarms).topic.kmsMasterKeyId: alarms cannot use AWS' own key, so no alarm arrives\n  value:    alias/aws/sns\n  expected: a key whose policy lets cloudwatch.amazonaws.com decrypt and generate data keys\n  fix:      use an EncryptionKey with the users KeyUser.CloudWatchAlarms and KeyUser.RdsEvents";
  test.each<[string, Partial<CloudWatchAlarmsArgs>, string]>([
    ["a topic with AWS' own key", { databases, topic: { arn: topicArn, kmsMasterKeyId: "alias/aws/sns" } }, awsKey],
    [
      "a topic whose key is known late",
      { databases, topic: { arn: topicArn, kmsMasterKeyId: pulumi.output("alias/aws/sns") } },
      awsKey,
    ],
    [
      "a topic of another region",
      { databases, topic: { arn: "arn:aws:sns:us-east-1:123456789012:oncall" } },
      "shop (CloudWatchAlarms).topic.arn: an SNS topic of another region cannot be used here\n  value:    arn:aws:sns:us-east-1:123456789012:oncall\n  expected: arn:<partition>:sns:eu-west-1:<account>:<id>\n  fix:      use one in eu-west-1",
    ],
    [
      "nothing to watch",
      {},
      "shop (CloudWatchAlarms): nothing is watched\n  expected: databases, loadBalancers or certificates",
    ],
    [
      "a runbook that is nowhere",
      { databases, runbookUrl: "runbooks" },
      "shop (CloudWatchAlarms).runbookUrl: not an address\n  value:    runbooks\n  expected: https://...",
    ],
    [
      "no storage at all",
      { databases: { orders: { ...database, leastFreeStorage: 0 } } },
      "shop (CloudWatchAlarms).databases.orders.leastFreeStorage: not a size of storage in GiB\n  value:    0\n  expected: a whole number, 1 or more",
    ],
  ])("%s", async (_, args, message) => {
    expect(await refusal(make(args))).toBe(message);
  });
});
