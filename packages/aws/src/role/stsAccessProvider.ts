import { checkedArgs, checkedInput, childOptions, describe, knownAfter, ownName, throwIfAny } from "@gatehouse/core";
import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { policyDocument, type PolicyStatement } from "../policy/policyDocument.ts";
import { roleLimits, within } from "./roleLimits.ts";
import type { StsAccessProviderArgs } from "./stsArgs.ts";
import { chainedSessionSeconds, checkBrokerRole, checkExternalId, checkProvider, checkResource } from "./stsChecks.ts";

/** An `aws-sts` entry of a broker's `accessProviders`. */
export interface StsProviderSettings {
  /** Name of the provider. */
  name: string;
  /** Kind of the provider: `aws-sts`. */
  type: string;
  /** Region whose STS the broker asks. */
  region: string;
  /** ARN of the role to assume. */
  roleArn: pulumi.Output<string>;
  /** Placeholder of the external id: `${AWS_EXTERNAL_ID}`. */
  externalId: string;
  /** Seconds that credentials last. */
  durationSeconds: number;
  /** Keys of the tags that every session carries. */
  sessionTags: string[];
}

/**
 * A role that a broker hands out credentials of. Only the broker's own role may assume it, with the external id and with
 * every session tag.
 *
 * The broker's role must be allowed to assume it: give its WorkloadRole `access: { assumes: [{ roleName }] }`.
 *
 * @example
 * ```ts
 * const broker = new WorkloadRole("broker", {
 *   region: "us-east-1",
 *   serviceAccount: { namespace: "broker", name: "broker" },
 *   podIdentity: { clusterName: "shop" },
 *   access: { assumes: [{ roleName: "reports-us-east-1" }] },
 * });
 * const reports = new StsAccessProvider("reports", {
 *   region: "us-east-1",
 *   roleName: "reports-us-east-1",
 *   brokerRoleArn: broker.roleArn,
 *   externalId: config.requireSecret("externalId"),
 *   sessionTags: ["subject"],
 *   statements: [{ sid: "ReadReports", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::orders/reports/*"] }],
 * });
 * ```
 */
export class StsAccessProvider extends pulumi.ComponentResource {
  /** ARN of the role, known once it may do what it is for. */
  public readonly roleArn: pulumi.Output<string>;
  /** Name of the role. */
  public readonly roleName: pulumi.Output<string>;
  /** The entry of the broker's `accessProviders`. */
  public readonly settings: StsProviderSettings;

  /** @throws InputError for wildcards, a session over an hour, no external id, and policies longer than IAM takes. */
  constructor(name: string, args: StsAccessProviderArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "StsAccessProviderArgs", `${name} (StsAccessProvider)`, args);
    super("gatehouse:aws:StsAccessProvider", name, {}, opts);
    throwIfAny(checkProvider(describe(name, this), args));

    const role = this.createRole(name, args, opts);
    const policy = this.createPolicy(name, args, role, opts);
    this.roleArn = knownAfter(role.arn, [policy.id]);
    this.roleName = role.name;
    this.settings = providerSettings(name, args, this.roleArn);
    this.registerOutputs({ roleArn: this.roleArn, roleName: this.roleName, settings: this.settings });
  }

  private createRole(
    name: string,
    args: StsAccessProviderArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): iam.Role {
    const subject = describe(name, this);
    const trust = policyDocument(
      brokerTrust({
        brokerRoleArn: checkedInput(args.brokerRoleArn, (arn) => checkBrokerRole(`${subject}.brokerRoleArn`, arn)),
        externalId: checkedInput(args.externalId, (id) => checkExternalId(`${subject}.externalId`, id)),
        sessionTags: args.sessionTags,
      }),
    );
    return new iam.Role(
      name,
      {
        name: ownName("aws:IamRole", `${subject}.roleName`, args.roleName, name),
        description: `Credentials that a broker hands out in ${args.region}`,
        maxSessionDuration: chainedSessionSeconds,
        assumeRolePolicy: within(
          `${subject}.sessionTags`,
          "trust policy",
          roleLimits.trust,
          trust,
          "use fewer session tags",
        ),
        tags: args.tags,
      },
      childOptions(this, opts),
    );
  }

  private createPolicy(
    name: string,
    { statements }: StsAccessProviderArgs,
    role: iam.Role,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): iam.RolePolicy {
    const subject = `${describe(name, this)}.statements`;
    const policy = policyDocument(
      statements.map(({ sid, actions, resources }, index) => ({
        Sid: sid,
        Effect: "Allow" as const,
        Action: actions,
        Resource: resources.map((arn) =>
          checkedInput(arn, (text) => checkResource(`${subject}[${index}].resources`, text)),
        ),
      })),
    );
    const fix = "split the access between several providers";
    return new iam.RolePolicy(
      name,
      { role: role.name, name: "access", policy: within(subject, "policy", roleLimits.inline, policy, fix) },
      childOptions(this, opts),
    );
  }
}

/**
 * The trust policy: AWS knows the external id only where the role is assumed, so tagging has a statement of its own.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
function brokerTrust({
  brokerRoleArn,
  externalId,
  sessionTags,
}: Pick<StsAccessProviderArgs, "brokerRoleArn" | "externalId" | "sessionTags">): PolicyStatement[] {
  const Principal = { AWS: brokerRoleArn };
  const tagged = Object.fromEntries(sessionTags.map((tag) => [`aws:RequestTag/${tag}`, "?*"]));
  return [
    {
      Sid: "BrokerAssumesRole",
      Effect: "Allow",
      Principal,
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": externalId }, StringLike: tagged },
    },
    {
      Sid: "BrokerTagsSession",
      Effect: "Allow",
      Principal,
      Action: "sts:TagSession",
      Condition: { StringLike: tagged, "ForAllValues:StringEquals": { "aws:TagKeys": sessionTags } },
    },
  ];
}

function providerSettings(
  name: string,
  { providerName, region, externalIdVariable, sessionSeconds, sessionTags }: StsAccessProviderArgs,
  roleArn: pulumi.Output<string>,
): StsProviderSettings {
  return {
    name: providerName ?? name,
    type: "aws-sts",
    region,
    roleArn,
    externalId: `\${${externalIdVariable ?? "AWS_EXTERNAL_ID"}}`,
    durationSeconds: sessionSeconds ?? chainedSessionSeconds,
    sessionTags,
  };
}
