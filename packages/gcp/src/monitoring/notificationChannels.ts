import { checkedArgs, childOptions, describe, type Problem, shortHash, throwIfAny } from "@gatehouse/core";
import * as monitoring from "@pulumi/gcp/monitoring/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";

export interface NotificationChannelsArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /**
   * E-mail addresses.
   * @default none
   */
  emails?: string[];
  /**
   * Integration key of a PagerDuty service; it is a secret.
   * @default none
   */
  pagerDutyServiceKey?: pulumi.Input<string>;
}

/**
 * Channels that alerts notify.
 *
 * @example
 * ```ts
 * const { channels } = new NotificationChannels("shop", { project: "shop-prod", emails: ["oncall@example.com"] });
 * ```
 */
export class NotificationChannels extends pulumi.ComponentResource {
  /** Names of the channels, for alert policies. */
  public readonly channels: pulumi.Output<string>[];

  /** @throws InputError if there is no channel. */
  constructor(name: string, args: NotificationChannelsArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "NotificationChannelsArgs", `${name} (NotificationChannels)`, args);
    super("gatehouse:gcp:NotificationChannels", name, {}, opts);
    throwIfAny(checkChannels(describe(name, this), args));

    const { project, emails = [], pagerDutyServiceKey } = args;
    const create = (part: string, channel: Omit<monitoring.NotificationChannelArgs, "project">) =>
      new monitoring.NotificationChannel(`${name}-${part}`, { project, ...channel }, childOptions(this, opts)).name;
    this.channels = emails.map((email) =>
      create(`email-${shortHash(email)}`, { type: "email", displayName: email, labels: { email_address: email } }),
    );
    if (pagerDutyServiceKey !== undefined) {
      const serviceKey = pulumi.secret(pagerDutyServiceKey);
      this.channels.push(
        create("pagerduty", { type: "pagerduty", displayName: name, sensitiveLabels: { serviceKey } }),
      );
    }
    this.registerOutputs({ channels: this.channels });
  }
}

function checkChannels(subject: string, { emails = [], pagerDutyServiceKey }: NotificationChannelsArgs): Problem[] {
  if (emails.length === 0 && pagerDutyServiceKey === undefined)
    return [
      {
        subject,
        message: "there is no channel, so alerts notify nobody",
        expected: "emails, a pagerDutyServiceKey, or both",
      },
    ];
  return emails
    .filter((email, index) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) || emails.indexOf(email) < index)
    .map((value) => ({
      subject: `${subject}.emails`,
      message:
        emails.indexOf(value) === emails.lastIndexOf(value) ? "not an e-mail address" : "the address is given twice",
      value,
    }));
}
