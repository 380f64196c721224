import * as pulumi from "@pulumi/pulumi";

/** Principals of a policy by their kind. */
export interface PolicyPrincipal {
  /** ARNs of roles, users or accounts' roots; `*` for everyone whom the condition leaves. */
  AWS?: pulumi.Input<string> | pulumi.Input<string>[];
  /** Services: `cloudwatch.amazonaws.com`. Their names have the same ending in every partition. */
  Service?: pulumi.Input<string> | pulumi.Input<string>[];
  /** Identity providers, by ARN. */
  Federated?: pulumi.Input<string>;
}

/** Conditions of a statement: operator, key, values. */
export type PolicyCondition = Record<string, Record<string, pulumi.Input<string> | pulumi.Input<string>[]>>;

/** One statement of a policy. */
export interface PolicyStatement {
  /** Name of the statement, which says what it is for. */
  Sid: string;
  Effect: "Allow" | "Deny";
  /** Who it applies to, in a policy of a resource. */
  Principal?: PolicyPrincipal | "*";
  Action: string | string[];
  /** ARNs; `*` in the policy of a key, where it means that key. */
  Resource?: pulumi.Input<string> | pulumi.Input<string>[];
  Condition?: PolicyCondition;
}

/** A policy as AWS reads it. */
export function policyDocument(statements: PolicyStatement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}
