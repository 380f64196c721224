import {
  checkedArgs,
  checkedInput,
  childOptions,
  describe,
  knownAfter,
  type Problem,
  throwIfAny,
} from "@gatehouse/core";
import * as sns from "@pulumi/aws/sns/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { EncryptionKey } from "../key/encryptionKey.ts";
import { KeyUser } from "../key/keyPolicy.ts";
import { ArnKinds, checkArn } from "../partition/arn.ts";
import { checkRegion } from "../partition/region.ts";
import { surroundings } from "../partition/surroundings.ts";
import { policyDocument } from "../policy/policyDocument.ts";
import { type AlarmTopicRefArgs, checkTopicKey } from "./alarmTopicRef.ts";

export interface AlarmTopicArgs {
  /** Region of the alarms: `us-east-1`. */
  region: string;
  /**
   * E-mail addresses. Each gets a message with a link to confirm the subscription.
   * @default none
   */
  emails?: string[];
  /**
   * HTTPS endpoints, such as those of a pager, by a name that you choose. Each must confirm the subscription itself.
   * @default none
   */
  endpoints?: Record<string, pulumi.Input<string>>;
  /**
   * ARN of the KMS key for the messages. It needs the users `KeyUser.CloudWatchAlarms` and `KeyUser.RdsEvents`. AWS' own
   * key, `alias/aws/sns`, is an error, because alarms cannot use it.
   * @default a new EncryptionKey
   */
  kmsKeyArn?: pulumi.Input<string>;
}

/**
 * An encrypted SNS topic that alarms of CloudWatch and events of RDS reach, with its subscribers.
 *
 * Cost: the key, $1 a month, and $2 for 100,000 e-mails. Check the rates at https://aws.amazon.com/sns/pricing.
 *
 * @example
 * ```ts
 * const { topic } = new AlarmTopic("shop", { region: "us-east-1", emails: ["oncall@example.com"] });
 * new CloudWatchAlarms("shop", { region: "us-east-1", topic, databases: { orders: database.monitored } });
 * ```
 */
export class AlarmTopic extends pulumi.ComponentResource {
  /** The topic, for the `topic` of CloudWatchAlarms. Its ARN is known once alarms may publish to it. */
  public readonly topic: AlarmTopicRefArgs;

  /** @throws InputError for a topic that would not pass alarms on. */
  constructor(name: string, args: AlarmTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "AlarmTopicArgs", `${name} (AlarmTopic)`, args);
    super("gatehouse:aws:AlarmTopic", name, {}, opts);
    throwIfAny(checkTopic(describe(name, this), args));

    const kmsMasterKeyId = this.createKey(name, args, opts);
    const topic = this.createTopic(name, args, kmsMasterKeyId, opts);
    const policy = this.admitPublishers(name, args, topic, opts);
    this.subscribe(name, args, topic, opts);

    this.topic = { arn: knownAfter(topic.arn, [policy.id]), kmsMasterKeyId };
    this.registerOutputs({ topic: this.topic });
  }

  private createKey(
    name: string,
    { region, kmsKeyArn }: AlarmTopicArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): pulumi.Input<string> {
    const subject = `${describe(name, this)}.kmsKeyArn`;
    if (kmsKeyArn !== undefined) return checkedInput(kmsKeyArn, (arn) => checkKey(subject, arn, region));
    const key = new EncryptionKey(
      name,
      // Messages pass through the topic: nothing is lost with the key.
      { region, users: [KeyUser.CloudWatchAlarms, KeyUser.RdsEvents], deletionProtection: false },
      { parent: this, dependsOn: opts?.dependsOn, customTimeouts: opts?.customTimeouts },
    );
    return key.arn;
  }

  private createTopic(
    name: string,
    { region }: AlarmTopicArgs,
    kmsMasterKeyId: pulumi.Input<string>,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): sns.Topic {
    return new sns.Topic(name, { region, kmsMasterKeyId }, childOptions(this, opts));
  }

  private admitPublishers(
    name: string,
    { region }: AlarmTopicArgs,
    { arn }: sns.Topic,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): sns.TopicPolicy {
    const { account, partition } = surroundings(this);
    const policy = policyDocument([
      {
        Sid: "AlarmsPublish",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: arn,
        Condition: {
          ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
          StringEquals: { "aws:SourceAccount": account },
        },
      },
      {
        Sid: "RdsEventsPublish",
        Effect: "Allow",
        Principal: { Service: "events.rds.amazonaws.com" },
        Action: "sns:Publish",
        Resource: arn,
        Condition: { StringEquals: { "aws:SourceAccount": account } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: arn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    return new sns.TopicPolicy(name, { region, arn, policy }, childOptions(this, opts));
  }

  private subscribe(
    name: string,
    { region, emails = [], endpoints = {} }: AlarmTopicArgs,
    topic: sns.Topic,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): void {
    for (const email of emails)
      new sns.TopicSubscription(
        `${name}-${email}`,
        { region, topic: topic.arn, protocol: "email", endpoint: email },
        childOptions(this, opts),
      );
    for (const [key, endpoint] of Object.entries(endpoints))
      new sns.TopicSubscription(
        `${name}-${key}`,
        { region, topic: topic.arn, protocol: "https", endpoint, endpointAutoConfirms: true },
        childOptions(this, opts),
      );
  }
}

function checkTopic(subject: string, { region, emails = [], endpoints = {}, kmsKeyArn }: AlarmTopicArgs): Problem[] {
  return [
    ...checkRegion(`${subject}.region`, region),
    ...(emails.length + Object.keys(endpoints).length > 0
      ? []
      : [{ subject, message: "there is no subscriber, so alarms notify nobody", expected: "emails or endpoints" }]),
    ...emails
      .filter((email) => !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email))
      .map((value) => ({
        subject: `${subject}.emails`,
        message: "not an e-mail address",
        value,
        expected: "an address such as oncall@example.com",
      })),
    ...(typeof kmsKeyArn === "string" ? checkKey(`${subject}.kmsKeyArn`, kmsKeyArn, region) : []),
  ];
}

function checkKey(subject: string, kmsKeyArn: string, region: string): Problem[] {
  const own = checkTopicKey(subject, kmsKeyArn);
  return own.length > 0 ? own : checkArn(subject, ArnKinds.KmsKey, kmsKeyArn, region);
}
