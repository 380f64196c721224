import {
  AlarmTopic,
  type AlarmTopicRefArgs,
  type CloudWatchAlarmsArgs,
  EncryptionKey,
  KeyUser,
  type MonitoredDatabaseArgs,
} from "@gatehouse/aws";
import type { AirlockConfig } from "../settings/config.ts";

/** The topic whose subscribers are told, with a key of its own. */
export function createAlarmTopic(
  { region }: AirlockConfig,
  { emails, endpoints }: NonNullable<AirlockConfig["alarms"]>,
  identifier: string,
): AlarmTopicRefArgs {
  const key = new EncryptionKey("airlock-alarms-key", {
    region,
    users: [KeyUser.CloudWatchAlarms, KeyUser.RdsEvents],
    aliasName: `alias/${identifier}-alarms`,
    // Messages pass through the topic: nothing is lost with the key.
    deletionProtection: false,
  });
  return new AlarmTopic("airlock-alarms", { region, emails, endpoints, kmsKeyArn: key.arn }).topic;
}

/** What Prometheus cannot see: the database's storage, processor, connections and failovers, and the certificate's end. */
export function alarmArgs(
  { region, edge, monitoring }: AirlockConfig,
  topic: AlarmTopicRefArgs,
  database: MonitoredDatabaseArgs,
): CloudWatchAlarmsArgs {
  return {
    region,
    topic,
    databases: { database },
    certificates: { edge: edge.certificateArn },
    runbookUrl: `${monitoring.runbooks}#`,
  };
}
