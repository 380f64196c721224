import type { Problem } from "@gatehouse/core";
import type * as pulumi from "@pulumi/pulumi";

/** A topic that alarms are sent to: an AlarmTopic's `topic`. */
export interface AlarmTopicRefArgs {
  /** ARN of the topic. */
  arn: pulumi.Input<string>;
  /**
   * Key that encrypts the messages. Its policy must let `cloudwatch.amazonaws.com` use it. `alias/aws/sns` is an error.
   * @default none: the messages are not encrypted
   */
  kmsMasterKeyId?: pulumi.Input<string>;
}

/** Checks that alarms can use the key of a topic: the alarm's state changes, and no message arrives otherwise. */
export function checkTopicKey(subject: string, kmsMasterKeyId: string): Problem[] {
  if (!kmsMasterKeyId.endsWith("alias/aws/sns")) return [];
  return [
    {
      subject,
      message: "alarms cannot use AWS' own key, so no alarm arrives",
      value: kmsMasterKeyId,
      expected: "a key whose policy lets cloudwatch.amazonaws.com decrypt and generate data keys",
      fix: "use an EncryptionKey with the users KeyUser.CloudWatchAlarms and KeyUser.RdsEvents",
    },
  ];
}
