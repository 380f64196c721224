import type { Input } from "@pulumi/pulumi";

/** Something that a target role may do. */
export interface StsStatementArgs {
  /** Name of the statement, letters and digits: `ReadReports`. */
  sid: string;
  /** Actions, each by its full name: `s3:GetObject`. */
  actions: string[];
  /** ARNs. A `*` may end one, after a name: `arn:aws:s3:::orders/reports/*`. */
  resources: Input<string>[];
}

export interface StsAccessProviderArgs {
  /** Region whose STS the broker asks: `us-east-1`. */
  region: string;
  /** ARN of the role that the broker runs on: `roleArn` of its WorkloadRole. */
  brokerRoleArn: Input<string>;
  /** Id that the broker shows when it assumes the role; random, and the same for no other broker. */
  externalId: Input<string>;
  /** What the credentials are good for. Nothing else is allowed. */
  statements: StsStatementArgs[];
  /**
   * Keys of the tags that every session must carry, so that CloudTrail says for whom the broker made it. No other tag is
   * allowed.
   */
  sessionTags: string[];
  /**
   * Seconds that credentials last, 900 to 3600. The broker runs on an assumed role, and AWS allows no more to a role that
   * a role assumes.
   * @default 3600
   */
  sessionSeconds?: number;
  /**
   * Name of the variable that fills the external id into the broker's configuration.
   * @default "AWS_EXTERNAL_ID"
   */
  externalIdVariable?: string;
  /**
   * Name of the role, unique in the account. Put the region in it when each region has a role.
   * @default the component's name
   */
  roleName?: string;
  /**
   * Name of the provider in the broker's configuration.
   * @default the component's name
   */
  providerName?: string;
  /**
   * Tags of the role.
   * @default none
   */
  tags?: Record<string, Input<string>>;
}
