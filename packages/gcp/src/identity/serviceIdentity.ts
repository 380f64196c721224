import { checkedArgs, childOptions, describe, knownAfter, ownName, type Problem, throwIfAny } from "@gatehouse/core";
import * as projects from "@pulumi/gcp/projects/index.js";
import * as serviceaccount from "@pulumi/gcp/serviceaccount/index.js";
import * as pulumi from "@pulumi/pulumi";
import { argsSchema } from "../argsSchema.ts";

export interface ServiceIdentityArgs {
  /** Id of the project. */
  project: pulumi.Input<string>;
  /**
   * Id of the account, 6 to 30 characters.
   * @default the component's name
   */
  accountId?: string;
  /**
   * Display name.
   * @default the component's name
   */
  displayName?: string;
  /**
   * Roles in the project. A role that reaches the whole project or all secrets is an error.
   * @default none
   */
  roles?: string[];
}

/**
 * A service account of one service, with its roles in the project.
 *
 * @example
 * ```ts
 * const { email } = new ServiceIdentity("orders", { project: "shop-prod", roles: ["roles/cloudsql.client"] });
 * ```
 */
export class ServiceIdentity extends pulumi.ComponentResource {
  /** E-mail address of the account, known once it has its roles. */
  public readonly email: pulumi.Output<string>;

  /** @throws InputError for an id that the service refuses and for roles that reach too far. */
  constructor(name: string, args: ServiceIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    args = checkedArgs(argsSchema, "ServiceIdentityArgs", `${name} (ServiceIdentity)`, args);
    super("gatehouse:gcp:ServiceIdentity", name, {}, opts);
    throwIfAny((args.roles ?? []).flatMap((role) => checkRole(`${describe(name, this)}.roles`, role)));

    const account = this.createAccount(name, args, opts);
    const grants = (args.roles ?? []).map((role) => this.grant(name, args.project, account, role, opts));
    this.email = knownAfter(
      account.email,
      grants.map(({ etag }) => etag),
    );
    this.registerOutputs({ email: this.email });
  }

  private createAccount(
    name: string,
    { project, accountId, displayName = name }: ServiceIdentityArgs,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): serviceaccount.Account {
    const id = ownName("gcp:ServiceAccount", `${describe(name, this)}.accountId`, accountId, name);
    return new serviceaccount.Account(name, { project, accountId: id, displayName }, childOptions(this, opts));
  }

  /** Adds one member to one role. A binding or a policy would remove the role from all others. */
  private grant(
    name: string,
    project: pulumi.Input<string>,
    account: serviceaccount.Account,
    role: string,
    opts: pulumi.ComponentResourceOptions | undefined,
  ): projects.IAMMember {
    return new projects.IAMMember(
      `${name}-${role.replace(/^roles\//, "").replaceAll(/[^A-Za-z0-9]+/g, "-")}`,
      { project, role, member: pulumi.interpolate`serviceAccount:${account.email}` },
      childOptions(this, opts),
    );
  }
}

/** Refuses roles over a whole project that a service never needs. */
function checkRole(subject: string, role: string): Problem[] {
  const tooFar = [
    { pattern: /^roles\/(owner|editor|viewer)$/, fix: "a role of the one service that is used" },
    { pattern: /^roles\/secretmanager\./, fix: "accessors of a SecretBundle: one grant for each secret" },
    { pattern: /^roles\/iam\.serviceAccount(User|TokenCreator|KeyAdmin|Admin)$/, fix: "the role on one account" },
    { pattern: /^roles\/[\w.]+[aA]dmin$/, fix: "a role that does not administer" },
  ].find(({ pattern }) => pattern.test(role));
  if (tooFar) return [{ subject, message: "the role reaches too far", value: role, fix: tooFar.fix }];
  if (/^(roles|(projects|organizations)\/[\w-]+\/roles)\/[\w.]+$/.test(role)) return [];
  return [
    { subject, message: "not the name of a role", value: role, expected: "a name such as roles/cloudsql.client" },
  ];
}
