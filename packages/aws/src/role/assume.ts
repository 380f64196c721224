import { checkName, type Problem } from "@gatehouse/core";
import * as pulumi from "@pulumi/pulumi";
import type { Surroundings } from "../partition/surroundings.ts";
import type { PolicyStatement } from "../policy/policyDocument.ts";

/** A role that another role may assume. It is named, because it trusts the other one and so comes after it. */
export interface AssumedRoleArgs {
  /** Name of the role. */
  roleName: string;
  /**
   * Number of the role's account.
   * @default the provider's account
   */
  account?: pulumi.Input<string>;
}

/** The statement that lets a role assume others and tag the sessions; none without others. */
export function assumeStatements(
  roles: AssumedRoleArgs[],
  { account, partition }: Pick<Surroundings, "account" | "partition">,
): PolicyStatement[] {
  if (roles.length === 0) return [];
  return [
    {
      Sid: "AssumeRoles",
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Resource: roles.map(
        (role) => pulumi.interpolate`arn:${partition}:iam::${role.account ?? account}:role/${role.roleName}`,
      ),
    },
  ];
}

export function checkAssumed(subject: string, roles: AssumedRoleArgs[]): Problem[] {
  return roles.flatMap(({ roleName }, index) => checkName("aws:IamRole", roleName, `${subject}[${index}].roleName`));
}
