import { childOptions, knownAfter } from "@gatehouse/core";
import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { surroundings } from "../partition/surroundings.ts";
import { policyDocument } from "../policy/policyDocument.ts";

/**
 * The role by which RDS writes metrics of the operating system.
 *
 * @param parent The component, whose options are `opts`.
 * @returns ARN of the role. It is known once the role may write.
 */
export function createMonitoringRole(
  parent: pulumi.Resource,
  name: string,
  opts: pulumi.ComponentResourceOptions | undefined,
): pulumi.Output<string> {
  const { account, partition } = surroundings(parent);
  const role = new iam.Role(
    `${name}-monitoring`,
    {
      description: `Metrics of the operating system of ${name}`,
      assumeRolePolicy: policyDocument([
        {
          Sid: "RdsWritesMetrics",
          Effect: "Allow",
          Principal: { Service: "monitoring.rds.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ]),
    },
    childOptions(parent, opts),
  );
  const attachment = new iam.RolePolicyAttachment(
    `${name}-monitoring`,
    {
      role: role.name,
      policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
    },
    childOptions(parent, opts),
  );
  return knownAfter(role.arn, [attachment.id]);
}
