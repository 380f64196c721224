import {
  checkCount,
  checkedArgs,
  checkName,
  childOptions,
  describe,
  knownAfter,
  ownName,
  throwIfAny,
} from "@gatehouse/core";
import * as eks from "@pulumi/aws/eks/index.js";
import * as iam from "@pulumi/aws/iam/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";
import { checkRegion } from "../partition/region.ts";
import { type Surroundings, surroundings } from "../partition/surroundings.ts";
import { policyDocument } from "../policy/policyDocument.ts";
import { accessStatements, checkAccess, type RoleAccessArgs } from "./access.ts";
import { roleLimits, within } from "./roleLimits.ts";
import {
  checkTrust,
  type IrsaArgs,
  irsaTrust,
  type PodIdentityArgs,
  podIdentityTrust,
  type ServiceAccountArgs,
} from "./trust.ts";

export interface WorkloadRoleArgs {
  /** Region of the cluster and of what the role reaches: `us-east-1`. */
  region: string;
  /** ServiceAccount whose pods assume the role. */
  serviceAccount: ServiceAccountArgs;
  /**
   * Pods assume the role by their ServiceAccount's token.
   * @default none: by podIdentity
   */
  irsa?: IrsaArgs;
  /**
   * Pods assume the role by the agent of EKS Pod Identity.
   * @default none: by irsa
   */
  podIdentity?: PodIdentityArgs;
  /** What the pods may do. */
  access: RoleAccessArgs;
  /**
   * Name of the role, unique in the account.
   * @default the component's name
   */
  roleName?: string;
  /**
   * Seconds that a session may last, 3600 to 43200.
   * @default 3600
   */
  maxSessionSeconds?: number;
  /**
   * Tags of the role.
   * @default none
   */
  tags?: Record<string, pulumi.Input<string>>;
}

/** What a component of `@gatehouse/kubernetes` takes as `cloudIdentity`. */
export interface WorkloadIdentity {
  /** ARN of the role, for IRSA. EKS Pod Identity needs none. */
  awsRoleArn?: pulumi.Output<string>;
}

/**
 * An IAM role that the pods of one ServiceAccount assume, by IRSA or by EKS Pod Identity. Its policy allows what you
 * declare and nothing else.
 *
 * @example
 * ```ts
 * const role = new WorkloadRole("orders-backup", {
 *   region: "us-east-1",
 *   serviceAccount: { namespace: "shop", name: "orders-backup" },
 *   podIdentity: { clusterName: "shop" },
 *   access: { writes: [{ bucketArn: backups.arn, prefix: "orders/", kmsKeyArn: key.arn }] },
 * });
 * new BackupCronJob("orders", { ...backup, cloudIdentity: role.cloudIdentity });
 * ```
 */
export class WorkloadRole extends pulumi.ComponentResource {
  /** ARN of the role, known once it may do what it is for. */
  public readonly roleArn: pulumi.Output<string>;
  /** Name of the role. */
  public readonly roleName: pulumi.Output<string>;
  /** What a component of `@gatehouse/kubernetes` takes as `cloudIdentity`. */
  public readonly cloudIdentity: WorkloadIdentity;

  /** @throws InputError for a role that may do nothing or a whole bucket, and for policies longer than IAM takes. */
  constructor(name: string, args: WorkloadRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "WorkloadRoleArgs", `${name} (WorkloadRole)`, args);
    super("gatehouse:aws:WorkloadRole", name, {}, opts);
    const subject = describe(name, this);
    const { serviceAccount, irsa, podIdentity, access, region, maxSessionSeconds } = args;
    throwIfAny([
      ...checkRegion(`${subject}.region`, region),
      ...checkTrust(subject, irsa, podIdentity),
      ...checkAccess(`${subject}.access`, access),
      ...checkName("kubernetes:Namespace", serviceAccount.namespace, `${subject}.serviceAccount.namespace`),
      ...checkName("kubernetes:Object", serviceAccount.name, `${subject}.serviceAccount.name`),
      ...checkCount(`${subject}.maxSessionSeconds`, "not a length of a session in seconds", maxSessionSeconds, {
        least: 3600,
        most: 43_200,
      }),
    ]);

    const around = surroundings(this);
    const role = this.createRole(name, args, around, opts);
    const policy = this.createPolicy(name, args, around, role, opts);
    const last = podIdentity ? this.createAssociation(name, args, podIdentity, role, policy, opts) : policy;
    this.roleArn = knownAfter(role.arn, [last.id]);
    this.roleName = role.name;
    this.cloudIdentity = podIdentity ? {} : { awsRoleArn: this.roleArn };
    this.registerOutputs({ roleArn: this.roleArn, roleName: this.roleName, cloudIdentity: this.cloudIdentity });
  }

  private createRole(
    name: string,
    { serviceAccount, irsa, podIdentity, region, roleName, maxSessionSeconds = 3600, tags }: WorkloadRoleArgs,
    { account, partition }: Surroundings,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): iam.Role {
    const clusterArn = pulumi.interpolate`arn:${partition}:eks:${region}:${account}:cluster/${podIdentity?.clusterName}`;
    const trust = irsa
      ? irsaTrust(irsa, serviceAccount).apply(policyDocument)
      : policyDocument(podIdentityTrust({ clusterArn, account }, serviceAccount));
    return new iam.Role(
      name,
      {
        name: ownName("aws:IamRole", `${describe(name, this)}.roleName`, roleName, name),
        description: `Pods of ${serviceAccount.namespace}/${serviceAccount.name}`,
        maxSessionDuration: maxSessionSeconds,
        assumeRolePolicy: this.within(name, "trust policy", roleLimits.trust, trust),
        tags,
      },
      childOptions(this, opts),
    );
  }

  private createPolicy(
    name: string,
    { access, region }: WorkloadRoleArgs,
    around: Surroundings,
    role: iam.Role,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): iam.RolePolicy {
    const policy = policyDocument(accessStatements(access, region, around));
    return new iam.RolePolicy(
      name,
      { role: role.name, name: "access", policy: this.within(name, "policy", roleLimits.inline, policy) },
      childOptions(this, opts),
    );
  }

  /** An association is one for each ServiceAccount, so a replacement must go before its successor comes. */
  private createAssociation(
    name: string,
    { region, serviceAccount }: WorkloadRoleArgs,
    { clusterName }: PodIdentityArgs,
    role: iam.Role,
    policy: iam.RolePolicy,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): eks.PodIdentityAssociation {
    return new eks.PodIdentityAssociation(
      `${name}-association`,
      {
        region,
        clusterName,
        namespace: serviceAccount.namespace,
        serviceAccount: serviceAccount.name,
        roleArn: role.arn,
      },
      childOptions(this, opts, { deleteBeforeReplace: true, dependsOn: policy }),
    );
  }

  /** Refuses a policy that is longer than IAM takes, once it is known. */
  private within(name: string, noun: string, limit: number, policy: pulumi.Output<string>): pulumi.Output<string> {
    const fix = "split the workload's access between several ServiceAccounts, or use longer common prefixes";
    return within(`${describe(name, this)}.access`, noun, limit, policy, fix);
  }
}
